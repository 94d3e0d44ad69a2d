"""Which rules guard which cell, and which cells nothing guards: the data, then the page parsed back."""

import re
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from tests.yearbook.audit.samples import sample_run
from tests.yearbook.report.samples import sample_report
from yearbook.audit.coverage import Guard, coverage, guards, rules_without_figures, shades, step_of
from yearbook.audit.page import write_run_page
from yearbook.figure import Figures
from yearbook.form.edition_2021 import TABLES
from yearbook.report.html import environment
from yearbook.report.model import Report
from yearbook.verdict import Severity, Status

FORMS = tuple(TABLES.values())
CELLS = [cell.figure or "" for form in FORMS for cell in form.number_cells()]
CONTRAST = 4.5
# tie-outs of the sample that were judged
TIES = {"T3-01", "K-02", "T2-95"}


@cache
def page() -> html.HtmlElement:
    return html.document_fromstring(write_run_page(sample_report(), sample_run())["audit/coverage.html"].decode())


def links() -> dict[str, html.HtmlElement]:
    found = page().xpath("//table[contains(@class, 'shaded')]//td/a")
    return {link.get("href").removeprefix("figures.html#"): link for link in found}


def section(name: str) -> html.HtmlElement:
    return page().xpath(f"//section[@aria-labelledby='{name}']")[0]


def guarded(report: Report, code: str, rules: tuple[str, ...], findings: tuple[str, ...] = ()) -> Report:
    """The report with other rules at one figure."""
    figures = [
        replace(f, rules=rules, open_findings=findings) if f.code == code else f for f in report.figures.values()
    ]
    return replace(report, figures=Figures(figures))


def test_rules_are_told_apart_by_what_they_look_at() -> None:
    report = guarded(sample_report(), "cases.direct_suit.other", ("VEH-92", "T3-01", "VEH-91", "L-96"))
    guard = guards(report, FORMS)["cases.direct_suit.other"]
    assert (guard.ties, guard.sources, guard.total) == (("T3-01", "L-96"), ("VEH-92", "VEH-91"), 4)
    assert guard.place == "表四 未经复议直接起诉 其他结果"


def test_cells_come_first_in_the_order_of_the_form_then_all_other_figures() -> None:
    found = list(guards(sample_report(), FORMS))
    assert found[: len(CELLS)] == CELLS
    assert set(found[len(CELLS) :]) == set(sample_report().figures) - set(CELLS)


def test_a_cell_whose_figure_the_run_lacks_is_guarded_by_nothing() -> None:
    report = sample_report()
    lacking = replace(report, figures=Figures(f for f in report.figures.values() if f.code != "licensing_decisions"))
    guard = guards(lacking, FORMS)["licensing_decisions"]
    assert (guard.known, guard.total, guard.place) == (False, 0, "表二 行政许可 本年处理决定数量")
    written = write_run_page(replace(lacking, sections=()), sample_run())
    tree = html.document_fromstring(written["audit/coverage.html"].decode())
    assert not tree.xpath("//a[@href='figures.html#licensing_decisions']")
    assert "本次没有这个数字" in tree.xpath("//section[@aria-labelledby='unguarded']")[0].text_content()


@pytest.mark.parametrize(
    ("status", "broken", "words"),
    [
        (Status.FAILED, True, "本次不通过：T3-01"),
        (Status.WAIVED, True, "本次已豁免：T3-01"),
        (Status.NOT_EVALUATED, False, "本次未评估：T3-01"),
    ],
)
def test_a_finding_marks_the_cells_it_speaks_of(status: Status, broken: bool, words: str) -> None:
    report = sample_report()
    verdicts = tuple(replace(v, status=status) if v.code == "T3-01" else v for v in report.verdicts)
    code = "applications_received.total"
    report = guarded(replace(report, verdicts=verdicts), code, ("T3-01", "VEH-91"), ("T3-01",))
    guard = guards(report, FORMS)[code]
    assert guard.is_broken is broken
    assert words in guard.words


def test_the_worst_answer_that_speaks_of_a_cell_counts() -> None:
    report = sample_report()
    tie = next(v for v in report.verdicts if v.code == "T3-01")
    here, there = "applications_received.total", "applications_received.other"
    answers = (
        replace(tie, status=Status.NOT_EVALUATED, figures=(here, there)),
        replace(tie, status=Status.FAILED, figures=(there,)),
    )
    report = replace(report, verdicts=answers)
    for code in (here, there):
        report = guarded(report, code, ("T3-01",), ("T3-01",))
    found = guards(report, FORMS)
    assert found[here].findings == {"T3-01": Status.NOT_EVALUATED}
    assert found[there].findings == {"T3-01": Status.FAILED}


