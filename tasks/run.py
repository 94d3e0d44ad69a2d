"""One run: what it works with, what it is given, and what its pages tell about that."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from tasks.agency import Agency, load_agency
from tasks.clock import now, today
from tasks.extract import Material, require_distinct, require_present
from tasks.furnishing import Furnishing, furnish
from tasks.history import Earlier, earlier_values
from tasks.last_year import LastYear, last_year
from tasks.library import Library, load_library, require_bodies, text_digest
from tasks.own import own_library
from tasks.progress import Steps
from tasks.settings import Settings
from tasks.sources.snapshot import Snapshot
from tasks.store import Blobs, Purpose, Store
from tasks.versions import code_digest, code_version, library_versions
from tasks.wording import load_wording, require_wording, wording_name
from yearbook.audit.facts import ReceivedFile, RunFacts, SnapshotFacts, SourceFacts, Standing
from yearbook.catalog import Explanation, Waiver
from yearbook.period import BEIJING, ReportYear, report_year
from yearbook.quantity import ROUNDING_POLICY
from yearbook.report.against import AgainstLastYear
from yearbook.report.dictionary import KINDS
from yearbook.revision import ROWS, SNAPSHOT, Inputs, Revision

INPUTS_NAME = "inputs.json"


@dataclass(frozen=True)
class Run:
    """Everything a run is given, fixed before the first source is asked.

    ``because`` is the reason for a correction. It is kept with the edition, not among the inputs: the same material
    without it is the same run, and finds it again.
    """

    settings: Settings
    agency: Agency
    agency_text: str
    wording_text: str
    library: Library
    year: ReportYear
    store: Store
    target: Path
    started_at: datetime
    day: date
    late: bool
    last_year: LastYear
    earlier: Earlier = field(default_factory=Earlier)
    furnishing: Furnishing = field(default_factory=Furnishing)
    because: str = ""
    steps: Steps = field(default_factory=Steps)
    attempt: int | None = None
    purpose: Purpose = "report"

    @property
    def blobs(self) -> Blobs:
        """Where files go."""
        return self.store.blobs

    @property
    def wording_name(self) -> str:
        """File name of the wording template."""
        return wording_name(self.agency)

    @property
    def exceptions(self) -> tuple[tuple[Waiver, ...], tuple[Explanation, ...]]:
        """Waivers and explanations of this body and report year."""
        return self.library.exceptions(self.agency.code, self.year.year)

    def inputs(self, material: Material) -> Inputs:
        """Everything the report depends on and its pages tell, by kind and name; it is kept with the run."""
        written: dict[str, dict[str, str]] = {"sql": {}, "rule": {}, "wording": {}, "agency": {}}
        for kind, name, text in texts(self):
            written[kind][name] = text_digest(text)
        number, _, _ = code_version().partition("+")
        return {
            "request": {"body": self.agency.code, "year": str(self.year)},
            **written,
            **self.furnishing.inputs(),
            **_extract_inputs(material),
            "rounding": {"policy": ROUNDING_POLICY},
            # the day itself is no input, only what it decides; so a run repeated tomorrow gives the same bytes
            "calendar": {
                "deadline": "late" if self.late else "in time",
                "last_year": self.last_year.words,
                "earlier_years": self.earlier.words,
                "waivers": " ".join(str(waiver.until >= self.day) for waiver in self.exceptions[0]),
            },
            "program": {"version": number, "code": code_digest()},
            "library": library_versions(),
        }

    def key(self, material: Material) -> str:
        """Digest of the inputs; the same key after the same edition gives the same report."""
        return sha256(canonical(self.inputs(material))).hexdigest()


def prepare(
    settings: Settings,
    body: str,
    year: int,
    out: Path | None,
    *,
    store: Store | None = None,
    purpose: Purpose = "report",
) -> Run:
    """Check the parameters and open the store where it is not open, before any source is asked.

    Raises:
        Refusal: An unknown body, a year that can have no report, a missing template, a store that cannot be opened.
    """
    asked = report_year(year, today=today())
    agency, agency_text = load_agency(settings.project, body)
    wording = load_wording(settings.project, agency)
    library = _checked_library(settings, agency)
    require_wording(wording, agency, library, asked)
    for source in library.sources.values():
        require_present(source, agency, year=asked, settings=settings)
    require_distinct(library.sources.values(), agency, year=asked, settings=settings)
    store = store or Store.open(settings.home / "store", settings.store_address())
    return Run(
        settings=settings,
        agency=agency,
        agency_text=agency_text,
        wording_text=wording,
        library=library,
        year=asked,
        store=store,
        target=(out or settings.out) / agency.code / str(asked),
        started_at=now(),
        day=today(),
        late=_first_published(store, agency, asked) > asked.deadline_of(agency.properties),
        last_year=last_year(store, agency.code, asked.previous.year),
        earlier=earlier_values(store, agency.code, asked.year),
        furnishing=furnish(settings, agency),
        purpose=purpose,
    )


def _checked_library(settings: Settings, agency: Agency) -> Library:
    whole = load_library(settings.project)
    whole.require_coherent()
    require_bodies(whole, settings.project)
    return own_library(whole, agency)


def _first_published(store: Store, agency: Agency, year: ReportYear) -> date:
    """The day of the first edition; today where there is none yet."""
    first = store.first_published(agency.code, year.year)
    return today() if first is None else first.astimezone(BEIJING).date()


def facts(
    run: Run, material: Material, standing: Revision | Standing, last_year: AgainstLastYear | None = None
) -> RunFacts:
    """What the auditor's pages tell about the run; nothing that differs between two runs on the same material."""
    return RunFacts(
        run_key=run.key(material),
        code_version=code_version(),
        versions=library_versions(),
        standing=standing,
        last_year=last_year,
        sources=tuple(
            SourceFacts(
                code=source.code,
                name=source.name,
                kind=KINDS[source.kind],
                owner=source.owner,
                received=_files_of(source.code, material),
            )
            for source in run.library.sources.values()
        ),
        snapshots=tuple(
            SnapshotFacts(
                source=item.extract.source,
                extract=item.extract.code,
                year=item.year.year,
                role=role,
                rows=item.row_count,
                digest=item.digest,
                normalised=item.normalised,
                reader=item.reader,
                notes=item.notes,
            )
            for role, item in parts(material)
        ),
        sql={name: text for name, text in run.library.texts.items() if name.endswith(".sql")},
    )


