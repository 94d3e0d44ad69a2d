"""The page that holds a run against the edition before it, parsed back, and its lines for machines."""

import csv
import io
import re
from dataclasses import replace
from functools import cache

from lxml import html

from tests.yearbook.audit.samples import HOSTILE, sample_revision, sample_run
from tests.yearbook.report.samples import sample_report
from yearbook.audit.facts import Standing
from yearbook.audit.page import write_run_page
from yearbook.revision import Revision, TextDifference


@cache
def written(standing: Revision | Standing) -> dict[str, bytes]:
    return write_run_page(sample_report(), replace(sample_run(), standing=standing))


def page(standing: Revision | Standing, name: str = "revision") -> html.HtmlElement:
    return html.document_fromstring(written(standing)[f"audit/{name}.html"].decode("utf-8"))


def cells(table: str) -> list[list[str]]:
    rows = page(sample_revision()).xpath(f"//section[@aria-labelledby='{table}']//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def lines(revision: Revision) -> list[dict[str, str]]:
    text = written(revision)["audit/revision.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def unchanged() -> Revision:
    return replace(sample_revision(), figures=(), inputs=sample_revision().inputs[3:4])  # type: ignore[index]


def test_a_first_edition_says_so_and_has_no_page() -> None:
    assert list(written(Standing.FIRST)) == [f"audit/{name}.html" for name in ("index", "rules", "figures", "coverage")]
    facts = page(Standing.FIRST, "index").find_class("facts")[0]
    assert (facts[0].text, facts[1].text) == ("版次", "首版")


def test_an_unpublished_run_is_no_first_edition() -> None:
    assert "audit/revision.html" not in written(Standing.UNPUBLISHED)
    facts = page(Standing.UNPUBLISHED, "index").find_class("facts")[0].text_content()
    assert "没有发布，不与已发布的版次比较" in facts
    assert "首版" not in facts


def test_every_page_leads_to_the_comparison() -> None:
    for name in ("index", "rules", "figures", "coverage", "revision"):
        tree = page(sample_revision(), name)
        assert "revision.html" in tree.xpath("//nav//a/@href")
        anchors = {link.partition("#")[0] for link in tree.xpath("//a/@href")} - {""}
        assert {f"audit/{file}" for file in anchors} <= written(sample_revision()).keys()
    facts = page(sample_revision(), "index").find_class("facts")[0][1].text_content()
    assert facts.startswith("与第 7 版相比，4 个数字有变化，与该版不同的有：快照、查询和目录、规则、软件、读取时的提示")


def test_changed_figures_then_and_now() -> None:
    assert cells("changed") == [
        ["机动车业务量·总计vehicle_business.total", "件", "150,803", "150,806", "+3", "154,309", "154,309", "0"],
        ["行政事业性收费administrative_fees", "元", "678,900.00", "678,900.00", "0.00", "512,300.75", "512,300.50",
         "−0.25"],
        ["警情·手机处理accident_calls.app", "起", "没有这个数字", "3,072", "—", "—", "2,048", "—"],
        [f"=停用的数{HOSTILE}retired", "条", "29", "不再有", "—", "无可比数", "—", "—"],
    ]  # fmt: skip
    links = page(sample_revision()).xpath("//section[@aria-labelledby='changed']//a/@href")
    assert links == [
        f"figures.html#{c}" for c in ("vehicle_business.total", "administrative_fees", "accident_calls.app")
    ]
    identities = page(sample_revision(), "figures").xpath("//@id")
    assert all(link.partition("#")[2] in identities for link in links)


def test_rows_of_every_extract_then_and_now() -> None:
    assert [row[1:] for row in cells("rows")] == [
        ["vehicle_business", "2023年", "报告年度", "150,803", "150,806", "+3", "不同"],
        ["application", "2023年", "报告年度", "283", "281", "−2", "不同"],
        ["application", "2022年", "上年基数", "271", "271", "0", "不同"],
        ["suit", "2023年", "报告年度", "31", "31", "0", "相同"],
        ["appeal", "2023年", "报告年度", "—", "37", "—", "新增"],
        ["petition", "2023年", "报告年度", "43", "—", "—", "不再有"],
    ]
    assert cells("rows")[0][0] == "机动车和驾驶人管理系统"


def test_inputs_that_differ_are_named() -> None:
    assert cells("inputs")[2:] == [
        ["规则", "expectations/old.toml", "4" * 64, "不再有"],
        ["软件", "duckdb", "1.5.4", "1.5.5"],
        ["读取时的提示", "report/vehicles/vehicle_business/2023", "没有", f"账号可以写入{HOSTILE}"],
    ]


def test_a_page_also_where_no_number_differs() -> None:
    text = page(unchanged()).text_content()
    assert "与第 7 版相比，数字没有变化" in text
    assert "与该版不同的有：软件" in text
    assert not page(unchanged()).xpath("//section[@aria-labelledby='changed']")
    assert [line["part"] for line in lines(unchanged())] == ["rows"] * 6 + ["library"]


def test_inputs_that_were_not_kept_are_told() -> None:
    revision = replace(sample_revision(), rows=(), inputs=None)
    text = page(revision).text_content()
    assert "没有登记材料清单" in text
    assert "内容不同的快照" not in text
    assert lines(revision)[-1]["part"] == "not_kept"


def test_lines_for_machines() -> None:
    data = written(sample_revision())["audit/revision.csv"]
    assert data.startswith(b"\xef\xbb\xbfedition,part,code,")
    assert data.count(b"\r\n") == data.count(b"\n") == 1 + 4 + 6 + 5
    found = lines(sample_revision())
    assert {line["edition"] for line in found} == {"7"}
    assert [line["part"] for line in found[:4]] == ["figure"] * 4
    assert list(found[0].values())[2:] == [
        "vehicle_business.total", "机动车业务量·总计", "件", "150803", "150806", "3", "154309", "154309", "0",
    ]  # fmt: skip
    assert (found[1]["base_difference"], found[2]["then"], found[3]["now"]) == ("-0.25", "", "")
    assert found[3]["name"] == f"'=停用的数{HOSTILE}", "no spreadsheet takes a name for a formula"
    assert (found[4]["code"], found[4]["difference"]) == ("report/vehicles/vehicle_business/2023", "3")
    assert (found[-1]["part"], found[-1]["then"]) == ("notes", "")


def test_nothing_is_live_and_no_clock_or_path() -> None:
    tree = page(sample_revision())
    assert not tree.xpath("//script | //link | //img | //iframe | //object | //embed | //form | //base")
    assert not tree.xpath("//@src | //@action | //@style")
    assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0].startswith("default-src 'none'")
    identities = tree.xpath("//@id")
    assert len(identities) == len(set(identities))
    for data in (tree.text_content(), written(sample_revision())["audit/revision.csv"].decode("utf-8")):
        assert not re.search(r"\d\d:\d\d|https?://|/home/|/tmp/|file:", data)


def worded(reason: str) -> Revision:
    texts = (TextDifference("", "旧题。", "新题。"), TextDifference("一、总体情况", None, f"新增{HOSTILE}。"))
    return replace(unchanged(), texts=texts, reason=reason)


def test_texts_are_told_with_the_reason() -> None:
    revision = worded("补写漏掉的一句")
    assert revision.title == "与第 7 版相比，数字没有变化，2 处文字有变化"
    told = [[cell.text_content() for cell in row] for row in page(revision).xpath("//*[@aria-labelledby='texts']//tr")]
    assert told[1:] == [["标题和前言", "旧题。", "新题。"], ["一、总体情况", "没有这一句", f"新增{HOSTILE}。"]]
    assert "更正原因：补写漏掉的一句" in page(revision).text_content()
    assert "待更正说明" not in page(revision).text_content()
    parts = [(line["part"], line["name"], line["then"], line["now"]) for line in lines(revision)]
    assert ("text", "标题和前言", "旧题。", "新题。") in parts
    assert ("reason", "补写漏掉的一句", "", "") in parts


def test_a_difference_nobody_explained_says_that_it_waits() -> None:
    assert worded("").waits
    assert "待更正说明" in page(worded("")).text_content()
    assert "待更正说明，没有发布" in page(worded(""), "index").text_content()
    assert "没有发布" not in page(worded("补写漏掉的一句"), "index").text_content()
    assert "warn" in page(worded("")).find_class("outcome")[0].classes
    assert not unchanged().waits, "a newer program alone asks nobody"
    assert "待更正说明" not in page(unchanged()).text_content()