def test_all_is_told_in_words() -> None:
    guard = Guard(
        "x.y",
        "表二 某格",
        known=True,
        ties=("T-1", "T-2"),
        sources=("A-3",),
        findings={"A-3": Status.NOT_EVALUATED, "T-2": Status.FAILED, "T-1": Status.WAIVED},
    )
    assert guard.words == (
        "表二 某格：规则3条。勾稽规则2条：T-1、T-2。来源规则1条：A-3。本次不通过：T-2。本次已豁免：T-1。本次未评估：A-3"
    )


@pytest.mark.parametrize(
    ("totals", "ranges"),
    [
        ((), ()),
        ((0, 0), ()),
        ((7,), ((7, 7),)),
        ((0, 17, 25, 17), ((17, 17), (25, 25))),
        ((1, 2, 3, 4), ((1, 1), (2, 2), (3, 3), (4, 4))),
        ((33, 5, 8, 6, 7, 33), ((5, 6), (7, 7), (8, 8), (33, 33))),
        ((17, 18, 19, 20, 21, 22, 23, 25, 32, 33), ((17, 19), (20, 22), (23, 25), (32, 33))),
    ],
)
def test_shades(totals: tuple[int, ...], ranges: tuple[tuple[int, int], ...]) -> None:
    assert shades(totals) == ranges


@given(st.lists(st.integers(0, 90)))
def test_more_rules_never_look_lighter(totals: list[int]) -> None:
    ranges = shades(totals)
    steps = [step_of(total, ranges) for total in sorted(totals)]
    assert steps == sorted(steps)
    assert all((step == 0) == (total == 0) for step, total in zip(steps, sorted(totals), strict=True))
    assert len(ranges) <= 4


def test_rules_without_figures_are_told_once_with_their_worst_answer() -> None:
    report = sample_report()
    text = next(v for v in report.verdicts if v.code == "L-96")
    more = (replace(text, status=Status.NOT_EVALUATED), replace(text, status=Status.FAILED, severity=Severity.WARNING))
    [row] = rules_without_figures(replace(report, verdicts=(*report.verdicts, *more)))
    assert (row.code, row.say, row.category, row.severity) == ("L-96", text.say, "格式原文", "警告")
    assert (row.status, row.tone) == ("不通过", "warn")


def test_what_nothing_guards_is_listed() -> None:
    report = sample_report()
    found = coverage(report, FORMS)
    bare = [code for code in CELLS if not report.figures[code].rules]
    untied = [code for code in CELLS if report.figures[code].rules and not TIES & set(report.figures[code].rules)]
    assert bare
    assert untied
    assert [guard.code for guard in found.unguarded] == bare
    assert [guard.code for guard in found.untied] == untied
    other = guarded(report, "motor_vehicles.trailer", ())
    assert [guard.code for guard in coverage(other, FORMS).unguarded] == [*bare, "motor_vehicles.trailer"]


def test_the_tally_counts_cells() -> None:
    numbers = {label: number for label, number, _ in coverage(sample_report(), FORMS).tally}
    figures = [sample_report().figures[code] for code in CELLS]
    assert numbers == {
        "格子": "200",
        "没有规则的格子": str(sum(not f.rules for f in figures)),
        "未经勾稽的格子": str(sum(not TIES & set(f.rules) for f in figures)),
        "有不通过或豁免的格子": str(sum("VEH-93" in f.open_findings for f in figures)),
        "没有规则的其他数字": "0",
    }


def test_every_cell_shows_its_number_and_names_its_rules() -> None:
    shown = links()
    assert list(shown) == CELLS
    steps = {code: coverage(sample_report(), FORMS).steps[code] for code in CELLS}
    for code, link in shown.items():
        figure = sample_report().figures[code]
        flag = "▲" if {"VEH-93", "T2-95"} & set(figure.open_findings) else ""
        ties = len((TIES | {"N-03"}) & set(figure.rules))
        parts = f"{ties}+{len(figure.rules) - ties}" if figure.rules else ""
        assert link.text_content() == f"{flag}{len(figure.rules)}{parts}"
        assert link.get("title") == link.get("aria-label")
        assert all(rule in link.get("title") for rule in figure.rules)
        assert link.getparent().get("class") == f"number step{steps[code]}"
        assert link.getparent().get("headers").split()
    assert set(steps.values()) == {0, 1, 2, 3, 4}


