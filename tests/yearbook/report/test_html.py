"""The web page, parsed back: what a reader, a screen reader and a machine find in it."""

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import pairwise

import pytest
from jinja2 import UndefinedError
from lxml import etree, html

from tests.yearbook.report.charted import ALT, BEFORE, EARLIER, with_charts
from tests.yearbook.report.sample_verdicts import GUARDS
from tests.yearbook.report.samples import EXPECTED_CELLS, PRINTED, sample_report
from yearbook.form.edition_2021 import SECTIONS, TABLES
from yearbook.report.html import environment, finalize, grouped, style_policy, write_html
from yearbook.report.model import Aspect, Body, Number, Paragraph, Section, Text

HOSTILE = "<script>alert(1)</script>&amp;\"'><img src=x onerror=alert(1)>"


@cache
def page() -> html.HtmlElement:
    return html.document_fromstring(write_html(sample_report()).decode("utf-8"))


def grid(table: html.HtmlElement) -> dict[tuple[int, int], html.HtmlElement]:
    """Every grid place of a table → the element that covers it, as browsers lay it out."""
    places: dict[tuple[int, int], html.HtmlElement] = {}
    for row, line in enumerate(table.iter("tr")):
        column = 0
        for cell in line:
            while (row, column) in places:
                column += 1
            for down in range(int(cell.get("rowspan", "1"))):
                for across in range(int(cell.get("colspan", "1"))):
                    assert (row + down, column + across) not in places
                    places[row + down, column + across] = cell
    return places


def test_every_statutory_number_stands_at_its_place() -> None:
    for number, form in TABLES.items():
        places = grid(page().find_class(f"t{number}")[0])
        assert len(places) == form.row_total * len(form.widths)
        for cell in form.number_cells():
            element = places[cell.row, cell.column]
            assert element.text_content() == EXPECTED_CELLS[number, cell.row, cell.column]
            data = element.find("data")
            assert data.get("data-figure") == cell.figure


def test_every_label_stands_at_its_place_word_for_word() -> None:
    for number, form in TABLES.items():
        places = grid(page().find_class(f"t{number}")[0])
        for cell in (c for c in form.cells if c.figure is None):
            element = places[cell.row, cell.column]
            for line_break in element.iter("br"):
                line_break.tail = "\n" + (line_break.tail or "").lstrip("\n")
            assert element.text_content() == cell.label
            assert (int(element.get("rowspan", "1")), int(element.get("colspan", "1"))) == (
                cell.row_span,
                cell.column_span,
            )


def test_headers_name_a_number_as_the_form_does() -> None:
    table = page().find_class("t3")[0]
    element = table.xpath(".//data[@data-figure='applications_results.refused_query.research']/..")[0]
    words = [table.get_element_by_id(i).text_content() for i in element.get("headers").split()]
    assert [word.replace("\n", "") for word in words] == [
        "申请人情况",
        "法人或其他组织",
        "科研机构",
        "三、本年度办理结果",
        "（三）不予公开",
        "8.属于行政查询事项",
    ]


def test_a_block_of_table_two_takes_headers_of_its_own_block_only() -> None:
    table = page().find_class("t2")[0]
    element = table.xpath(".//data[@data-figure='penalty_decisions']/..")[0]
    words = [table.get_element_by_id(i).text_content() for i in element.get("headers").split()]
    assert words == ["第二十条第（六）项", "本年处理决定数量", "行政处罚"]


def test_every_header_has_a_scope_and_every_table_a_caption() -> None:
    for element in page().iter("th"):
        assert element.get("scope") in {"row", "col", "rowgroup", "colgroup"}
    captions = [caption.text_content() for caption in page().iter("caption")]
    assert captions == list(SECTIONS[1:4])


def test_sections_paragraphs_and_headings_are_word_for_word() -> None:
    report = sample_report()
    main = page().get_element_by_id("report")
    assert [h.text_content() for h in main.iter("h2")] == [section.title for section in report.sections]
    paragraphs = [*report.preamble]
    for section in report.sections:
        paragraphs += [block for block in section.blocks if isinstance(block, Paragraph)]
    assert [p.text_content() for p in main.iter("p")] == [paragraph.text for paragraph in paragraphs]
    assert "".join(main.find_class("title")[0].itertext()) == report.title_line


def test_every_number_carries_its_figure_and_exact_value() -> None:
    report = sample_report()
    main = page().get_element_by_id("report")
    data = list(main.iter("data"))
    assert len(data) == len(list(report.numbers())) + sum(len(cells) for cells in PRINTED.values())
    for element in data:
        figure = report.figures[element.get("data-figure")]
        exact = figure.value if element.get("data-aspect") == "value" else figure.change.percent
        assert Decimal(element.get("value")) == exact


