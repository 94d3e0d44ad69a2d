"""The whole catalogue asked of empty tables: what the engine cannot answer is known before any source is asked."""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tasks.engines.embedded import EmbeddedEngine, attach
from tasks.library import Library
from tasks.quality.expect import judge_views
from tasks.quality.failing import looking
from tasks.quality.predicates import parts, unusable
from tasks.quality.scan import Counts, complaint, scan
from tasks.quality.whole import as_before
from tasks.sources.contract import ARROW_TYPES
from tasks.sources.snapshot import Snapshot
from yearbook.catalog import Extract, Rule
from yearbook.catalog.rules import WHOLE
from yearbook.period import ReportYear

YEAR = ReportYear(2023)


def rehearse(library: Library, folder: Path) -> None:
    """Run every rule's and every indicator's SQL on tables that have the contract's columns and no rows.

    Args:
        library: The catalogue.
        folder: Scratch folder for the tables.

    Raises:
        Refusal: The engine cannot answer one; file, rule or indicator, and reason are named.
    """
    extracts = [extract for source in library.sources.values() for extract in source.extracts]
    items = [_empty(extract, folder) for extract in extracts]
    path = folder / "rehearse.duckdb"
    views = [*items, *map(as_before, items)]
    attach(path, views, library.codes)
    counts: dict[str, Counts] = {}
    with looking(path, views) as connection:
        for item in items:
            mine = [rule for rule in library.rules if rule.extract == item.extract.code]
            _require_answers(connection, item.extract, mine, library)
            counts |= scan(connection, item.extract, mine, library.codes, YEAR, None, before=True)
    judge_views(path, items, library.rules, counts)
    with EmbeddedEngine(path, items) as engine:
        for indicator in library.indicators.values():
            engine.ask(library.indicator_sql(indicator), name=indicator.sql_name, year=YEAR, body_name="")


def _empty(extract: Extract, folder: Path) -> Snapshot:
    """A snapshot without rows."""
    path = folder / f"{extract.code}.parquet"
    schema = pa.schema([pa.field(c.name, ARROW_TYPES[c.type], nullable=not c.required) for c in extract.columns])
    pq.write_table(schema.empty_table(), path)
    return Snapshot(extract=extract, year=YEAR, digest="", path=path, row_count=0)


def _require_answers(
    connection: duckdb.DuckDBPyConnection, extract: Extract, rules: Iterable[Rule], library: Library
) -> None:
    """One rule at a time, so that the engine's reason can be told: without rows it holds no value."""
    for rule in rules:
        if rule.check in WHOLE:
            continue
        if reason := complaint(connection, extract, parts(rule, extract, library.codes, YEAR)):
            raise unusable(rule, reason)
