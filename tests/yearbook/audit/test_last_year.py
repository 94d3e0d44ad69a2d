"""The page that puts the report beside last year's, parsed back."""

from dataclasses import replace
from decimal import Decimal
from functools import cache

from lxml import html

from tests.yearbook.audit.samples import HOSTILE, sample_run
from tests.yearbook.report.samples import PRINTED, YEAR, sample_report
from yearbook.audit.editions import EarlierEdition, write_editions_page
from yearbook.audit.page import write_run_page
from yearbook.quantity import Exact
from yearbook.report.against import AgainstLastYear, LastReport, against
from yearbook.report.alignment import Mark
from yearbook.report.model import Report
from yearbook.report.words import Part, words_of
from yearbook.verdict import Category, Severity, Status, Verdict

RESTATED = "vehicle_business.total"
UNUSUAL = Verdict(
    code="O-2",
    say="变化不超过50%。",
    category=Category.PLAUSIBILITY,
    severity=Severity.WARNING,
    status=Status.FAILED,
    place="机动车业务量·总计",
    evaluated=1,
    expected="变化不超过 50%",
    found="增加 61.37%",
    detail=f"对变化的贡献{HOSTILE}",
)


def report() -> Report:
    explained = replace(UNUSUAL, status=Status.WAIVED, place="驾驶证业务量·总计")
    return replace(sample_report(), verdicts=(UNUSUAL, explained))


@cache
def compared(limit: Decimal | None = Decimal(50)) -> AgainstLastYear:
    """Last year said the same with one sentence more in section six, and published another base for one figure."""
    words = words_of(report())
    last_part = words.parts[-1]
    more = Part(last_part.title, (*last_part.passages, f"去年另有一句话要说，今年不说了{HOSTILE}。"))
    values: dict[str, Exact] = {f.code: f.base for f in report().figures.values() if f.base is not None}
    last = LastReport(
        edition=3,
        values={**values, RESTATED: 154_300, "retired.figure": 7},
        words=replace(
            words, parts=(*words.parts[:-1], more), printed={**words.printed, "administrative_fees": "51.23"}
        ),
    )
    return against(report(), last, limit)


@cache
def page(limit: Decimal | None = Decimal(50), name: str = "last-year") -> html.HtmlElement:
    written = write_run_page(report(), replace(sample_run(), last_year=compared(limit)))
    return html.document_fromstring(written[f"audit/{name}.html"].decode("utf-8"))


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_without_a_report_of_last_year_there_is_no_page_and_the_index_says_so() -> None:
    written = write_run_page(report(), sample_run())
    assert "audit/last-year.html" not in written
    index = written["audit/index.html"].decode("utf-8")
    assert f"存档中没有 {YEAR - 1} 年的报告" in index
    assert "last-year.html" not in index


def test_every_page_leads_there_and_the_index_tells_the_meter() -> None:
    for name in ("index", "rules", "figures", "coverage", "last-year"):
        assert "last-year.html" in page(name=name).xpath("//nav//a/@href")
    assert "文字重复率 100.00%，限度 50%，超过限度" in words(page(name="index").find_class("facts")[0])


def test_the_meter_says_what_is_measured_and_judges_both_sides_of_the_limit() -> None:
    outcome = page().find_class("outcome")[0]
    assert (outcome.text, "warn" in outcome.classes) == (
        f"与 {YEAR - 1} 年报告（第 3 版）对照：文字重复率 100.00%，限度 50%，超过限度。",
        True,
    )
    held = page(Decimal(100)).find_class("outcome")[0]
    assert (held.text.endswith("在限度以内。"), "good" in held.classes) == (True, True)
    assert "限度" not in page(None).find_class("outcome")[0].text
    assert "只换了数字的句子算相同" in words(page().get_element_by_id("beside").getparent())


def test_figures_tell_what_was_published_and_what_was_counted_again() -> None:
    rows = {
        row[0].xpath(".//a/@href")[0]: row for row in page().xpath("//section[@aria-labelledby='numbers']//tbody/tr")
    }
    assert len(rows) == len(report().figures)
    cells = [words(cell) for cell in rows[f"figures.html#{RESTATED}"]]
    assert cells[1:] == ["件", "150,806", "154,300", "154,309重述 +9", "▼ −3,503", "−2.27%"]
    same = [words(cell) for cell in rows["figures.html#motor_vehicles.trailer"]]
    assert same[1:] == ["辆", "1,254", "1,254", "1,254", "＝ 0", "0%"]
    assert words(page().get_element_by_id("numbers").getparent()).endswith("retired.figure")


def test_every_cell_of_the_form_stands_beside_last_years() -> None:
    linked = page().xpath("//section[@aria-labelledby='tables']//td[@class='number']/a")
    assert len(linked) == sum(len(table) for table in PRINTED.values())
    [fees] = [link for link in linked if link.get("href").endswith("#administrative_fees")]
    assert fees.text == "67.89"
    assert fees[0].text_content().endswith("51.23")
    assert fees.get("aria-label").endswith(f"本年 67.89，{YEAR - 1} 年公布 51.23")


def test_text_is_marked_by_word_and_sign() -> None:
    pairs = page().find_class("pair")
    assert {words(pair[0]) for pair in pairs} == {f"{mark.sign} {mark.label}" for mark in (Mark.SAME, Mark.GONE)}
    gone = page().find_class("pair gone")
    assert [pair[1][1][1].text_content() for pair in gone] == ["没有"]
    assert HOSTILE in gone[0][1][0].text_content()
    for span in page().find_class("mark"):
        assert span[0].find_class("unseen")[0].text == f"{span[0].get('title')}："


def test_an_unusual_change_is_asked_about_unless_it_is_explained() -> None:
    [asked] = page().xpath("//section[@aria-labelledby='questions']/article")
    assert words(asked[0]) == "O-2机动车业务量·总计比上年增加 61.37%（变化不超过 50%），是什么原因？"


def test_no_page_holds_script_or_loads_anything() -> None:
    editions = write_editions_page(
        "云麓市交通管理局", YEAR, [EarlierEdition(1, 2, f"补录{HOSTILE}", {"report.pdf": "e" * 64})]
    )
    tree = html.document_fromstring(editions["editions/index.html"].decode("utf-8"))
    for document in (page(), tree):
        assert not document.xpath("//script | //img | //link | //*[@style]")
        assert "default-src 'none'" in document.xpath("//meta[@http-equiv]/@content")[0]
        assert HOSTILE in document.text_content()
    assert tree.xpath("//dt/a/@href") == ["1/report.pdf"]
    assert words(tree.xpath("//section/p")[0]) == f"已由第 2 版更正。更正原因：补录{HOSTILE}"