def test_every_link_finds_its_anchor_and_every_anchor_is_unique() -> None:
    identities = page().xpath("//@id")
    assert len(identities) == len(set(identities))
    links = page().xpath("//a/@href")
    assert {link[1:] for link in links} <= set(identities)
    assert {link[0] for link in links} == {"#"}


def test_a_note_says_what_stands_behind_a_number() -> None:
    note = page().get_element_by_id("fig-vehicle_business.total").text_content()
    for words in ("150,806件", "154,309件", "减少2.27%", "第五十条", "与上年相比变动不超过三成 <需说明>"):
        assert words in note


def rules_of(code: str) -> tuple[list[tuple[str, str]], str]:
    """Outcome and code of the rules a note tells as findings; then the words about those that passed."""
    [told] = page().get_element_by_id(f"fig-{code}").find_class("rules")
    lines = [" ".join(line.text_content().split()) for line in told]
    passed = [line for line in lines if line.startswith("通过")]
    findings = [line.split(" ") for line in lines if not line.startswith("通过")]
    return [(words[0], words[3]) for words in findings], passed[0] if passed else ""


def test_a_note_tells_its_rules_what_failed_first() -> None:
    report = sample_report()
    guarded = {figure.code: (figure.rules, figure.open_findings) for figure in report.figures.values()}
    code = next(code for code, guard in guarded.items() if guard == GUARDS[5])
    findings, passed = rules_of(code)
    assert findings == [("不通过", "VEH-93"), ("已豁免", "T2-95"), ("未评估", "N-03")]
    assert passed == "通过4条 VEH-91 VEH-92 T3-01 K-02 各条内容"
    unguarded = next(code for code, guard in guarded.items() if guard == GUARDS[2])
    assert "无规则" in page().get_element_by_id(f"fig-{unguarded}").text_content()


def test_a_note_tells_no_place_and_nobody_of_a_rule() -> None:
    """The page is public; what a waiver says of people, and what the rows said, stays with the auditor."""
    text = page().text_content()
    for verdict in sample_report().verdicts:
        assert not [words for words in (verdict.detail, verdict.do, *verdict.rows) if words and words in text]


def test_every_rule_is_told_in_words_what_failed_first() -> None:
    told = [item for group in page().find_class("guards") for item in group]
    assert [item.get("id") for item in told[:4]] == ["rule-VEH-93", "rule-K-02", "rule-T2-95", "rule-N-03"]
    by_rule = {item.get("id"): item.text_content() for item in told}
    for verdict in sample_report().verdicts:
        for words in (verdict.code, verdict.say, verdict.status.label, verdict.severity.label):
            assert words in by_rule[f"rule-{verdict.code}"]


def test_a_note_leads_back_to_every_place_of_its_number() -> None:
    note = page().get_element_by_id("fig-vehicle_business.total")
    ways = [(link.get("href"), link.get("aria-label")) for link in note.xpath(".//p[@class='ways']/a")]
    assert ways == [
        ("#ref-vehicle_business.total-1", "返回一、总体情况"),
        ("#ref-vehicle_business.total-2", "返回一、总体情况第2处"),
        ("#note-vehicle_business.total", None),
    ]
    for href, _ in ways:
        # a link takes the focus when it is the target; anything else would lose it
        assert page().get_element_by_id(href[1:]).tag == "a"


def charted() -> html.HtmlElement:
    return html.document_fromstring(write_html(with_charts(sample_report())).decode("utf-8"))


def test_a_second_edition_says_so_under_its_title_and_in_the_facts(drawn_charts: None) -> None:
    tree = charted()
    assert tree.xpath("//hgroup/p[@class='edition']")[0].text_content() == "（第2版）"
    assert tree.xpath("//dt[.='版次']/../dd")[0].text_content() == "第2版"
    assert tree.findtext(".//title").endswith("（第2版）")
    assert not page().xpath("//*[@class='edition'] | //dt[.='版次']")


