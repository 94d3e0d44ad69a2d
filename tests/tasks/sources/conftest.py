"""Fixtures for reading sources: an empty database of each product, a blob folder, and one call that reads."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.library import Library
from tasks.sources.database.readers.base import BATCH_ROWS
from tasks.sources.database.session import Limits
from tasks.sources.database.view import USUAL, Asked, extract_query, one_view, open_source
from tasks.sources.handed_over import extract_files
from tasks.sources.letters import Letters
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
    return empty(request, request.param, tmp_path)


@pytest.fixture
def server(request: pytest.FixtureRequest, product: str, tmp_path: Path) -> Database:
    """An empty database of the product that the test names."""
    return empty(request, product, tmp_path)


def empty(request: pytest.FixtureRequest, product: str, folder: Path) -> Database:
    """A database of a product, with nothing in it."""
    if product == "sqlite":
        (folder / "source.sqlite").touch()
        return Database(f"sqlite:///{folder / 'source.sqlite'}")
    return Database(request.getfixturevalue(f"{product}_url"))


@pytest.fixture
def query(library: Library, blobs: Blobs) -> Callable[..., dict[str, Snapshot]]:
    """Extract a database source, all of it or the extracts that are named, with the project's own queries."""

    def run(
        url: str,
        code: str,
        *names: str,
        year: int = 2023,
        sql: str = "",
        reader: str = "",
        limits: Limits = USUAL,
        batch_rows: int = BATCH_ROWS,
    ) -> dict[str, Snapshot]:
        source = library.sources[code]
        extracts = {extract.code: extract for extract in source.extracts if not names or extract.code in names}
        asked = {
            extract.code: Asked(
                f"sql/{code}/extract/{extract.code}.sql", sql or library.extract_sql(extract), ReportYear(year)
            )
            for extract in extracts.values()
        }
        engine = open_source(url, source, limits)
        every = tuple(asked.values())
        with one_view(engine, source, every, reader=reader, limits=limits, batch_rows=batch_rows) as view:
            return {code: extract_query(view, extracts[code], one, blobs=blobs) for code, one in asked.items()}

    return run


@pytest.fixture
def read(library: Library, blobs: Blobs, tmp_path: Path) -> Callable[..., dict[str, Snapshot]]:
    """Read handed-over files for a source, with the project's own headers; ``change`` is a changed contract."""

    def run(*paths: Path, code: str, year: int = 2023, **change: object) -> dict[str, Snapshot]:
        source = library.sources[code]
        agreements = {
            name: replace(agreement, extract=agreement.extract.model_copy(update=change))
            for name, agreement in library.agreements(code, year).items()
        }
        snapshots = extract_files(
            list(paths),
            source,
            year=ReportYear(year),
            agreements=agreements,
            blobs=blobs,
            letters=Letters(tmp_path / "letters", "样例市交管局"),
        )
        return {snapshot.extract.code: snapshot for snapshot in snapshots}

    return run
