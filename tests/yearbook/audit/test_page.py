"""The run pages, parsed back."""

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from lxml import html

from tests.yearbook.audit.samples import HOSTILE, SQL_TEXT, sample_run
from tests.yearbook.report.sample_verdicts import IMPACT
from tests.yearbook.report.samples import PRINTED, sample_report
from yearbook.audit.page import write_run_page
from yearbook.verdict import Severity, Status, Verdict

ROOT = Path(__file__).parents[3]
DIGEST = """
import hashlib
from tests.yearbook.audit.samples import sample_run
from tests.yearbook.report.samples import sample_report
from yearbook.audit.page import write_run_page
from yearbook.report.html import write_html
from yearbook.report.tabular import write_csv, write_json
from yearbook.report.workbook import write_workbook
report = sample_report()
writers = (write_html, write_csv, write_json, write_workbook)
parts = [*write_run_page(report, sample_run()).values(), *(write(report) for write in writers)]
print(hashlib.sha256(b"".join(parts)).hexdigest())
"""


@cache
def pages() -> dict[str, html.HtmlElement]:
    written = write_run_page(sample_report(), sample_run())
    return {name: html.document_fromstring(data.decode("utf-8")) for name, data in written.items()}


def page(name: str) -> html.HtmlElement:
    return pages()[f"audit/{name}.html"]


def test_pages_and_their_size() -> None:
    written = write_run_page(sample_report(), sample_run())
    assert list(written) == [f"audit/{name}.html" for name in ("index", "rules", "figures", "coverage")]
    assert all(len(data) < 1_000_000 for data in written.values())


def test_every_figure_is_anchored_with_what_an_auditor_asks() -> None:
    for code, figure in sample_report().figures.items():
        row = page("figures").get_element_by_id(code)
        assert row.xpath(".//data/@value")[0] == format(figure.value, "f" if "." in str(figure.value) else "d")
        section = next(row.iterancestors("section")).text_content()
        for words in (figure.basis, figure.definition, figure.sql_digest, *figure.snapshots, SQL_TEXT):
            assert words in section
        assert {a.text_content() for a in row.iter("a")} == set(figure.rules)


def test_a_rule_that_did_not_pass_says_how() -> None:
    row = page("figures").get_element_by_id("documents.rules.made")
    told = " ".join(row.find_class("rules")[0].text_content().split())
    assert told == "VEH-91 VEH-92 VEH-93 T3-01 K-02 N-03（未评估）"
    statuses = {"VEH-93": "（不通过）", "T2-95": "（已豁免）", "N-03": "（未评估）"}
    for figure in sample_report().figures.values():
        for link in page("figures").get_element_by_id(figure.code).find_class("rules")[0].iter("a"):
            after = link.getnext()
            words = after.text if after is not None and after.tag == "span" else ""
            expected = {**statuses, "K-02": "（不通过）"}[link.text] if link.text in figure.open_findings else ""
            assert words == expected, (figure.code, link.text)


def test_every_verdict_is_shown_with_its_counts() -> None:
    for verdict in sample_report().verdicts:
        cells = [cell.text_content().strip() for cell in page("rules").get_element_by_id(verdict.code)]
        assert cells == [
            verdict.code,
            verdict.say + verdict.detail,
            verdict.category.label,
            verdict.severity.label,
            verdict.status.label,
            verdict.place,
            f"{verdict.evaluated:,}",
            f"{verdict.failed:,}",
            *(text or "—" for text in (verdict.expected, verdict.found, verdict.difference)),
            verdict.owner,
        ]


def test_problems_come_first_with_what_to_do() -> None:
    boxes = page("index").find_class("problem")
    assert [box.find_class("code")[0].text for box in boxes] == ["VEH-93", "K-02", "T2-95", "N-03"]
    findings = {verdict.code: verdict for verdict in sample_report().verdicts if verdict.is_finding}
    for box in boxes:
        verdict = findings[box.find_class("code")[0].text]
        text = box.text_content()
        for words in (verdict.severity.label, verdict.status.label, verdict.category.label, verdict.owner):
            assert words in text
        for words in (verdict.say, verdict.place, verdict.detail, verdict.do, f"{verdict.failed:,}"):
            assert words in text
        assert all(words in text for words in (verdict.expected, verdict.found, verdict.difference) if words)


