"""One run: what it works with, what it has found so far, and what it leaves in the store."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tasks.agency import Agency, load_agency
from tasks.clock import now, today
from tasks.documents import media_type
from tasks.extract import Material, require_present
from tasks.library import Library, load_library, text_digest
from tasks.progress import Steps
from tasks.settings import Settings
from tasks.store import BlobRef, Blobs, FigureRecord, RunRecord, Store, VerdictRecord
from tasks.versions import code_digest, code_version, library_versions
from yearbook.audit.facts import ReceivedFile, RunFacts, SnapshotFacts, SourceFacts
from yearbook.errors import Refusal
from yearbook.figure import Figures
from yearbook.period import ReportYear, report_year
from yearbook.quantity import ROUNDING_POLICY, plain
from yearbook.verdict import Verdict


@dataclass(frozen=True)
class Run:
    """Everything a run is given, fixed before the first source is asked."""

    settings: Settings
    agency: Agency
    agency_text: str
    wording_text: str
    library: Library
    year: ReportYear
    store: Store
    target: Path
    started_at: datetime
    steps: Steps = field(default_factory=Steps)

    @property
    def blobs(self) -> Blobs:
        """Where files go."""
        return self.store.blobs

    @property
    def wording_name(self) -> str:
        """File name of the wording template."""
        return f"deployments/wording/{self.agency.wording}.txt"

    def key(self, material: Material) -> str:
        """Digest of parameters, inputs, code and rules: the same key gives the same report."""
        parts = {
            "agency": text_digest(self.agency_text),
            "body": self.agency.code,
            "code": code_digest(),
            "library": self.library.digest(),
            "rounding": ROUNDING_POLICY,
            "snapshots": sorted(
                f"{role}/{item.extract.code}/{item.digest}"
                for role, items in (("report", material.report), ("base", material.base))
                for item in items
            ),
            "versions": library_versions(),
            "wording": text_digest(self.wording_text),
            "year": str(self.year),
        }
        return sha256(json.dumps(parts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def prepare(settings: Settings, body: str, year: int, out: Path | None) -> Run:
    """Check the parameters and open the store, before any source is asked.

    Raises:
        Refusal: An unknown body, a year that can have no report, a missing template, a store that cannot be opened.
    """
    asked = report_year(year, today=today())
    agency, agency_text = load_agency(settings.project, body)
    template = settings.project / "deployments" / "wording" / f"{agency.wording}.txt"
    if not template.is_file():
        raise Refusal(
            f"没有行文模板 {agency.wording}.txt", todo="在 deployments/wording/ 放入该模板，或更正机构文件的 wording"
        )
    library = load_library(settings.project)
    library.require_coherent()
    if absent := [code for code in library.sources if code not in agency.sources]:
        raise Refusal(
            f"机构 {body} 没有登记来源 {'、'.join(absent)}",
            todo=f"在 deployments/agencies/{body}.toml 增加 [sources.<来源>] 各节",
        )
    for source in library.sources.values():
        require_present(source, agency, year=asked, settings=settings)
    return Run(
        settings=settings,
        agency=agency,
        agency_text=agency_text,
        wording_text=template.read_text(encoding="utf-8"),
        library=library,
        year=asked,
        store=Store.open(settings.home / "store", settings.store_address()),
        target=(out or settings.out) / agency.code / str(asked),
        started_at=now(),
    )


def facts(run: Run, material: Material) -> RunFacts:
    """What the auditor's pages tell about the run; nothing that differs between two runs on the same material."""
    return RunFacts(
        run_key=run.key(material),
        code_version=code_version(),
        versions=library_versions(),
        sources=tuple(
            SourceFacts(
                code=source.code,
                name=source.name,
                kind=source.kind,
                owner=source.owner,
                received=tuple(
                    ReceivedFile(*item)
                    for item in dict.fromkeys(
                        snapshot.received
                        for snapshot in (*material.report, *material.base)
                        if snapshot.extract.source == source.code and snapshot.received
                    )
                ),
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
            )
            for role, items in (("report", material.report), ("base", material.base))
            for item in items
        ),
        sql={name: text for name, text in run.library.texts.items() if name.endswith(".sql")},
    )


def record(
    run: Run,
    material: Material,
    *,
    figures: Figures,
    verdicts: tuple[Verdict, ...],
    outputs: Mapping[str, bytes],
    published: bool,
) -> RunRecord:
    """Put every file of the run into the blob folder and describe the run for the one transaction that names them."""
    return RunRecord(
        key=run.key(material),
        body=run.agency.code,
        year=run.year.year,
        state="finished" if published else "blocked",
        started_at=run.started_at,
        finished_at=now(),
        code_version=code_version(),
        operator=run.settings.who(),
        versions=library_versions(),
        blobs=(*_text_blobs(run), *_snapshot_blobs(material), *_output_blobs(run.blobs, outputs)),
        steps=tuple(run.steps.records),
        figures=tuple(
            FigureRecord(
                code=figure.code,
                value=plain(figure.value),
                unit=figure.unit.value,
                sql_digest=figure.sql_digest,
                row_count=figure.row_count,
                snapshot_digests=figure.snapshots,
                base_value=None if figure.base is None else plain(figure.base),
            )
            for figure in figures.values()
        ),
        verdicts=tuple(_verdict_record(verdict) for verdict in verdicts),
        target=str(run.target) if published else None,
    )


def _verdict_record(verdict: Verdict) -> VerdictRecord:
    return VerdictRecord(
        code=verdict.code,
        source=verdict.source,
        severity=verdict.severity.value,
        status=verdict.status.value,
        evaluated=verdict.evaluated,
        failed=verdict.failed,
        place=verdict.place,
        expected=verdict.expected,
        found=verdict.found,
        difference=verdict.difference,
    )


def _text_blobs(run: Run) -> list[BlobRef]:
    texts = {
        **run.library.texts,
        run.wording_name: run.wording_text,
        f"deployments/agencies/{run.agency.code}.toml": run.agency_text,
    }
    roles = {"sql": "sql", "expectations": "rule", "deployments": "template"}
    return [
        BlobRef(roles[name.split("/")[0]], name, run.blobs.put_bytes(text.encode()), "text/plain; charset=utf-8")
        for name, text in sorted(texts.items())
    ]


def _snapshot_blobs(material: Material) -> list[BlobRef]:
    blobs = []
    for role, items in (("report", material.report), ("base", material.base)):
        for item in items:
            name = f"{role}/{item.extract.code}.parquet"
            blobs.append(
                BlobRef("snapshot", name, item.digest, "application/vnd.apache.parquet", private=item.extract.personal)
            )
            if item.received:
                file, _, digest = item.received
                blobs.append(BlobRef("input", f"{role}/{file}", digest, media_type(file), private=True))
    return list({(blob.role, blob.name): blob for blob in blobs}.values())


def _output_blobs(blobs: Blobs, outputs: Mapping[str, bytes]) -> list[BlobRef]:
    return [BlobRef("output", name, blobs.put_bytes(data), media_type(name)) for name, data in sorted(outputs.items())]
