"""What a run leaves in the store: every file it read, wrote or went by, its figures and its verdicts."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from tasks.clock import now
from tasks.documents import media_type
from tasks.extract import Material
from tasks.run import INPUTS_NAME, Run, canonical, part_name, parts, texts
from tasks.sources.probe import Probe
from tasks.store import BlobRef, Blobs, Correction, FigureRecord, FindingRecord, RunRecord, VerdictRecord
from tasks.versions import code_version, library_versions
from tasks.words import NAME, ROLE
from yearbook.figure import Figure, Figures
from yearbook.findings import fingerprint, value_digest
from yearbook.quantity import plain
from yearbook.report.words import ReportWords, write_words
from yearbook.verdict import Verdict


def record(
    run: Run,
    material: Material,
    *,
    figures: Figures,
    verdicts: tuple[Verdict, ...],
    outputs: Mapping[str, bytes],
    published: bool,
    compared_with: int | None = None,
    words: ReportWords | None = None,
    correction: Correction | None = None,
) -> RunRecord:
    """Put every file of the run into the blob folder and describe the run for the one transaction that names them.

    Where it is published, ``compared_with`` is the edition its pages speak of as the one before, ``words`` is what its
    report says, and ``correction`` what it corrects and why.
    """
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
        blobs=(*_given_blobs(run, material), *_output_blobs(run.blobs, outputs), *_words_blobs(run.blobs, words)),
        steps=tuple(run.steps.records),
        figures=tuple(_figure_record(figure) for figure in figures.values()),
        verdicts=tuple(verdict_record(verdict) for verdict in verdicts),
        findings=finding_records(verdicts, body=run.agency.code, year=run.year.year),
        target=str(run.target) if published else None,
        compared_with=compared_with,
        correction=correction,
        attempt=run.attempt,
    )


def _figure_record(figure: Figure) -> FigureRecord:
    return FigureRecord(
        code=figure.code,
        value=plain(figure.value),
        unit=figure.unit.value,
        sql_digest=figure.sql_digest,
        row_count=figure.row_count,
        snapshot_digests=figure.snapshots,
        base_value=None if figure.base is None else plain(figure.base),
    )


def verdict_record(verdict: Verdict) -> VerdictRecord:
    """The numbers of a verdict."""
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


def finding_records(verdicts: Iterable[Verdict], *, body: str, year: int) -> tuple[FindingRecord, ...]:
    """What those verdicts of a run that are no pass say besides their numbers."""
    return tuple(
        FindingRecord(
            position=position,
            fingerprint=fingerprint(body, year, verdict),
            value=value_digest(verdict),
            base=verdict.base,
            extract=verdict.extract,
            category=verdict.category.value,
            say=verdict.say,
            say_en=verdict.say_en,
            do=verdict.do,
            owner=verdict.owner,
            detail=verdict.detail,
            figures=verdict.figures,
            rows=verdict.rows,
            impact=tuple(asdict(impact) for impact in verdict.impact),
        )
        for position, verdict in enumerate(verdicts, 1)
        if verdict.is_finding
    )


def _given_blobs(run: Run, material: Material) -> list[BlobRef]:
    given = [*_text_blobs(run), *_furnishing_blobs(run)]
    return [*given, *_snapshot_blobs(material), *_material_blobs(run, material)]


def _text_blobs(run: Run) -> list[BlobRef]:
    roles = {"wording": "template", "agency": "template"}
    return [
        BlobRef(roles.get(kind, kind), name, run.blobs.put_bytes(text.encode()), "text/plain; charset=utf-8")
        for kind, name, text in texts(run)
    ]


def _furnishing_blobs(run: Run) -> list[BlobRef]:
    """The word template; fonts may be licensed for one computer, so only their digests are kept."""
    word = run.furnishing.word
    if word is None:
        return []
    name = run.furnishing.word_name
    return [BlobRef("template", name, run.blobs.put_bytes(word), media_type(name))]


def _snapshot_blobs(material: Material) -> list[BlobRef]:
    blobs = []
    for role, item in parts(material):
        name = f"{role}/{item.extract.code}.parquet"
        blobs.append(
            BlobRef("snapshot", name, item.digest, "application/vnd.apache.parquet", private=item.extract.personal)
        )
        for file, _, digest in item.received:
            blobs.append(
                BlobRef("input", f"{role}/{item.extract.source}/{file}", digest, media_type(file), private=True)
            )
    return list({(blob.role, blob.name): blob for blob in blobs}.values())


def _material_blobs(run: Run, material: Material) -> list[BlobRef]:
    """The inputs by name, whose digest is the key of the run, and when the databases were asked."""
    documents = [("material", INPUTS_NAME, canonical(run.inputs(material)))]
    if asked := {part_name(role, item): _as_of(item.probe) for role, item in parts(material) if item.probe}:
        documents.append(("probe", "probe.json", canonical(asked)))
    return [BlobRef(role, name, run.blobs.put_bytes(data), media_type(name)) for role, name, data in documents]


def _as_of(probe: Probe) -> dict[str, str]:
    """What a database said of itself; its clock goes to the store and nowhere else."""
    return {
        "row_count": str(probe.row_count),
        "newest": probe.newest,
        "server_time": probe.server_time.isoformat(),
    }


def _words_blobs(blobs: Blobs, words: ReportWords | None) -> list[BlobRef]:
    return [] if words is None else [BlobRef(ROLE, NAME, blobs.put_bytes(write_words(words)), media_type(NAME))]


def _output_blobs(blobs: Blobs, outputs: Mapping[str, bytes]) -> list[BlobRef]:
    return [BlobRef("output", name, blobs.put_bytes(data), media_type(name)) for name, data in sorted(outputs.items())]
