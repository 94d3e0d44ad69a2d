"""The report beside last year's, in the words of the auditor's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from yearbook.quantity import Exact, plain
from yearbook.report.against import AgainstLastYear, FigureBeside, Question, SectionBeside
from yearbook.report.alignment import Mark
from yearbook.report.html import NumberView, TableView, grouped, table_view
from yearbook.report.model import Report
from yearbook.revision import OPENING

NONE = "—"
LONGEST = 10
MEASURE = (
    "正文六个部分中，十个字以上的整句里，与上年报告某一句逐字相同的字数占全部字数的比例。数字、空格不计，所以只换了数字的句子算相同；"
    "标题、前言和表格不计。"
)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure of both years; the sign says which way it went."""

    code: str
    name: str
    unit: str
    now: str
    published: str
    base: str
    restated: str
    sign: str
    difference: str
    percent: str


@dataclass(frozen=True, slots=True)
class CellBeside:
    """A cell of the form: this year's and last year's number as printed, and everything in a sentence."""

    now: str
    then: str
    sign: str
    words: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section with its likeness in words and its paragraphs."""

    title: str
    percent: str
    sentences: str
    paragraphs: tuple[tuple[Mark, tuple[tuple[Mark, str], ...], tuple[tuple[Mark, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class BesideView:
    """The page.

    Attributes:
        year: The year of last year's report.
        title: The likeness in a sentence.
        tone: Its tone.
        measure: How it is measured.
        tally: Label, number and tone of the boxes.
        questions: Unusual changes without an explanation.
        sections: Text by section.
        longest: The longest repeated sentences with their characters.
        figures: Every figure.
        gone: Codes of figures that only last year had.
        tables: The statutory tables.
        cells: What stands in their cells, by figure code.
    """

    year: int
    title: str
    tone: str
    measure: str
    tally: tuple[tuple[str, str, str], ...]
    questions: tuple[Question, ...]
    sections: tuple[SectionView, ...]
    longest: tuple[tuple[str, str], ...]
    figures: tuple[FigureRow, ...]
    gone: tuple[str, ...]
    tables: tuple[TableView, ...]
    cells: Mapping[str, CellBeside]


def beside(against: AgainstLastYear, report: Report) -> BesideView:
    """The comparison in the words of the page."""
    restated = sum(figure.restated for figure in against.figures)
    title, tone = _meter(against)
    return BesideView(
        year=against.year,
        title=title,
        tone=tone,
        measure=MEASURE,
        tally=(
            ("文字重复率", _percent(against.likeness.percent), tone),
            ("重复的句子", grouped(len(against.likeness.repeated)), ""),
            ("上年数有重述的", grouped(restated), "warn" if restated else ""),
            ("异常变化待说明", grouped(len(against.questions)), "warn" if against.questions else ""),
        ),
        questions=against.questions,
        sections=tuple(_section(section) for section in against.sections),
        longest=tuple((text, grouped(length)) for text, length in against.likeness.longest(LONGEST)),
        figures=tuple(_row(figure) for figure in against.figures),
        gone=against.gone,
        tables=tuple(
            table_view(table.form, {c: NumberView(c, "value", "", text) for c, text in table.printed.items()})
            for table in report.tables()
        ),
        cells=_cells(against, report),
    )


def _meter(against: AgainstLastYear) -> tuple[str, str]:
    percent, limit = against.likeness.percent, against.limit
    held = f"与 {against.year} 年报告（第 {against.edition} 版）对照"
    if percent is None:
        return f"{held}：没有可以比较的文字", "soft"
    if limit is None:
        return f"{held}：文字重复率 {percent}%", "soft"
    verdict, tone = ("在限度以内", "good") if percent <= limit else ("超过限度", "warn")
    return f"{held}：文字重复率 {percent}%，限度 {plain(limit)}%，{verdict}", tone


def _percent(percent: Decimal | None) -> str:
    return NONE if percent is None else f"{percent}%"


def _section(section: SectionBeside) -> SectionView:
    like = section.likeness
    return SectionView(
        title=section.title or OPENING,
        percent=_percent(like.percent) if section.title else "不计",
        sentences=f"{len(like.repeated)}/{like.sentences} 句",
        paragraphs=tuple((passage.mark, passage.then, passage.now) for passage in section.passages),
    )


def _row(figure: FigureBeside) -> FigureRow:
    change = figure.change
    moved = figure.restated and figure.published is not None and change.base is not None
    return FigureRow(
        code=figure.code,
        name=figure.name,
        unit=figure.unit.value,
        now=grouped(change.now),
        published=_value(figure.published),
        base=_value(change.base),
        restated=f"重述 {_signed(_less(change.base, figure.published))}" if moved else "",
        sign=_sign(change.difference),
        difference=_signed(change.difference),
        percent=NONE if change.percent is None else f"{_signed(change.percent)}%",
    )


def _cells(against: AgainstLastYear, report: Report) -> dict[str, CellBeside]:
    values = {figure.code: figure for figure in against.figures}
    found = {}
    for table in report.tables():
        places = {cell.figure: cell.address for cell in table.form.number_cells()}
        for code, now in table.printed.items():
            then = against.printed.get(code, NONE)
            published = values[code].published
            sign = _sign(None if published is None else _less(values[code].change.now, published))
            words = f"{places[code]}：本年 {now}，{against.year} 年公布 {then if then != NONE else '没有'}"
            found[code] = CellBeside(now, then, sign, words)
    return found


def _less(now: Exact | None, then: Exact | None) -> Exact | None:
    return None if now is None or then is None else now - then


def _sign(difference: Exact | None) -> str:
    if difference is None:
        return ""
    return "＝" if not difference else "▲" if difference > 0 else "▼"


def _value(value: Exact | None) -> str:
    return NONE if value is None else grouped(value)


def _signed(value: Exact | None) -> str:
    """A difference with its sign; zero has none."""
    if value is None:
        return NONE
    return f"+{grouped(value)}" if value > 0 else grouped(value).replace("-", "−")
