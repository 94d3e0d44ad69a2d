"""All extracts of a run: the report year's, and the base year's where the source is complete for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tasks.agency import Agency, Location
from tasks.library import Library
from tasks.settings import Settings
from tasks.sources.database import extract_query, one_view, open_source
from tasks.sources.handed_over import extract_file, require_file
from tasks.sources.snapshot import Snapshot
from tasks.store import Blobs
from yearbook.catalog import Source
from yearbook.errors import Refusal
from yearbook.period import ReportYear


@dataclass(frozen=True, slots=True)
class Material:
    """The snapshots of a run.

    Attributes:
        report: Snapshots of the report year.
        base: Snapshots that answer for the year before; sources without a complete base year are absent.
    """

    report: tuple[Snapshot, ...]
    base: tuple[Snapshot, ...]

    def all(self) -> tuple[Snapshot, ...]:
        """Every snapshot once; a register that serves both years is listed with the report year."""
        return tuple({item.digest + item.extract.code: item for item in (*self.base, *self.report)}.values())


def require_present(source: Source, agency: Agency, *, year: ReportYear, settings: Settings) -> None:
    """Refuse before any work what can be seen to be missing: a year that is not covered, a file that is not there.

    Raises:
        Refusal: The source does not cover the year, or its file for the year does not exist.
    """
    location = agency.sources[source.code]
    if not location.covers(year):
        span = f"{location.complete_from}—{location.complete_to or '今'}"
        raise Refusal(
            f"来源 {source.code}（{source.name}）只完整覆盖 {span} 年，不含 {year} 年",
            todo="改填正确的年度；来源已补齐的，更正机构文件中的 complete_from、complete_to",
        )
    for asked in (year, year.previous):
        if location.file and location.covers(asked):
            require_file(_file(location, asked, settings), source, asked)


def extract_source(
    source: Source, agency: Agency, library: Library, *, year: ReportYear, blobs: Blobs, settings: Settings
) -> Iterator[tuple[str, Snapshot]]:
    """Extract everything one source holds for a run.

    Yields:
        ``("report", snapshot)`` and ``("base", snapshot)``; a register as it stands is asked once and serves both.

    Raises:
        Refusal: Reading fails.
    """
    location = agency.sources[source.code]
    if source.kind == "database":
        yield from _from_database(source, location, library, year, blobs, settings)
    else:
        yield from _from_files(source, location, library, year, blobs, settings)


def _from_database(
    source: Source, location: Location, library: Library, year: ReportYear, blobs: Blobs, settings: Settings
) -> Iterator[tuple[str, Snapshot]]:
    url = settings.secret(location.url_secret) if location.url_secret else location.url
    engine = open_source(url.replace("{home}", str(settings.home)), source)
    has_base = location.covers(year.previous)
    with one_view(engine, source) as connection:
        for extract in source.extracts:
            sql = library.extract_sql(extract)
            snapshot = extract_query(connection, source, extract, sql, year=year, blobs=blobs)
            yield "report", snapshot
            if has_base and extract.per_year:
                yield "base", extract_query(connection, source, extract, sql, year=year.previous, blobs=blobs)
            elif has_base:
                yield "base", snapshot


def _from_files(
    source: Source, location: Location, library: Library, year: ReportYear, blobs: Blobs, settings: Settings
) -> Iterator[tuple[str, Snapshot]]:
    years = {"report": year} | ({"base": year.previous} if location.covers(year.previous) else {})
    for role, asked in years.items():
        snapshots = extract_file(
            _file(location, asked, settings),
            source,
            year=asked,
            headers={e.code: library.headers(source.code, e.code, asked.year) for e in source.extracts},
            ignored={e.code: library.known_headers(source.code, e.code) for e in source.extracts},
            blobs=blobs,
        )
        yield from ((role, snapshot) for snapshot in snapshots)


def _file(location: Location, year: ReportYear, settings: Settings) -> Path:
    return Path(location.file.replace("{home}", str(settings.home)).replace("{year}", str(year)))