def _files_of(source: str, material: Material) -> tuple[ReceivedFile, ...]:
    files = (file for _, item in parts(material) if item.extract.source == source for file in item.received)
    return tuple(ReceivedFile(*file) for file in dict.fromkeys(files))


def texts(run: Run) -> Iterator[tuple[str, str, str]]:
    """Kind, name and text of every file that people write."""
    yield from given_texts(run.library, run.agency, run.agency_text, run.wording_text)


def given_texts(library: Library, agency: Agency, agency_text: str, wording: str) -> Iterator[tuple[str, str, str]]:
    """The same of any catalogue, body and wording."""
    for name, text in sorted(library.texts.items()):
        yield ("sql" if name.startswith("sql/") else "rule"), name, text
    yield "wording", wording_name(agency), wording
    yield "agency", f"deployments/agencies/{agency.code}.toml", agency_text


def parts(material: Material) -> Iterator[tuple[Literal["report", "base"], Snapshot]]:
    """Every snapshot with the year it answers for; a register as it stands answers for both."""
    yield from (("report", item) for item in material.report)
    yield from (("base", item) for item in material.base)


def part_name(role: str, item: Snapshot) -> str:
    """Name of a snapshot among the inputs of a run."""
    return f"{role}/{item.extract.source}/{item.extract.code}/{item.year}"


def _extract_inputs(material: Material) -> Inputs:
    kinds: dict[str, dict[str, str]] = {
        kind: {} for kind in (SNAPSHOT, ROWS, "received", "reader", "normalised", "notes")
    }
    for role, item in parts(material):
        name = part_name(role, item)
        said = {"reader": item.reader, "normalised": "；".join(item.normalised), "notes": "；".join(item.notes)}
        for kind, words in {SNAPSHOT: item.digest, ROWS: str(item.row_count), **said}.items():
            if words:
                kinds[kind][name] = words
        for file, size, digest in item.received:
            kinds["received"][f"{role}/{item.extract.source}/{file}"] = f"{digest} {size}"
    return kinds


def canonical(document: Mapping[str, object]) -> bytes:
    """JSON of which there is one form only."""
    return json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()
