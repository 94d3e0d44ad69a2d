"""At least sixty generated drifts of every export's contract: each is refused, and said by name and place.

The tables are valid by the project's own contracts; every drift is one change of one of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import combinations

import pytest

from tasks.library import Library
from yearbook.intake.drift import Drift
from yearbook.intake.grid import Cell
from yearbook.intake.layout import Sheet
from yearbook.intake.table import Agreement, read_table

WANTED = 60
ROWS = 4
PLACE = "文件 样例"
CANARY = "张三360702199001011234"
DAY, MOMENT = date(2023, 5, 17), datetime(2023, 5, 17, 8, 30)  # noqa: DTZ001
EXTRACTS = ("published_item", "application", "review_case", "fee_line")


@dataclass(frozen=True)
class Case:
    """A drifted table and what the refusal must name."""

    name: str
    sheet: Sheet
    said: tuple[str, ...]


def value(agreement: Agreement, header: str, row: int) -> Cell:
    """A cell that fits."""
    column = next((h.column for h in agreement.headings if h.header == header), "")
    if not column:
        return f"不读的列{row}"
    if codes := agreement.accepted.get(column):
        return sorted(codes)[row % len(codes)]
    samples: dict[str, Cell] = {"text": f"标题{row}", "code": f"K{row:03}", "integer": 17 + row, "money": 31.25 + row}
    return samples.get(
        agreement.extract.column(column).type, DAY if agreement.extract.column(column).type == "date" else MOMENT
    )


def valid(agreement: Agreement) -> Sheet:
    header = tuple(heading.header for heading in agreement.headings)
    rows = tuple(tuple(value(agreement, name, row) for name in header) for row in range(ROWS))
    return Sheet(header, rows, tuple(range(2, ROWS + 2)))


def put(sheet: Sheet, at: int, cells: dict[int, Cell]) -> Sheet:
    rows = tuple((*row[:at], cells.get(n, row[at]), *row[at + 1 :]) for n, row in enumerate(sheet.rows))
    return replace(sheet, rows=rows)


def moved(sheet: Sheet, order: list[int]) -> Sheet:
    return replace(
        sheet,
        header=tuple(sheet.header[at] for at in order),
        rows=tuple(tuple(row[at] for at in order) for row in sheet.rows),
    )


def of_headers(sheet: Sheet) -> Iterator[Case]:
    """Renamed, dropped, doubled, added, swapped."""
    places = list(range(len(sheet.header)))
    for at, name in enumerate(sheet.header):
        for other in (f"{name}1", name[:-1] or "列", f"新{name}", f"{name}（原）"):
            if other not in sheet.header:
                header = (*sheet.header[:at], other, *sheet.header[at + 1 :])
                yield Case(
                    f"rename {name} to {other}",
                    replace(sheet, header=header),
                    (f"缺少 {name}（疑改名为 {other}）", f"多出 {other}"),
                )
        yield Case(f"drop {name}", moved(sheet, places[:at] + places[at + 1 :]), (f"缺少 {name}",))
        yield Case(f"double {name}", moved(sheet, [*places, at]), (f"重复 {name}",))
        for extra in ("新增列", ""):
            header = (*sheet.header[:at], extra, *sheet.header[at:])
            rows = tuple((*row[:at], "新", *row[at:]) for row in sheet.rows)
            yield Case(
                f"add {extra} at {at}", replace(sheet, header=header, rows=rows), (f"多出 {extra or '（空白表头）'}",)
            )
    for one, other in combinations(places, 2):
        order = places.copy()
        order[one], order[other] = order[other], order[one]
        yield Case(
            f"swap {one} and {other}", moved(sheet, order), (f"次序不同，第 {one + 1} 列应为 {sheet.header[one]}",)
        )


def of_cells(sheet: Sheet, agreement: Agreement) -> Iterator[Case]:
    """Retyped columns, single misfits, blanks, unknown codes."""
    wrong: dict[str, tuple[Cell, ...]] = {
        "text": (7, 7.5), "code": (7, 360702199001011234), "integer": (7.5, CANARY, DAY), "money": (CANARY, DAY, 1.005),
        "date": (CANARY, 7.5, 20230517), "moment": (CANARY, 7.5, 20230517),
    }  # fmt: skip
    for at, heading in enumerate(agreement.headings):
        if not heading.column:
            continue
        column = agreement.extract.column(heading.column)
        for cell in wrong[column.type]:
            yield Case(
                f"retype {heading.header}",
                put(sheet, at, dict.fromkeys(range(ROWS), cell)),
                (f"第 2 行“{heading.header}”", "整列疑已改变类型"),
            )
            yield Case(
                f"spoil {heading.header}", put(sheet, at, {2: cell}), (f"第 4 行“{heading.header}”，列 {column.name} ",)
            )
        if column.required:
            yield Case(
                f"blank {heading.header}",
                put(sheet, at, {1: None}),
                (f"第 3 行“{heading.header}”", "为空，契约要求必填"),
            )
        if column.name in agreement.accepted:
            for code in (CANARY, "新类别"):
                yield Case(
                    f"code {heading.header}",
                    put(sheet, at, {1: code, 3: code}),
                    (f"“{heading.header}”", "代码表以外的值 1 种、2 处（第 3、5 行）"),
                )


@pytest.fixture(scope="module")
def agreements(library: Library) -> dict[str, Agreement]:
    exports = [source.code for source in library.sources.values() if source.kind == "export"]
    return {name: a for code in exports for name, a in library.agreements(code, 2023).items()}


def read(sheet: Sheet, agreement: Agreement) -> object:
    return read_table(sheet, agreement, PLACE, form="xlsx", date_1904=False)


def test_these_are_all_exports(agreements: dict[str, Agreement]) -> None:
    assert set(agreements) == set(EXTRACTS)


@pytest.mark.parametrize("name", EXTRACTS)
def test_every_drift_is_refused_with_its_difference(name: str, agreements: dict[str, Agreement]) -> None:
    agreement = agreements[name]
    sheet = valid(agreement)
    read(sheet, agreement)
    cases = [*of_headers(sheet), *of_cells(sheet, agreement)]
    assert len({case.sheet for case in cases}) >= WANTED
    for case in cases:
        with pytest.raises(Drift) as refusal:
            read(case.sheet, agreement)
        assert all(words in refusal.value.what for words in case.said), (case.name, refusal.value.what)
        assert CANARY not in str(refusal.value) + str(refusal.value.differences)
        assert refusal.value.todo
