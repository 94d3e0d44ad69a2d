"""One source read on its own: what came of it, in numbers, so that a new source can be set up step by step.

Nothing is kept: the copies and snapshots lie in a folder that is removed again.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tasks.agency import load_agency
from tasks.clock import today
from tasks.extract import extract_source, require_present
from tasks.library import load_library
from tasks.settings import Settings
from tasks.sources.snapshot import SAFE, Snapshot
from tasks.store import Blobs
from yearbook.catalog import Column
from yearbook.errors import Refusal
from yearbook.intake.cells import TYPE_WORDS
from yearbook.period import report_year


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One column of a snapshot in numbers.

    Attributes:
        name: Our name.
        kind: Its type in words.
        blanks: Empty cells.
        distinct: Different values.
        span: First and last day; empty for columns that are no dates.
    """

    name: str
    kind: str
    blanks: int
    distinct: int
    span: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One snapshot as a trial found it."""

    snapshot: Snapshot
    columns: tuple[ColumnFacts, ...]


def read_source(settings: Settings, body: str, source: str, year: int) -> Iterator[Reading]:
    """Read one source of a body for one year, and for its base year where the source covers it.

    Raises:
        Refusal: An unknown body or source, or whatever stops the source from being read.
    """
    asked = report_year(year, today=today())
    agency, _ = load_agency(settings.project, body)
    library = load_library(settings.project)
    library.require_coherent()
    if source not in library.sources:
        raise Refusal(f"没有来源 {source}", todo=f"改用 sql/sources.toml 中的来源：{'、'.join(library.sources)}")
    if source not in agency.sources:
        raise Refusal(
            f"机构 {body} 没有登记来源 {source}",
            todo=f"在 deployments/agencies/{body}.toml 增加 [sources.{source}]",
        )
    own = library.of_body(agency.sources, agency.owners)
    require_present(own.sources[source], agency, year=asked, settings=settings)
    with tempfile.TemporaryDirectory() as folder:
        material = extract_source(
            own.sources[source], agency, own, year=asked, blobs=Blobs(Path(folder)), settings=settings
        )
        for snapshot in (*material.report, *material.base_alone):
            yield Reading(snapshot, tuple(_facts(snapshot)))


def _facts(snapshot: Snapshot) -> Iterator[ColumnFacts]:
    with duckdb.connect(config=dict(SAFE)) as engine:
        rows = engine.read_parquet(str(snapshot.path))
        for column in snapshot.extract.columns:
            yield _column(rows, column)


def _column(rows: duckdb.DuckDBPyRelation, column: Column) -> ColumnFacts:
    name = f'"{column.name}"'
    counted = rows.aggregate(f"count(*) - count({name}), count(distinct {name}), min({name}), max({name})").fetchone()
    blanks, distinct, first, last = counted or (0, 0, None, None)
    dated = column.type in {"date", "moment"} and first is not None
    span = f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}" if dated else ""
    return ColumnFacts(column.name, TYPE_WORDS[column.type], blanks, distinct, span)
