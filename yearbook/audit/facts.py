"""What a run page is told about its run. Counts, names and digests; never a row, a clock time or a place on a disk."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


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
    """

    source: str
    extract: str
    year: int
    role: Literal["report", "base"]
    rows: int
    digest: str
    normalised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run.

    Attributes:
        run_key: Digest of everything that went into the run.
        code_version: Version of this program.
        versions: Library name → version.
        sources: Every source, in catalogue order.
        snapshots: Every snapshot the figures read.
        sql: Query name → text.
    """

    run_key: str
    code_version: str
    versions: Mapping[str, str]
    sources: tuple[SourceFacts, ...]
    snapshots: tuple[SnapshotFacts, ...]
    sql: Mapping[str, str]
