"""The report as one self-contained web page: no script, no outside address, real tables, a note behind every number.

Knows nothing of portals. Notes open through the address fragment alone, so they work with scripts forbidden.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Undefined

from yearbook.figure import Figure, Figures
from yearbook.form.table import FormCell, FormTable, Role
from yearbook.period import ReportYear
from yearbook.quantity import ROUNDING_POLICY_TEXT, Exact, plain
from yearbook.report.model import Aspect, Heading, Number, Paragraph, Report, StatutoryTable
from yearbook.report.verdicts import broken_figures
from yearbook.wording import change_words, printed


def finalize(value: object) -> object:
    """Let text, integers and undefined names (which then raise) through; refuse None, NaN, floats and booleans.

    Raises:
        TypeError: Anything else reached a template; it would print as a Python word or an inexact number.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Undefined):
        raise TypeError(f"a template printed a {type(value).__name__}; give it text")
    return value


@cache
def environment(*packages: str) -> Environment:
    """The one way to a template: escaping always on, missing names refused.

    Args:
        packages: Packages whose ``templates`` folder is searched, in this order; the report's comes last.
    """
    loaders = [PackageLoader(package, "templates") for package in (*packages, "yearbook.report")]
    return Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def style_policy(css: str) -> str:
    """A content security policy that allows exactly this one style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def grouped(value: Exact) -> str:
    """An exact number for reading: thousands apart, no exponent."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,f}"


@dataclass(frozen=True, slots=True)
class NumberView:
    """A number as the page draws it; ``place`` is its own anchor, empty where nothing leads back to it."""

    figure: str
    aspect: str
    value: str
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class CellView:
    """One table cell with everything a template needs, headers resolved."""

    kind: str
    lines: tuple[str, ...]
    row_span: int
    column_span: int
    identity: str = ""
    scope: str = ""
    headers: str = ""
    sticky: bool = False
    number: NumberView | None = None


@dataclass(frozen=True, slots=True)
class TableView:
    """One statutory table; header rows stand apart so that print repeats them."""

    number: int
    title: str
    head: tuple[tuple[CellView, ...], ...]
    body: tuple[tuple[CellView, ...], ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What stands behind one number."""

    code: str
    name: str
    label: str
    printed: str
    value: str
    base: str
    change: str
    definition: str
    basis: str
    source: str
    rows: str
    back: str
    is_open: bool


class _Places:
    """Hands out anchors in reading order: ``ref-<code>-1`` is the first place a figure is printed at."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._seen: Counter[str] = Counter()

    def number(self, number: Number) -> NumberView:
        """The number with its exact value and an anchor of its own."""
        figure = self._figures[number.figure]
        self._seen[figure.code] += 1
        place = f"ref-{figure.code}-{self._seen[figure.code]}"
        return NumberView(figure.code, number.aspect.value, exact_text(figure, number.aspect), number.text, place)

    def back(self, code: str) -> str:
        """The first anchor of a figure; empty where it is not printed."""
        return f"ref-{code}-1" if self._seen[code] else ""


def exact_text(figure: Figure, aspect: Aspect) -> str:
    """The exact number behind a printed one: the value, or the percent (the difference where there is no percent)."""
    if aspect is Aspect.VALUE:
        return plain(figure.value)
    if aspect in {Aspect.BASE, Aspect.DIFFERENCE}:
        side = figure.base if aspect is Aspect.BASE else figure.change.difference
        return "" if side is None else plain(side)
    exact = figure.change.difference if figure.change.percent is None else figure.change.percent
    return "" if exact is None else plain(exact)


def _covers(cell: FormCell, row: int, column: int) -> bool:
    in_rows = cell.row <= row < cell.row + cell.row_span
    return in_rows and cell.column <= column < cell.column + cell.column_span


def _identity(form: FormTable, cell: FormCell) -> str:
    return f"t{form.number}-r{cell.row}c{cell.column}"


def _headers(form: FormTable, cell: FormCell) -> str:
    """Identities of the header cells that name a number cell, outermost first."""
    above = [c for c in form.cells if c.role is Role.BLOCK_CAPTION and c.row < cell.row]
    caption = max(above, key=lambda c: c.row, default=None)
    first = 0 if caption is None else caption.row
    columns = [
        c
        for c in form.cells
        if c.role is Role.COLUMN_HEADER and first <= c.row < cell.row and _covers(c, c.row, cell.column)
    ]
    rows = [c for c in form.cells if c.role is Role.ROW_HEADER and _covers(c, cell.row, c.column)]
    found = [*([] if caption is None else [caption]), *columns, *rows]
    return " ".join(_identity(form, c) for c in found)


def _scope(cell: FormCell) -> str:
    if cell.role is Role.BLOCK_CAPTION:
        return "colgroup"
    if cell.role is Role.COLUMN_HEADER:
        return "colgroup" if cell.column_span > 1 else "col"
    return "rowgroup" if cell.row_span > 1 else "row"


def _cell_view(form: FormTable, cell: FormCell, number: NumberView | None) -> CellView:
    spans = (cell.row_span, cell.column_span)
    if number is not None:
        return CellView("number", (), *spans, headers=_headers(form, cell), number=number)
    lines = tuple(cell.label.split("\n"))
    if cell.role is Role.CORNER:
        return CellView("corner", lines, *spans)
    # The last label before the numbers stays in sight while a narrow screen scrolls sideways.
    first_number = min(c.column for c in form.number_cells())
    sticky = cell.role is Role.ROW_HEADER and cell.column + cell.column_span == first_number
    kind = cell.role.value.replace("_", "-")
    return CellView(kind, lines, *spans, identity=_identity(form, cell), scope=_scope(cell), sticky=sticky)


def table_view(form: FormTable, numbers: Mapping[str, NumberView]) -> TableView:
    """A statutory table ready to draw.

    Args:
        form: The grid.
        numbers: What stands in the number cells, by figure code.
    """
    rows = tuple(
        tuple(_cell_view(form, cell, None if cell.figure is None else numbers[cell.figure]) for cell in row)
        for row in form.rows()
    )
    return TableView(form.number, form.title, rows[: form.header_rows], rows[form.header_rows :])


def column_shares(form: FormTable) -> tuple[str, ...]:
    """Column widths of the form in percent, two places, for the style sheet."""
    whole = sum(form.widths)
    return tuple(f"{width / whole:.2%}" for width in form.widths)


def _block(block: Heading | Paragraph | StatutoryTable, places: _Places) -> dict[str, object]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level + 1, "text": block.text}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "inlines": _inlines(block, places)}
    codes = [cell.figure for cell in block.form.number_cells() if cell.figure is not None]
    numbers = {code: places.number(Number(block.printed[code], code)) for code in codes}
    return {"kind": "table", "table": table_view(block.form, numbers)}


