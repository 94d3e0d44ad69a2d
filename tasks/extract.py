"""All extracts of a run: the report year's, and the base year's where the source is complete for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from tasks.agency import Agency, Location
from tasks.library import Library
from tasks.secrets import secret
from tasks.settings import Settings
from tasks.sources.control import SUFFIX as CONTROL
from tasks.sources.database.session import Limits
from tasks.sources.database.view import Asked, extract_query, one_view, open_source, probe_source
from tasks.sources.handed_over import extract_files, require_different, require_file
from tasks.sources.letters import Letters
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

    @property
    def base_alone(self) -> tuple[Snapshot, ...]:
        """Snapshots of the base year that do not serve the report year as well, as a register does."""
        both = {(item.extract.code, item.digest) for item in self.report}
        return tuple(item for item in self.base if (item.extract.code, item.digest) not in both)

    def all(self) -> tuple[Snapshot, ...]:
        """Every snapshot once."""
        return (*self.base_alone, *self.report)


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
            for path in handed_files(location, asked, settings):
                require_file(path, source, asked)


def extract_source(
    source: Source, agency: Agency, library: Library, *, year: ReportYear, blobs: Blobs, settings: Settings
) -> Material:
    """Extract everything one source holds for a run; a register as it stands is asked once and serves both years.

    Raises:
        Refusal: Reading fails.
    """
    location = agency.sources[source.code]
    if source.kind == "database":
        found = list(_from_database(source, location, library, year, blobs, settings))
    else:
        found = list(_from_files(source, agency, library, year, blobs, settings))
    return Material(
        report=tuple(item for role, item in found if role == "report"),
        base=tuple(item for role, item in found if role == "base"),
    )


def _from_database(
    source: Source, location: Location, library: Library, year: ReportYear, blobs: Blobs, settings: Settings
) -> Iterator[tuple[str, Snapshot]]:
    url = secret(settings, location.url_secret) if location.url_secret else location.url
    limits = Limits(settings.connect_seconds, settings.statement_seconds, settings.lock_seconds)
    engine = open_source(url.replace("{home}", str(settings.home)), source, limits)
    years = [year, *([year.previous] if location.covers(year.previous) else [])]
    probed = {y: _asked(library, f"sql/{source.code}/probe.sql", y) for y in years}
    asked = {
        (extract.code, y): _asked(library, f"sql/{source.code}/extract/{extract.code}.sql", y)
        for y in years
        for extract in source.extracts
        if y is year or extract.per_year
    }
    everything = tuple(asked.values())
    with one_view(
        engine, source, everything, probed=tuple(probed.values()), reader=location.reader, limits=limits
    ) as view:
        announced = {y: probe_source(view, question) for y, question in probed.items()}
        found: dict[tuple[str, ReportYear], Snapshot] = {}
        for y, role in zip(years, ("report", "base"), strict=False):
            for extract in source.extracts:
                at = (extract.code, y if extract.per_year else year)
                if at not in found:
                    found[at] = extract_query(view, extract, asked[at], blobs=blobs, probe=announced[y][extract.code])
                yield role, found[at]


def _asked(library: Library, file: str, year: ReportYear) -> Asked:
    return Asked(file, library.text(file), year)


def _from_files(
    source: Source, agency: Agency, library: Library, year: ReportYear, blobs: Blobs, settings: Settings
) -> Iterator[tuple[str, Snapshot]]:
    location = agency.sources[source.code]
    years = {"report": year} | ({"base": year.previous} if location.covers(year.previous) else {})
    letters = Letters(settings.home / "letters" / agency.code / str(year), agency.name)
    for role, asked in years.items():
        snapshots = extract_files(
            handed_files(location, asked, settings),
            source,
            year=asked,
            agreements=library.agreements(source.code, asked.year),
            blobs=blobs,
            letters=letters,
        )
        yield from ((role, snapshot) for snapshot in snapshots)


def handed_files(location: Location, year: ReportYear, settings: Settings) -> list[Path]:
    """The files of a year; a ``*`` in the name stands for the parts of one whole, in the order of their names."""
    path = Path(location.file.replace("{home}", str(settings.home)).replace("{year}", str(year)))
    if "*" not in path.name:
        return [path]
    return sorted(p for p in path.parent.glob(path.name) if not p.name.endswith(CONTROL)) or [path]


def require_distinct(sources: Iterable[Source], agency: Agency, *, year: ReportYear, settings: Settings) -> None:
    """Refuse the same bytes handed over for two sources or two years, before any work.

    Raises:
        Refusal: Named with both files.
    """
    locations = [agency.sources[source.code] for source in sources]
    require_different(
        (str(path), _digest(path))
        for location in locations
        for asked in (year, year.previous)
        if location.file and location.covers(asked)
        for path in handed_files(location, asked, settings)
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
