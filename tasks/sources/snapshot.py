"""Immutable snapshots: typed Parquet, in a total order, named by its digest."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tasks.store import Blobs
from yearbook.catalog import Extract
from yearbook.period import ReportYear

# Nothing is fetched from outside by itself.
SAFE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


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
        received: Name, size and digest of the handed-over file; empty for a database.
    """

    extract: Extract
    year: ReportYear
    digest: str
    path: Path
    row_count: int
    normalised: tuple[str, ...] = ()
    received: tuple[str, int, str] | None = None


def write_parquet(extract: Extract, schema: pa.Schema, batches: Iterable[pa.RecordBatch], blobs: Blobs) -> str:
    """Write the rows ordered by key and adopt the file; the same rows in any order give the same bytes.

    Returns:
        The digest.
    """
    unsorted, path = blobs.incoming_path(".unsorted.parquet"), blobs.incoming_path(".parquet")
    others = [column.name for column in extract.columns if column.name not in extract.key]
    order = ", ".join(f'"{name}"' for name in (*extract.key, *others))
    try:
        # First to disk, then sorted from there: an engine that pulls batches from Python while a driver fetches rows
        # makes two threads fight for the interpreter lock at every row.
        with pq.ParquetWriter(unsorted, schema, compression="lz4", use_dictionary=False) as writer:
            for batch in batches:
                writer.write_batch(batch)
        with duckdb.connect(config=dict(SAFE)) as engine:
            engine.execute("SET enable_progress_bar = false")
            engine.read_parquet(str(unsorted)).order(order).write_parquet(str(path), compression="zstd")
    finally:
        unsorted.unlink(missing_ok=True)
    return blobs.adopt(path, private=extract.personal)
