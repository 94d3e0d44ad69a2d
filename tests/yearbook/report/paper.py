"""What the tests of the printed documents share: rich reports, a stand-in for the charts, grids read back."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pdfplumber

from tests.yearbook.form.blank import Cell, joined
from tests.yearbook.report.samples import sample_report
from yearbook.report.model import (
    Aspect,
    Bar,
    Block,
    Chart,
    Constant,
    Drawing,
    Listing,
    Number,
    Paragraph,
    Report,
    Section,
    StatutoryTable,
    Text,
)
from yearbook.report.profile import Profile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

CHART = Chart(
    drawing=Drawing.TREND,
    indicator="motor_vehicles",
    title=(Text("机动车保有量（"), Constant("2021—2023年"), Text("）")),
    unit="辆",
    bars=(
        Bar(
            label="2021",
            value=310_000,
            number=Number("310000", "motor_vehicles.total", Aspect.EARLIER, exact=310_000, year=2021),
        ),
        Bar(label="2022", value=331_002, number=Number("331002", "motor_vehicles.total", Aspect.BASE)),
        Bar(label="2023", value=356_789, number=Number("356789", "motor_vehicles.total")),
    ),
)


def listing(rows: int) -> Listing:
    """A table of corrections with numbers of its own in every row."""
    return Listing(
        title="更正前后对照",
        head=("指标", "原数", "更正后", "原因"),
        rows=tuple(
            (
                (Text(f"指标甲{chr(0x4E00 + row)}"),),
                (Number(str(700_001 + row), "motor_vehicles.total", Aspect.BEFORE, exact=700_001 + row),),
                (Number(str(800_001 + row), "motor_vehicles.total"),),
                (Text("来源补报，统计口径不变，已经与登记核对无误。" * 2),),
            )
            for row in range(rows)
        ),
    )


def profiled(report: Report, profile: Profile) -> Report:
    return replace(report, body=replace(report.body, profile=profile))


def rich(profile: Profile, rows: int = 40) -> Report:
    """The sample with a chart in section one and an annex, as a second edition."""
    report = profiled(sample_report(), profile)
    first, *others = report.sections
    first = replace(first, blocks=(*first.blocks, CHART, Paragraph((Text("图后有正文。"),))))
    annex = Section("附件：更正说明", (Paragraph((Text("更正的数字列在表中。"),)), listing(rows)))
    return replace(report, sections=(first, *others), annexes=(annex,), edition=2)


def only(report: Report, *blocks: Block) -> Report:
    return replace(report, preamble=(), sections=(Section("一、总体情况", blocks),))


def table_of(report: Report, number: int) -> StatutoryTable:
    return next(table for table in report.tables() if table.form.number == number)


def cells_of_pdf(pdf: bytes) -> Iterator[list[Cell]]:
    """The grid of every ruled table: from the rules, not from the tags."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            for table in page.find_tables():
                xs = _edges(x for cell in table.cells for x in (cell[0], cell[2]))
                ys = _edges(y for cell in table.cells for y in (cell[1], cell[3]))
                found = []
                for x0, top, x1, bottom in table.cells:
                    left, right, upper, lower = _at(xs, x0), _at(xs, x1), _at(ys, top), _at(ys, bottom)
                    text = _text_inside(page, (x0, top, x1, bottom))
                    found.append((upper, left, lower - upper, right - left, joined(text)))
                yield sorted(found)


def _text_inside(page, box: tuple[float, float, float, float]) -> str:
    """Text of a box by the middle of every character: a bracket at the start of a line reaches over the rule."""
    x0, top, x1, bottom = box

    def inside(item: dict) -> bool:
        middle = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
        return item["object_type"] == "char" and x0 < middle[0] < x1 and top < middle[1] < bottom

    return page.filter(inside).extract_text()


def _edges(values: Iterator[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > 1.5:
            edges.append(value)
    return edges


def _at(edges: list[float], value: float) -> int:
    return min(range(len(edges)), key=lambda place: abs(edges[place] - value))


def cells_of_docx(table) -> list[Cell]:
    """The grid of a word table, merged cells once."""
    found: dict[tuple[int, int], list] = {}
    running: dict[int, list] = {}
    for row, line in enumerate(table.iterchildren(W + "tr")):
        column = 0
        for cell in line.iterchildren(W + "tc"):
            properties = cell.find(W + "tcPr")
            span, merge = properties.find(W + "gridSpan"), properties.find(W + "vMerge")
            width = 1 if span is None else int(span.get(W + "val"))
            if merge is not None and merge.get(W + "val") == "continue":
                running[column][2] += 1
            else:
                text = "".join(text.text for text in cell.iter(W + "t"))
                running[column] = found[row, column] = [row, column, 1, width, joined(text)]
            column += width
    return sorted(tuple(cell) for cell in found.values())