def test_a_chart_is_one_named_picture_with_its_numbers_as_a_table(drawn_charts: None) -> None:
    figure, _ = charted().find_class("chart")
    assert (figure.tag, figure.get("role")) == ("figure", "group")
    assert figure.find("figcaption").text_content() == "2023年机动车业务量 <&>"
    [svg] = figure.iter("svg")
    assert (svg.get("role"), svg.get("aria-label")) == ("img", ALT)
    assert not svg.xpath(".//@style | .//*[@role or @aria-label]")
    [table] = figure.find("details").iter("table")
    rows = [[cell.text_content() for cell in row] for row in table.iter("tr")]
    assert rows[0] == ["项目", "数量", "增减"]
    assert rows[1:] == [
        ["总计", "15万余", "2.27%"],
        ["上年", "15万余", "—"],
        ["2020年", "1万余", "—"],
        ["挂车", "1254", "—"],
    ]
    data = {(d.get("data-aspect"), d.get("data-year")): d.get("value") for d in table.iter("data")}
    assert data["value", None] == "1254"
    assert data["change", None] == "-2.27"
    assert data["base", None] == "154309"
    assert data["earlier", "2020"] == str(EARLIER)


def test_an_annex_stands_behind_the_six_sections_and_in_the_contents(drawn_charts: None) -> None:
    tree = charted()
    titles = [h.text_content() for h in tree.get_element_by_id("report").iter("h2")]
    assert titles == [*SECTIONS, "附：本版更正的内容"]
    assert "附：本版更正的内容" in [link.text_content() for link in tree.xpath("//nav//a")]
    [before] = tree.xpath("//table[@class='listing']//data[@data-aspect='before']/@value")
    assert before == str(BEFORE)
    assert "更正前：150,001件" in tree.get_element_by_id("fig-vehicle_business.total").text_content()


def test_a_charted_page_has_unique_anchors_and_ordered_headings(drawn_charts: None) -> None:
    for tree in (page(), charted()):
        identities = tree.xpath("//@id")
        assert len(identities) == len(set(identities))
        assert {link[1:] for link in tree.xpath("//a/@href")} <= set(identities)
        named = " ".join(tree.xpath("//@aria-labelledby | //@headers")).split()
        assert set(named) <= set(identities)
        levels = [int(h.tag[1]) for h in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_number_of_another_year_without_its_exact_value_is_refused() -> None:
    sample = sample_report()
    number = Number("1万余", "drivers.total", Aspect.EARLIER, year=2020)
    with pytest.raises(ValueError, match="carries no exact value"):
        write_html(replace(sample, preamble=(Paragraph((number,)),)))


def test_nothing_is_loaded_from_anywhere() -> None:
    assert not page().xpath("//script | //link | //img | //iframe | //object | //embed | //form | //base")
    assert not page().xpath("//@src | //@action | //@style")
    style = page().xpath("//style")[0].text
    assert "url(" not in style
    assert "@import" not in style
    policy = page().xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy == style_policy(style)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_text_is_never_live() -> None:
    sample = sample_report()
    hostile = replace(
        sample,
        body=Body(code="x", name=HOSTILE, short_name=HOSTILE, notice=HOSTILE),
        title=(HOSTILE, HOSTILE),
        preamble=(Paragraph((Text(HOSTILE),)),),
        sections=(Section(HOSTILE, (Paragraph((Text(HOSTILE),)),)), *sample.sections[1:]),
    )
    tree = html.document_fromstring(write_html(hostile).decode("utf-8"))
    assert not tree.xpath("//script | //img")
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
    assert tree.get_element_by_id("report").findtext(".//p") == HOSTILE


def test_bytes_are_the_same_every_time() -> None:
    assert write_html(sample_report()) == write_html(sample_report())


@pytest.mark.parametrize("value", [None, 1.5, float("nan"), True, Decimal(1), []])
def test_finalize_refuses_what_would_print_wrong(value: object) -> None:
    with pytest.raises(TypeError):
        finalize(value)


def test_a_missing_name_is_refused() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("共{{ missing }}件").render()


def test_escaping_is_on_for_every_name() -> None:
    assert environment().from_string("{{ text }}").render(text="<b>") == "&lt;b&gt;"


@pytest.mark.parametrize(("value", "text"), [(1234567, "1,234,567"), (Decimal("678900.00"), "678,900.00"), (-3, "-3")])
def test_grouped(value: int | Decimal, text: str) -> None:
    assert grouped(value) == text


def test_the_page_names_no_clock() -> None:
    assert not re.search(rb"\d\d:\d\d", write_html(sample_report()))


def test_the_markup_has_no_error_but_elements_that_an_old_parser_does_not_know(drawn_charts: None) -> None:
    """Wrong nesting or a stray end tag would be told by the parser."""
    for data in (write_html(sample_report()), write_html(with_charts(sample_report()))):
        parser = etree.HTMLParser(encoding="utf-8")
        etree.fromstring(data, parser)
        unknown = etree.ErrorTypes.HTML_UNKNOWN_TAG
        assert [entry.message for entry in parser.error_log if entry.type != unknown] == []
