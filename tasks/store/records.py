"""What one run leaves behind, as plain values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

State = Literal["finished", "blocked"]

_EXACT = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class BlobRef:
    """A blob and the part it played in a run.

    Attributes:
        role: ``input``, ``snapshot``, ``material``, ``probe``, ``sql``, ``rule``, ``template``, ``output`` and so on.
        name: Unique within the role, for example the published file name.
        digest: The blob.
        media_type: Media type of the contents.
        private: True when the contents hold personal fields.
    """

    role: str
    name: str
    digest: str
    media_type: str = "application/octet-stream"
    private: bool = False


@dataclass(frozen=True, slots=True)
class StepRecord:
    """How long one step took, how much it handled, and how many findings came of it; None where it handles none."""

    name: str
    seconds: float
    row_count: int | None = None
    peak_memory_mb: int | None = None
    findings: int | None = None


@dataclass(frozen=True, slots=True)
class FigureRecord:
    """One number, the query that gave it and the snapshots it was counted from.

    Attributes:
        code: Identifier of the figure in the report.
        value: Exact decimal text, never a binary fraction.
        unit: Unit as printed.
        sql_digest: Blob with the text of the query; must be among the run's blobs.
        row_count: Rows the figure rests on.
        snapshot_digests: Snapshot blobs; must be among the run's blobs.
        base_value: Exact decimal text of the year before, or None.
    """

    code: str
    value: str
    unit: str
    sql_digest: str
    row_count: int
    snapshot_digests: tuple[str, ...]
    base_value: str | None = None

    def __post_init__(self) -> None:
        """Refuse anything but plain decimal text.

        Raises:
            ValueError: A value such as ``1e3``, ``nan`` or ``1,000``.
        """
        for text in (self.value, self.base_value):
            if text is not None and not _EXACT.fullmatch(text):
                raise ValueError(f"figure {self.code}: not an exact decimal text")


@dataclass(frozen=True, slots=True)
class VerdictRecord:
    """The result of one rule."""

    code: str
    source: str
    severity: str
    status: str
    evaluated: int
    failed: int
    place: str
    expected: str | None = None
    found: str | None = None
    difference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRecord:
    """What a verdict that is no pass says besides its numbers.

    Attributes:
        position: Position of the verdict in the run, from 1.
        fingerprint: SHA-256 over body, year, rule and place; the same in every run.
        value: SHA-256 over what the rule found there.
        base: True where the base year's rows were judged.
        extract: Extract whose rows were judged; empty for rules between figures.
        category: Who stands behind the rule.
        say: The rule in words, as they were in that run.
        say_en: The same in English.
        do: What to do.
        owner: Who does it.
        detail: What else there is to say.
        figures: Codes of the figures the rule guards.
        rows: References of failing rows.
        impact: One mapping per figure that would move without them, by the names of ``yearbook.verdict.Impact``.
    """

    position: int
    fingerprint: str
    value: str
    base: bool
    extract: str
    category: str
    say: str
    say_en: str
    do: str
    owner: str
    detail: str
    figures: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    impact: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person had corrected.

    Attributes:
        edition: Number of the edition that corrects.
        corrects: Number of the edition that is corrected.
        reason: Why, as it is printed in the report.
    """

    edition: int
    corrects: int
    reason: str


@dataclass(frozen=True, slots=True)
class RunRecord:
    """Everything one transaction writes about a run.

    Attributes:
        key: SHA-256 of parameters, inputs, code and rules.
        body: Code of the public body.
        year: Reporting year.
        state: ``finished`` or ``blocked``.
        started_at: Aware instant.
        finished_at: Aware instant.
        code_version: Version of this software.
        operator: Who ran it.
        versions: Versions of the libraries that took part.
        blobs: Files of the run.
        steps: Steps in order.
        figures: Figures of the report.
        verdicts: Verdicts in order.
        findings: One for every verdict that is no pass.
        target: Where the outputs will be published once approved, or None for a run that is not to be published.
        compared_with: Number of the edition the outputs speak of as the one before, or None for none.
        correction: What the run corrects, and why; it is written with the edition and never without one.
        attempt: The attempt that made the run; it must still hold the lease.
    """

    key: str
    body: str
    year: int
    state: State
    started_at: datetime
    finished_at: datetime
    code_version: str
    operator: str
    versions: Mapping[str, str] = field(default_factory=dict)
    blobs: tuple[BlobRef, ...] = ()
    steps: tuple[StepRecord, ...] = ()
    figures: tuple[FigureRecord, ...] = ()
    verdicts: tuple[VerdictRecord, ...] = ()
    findings: tuple[FindingRecord, ...] = ()
    target: str | None = None
    compared_with: int | None = None
    correction: Correction | None = None
    attempt: int | None = None

    def __post_init__(self) -> None:
        """Refuse a record that would break the chain from a figure to its files.

        Raises:
            ValueError: A blocked run with a target, a naive instant, a figure that cites an unknown blob, or findings
                that are not those of the verdicts.
        """
        if self.target is not None and self.state != "finished":
            raise ValueError("only a finished run can be published")
        if self.started_at.tzinfo is None or self.finished_at.tzinfo is None:
            raise ValueError("instants must carry a time zone")
        named = {blob.digest for blob in self.blobs}
        for figure in self.figures:
            if not named.issuperset((figure.sql_digest, *figure.snapshot_digests)):
                raise ValueError(f"figure {figure.code} cites a file the run does not name")
        failing = [n for n, verdict in enumerate(self.verdicts, 1) if verdict.status != "passed"]
        if failing != [finding.position for finding in self.findings]:
            raise ValueError("every verdict that is no pass has its finding, in the same order")

    def outputs(self) -> dict[str, str]:
        """Return the published files: name to digest."""
        return {blob.name: blob.digest for blob in self.blobs if blob.role == "output"}


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as it was recorded."""

    id: int
    key: str
    body: str
    year: int
    state: State
    started_at: datetime
    finished_at: datetime
    code_version: str
    operator: str
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Publication:
    """An edition of a report and the key of the run that made it."""

    body: str
    year: int
    edition: int
    run_id: int
    target: str
    key: str