def problems_of(*verdicts: Verdict) -> list[str]:
    report = replace(sample_report(), verdicts=verdicts)
    tree = html.document_fromstring(write_run_page(report, sample_run())["audit/rules.html"].decode("utf-8"))
    return [box.find_class("code")[0].text for box in tree.find_class("problem")]


def test_what_blocks_comes_before_all_other_problems() -> None:
    base = sample_report().verdicts[0]
    kinds = [(status, severity) for status in reversed(Status) for severity in reversed(Severity)]
    verdicts = [replace(base, code=f"{st.value}/{sev.value}", status=st, severity=sev) for st, sev in kinds]
    order = [
        f"{status}/{severity}"
        for status in ("failed", "waived", "not_evaluated")
        for severity in ("fatal", "warning", "information")
    ]
    assert problems_of(*verdicts) == order
    assert problems_of(*reversed(verdicts)) == order


def test_a_problem_tells_what_it_moves() -> None:
    [table] = page("rules").find_class("problem")[0].find_class("impact")
    rows = [[cell.text_content() for cell in row] for row in table.xpath(".//tbody/tr")]
    assert rows == [
        ["机动车业务量·总计", "件", "150,806", "150,789", "−17"],
        ["机动车业务量·总计（上年基数）", "件", "154,309", "154,332", "23"],
        ["行政事业性收费", "元", "678,900.00", "无法计算", "无法计算"],
        ["已停用的数", "起", "无法计算", "31", "无法计算"],
    ]
    links = table.xpath(".//a/@href")
    assert links == [f"figures.html#{code}" for code in (*["vehicle_business.total"] * 2, "administrative_fees")]
    assert not page("rules").find_class("problem")[1].find_class("impact")


def test_many_moved_figures_are_folded_but_all_there() -> None:
    report = sample_report()
    many = tuple(replace(IMPACT[0], name=f"数{number}") for number in range(9))
    verdicts = (replace(report.verdicts[2], impact=many),)
    written = write_run_page(replace(report, verdicts=verdicts), sample_run())
    tree = html.document_fromstring(written["audit/rules.html"].decode("utf-8"))
    [table] = tree.xpath("//details[summary='影响的数字 9 个']//table")
    assert [name.text_content() for name in table.xpath(".//tbody//th")] == [f"数{number}" for number in range(9)]


def test_the_tally_has_a_box_for_waived() -> None:
    boxes = {box[0].text: (box[1].text, box[1].get("class")) for box in page("index").find_class("tally")[0]}
    assert boxes == {
        "数字": (str(len(sample_report().figures)), ""),
        "规则通过": ("4", "good"),
        "规则不通过": ("2", "warn"),
        "其中致命": ("0", ""),
        "规则已豁免": ("1", "warn"),
        "规则未评估": ("1", "soft"),
    }


def test_waived_never_looks_like_a_pass() -> None:
    for name in ("index", "rules"):
        [box] = [box for box in page(name).find_class("problem") if "T2-95" in box.text_content()]
        assert box.get("class") == "problem warn waived"
        assert "致命 · 已豁免" in box.text_content()
    cell = page("rules").get_element_by_id("T2-95")[4]
    assert cell.get("class").split() == ["nowrap", "strong", "warn"]


def test_references_of_rows_stay_out() -> None:
    references = [row for verdict in sample_report().verdicts for row in verdict.rows]
    assert references
    for data in write_run_page(sample_report(), sample_run()).values():
        assert not [row for row in references if row.encode() in data]


def test_a_rule_that_answers_twice_has_two_anchors() -> None:
    report = sample_report()
    again = replace(report, verdicts=(*report.verdicts, report.verdicts[0]))
    tree = html.document_fromstring(write_run_page(again, sample_run())["audit/rules.html"].decode("utf-8"))
    assert tree.get_element_by_id("VEH-91-2") is not None