def _inlines(paragraph: Paragraph, places: _Places) -> list[dict[str, object]]:
    return [
        {"number": places.number(inline)} if isinstance(inline, Number) else {"text": inline.text}
        for inline in paragraph.inlines
    ]


def _note(figure: Figure, base_year: int, back: str, *, is_open: bool) -> Note:
    return Note(
        code=figure.code,
        name=figure.name,
        label=figure.name.partition("·")[2] or figure.name,
        printed=printed(figure).text,
        value=grouped(figure.value) + figure.unit.value,
        base="无可比数" if figure.base is None else grouped(figure.base) + figure.unit.value,
        change="".join(change_words(figure, base_year)),
        definition=figure.definition,
        basis=figure.basis,
        source=f"{figure.sql_name}（{figure.sql_digest[:12]}）",
        rows=grouped(figure.row_count),
        back=back,
        is_open=is_open,
    )


def _note_groups(report: Report, places: _Places) -> list[tuple[str, list[Note]]]:
    groups = []
    broken = broken_figures(report)
    for _, members in groupby(report.figures.values(), key=lambda figure: figure.indicator):
        listed = list(members)
        notes = [_note(f, report.year - 1, places.back(f.code), is_open=f.code in broken) for f in listed]
        groups.append((listed[0].name.partition("·")[0], notes))
    return groups


def _facts(report: Report) -> list[tuple[str, str]]:
    first, after = ReportYear(report.year).start, ReportYear(report.year).end
    last = after.replace(year=report.year, month=12, day=31)
    days = [f"{day.year}年{day.month}月{day.day}日" for day in (first, last)]
    facts = [
        ("名称", report.title_line),
        ("发布机构", report.body.name),
        ("统计年度", f"{report.year}年"),
        ("统计期限", f"{days[0]}至{days[1]}"),
        ("数据修约", ROUNDING_POLICY_TEXT),
    ]
    return facts + ([("说明", report.body.notice)] if report.body.notice else [])


def write_html(report: Report) -> bytes:
    """The report as a web page in UTF-8.

    Raises:
        Refusal: A number in the report names a figure that does not exist.
    """
    templates = environment()
    places = _Places(report.figures)
    preamble = [_inlines(paragraph, places) for paragraph in report.preamble]
    sections = [
        {"title": section.title, "blocks": [_block(block, places) for block in section.blocks]}
        for section in report.sections
    ]
    shares = [(table.form.number, column_shares(table.form)) for table in report.tables()]
    css = templates.get_template("report.css.j2").render(shares=shares)
    page = templates.get_template("report.html.j2").render(
        report=report,
        facts=_facts(report),
        preamble=preamble,
        sections=sections,
        groups=_note_groups(report, places),
        base_year=report.year - 1,
        shares=shares,
        policy=style_policy(css),
    )
    return page.encode("utf-8")
