"""What a run page is told about its run. Counts, names and digests; never a row, a clock time or a place on a disk."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from yearbook.report.against import AgainstLastYear
from yearbook.revision import Revision

ROLES = {"report": "报告年度", "base": "上年基数"}


class Standing(StrEnum):
    """How a run stands to the editions where there is none to compare it with."""

    FIRST = "first"
    UNPUBLISHED = "unpublished"

    @property
    def words(self) -> str:
        """The sentence on the run's page."""
        return {"first": "首版", "unpublished": "没有发布，不与已发布的版次比较"}[self.value]


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file as it was handed over.

    Attributes:
        name: File name without its folder.
        size: Bytes.
        digest: SHA-256.
    """

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A source and what came from it.

    Attributes:
        code: Source code, as in the catalogue.
        name: Its Chinese name.
        kind: Database or export, in words.
        owner: Who keeps it.
        received: Files handed over; empty for a database.
    """

    code: str
    name: str
    kind: str
    owner: str
    received: tuple[ReceivedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class SnapshotFacts:
    """One immutable extract.

    Attributes:
        source: Source code.
        extract: The extract's name, a query or a sheet.
        year: Statistical year it holds.
        role: Whether it counts for the report year or its base.
        rows: Rows in it.
        digest: SHA-256.
        normalised: What was normalised on the way in, one sentence each.
        reader: What read it, with its version; empty where nothing is known of it.
        notes: What the reader points out about the source, one sentence each.
    """

    source: str
    extract: str
    year: int
    role: Literal["report", "base"]
    rows: int
    digest: str
    normalised: tuple[str, ...] = ()
    reader: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run.

    Attributes:
        run_key: Digest of everything that went into the run.
        code_version: Version of this program.
        versions: Library name → version.
        standing: What differs from the edition before, or why there is nothing to differ from.
        sources: Every source, in catalogue order.
        snapshots: Every snapshot the figures read.
        sql: Query name → text.
        last_year: The report beside last year's; None where there is none, or where no report was written.
    """

    run_key: str
    code_version: str
    versions: Mapping[str, str]
    standing: Revision | Standing
    sources: tuple[SourceFacts, ...]
    snapshots: tuple[SnapshotFacts, ...]
    sql: Mapping[str, str]
    last_year: AgainstLastYear | None = None
