"""Immutable snapshots: typed Parquet, in a total order, named by its digest."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tasks.sources.probe import Probe
from tasks.store import Blobs
from yearbook.catalog import Extract
from yearbook.period import ReportYear

# Nothing is fetched from outside by itself.
SAFE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
# What the sort may hold, the rest waits in files beside the snapshot; and every thread needs its own share of it.
SORT = {"memory_limit": "512MB", "threads": "2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One extract as it was answered.

    Attributes:
        extract: The question.
        year: The year it was asked for.
        digest: SHA-256 of the Parquet file.
        path: Where the file lies.
        row_count: Rows.
        normalised: What was changed on the way in, in words.
        received: Name, size and digest of every handed-over file it was read from; empty for a database.
        reader: Libraries and versions that read it.
        notes: What the operator should know about the source's account and reader.
        probe: What the database said about the extract in the same view; for the report year.
    """

    extract: Extract
    year: ReportYear
    digest: str
    path: Path
    row_count: int
    normalised: tuple[str, ...] = ()
    received: tuple[tuple[str, int, str], ...] = ()
    reader: str = ""
    notes: tuple[str, ...] = ()
    probe: Probe | None = None


def write_parquet(extract: Extract, schema: pa.Schema, batches: Iterable[pa.RecordBatch], blobs: Blobs) -> str:
    """Write the rows ordered by key and adopt the file; the same rows in any order give the same bytes.

    Returns:
        The digest.
    """
    unsorted, path = blobs.incoming_path(".unsorted.parquet"), blobs.incoming_path(".parquet")
    try:
        # First to disk, then sorted from there: an engine that pulls batches from Python while a driver fetches rows
        # makes two threads fight for the interpreter lock at every row.
        with pq.ParquetWriter(unsorted, schema, compression="lz4", use_dictionary=False) as writer:
            for batch in batches:
                writer.write_batch(batch)
        _sort(extract, unsorted, path)
        return blobs.adopt(path, private=extract.personal)
    finally:
        unsorted.unlink(missing_ok=True)
        path.unlink(missing_ok=True)


def _sort(extract: Extract, unsorted: Path, path: Path) -> None:
    others = [column.name for column in extract.columns if column.name not in extract.key]
    order = ", ".join(f'"{name}"' for name in (*extract.key, *others))
    with tempfile.TemporaryDirectory(dir=unsorted.parent) as room:
        config: dict[str, str | bool | int | float | list[str]] = {**SAFE, **SORT, "temp_directory": room}
        with duckdb.connect(config=config) as engine:
            engine.execute("SET enable_progress_bar = false")
            engine.read_parquet(str(unsorted)).order(order).write_parquet(str(path), compression="zstd")
