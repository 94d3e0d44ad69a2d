"""Reports that bodies really published: the transcription is whole and consistent, and what is wrong is listed.

Arithmetic is done here by hand, without the program's own rules, so that the fixtures can serve as their judge.
"""

import re
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from yearbook.form.edition_2021 import APPLICANTS, OUTCOMES, RESULTS, ROUTES, TABLES

HERE = Path(__file__).resolve().parent
REPORTS = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.toml"))}
OTHER_ROWS = ("other_not_corrected", "other_fee_unpaid", "other_misc")
# Table two has no arithmetic of its own, so it is written down a second time, in the order of the form.
TABLE_TWO = {
    "ganzhou_jkq_2023": "0 0 0 0 0 0 198716 4596 2389 516.94",
    "hongze_2024": "0 0 0 3 0 8 9487 2776 84 7545",
    "huaian_2024": "1 0 11 8 26 66 447228 3985758 88283 96171.6",
    "shuyang_2025": "0 0 0 6 1 32 517645 693957 2154 4068.208",
}
NAMES = set(TABLE_TWO)
KINDS = {"scope", "basis", "rounding", "typography"}
# Numbers that count nothing: dates, document numbers, addresses, hotlines, editions, item numbers.
NO_QUANTITY = re.compile(
    r"\d+年(\d+月(\d+日)?)?|第\d+号|〔\d+〕\d+号|大道\d+号|南道\d+号|邮编：\d+|12345热线|“12123”|\d+版|（\d）|^\d、",
    re.MULTILINE,
)
QUANTITY = re.compile(r"\d+(?:\.\d+)?(?:%|[万千百]?余?[\u4e00-\u9fff])")
PRINTED = re.compile(r"(\d+)([万千百]?)(余?)[^\d余]")
UNITS = {"": 1, "百": 100, "千": 1000, "万": 10000}

every_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())


def form_codes(layout: str) -> set[str]:
    """Figures of the form's number cells; the layout before it has one row for other ways of handling."""
    codes = {cell.figure for table in TABLES.values() for cell in table.number_cells()}
    if layout == "2021":
        return codes
    codes -= {f"applications_results.{row}.{column}" for row in OTHER_ROWS for column in APPLICANTS}
    return codes | {f"applications_results.other.{column}" for column in APPLICANTS}


def result_rows(report: dict[str, Any]) -> list[str]:
    rows = [code for _, group in RESULTS for code, _ in group if code != "total"]
    if report["layout"] == "2021":
        return rows
    return [row for row in rows if row not in OTHER_ROWS] + ["other"]


def number(report: dict[str, Any], code: str) -> int:
    return int(report["cells"][code])


def bounds(printed: str) -> tuple[int, int]:
    """Smallest and largest count that a printed number may stand for; 余 means strictly between N and N+1 units."""
    found = PRINTED.fullmatch(printed)
    assert found, printed
    digits, unit, more = found.groups()
    low = int(digits) * UNITS[unit]
    if not more:
        return low, low
    step = UNITS[unit] if unit else 10 ** (len(digits) - len(digits.rstrip("0")))
    return low + 1, low + step - 1


def excused(report: dict[str, Any], mention: dict[str, Any]) -> bool:
    return any(
        entry["code"] == mention["code"] and entry["printed"] == mention["printed"]
        for entry in report.get("difference", [])
    )


def narrative(report: dict[str, Any]) -> str:
    return "\n".join(paragraph["text"] for paragraph in report["paragraph"])


def test_the_four_reports_are_here() -> None:
    assert set(REPORTS) == NAMES
    assert {name for name, report in REPORTS.items() if report["layout"] == "2019"} == {"hongze_2024"}


@every_report
def test_every_cell_of_the_form_and_no_other(report: dict[str, Any]) -> None:
    assert set(report["cells"]) == form_codes(report["layout"])
    assert len(report["cells"]) == (200 if report["layout"] == "2021" else 186)


@every_report
def test_cells_are_plain_numbers_or_blank(report: dict[str, Any]) -> None:
    for code, printed in report["cells"].items():
        pattern = r"(\d+(\.\d+)?)?" if code == "administrative_fees" else r"(0|[1-9]\d*)?"
        assert re.fullmatch(pattern, printed), code
    assert Decimal(report["cells"]["administrative_fees"]) > 0


@pytest.mark.parametrize("name", sorted(NAMES))
def test_table_two(name: str) -> None:
    codes = [cell.figure for cell in TABLES[2].number_cells()]
    assert [REPORTS[name]["cells"][code] for code in codes] == TABLE_TWO[name].split()


@every_report
@pytest.mark.parametrize("column", APPLICANTS)
def test_columns_of_table_three(report: dict[str, Any], column: str) -> None:
    total = number(report, f"applications_results.total.{column}")
    assert sum(number(report, f"applications_results.{row}.{column}") for row in result_rows(report)) == total
    arrived = number(report, f"applications_received.{column}") + number(report, f"applications_carried_in.{column}")
    assert arrived == total + number(report, f"applications_carried_out.{column}")


@every_report
def test_rows_of_table_three(report: dict[str, Any]) -> None:
    rows = [f"applications_{part}" for part in ("received", "carried_in", "carried_out")]
    rows += [f"applications_results.{row}" for row in (*result_rows(report), "total")]
    parts = [column for column in APPLICANTS if column != "total"]
    assert len(rows) == (25 if report["layout"] == "2021" else 23)
    for row in rows:
        assert sum(number(report, f"{row}.{part}") for part in parts) == number(report, f"{row}.total"), row


