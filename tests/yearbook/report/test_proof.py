"""Our own report read back from what it prints: everything holds, and one changed word or number is found."""

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from tasks.library import load_library
from tests.yearbook.factory import figure
from yearbook.catalog import Tie
from yearbook.figure import Figure, Figures
from yearbook.form.edition_2021 import SECTIONS
from yearbook.report.draft import draft
from yearbook.report.model import Block, Body, Number, Paragraph, Report, StatutoryTable, Text, plain_text
from yearbook.report.proof import document_of
from yearbook.report.wording_functions import Facts
from yearbook.ties.cells import cells_of
from yearbook.ties.document import judge_document
from yearbook.ties.passages import Passage
from yearbook.verdict import Category, Severity, Status, Verdict

PROJECT = Path(__file__).resolve().parents[3]
TEMPLATE = (PROJECT / "deployments" / "wording" / "traffic_police.txt").read_text(encoding="utf-8")
TEXTS = {
    "名称": "云麓市交通管理局", "简称": "云麓交管局", "网站名称": "云麓市政府网", "网址": "http://www.example.invalid",
    "联系部门": "办公室", "地址": "云麓市麓山路1号", "电话": "0000-0000000", "邮编": "000000",
}  # fmt: skip
YEAR = 2023
FIRST = 1001


def _tie(kind: str) -> Tie:
    return Tie(
        code="D-9",
        category=Category.SUPERVISORY,
        severity=Severity.WARNING,
        kind=kind,
        limit=50 if kind == "similar" else None,
        say="应当如此。",
        say_en="It should be so.",
        do="改正。",
        owner="综合办",
        basis="测试",
        since=2021,
    )


TIES = [
    _tie(k) for k in ("mentions", "printed", "lists", "shares", "years", "deadline", "residue", "labels", "similar")
]


def _value(indicator: str, member: int, parts: int) -> int:
    """Numbers large enough to be truncated; of a list the first is the total of the others."""
    each = FIRST + 7 * len(indicator)
    return sum(each + 3579 * n for n in range(1, parts)) if member == 0 else each + 3579 * member


def written(numbers: Callable[[str, int, int], tuple[int, int | None]]) -> Report:
    """The office's report with every figure of the catalogue.

    Args:
        numbers: Value and base of a figure, from its indicator, its place in it and how many there are.
    """
    figures: list[Figure] = []
    for indicator in load_library(PROJECT).indicators.values():
        combinations = list(indicator.combinations())
        for place, combination in enumerate(combinations):
            value, base = numbers(indicator.name, place, len(combinations))
            made = figure(
                indicator.figure_code(combination),
                value,
                base=base,
                name=indicator.figure_name(combination),
                unit=indicator.unit,
                wording=indicator.figure_wording(combination),
            )
            figures.append(made)
    body = Body(code="yunlu", name=TEXTS["名称"], short_name=TEXTS["简称"])
    return draft(TEMPLATE, name="t.txt", body=body, facts=Facts(YEAR, TEXTS), figures=Figures(figures), verdicts=())


@pytest.fixture(scope="module")
def report() -> Report:
    def numbers(indicator: str, place: int, parts: int) -> tuple[int, int]:
        value = _value(indicator, place, parts)
        return value, value - 17 if place % 2 else value + 23

    return written(numbers)


def judged(report: Report, earlier: tuple[str, ...] = ()) -> tuple[Verdict, ...]:
    document = document_of(report, late=False, earlier=earlier)
    return judge_document(TIES, document, cells_of(report.figures), year=YEAR, properties=frozenset())


def failed(verdicts: tuple[Verdict, ...]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.status is Status.FAILED]


def changed(report: Report, change: Callable[[Block], Block]) -> Report:
    sections = tuple(replace(s, blocks=tuple(change(block) for block in s.blocks)) for s in report.sections)
    return replace(report, sections=sections)


def renumbered(report: Report, code: str, text: str) -> Report:
    """The report with one printed number changed, as by a person typing over it."""

    def change(block: Block) -> Block:
        if not isinstance(block, Paragraph):
            return block
        return Paragraph(
            tuple(replace(i, text=text) if isinstance(i, Number) and i.figure == code else i for i in block.inlines)
        )

    return changed(report, change)


def reworded(report: Report, old: str, new: str) -> Report:
    def change(block: Block) -> Block:
        if not isinstance(block, Paragraph):
            return block
        # words and constants follow each other in one sentence, so they are typed over as one
        runs = groupby(block.inlines, key=lambda inline: isinstance(inline, Number))
        return Paragraph(
            tuple(
                part
                for is_number, run in runs
                for part in (run if is_number else (Text(plain_text(run).replace(old, new)),))
            )
        )

    return changed(report, change)


def test_our_own_report_holds(report: Report) -> None:
    verdicts = judged(report)
    assert not failed(verdicts)
    assert {verdict.status for verdict in verdicts if verdict.detail != "没有上年报告的文字"} == {Status.PASSED}