def test_cells_stand_where_the_form_has_them() -> None:
    for form in FORMS:
        table = page().find_class(f"t{form.number}")[0]
        rows = [[a.get("href").partition("#")[2] for a in row.xpath("./td/a")] for row in table.iter("tr")]
        wanted = [[cell.figure for cell in row if cell.figure] for row in form.rows()]
        assert rows == wanted


def test_the_legend_tells_every_step() -> None:
    found = coverage(sample_report(), FORMS)
    items = [" ".join(item.text_content().split()) for item in page().find_class("legend")[0]]
    assert items[: len(found.legend)] == [f"{shade.words} {shade.cells}格" for shade in found.legend]
    assert sum(shade.cells for shade in found.legend) == len(CELLS)
    assert items[0].startswith("没有规则")


def test_the_lists_lead_to_figures_and_rules() -> None:
    bare = section("unguarded").xpath(".//tbody//th/a/@href")
    assert bare == [f"figures.html#{guard.code}" for guard in coverage(sample_report(), FORMS).unguarded]
    rules = section("untied").xpath(".//tbody/tr[1]//a[@class='code']/@href")
    assert rules == ["rules.html#VEH-91", "rules.html#VEH-92"]
    counts = [cell.text for cell in section("untied").xpath(".//tbody/tr[1]/td[@class='n']")]
    assert counts == ["0", "2"]
    assert section("elsewhere").xpath(".//tbody//a/@href") == ["rules.html#L-96"]


def test_a_tie_out_that_was_not_judged_tied_nothing() -> None:
    code = "cases.direct_suit.pending"
    report = guarded(sample_report(), code, ("VEH-91", "N-03"), ("N-03",))
    assert not guards(report, FORMS)[code].is_tied
    assert code in [guard.code for guard in coverage(report, FORMS).untied]
    tree = html.document_fromstring(write_run_page(report, sample_run())["audit/coverage.html"].decode())
    [row] = tree.xpath(f"//section[@aria-labelledby='untied']//tr[.//a[@href='figures.html#{code}']]")
    assert row[-1].text_content() == "N-03（未评估） VEH-91"
    judged = guarded(report, code, ("VEH-91", "N-03", "T2-95"), ("N-03", "T2-95"))
    assert guards(judged, FORMS)[code].is_tied


def test_nothing_to_list_is_said() -> None:
    report = sample_report()
    full = replace(report, figures=Figures(replace(f, rules=("T3-01",)) for f in report.figures.values()))
    full = replace(full, verdicts=tuple(v for v in report.verdicts if v.code == "T3-01"))
    tree = html.document_fromstring(write_run_page(full, sample_run())["audit/coverage.html"].decode())
    for name, words in (
        ("unguarded", "没有。每一个数字都至少有一条规则看守。"),
        ("untied", "没有。每一个数字本次都经过勾稽核对。"),
        ("elsewhere", "没有。每一条规则都看守数字。"),
    ):
        part = tree.xpath(f"//section[@aria-labelledby='{name}']")[0]
        assert words in part.text_content()
        assert not part.xpath(".//table")


def test_a_run_that_was_stopped_has_the_tables_too() -> None:
    stopped = replace(sample_report(), sections=(), preamble=())
    written = write_run_page(stopped, sample_run())
    tree = html.document_fromstring(written["audit/coverage.html"].decode())
    assert len(tree.xpath("//table[contains(@class, 'shaded')]//td/a")) == len(CELLS)
    assert ".t3 col:nth-child(10)" in tree.xpath("//style")[0].text


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def long_form(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])


def palettes() -> list[dict[str, str]]:
    """Colours by name: on a light screen, on a dark one, on paper."""
    css = environment("yearbook.audit").get_template("run.css.j2").render(shares=[])
    light, dark, paper = {}, {}, {}
    for block in re.finditer(r"(@media [^{]*\{)?:root\{([^}]*)\}", css):
        media = block.group(1) or ""
        target = dark if "dark" in media else paper if "print" in media else light
        target.update({name: long_form(c) for name, c in re.findall(r"--([\w-]+):(#[0-9a-f]+)", block.group(2))})
    return [light, light | dark, light | paper]


@pytest.mark.parametrize("number", range(3))
def test_numbers_can_be_read_on_every_shade(number: int) -> None:
    palette = palettes()[number]
    shown = [luminance(palette[name]) for name in ("paper", "step1", "step2", "step3", "step4")]
    ink = luminance(palette["ink"])
    for shade in (*shown, luminance(palette["hair"])):
        darker, lighter = sorted((shade, ink))
        assert (lighter + 0.05) / (darker + 0.05) >= CONTRAST
    assert shown in (sorted(shown), sorted(shown, reverse=True)), "a step differs by lightness, not by hue"
    assert len(set(shown)) == len(shown)
