"""Fixtures for reading sources: an empty database of each product, a blob folder, and one call that reads."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.library import Library
from tasks.sources.database import extract_query, one_view, open_source
from tasks.sources.handed_over import extract_file
from tasks.sources.snapshot import Snapshot
from tasks.store import Blobs
from tests.tasks.sources.databases import Database
from yearbook.period import ReportYear

SERVERS = ("postgresql", "mariadb")
PRODUCTS = ["sqlite", *(pytest.param(name, marks=getattr(pytest.mark, name)) for name in SERVERS)]


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


@pytest.fixture(params=PRODUCTS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """An empty database of each product in turn."""
    if request.param == "sqlite":
        (tmp_path / "source.sqlite").touch()
        return Database(f"sqlite:///{tmp_path / 'source.sqlite'}")
    return Database(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def query(library: Library, blobs: Blobs) -> Callable[..., dict[str, Snapshot]]:
    """Extract a database source, all of it or the extracts that are named, with the project's own queries."""

    def run(url: str, code: str, *names: str, year: int = 2023, sql: str = "") -> dict[str, Snapshot]:
        source = library.sources[code]
        extracts = [extract for extract in source.extracts if not names or extract.code in names]
        with one_view(open_source(url, source), source) as connection:
            return {
                extract.code: extract_query(
                    connection,
                    source,
                    extract,
                    sql or library.extract_sql(extract),
                    year=ReportYear(year),
                    blobs=blobs,
                )
                for extract in extracts
            }

    return run


@pytest.fixture
def read(library: Library, blobs: Blobs) -> Callable[..., dict[str, Snapshot]]:
    """Read a handed-over file for a source, with the project's own headers."""

    def run(path: Path, code: str, year: int = 2023) -> dict[str, Snapshot]:
        source = library.sources[code]
        snapshots = extract_file(
            path,
            source,
            year=ReportYear(year),
            headers={e.code: library.headers(code, e.code, year) for e in source.extracts},
            ignored={e.code: library.known_headers(code, e.code) for e in source.extracts},
            blobs=blobs,
        )
        return {snapshot.extract.code: snapshot for snapshot in snapshots}

    return run