@pytest.mark.parametrize(
    ("each", "base"), [(0, 0), (0, None), (1, 0), (9999, 0), (10000, None), (10001, 10001), (123457, 7), (7, 123457)]
)
def test_our_own_report_holds_whatever_its_numbers(each: int, base: int | None) -> None:
    def numbers(indicator: str, place: int, parts: int) -> tuple[int, int | None]:
        times = parts - 1 if place == 0 and parts > 1 else 1
        return each * times, base if base is None else base * times

    assert not failed(judged(written(numbers)))


def test_what_is_read_is_all_there_is(report: Report) -> None:
    document = document_of(report)
    assert document.title == "云麓交管局2023年政府信息公开工作年度报告"
    assert document.body_names == ("云麓市交通管理局", "云麓交管局")
    assert document.sections == SECTIONS
    assert len(document.mentions) + len(document.growths) == len(list(report.numbers()))
    assert all(mention.interval is not None for mention in document.mentions)
    assert {listed.code: (len(listed.parts), listed.exhaustive) for listed in document.lists} == {
        "published_items.total": (8, True),
        "motor_vehicles.total": (4, True),
        "drivers.total": (2, True),
        "vehicle_business.total": (8, True),
        "licence_business.total": (6, True),
    }
    assert [growth.code for growth in document.growths] == ["vehicle_business.total", "licence_business.total"]
    assert len(document.labels) == sum(1 for t in report.tables() for c in t.form.cells if c.label)
    assert Passage("一、总体情况", "（一）主动公开政府信息") in document.passages
    assert document.passages[0].section == ""


def test_a_place_names_section_and_sentence(report: Report) -> None:
    mention = next(m for m in document_of(report).mentions if m.code == "drivers.total")
    assert mention.place == "一、总体情况，“驾驶人保有量为…”" or mention.place.startswith(
        "一、总体情况，“驾驶人保有量为"
    )


def test_a_number_typed_over_is_found(report: Report) -> None:
    (breach,) = failed(judged(renumbered(report, "applications_received.total", "7件")))
    assert breach.figures == ("applications_received.total",)
    assert breach.found == "7件"


def test_a_part_typed_over_breaks_its_list_too(report: Report) -> None:
    breaches = failed(judged(renumbered(report, "published_items.news", "7条")))
    assert {breach.figures for breach in breaches} == {("published_items.news",), ("published_items.total",)}


def test_a_changed_word_for_a_fall_is_found(report: Report) -> None:
    (growth, *_) = document_of(report).growths
    words = ("减少", "增加") if growth.fell else ("增加", "减少")
    breaches = failed(judged(reworded(report, f"比2022年{words[0]}", f"比2022年{words[1]}")))
    assert ("vehicle_business.total",) in {breach.figures for breach in breaches}


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("截至2023年底", "截至2022年底", "一、总体情况"),
        ("2024年，将着重改进", "2023年，将着重改进", "五、存在的主要问题及改进情况"),
        ("还有不足：", "还有XX处不足：", "五、存在的主要问题及改进情况"),
        ("云麓市交通管理局", "云鹿市交通管理局", "一、总体情况"),
    ],
)
def test_a_wrong_word_is_found(report: Report, old: str, new: str, place: str) -> None:
    (breach,) = failed(judged(reworded(report, old, new)))
    assert breach.place.startswith(place)


def test_a_wrong_label_is_found(report: Report) -> None:
    def change(block: Block) -> Block:
        if not isinstance(block, StatutoryTable):
            return block
        cells = tuple(replace(cell, label=cell.label.replace("案卷", "案件")) for cell in block.form.cells)
        return replace(block, form=replace(block.form, cells=cells))

    (breach,) = failed(judged(changed(report, change)))
    assert breach.expected == "7.属于行政执法案卷"


def test_the_same_text_twice_is_alike(report: Report) -> None:
    (breach,) = failed(judged(report, earlier=tuple(p.text for p in document_of(report).passages if p.section)))
    assert breach.found == "100.00%"


def test_printed_tables_are_read_back(report: Report) -> None:
    exact = cells_of(report.figures)
    read = document_of(report).printed
    assert {mention.code for mention in read} == {code for table in report.tables() for code in table.printed}
    assert all(mention.interval and mention.interval.meets(exact[mention.code].value) for mention in read)
    assert {mention.place for mention in read} == {exact[mention.code].place for mention in read}


@pytest.mark.parametrize("text", ["7", "-"])
def test_a_cell_typed_over_is_found(report: Report, text: str) -> None:
    def change(block: Block) -> Block:
        if isinstance(block, StatutoryTable) and "applications_received.total" in block.printed:
            return replace(block, printed=block.printed | {"applications_received.total": text})
        return block

    (breach,) = failed(judged(changed(report, change)))
    assert (breach.figures, breach.found) == (("applications_received.total",), text)