@pytest.mark.parametrize(
    ("answers", "words", "tone"),
    [
        ([("fatal", "failed")], "有1条致命规则不通过，处理前不得发布。", "bad"),
        ([("fatal", "failed"), ("fatal", "waived")], "有1条致命规则不通过，处理前不得发布。", "bad"),
        ([("warning", "failed")], "没有致命规则不通过；共有1条需人工核对。", "warn"),
        ([("fatal", "not_evaluated")], "没有致命规则不通过；共有1条需人工核对。", "warn"),
        ([("fatal", "waived")], "不通过的1条致命规则均已豁免；共有1条需人工核对，其中1条已豁免。", "warn"),
        (
            [("warning", "waived"), ("warning", "failed"), ("warning", "passed")],
            "没有致命规则不通过；共有2条需人工核对，其中1条已豁免。",
            "warn",
        ),
        ([("fatal", "passed")], "规则全部通过。", "good"),
    ],
)
def test_the_outcome_is_one_sentence(answers: list[tuple[str, str]], words: str, tone: str) -> None:
    report = sample_report()
    verdicts = tuple(
        replace(report.verdicts[0], severity=Severity(severity), status=Status(status)) for severity, status in answers
    )
    written = write_run_page(replace(report, verdicts=verdicts), sample_run())
    tree = html.document_fromstring(written["audit/index.html"].decode("utf-8"))
    [sentence] = tree.find_class("outcome")
    assert (sentence.text_content(), sentence.get("class")) == (words, f"outcome {tone}")


def test_the_run_its_sources_and_snapshots_are_named() -> None:
    text = page("index").text_content()
    run = sample_run()
    for words in (run.run_key, run.code_version, "2023-01-01T00:00:00+08:00", "2024-01-01T00:00:00+08:00", "half-up"):
        assert words in text
    for source in run.sources:
        assert source.name in text
        assert all(file.name in text and file.digest in text for file in source.received)
    for snapshot in run.snapshots:
        row = page("index").xpath(f"//tr[starts-with(@id, 'snapshot-{snapshot.digest}')]")[0].text_content()
        assert all(words in row for words in (*snapshot.normalised, snapshot.reader, *snapshot.notes))
    assert all(name in text and version in text for name, version in run.versions.items())


def test_the_tables_lead_to_their_figures() -> None:
    for number, cells in PRINTED.items():
        table = page("index").find_class(f"t{number}")[0]
        links = {a.get("href"): a.text_content() for a in table.iter("a")}
        assert links == {f"figures.html#{code}": text for code, text in cells.items()}


def test_every_link_finds_its_anchor() -> None:
    anchors = {name.removeprefix("audit/"): set(tree.xpath("//@id")) for name, tree in pages().items()}
    for name, tree in pages().items():
        identities = tree.xpath("//@id")
        assert len(identities) == len(set(identities))
        for link in tree.xpath("//a/@href"):
            file, _, fragment = link.partition("#")
            target = anchors[file or name.removeprefix("audit/")]
            assert not fragment or fragment in target


def test_nothing_is_live_or_loaded() -> None:
    for tree in pages().values():
        assert not tree.xpath("//script | //link | //img | //iframe | //object | //embed | //form | //base")
        assert not tree.xpath("//@src | //@action | //@style")
        assert "url(" not in tree.xpath("//style")[0].text
        assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0].startswith("default-src 'none'")
    assert HOSTILE in page("index").text_content()


def test_no_clock_no_path_no_address() -> None:
    for tree in pages().values():
        text = tree.text_content().replace("T00:00:00+08:00", "")
        assert not re.search(r"\d\d:\d\d", text)
        assert not re.search(r"https?://|/home/|/tmp/|file:", text)


def test_bytes_do_not_depend_on_zone_hash_seed_or_process() -> None:
    digests = set()
    for zone, seed in (("UTC", "1"), ("America/New_York", "77")):
        surroundings = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", DIGEST], cwd=ROOT, env=surroundings, capture_output=True, text=True, check=True
        )
        digests.add(done.stdout.strip())
    here: dict[str, object] = {}
    exec(DIGEST.replace("print(", "answer = ("), here)
    assert digests == {here["answer"]}
    assert len(hashlib.sha256().hexdigest()) == len(str(here["answer"]))
