"""Tables against their claims, cell by cell by position: a number in another cell is wrong even where it is right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yearbook.report.readback.claims import Claims, Entry, Table
from yearbook.report.readback.finding import Finding, Flaw, around, loose_number
from yearbook.report.readback.reading import Grid, Square

# Below this part of equal cells a table is another one.
_ALIKE = 0.2


@dataclass(frozen=True, slots=True)
class _Found:
    """A table of the document that is a claimed one."""

    grid: Grid
    indices: tuple[int, ...]


def table_findings(claims: Claims, name: str, grids: Sequence[Grid]) -> Iterator[Finding]:
    """Everything that is wrong with the tables of a document.

    Args:
        claims: What the report claims.
        name: File name.
        grids: Tables as read.
    """
    used: set[int] = set()
    for table in claims.tables:
        found = _best(table, grids, used)
        if found is None:
            codes = tuple(code for entry in table.entries for code in entry.figures)
            yield Finding(flaw=Flaw.MISSING, place=f"{name} {table.place}", expected=table.place, figures=codes)
        else:
            used.update(found.indices)
            yield from _cells(table, name, found.grid)
    for index, grid in enumerate(grids):
        if index not in used:
            yield from _beside(claims, name, grid)


def _best(table: Table, grids: Sequence[Grid], used: set[int]) -> _Found | None:
    """The table of the document most like the claimed one, with what continues it on the next pages."""
    wanted = {(e.square.row, e.square.column): e.square.text for e in table.entries}
    best, most = None, _ALIKE
    for index in range(len(grids)):
        if index not in used:
            found = _continued(table, grids, index, used)
            texts = {(s.row, s.column): s.text for s in found.grid.squares}
            alike = sum(texts.get(place) == text for place, text in wanted.items()) / max(1, len(wanted))
            if alike > most or (_is_open(found.grid) and _row_texts(table) & _lines(found.grid) and best is None):
                best, most = found, max(alike, most)
    return best


def _continued(table: Table, grids: Sequence[Grid], start: int, used: set[int]) -> _Found:
    """A table with the tables after it that go on with its rows; rows of the head that are repeated are left out."""
    grid, indices = grids[start], [start]
    wanted = 1 + max(entry.square.row for entry in table.entries)
    head = [s.text for s in grid.squares if s.row < table.head]
    for index in range(start + 1, len(grids)):
        rows = len(grid.rows())
        following = grids[index]
        if rows >= wanted or index in used or following.place == grids[index - 1].place:
            break
        repeated = table.head if head and head == [s.text for s in following.squares if s.row < table.head] else 0
        added = tuple(replace(s, row=s.row - repeated + rows) for s in following.squares if s.row >= repeated)
        grid, indices = Grid(grid.place, grid.squares + added), [*indices, index]
    return _Found(grid, tuple(indices))


def _is_open(grid: Grid) -> bool:
    """True for a table without rules between its columns: each row is one cell."""
    return max((s.column for s in grid.squares), default=0) == 0


def _lines(grid: Grid) -> set[str]:
    return {"".join(s.text for s in row) for row in grid.rows()}


def _row_texts(table: Table) -> set[str]:
    rows: dict[int, str] = {}
    for entry in table.entries:
        rows[entry.square.row] = rows.get(entry.square.row, "") + entry.square.text
    return set(rows.values())


def _cells(table: Table, name: str, grid: Grid) -> Iterator[Finding]:
    entries = list(table.entries)
    read = {(s.row, s.column): s.text for s in grid.squares}
    if _is_open(grid) and any(entry.square.column for entry in entries):
        entries = _by_row(entries)
    wanted = {(e.square.row, e.square.column): e for e in entries}
    wrong = {place: e for place, e in wanted.items() if read.get(place, "") != e.square.text}
    elsewhere = {entry.square.text for entry in wrong.values()}
    for place, entry in wrong.items():
        found = read.get(place, "")
        flaw = Flaw.MISSING if not found else Flaw.MOVED if found in elsewhere else Flaw.CONTRADICTS
        yield Finding(
            flaw=flaw,
            place=f"{name} {grid.place}，{entry.place}",
            expected=entry.square.text,
            found=found,
            figures=entry.figures,
        )
    for place, text in read.items():
        loose = None if place in wanted else loose_number(text)
        if loose is not None:
            where = f"{name} {grid.place}，{table.place}第{place[0] + 1}行第{place[1] + 1}列"
            yield Finding(flaw=Flaw.UNCLAIMED, place=where, found=around(text, loose, loose + 1))


def _by_row(entries: Sequence[Entry]) -> list[Entry]:
    rows: dict[int, Entry] = {}
    for entry in entries:
        row = entry.square.row
        before = rows.get(row)
        text = (before.square.text if before else "") + entry.square.text
        codes = (before.figures if before else ()) + entry.figures
        rows[row] = Entry(Square(row, 0, 1, 1, text), before.place if before else entry.place, codes)
    return list(rows.values())


def _beside(claims: Claims, name: str, grid: Grid) -> Iterator[Finding]:
    """A table that nobody claims may hold the numbers of a chart, in its order, and no others; none stands twice."""
    text = "\n".join(square.text for square in grid.squares)
    loose = loose_number(text)
    if loose is None:
        return
    texts = {square.text for square in grid.squares}
    doubled = any(
        sum(entry.square.text in texts for entry in table.entries) > len(table.entries) / 2 for table in claims.tables
    )
    if doubled or not any(picture.accounts_for(text) for picture in claims.pictures):
        yield Finding(
            flaw=Flaw.DOUBLED if doubled else Flaw.UNCLAIMED,
            place=f"{name} {grid.place}",
            found=around(text, loose, loose + 1),
        )
