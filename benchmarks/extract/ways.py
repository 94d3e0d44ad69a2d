# ruff: noqa: T201, S603 - a command that prints, and starts itself and the database's client
"""The ways that are compared, each a function of the address; ``python -m benchmarks.extract.ways NAME ADDRESS``."""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from benchmarks.extract.table import COLUMNS, NAME, SELECT

BOTH = ("postgresql", "mysql")
WHOLE_AT_MOST = 2_000_000
CHUNK, KILOBYTE = 50_000, 1_024
Answer = tuple[int, str]


@dataclass(frozen=True)
class Way:
    """A way to read the table.

    Attributes:
        read: From the address to the number of rows and the snapshot's digest, empty where none is written.
        products: Where it can be asked.
        whole: True where it holds all rows at once.
    """

    read: Callable[[str], Answer]
    products: tuple[str, ...] = BOTH
    whole: bool = False


def raw(address: str) -> Answer:
    """The protocol's own limit: every byte fetched, nothing understood."""
    url = sa.make_url(address)
    if url.get_backend_name() == "postgresql":
        return _copied(url), ""
    return _fetched(url), ""


def snapshot(reader: str) -> Callable[[str], Answer]:
    """A whole extraction by one reader, with the typed, sorted and named snapshot."""

    def read(address: str) -> Answer:
        from tasks.sources.database.view import Asked, extract_query, one_view, open_source
        from tasks.store import Blobs
        from yearbook.catalog import Column, Extract, Source
        from yearbook.period import ReportYear

        columns = tuple(
            Column.model_validate({"name": name, "type": words.split()[0], "required": "optional" not in words})
            for name, words in COLUMNS.items()
        )
        extract = Extract(code="case", source="case", name="case", per_year=False, key=("serial",), columns=columns)
        source = Source(code="case", name="case", kind="database", owner="case", extracts=(extract,))
        asked = Asked("case.sql", SELECT, ReportYear(2023))
        with tempfile.TemporaryDirectory() as folder:
            engine = open_source(address, source)
            with one_view(engine, source, [asked], reader=reader) as view:
                found = extract_query(view, extract, asked, blobs=Blobs(Path(folder)))
        return found.row_count, found.digest

    return read


def pandas_whole(address: str) -> Answer:
    """``pandas.read_sql`` as it is usually called."""
    import pandas as pd

    engine = sa.create_engine(address)
    return len(pd.read_sql(sa.text(SELECT), engine)), ""  # noqa: TID251


def pandas_chunked(address: str) -> Answer:
    """``pandas.read_sql`` in chunks from a cursor on the server."""
    import pandas as pd

    with sa.create_engine(address).connect().execution_options(stream_results=True) as connection:
        chunks = pd.read_sql(sa.text(SELECT), connection, chunksize=CHUNK)  # noqa: TID251
        return sum(len(chunk) for chunk in chunks), ""


def _copied(url: sa.URL) -> int:
    import psycopg

    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection, connection.cursor() as cursor:
        with cursor.copy(f"copy {NAME} to stdout (format binary)") as copy:
            for _ in copy:
                pass
        return cursor.rowcount


def _fetched(url: sa.URL) -> int:
    """The plain client, which writes what it gets; an empty line per row is all it has to make."""
    import subprocess

    command = ["mariadb", "-h", str(url.host), "-P", str(url.port or 3306), "-u", str(url.username), "--quick", "-N"]
    command += [str(url.database), "-e", SELECT]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as client:
        pipe = client.stdout
        return sum(block.count(b"\n") for block in iter(lambda: pipe.read(2**20), b"")) if pipe else 0


WAYS = {
    "raw": Way(raw),
    "snapshot duckdb": Way(snapshot("duckdb"), ("postgresql",)),
    "snapshot odbc": Way(snapshot("odbc")),
    "snapshot connectorx": Way(snapshot("connectorx"), ("postgresql",)),
    "snapshot sqlalchemy": Way(snapshot("sqlalchemy")),
    "pandas.read_sql chunked": Way(pandas_chunked),
    "pandas.read_sql whole": Way(pandas_whole, whole=True),
}


def main() -> None:
    """Measure one way and print what was found as JSON."""
    name, address = sys.argv[1:]
    before = time.perf_counter()
    rows, digest = WAYS[name].read(address)
    seconds = time.perf_counter() - before
    who = resource.RUSAGE_CHILDREN if name == "raw" and not address.startswith("postgresql") else resource.RUSAGE_SELF
    peak = resource.getrusage(who).ru_maxrss * KILOBYTE
    print(json.dumps({"rows": rows, "digest": digest, "seconds": seconds, "peak": peak}))


if __name__ == "__main__":
    main()
