"""At least sixty generated drifts of every database contract: tables, columns, types and answers that changed.

A database of one table stands for the source; every drift is one change of it or of the query's answer. New codes are
not here: they are findings of the rules.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest

from tasks.library import Library
from tasks.sources.snapshot import Snapshot
from yearbook.catalog import Column, Extract
from yearbook.errors import Refusal

WANTED = 60
ROWS = 3
CANARY = "张三360702199001011234"
EXTRACTS = [
    "vehicle_transaction", "licence_transaction", "vehicle_register", "licence_register", "incident_call",
    "penalty_decision", "compulsion_measure", "registered_entity", "registration_transaction", "market_complaint",
    "licensing_decision",
]  # fmt: skip
FITS = {"moment": "2023-05-17 08:30:00", "date": "2023-05-17", "integer": 17, "money": "31.25"}
WRONG: dict[str, tuple[object, ...]] = {
    "code": (7, 7.5, b"K"), "text": (7,), "integer": ("17a", 7.5), "money": (CANARY, "1.005"),
    "date": (CANARY, "2023-02-30", "20230517", 45000), "moment": (CANARY, "2023-05-17 25:00:00", 7.5, 45000),
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """The one table that an extract's query reads."""

    extract: Extract
    sql: str

    @property
    def table(self) -> str:
        [name] = re.findall(r"(?m)^from (\w+)", self.sql)
        return str(name)

    @property
    def names(self) -> dict[str, str]:
        """Our column names to the source's."""
        return {ours: theirs for theirs, ours in re.findall(r"(\w+) as (\w+)", self.sql)}

    def select(self, names: list[tuple[str, str]]) -> str:
        """The query with another list of columns."""
        listed = ",\n".join(f"    {theirs} as {ours}" for theirs, ours in names)
        return self.sql.split("select\n")[0] + f"select\n{listed}\nfrom " + self.sql.split("\nfrom ")[1]

    def rows(self, change: tuple[str, int, object] | None = None) -> list[list[object]]:
        rows = [[value(column, row) for column in self.extract.columns] for row in range(ROWS)]
        if change:
            name, at, other = change
            rows[at][[column.name for column in self.extract.columns].index(name)] = other
        return rows


@dataclass(frozen=True)
class Case:
    """A drifted source and what the refusal must name."""

    table: str
    columns: tuple[str, ...]
    rows: list[list[object]]
    sql: str
    said: str


def value(column: Column, row: int) -> object:
    return FITS.get(column.type, f"K{row:03}")


def of_tables(source: Source) -> Iterator[Case]:
    """The table or a column renamed, or a column gone."""
    names = source.names
    columns = tuple(names.values())
    for other in (f"{source.table}2", f"{source.table}_OLD", f"T_{source.table}"):
        yield Case(other, columns, source.rows(), source.sql, source.table)
    for at, name in enumerate(columns):
        for other in (f"{name}2", f"{name}_OLD", f"X{name}"):
            renamed = (*columns[:at], other, *columns[at + 1 :])
            yield Case(source.table, renamed, source.rows(), source.sql, name)
        fewer = [[*row[:at], *row[at + 1 :]] for row in source.rows()]
        yield Case(source.table, (*columns[:at], *columns[at + 1 :]), fewer, source.sql, name)


def of_values(source: Source) -> Iterator[Case]:
    """Values of another type, and required ones that are missing."""
    columns = tuple(source.names.values())
    for column in source.extract.columns:
        for other in WRONG[column.type]:
            for at in range(ROWS):
                rows = source.rows((column.name, at, other))
                yield Case(source.table, columns, rows, source.sql, f"列 {column.name} 的值不是")
        if column.required:
            rows = source.rows((column.name, 1, None))
            yield Case(source.table, columns, rows, source.sql, f"列 {column.name} 为空")


def of_answers(source: Source) -> Iterator[Case]:
    """The query's columns renamed, left out, doubled, added or in another order."""
    names = [(theirs, ours) for ours, theirs in source.names.items()]
    said = "与契约"
    for at, (theirs, ours) in enumerate(names):
        for other in (
            [*names[:at], (theirs, f"{ours}_2"), *names[at + 1 :]],
            [*names[:at], *names[at + 1 :]],
            [*names, (theirs, ours)],
            [*names[:at], (theirs, "extra"), *names[at:]],
        ):
            yield Case(source.table, tuple(source.names.values()), source.rows(), source.select(other), said)
    for one, two in combinations(range(len(names)), 2):
        order = names.copy()
        order[one], order[two] = order[two], order[one]
        yield Case(source.table, tuple(source.names.values()), source.rows(), source.select(order), said)


def made(case: Case, file: Path) -> str:
    """The source as a database file; keys and filters see no difference, so every row is asked for."""
    file.unlink(missing_ok=True)
    with sqlite3.connect(file) as database:
        database.execute(f"CREATE TABLE {case.table} ({', '.join(case.columns)})")
        places = ", ".join("?" * len(case.columns))
        database.executemany(f"INSERT INTO {case.table} VALUES ({places})", case.rows)
    return f"sqlite:///{file}"


def test_these_are_all_extracts(library: Library) -> None:
    databases = [source for source in library.sources.values() if source.kind == "database"]
    assert [extract.code for source in databases for extract in source.extracts] == EXTRACTS


@pytest.mark.parametrize("code", EXTRACTS)
def test_every_drift_is_refused(
    code: str, library: Library, query: Callable[..., dict[str, Snapshot]], tmp_path: Path
) -> None:
    extract = next(e for s in library.sources.values() for e in s.extracts if e.code == code)
    # without its filter the query sees every row, whatever stands in the column that decides the year
    source = Source(extract, library.extract_sql(extract).split("\nwhere")[0])
    file = tmp_path / "source.sqlite"
    whole = Case(source.table, tuple(source.names.values()), source.rows(), source.sql, "")
    assert query(made(whole, file), extract.source, code, sql=source.sql)[code].row_count == ROWS
    cases = [*of_tables(source), *of_values(source), *of_answers(source)]
    assert len({(case.table, case.columns, str(case.rows), case.sql) for case in cases}) >= WANTED
    for case in cases:
        url = made(case, file)
        with pytest.raises(Refusal) as refusal:
            query(url, extract.source, code, sql=case.sql)
        assert case.said.lower() in refusal.value.what.lower(), (case, refusal.value.what)
        assert CANARY not in str(refusal.value)