@every_report
@pytest.mark.parametrize("route", ROUTES)
def test_groups_of_table_four(report: dict[str, Any], route: str) -> None:
    parts = [outcome for outcome in OUTCOMES if outcome != "total"]
    counted = sum(number(report, f"cases.{route}.{outcome}") for outcome in parts)
    assert counted == number(report, f"cases.{route}.total")


@every_report
def test_every_quantity_of_the_narrative_is_listed(report: dict[str, Any]) -> None:
    """As often as it is printed: a number overlooked, or one that nobody printed, shows here."""
    printed = Counter(QUANTITY.findall(NO_QUANTITY.sub("", narrative(report))))
    listed = Counter(mention["printed"] for mention in report["mention"])
    listed.update(growth["printed"] for growth in report.get("growth", []))
    listed.update(text for share in report.get("share", []) for text in share["printed"] if text[0].isdigit())
    assert listed == printed


@every_report
def test_what_is_quoted_stands_in_the_narrative(report: dict[str, Any]) -> None:
    whole = narrative(report)
    for kind in ("mention", "list", "share", "growth"):
        for entry in report.get(kind, []):
            assert entry["text"] in whole
            quoted = [entry.get("total_printed", ""), *entry.get("parts", [])] if kind == "list" else entry["printed"]
            for printed in [quoted] if isinstance(quoted, str) else quoted:
                assert printed in entry["text"], printed


@every_report
def test_mentions_agree_with_the_tables(report: dict[str, Any]) -> None:
    """A number of the narrative is its cell, or the sum of the cells named; what differs is listed with its reason."""
    for mention in report["mention"]:
        cells = mention.get("cells") or [code for code in [mention["code"]] if code in report["cells"]]
        if cells and (mention.get("cells") or not excused(report, mention)):
            summed = sum(number(report, code) for code in cells)
            assert bounds(mention["printed"]) == (summed, summed), mention["code"]


@every_report
def test_differences_are_real_and_explained(report: dict[str, Any]) -> None:
    """What the narrative counts otherwise than the table names a mention, and the two do differ."""
    mentioned = {(mention["code"], mention["printed"]) for mention in report["mention"]}
    for entry in report.get("difference", []):
        assert entry["kind"] in KINDS
        assert entry["words"].endswith("。")
        if entry["rule"] in {"N-2", "N-4"}:
            assert (entry["code"], entry["printed"]) in mentioned
            summed = sum(number(report, code) for code in entry["cells"])
            assert bounds(entry["printed"]) != (summed, summed), entry["code"]


def test_licences_of_the_brigade_exceed_its_business() -> None:
    report = REPORTS["ganzhou_jkq_2023"]
    most = sum(
        bounds(mention["printed"])[1]
        for mention in report["mention"]
        if mention["code"] in {"vehicle_business.total", "licence_business.total"}
    )
    assert most == 189998 < number(report, "licensing_decisions")


@every_report
def test_lists_are_possible(report: dict[str, Any]) -> None:
    """Parts of a whole list can sum to the total; a part of an open list can be within it."""
    for entry in report.get("list", []):
        low, high = bounds(entry["total_printed"])
        parts = [bounds(part) for part in entry["parts"]]
        if entry["exhaustive"]:
            assert sum(part[0] for part in parts) <= high, entry["code"]
            assert sum(part[1] for part in parts) >= low, entry["code"]
        else:
            assert max(part[0] for part in parts) <= high, entry["code"]


@every_report
def test_honest_means_that_no_fault_is_the_reports_own(report: dict[str, Any]) -> None:
    errors = report.get("error", [])
    assert report["honest"] == (not any(error["whose"] == "report" for error in errors))
    assert all(error["whose"] in {"report", "copy"} and error["printed"] != error["expected"] for error in errors)


@every_report
def test_faults_of_words_can_be_seen(report: dict[str, Any]) -> None:
    """The words of a fault in the text stand there; row labels are quoted in the fault itself."""
    whole = narrative(report) + "\n" + "\n".join(paragraph["section"] for paragraph in report["paragraph"])
    for error in report.get("error", []):
        if error["cell"].startswith(("applications_results.", "cases")):
            assert any(code == error["cell"] or code.startswith(error["cell"] + ".") for code in report["cells"])
        else:
            assert error["printed"] in whole, error["printed"]


@every_report
def test_years_and_titles(report: dict[str, Any]) -> None:
    year, title = report["year"], report["title"]
    assert title.endswith(f"{year}年政府信息公开工作年度报告")
    preface = "".join(paragraph["text"] for paragraph in report["paragraph"] if not paragraph["section"])
    assert f"{year}年1月1日" in preface
    assert f"{year}年12月31日" in preface
    if "published_on" in report:
        assert report["published_on"].startswith(str(year + 1))


@every_report
def test_no_telephone_or_mail_address(report: dict[str, Any]) -> None:
    whole = narrative(report)
    assert not re.search(r"\d{3,4}-\d{7,8}|1[3-9]\d{9}|@", whole)


@pytest.mark.parametrize(
    ("printed", "least", "most"),
    [
        ("17件", 17, 17),
        ("35万余辆", 350001, 359999),
        ("3千余件", 3001, 3999),
        ("5500余条", 5501, 5599),
        ("2万件", 20000, 20000),
    ],
)
def test_what_a_printed_number_may_stand_for(printed: str, least: int, most: int) -> None:
    assert bounds(printed) == (least, most)
