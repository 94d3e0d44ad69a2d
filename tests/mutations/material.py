"""The clean body: sources built and read once, its figures and its report, and its rows in reach of the families."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import duckdb
import pyarrow as pa

from tasks import run as runs
from tasks.aggregate import count_figures
from tasks.demo import build
from tasks.extract import Material, extract_source
from tasks.last_year import LastYear
from tasks.run import Run
from tasks.settings import Settings
from tasks.sources.contract import Intake
from tasks.sources.snapshot import Snapshot, write_parquet
from tasks.verdicts import judge_figures, judge_sources, proofread
from tasks.wording import body_of, facts_of
from yearbook.figure import Figures
from yearbook.report.draft import draft
from yearbook.report.model import Report
from yearbook.verdict import Severity, Status, Verdict

PROJECT = Path(__file__).parents[2]
YEAR = 2023
# A demonstration's report is late on any day; on this one its waivers hold.
DAY = date(2026, 11, 23)

Finding = tuple[str, str]


def findings(verdicts: Iterable[Verdict]) -> list[Finding]:
    """Rule and place of every failed verdict that somebody has to act on, in order."""
    return [
        (verdict.code, verdict.place)
        for verdict in verdicts
        if verdict.status is Status.FAILED and verdict.severity is not Severity.INFORMATION
    ]


def compose(run: Run, figures: Figures, verdicts: tuple[Verdict, ...]) -> Report:
    """The report in the office's wording, as the step of a run writes it."""
    return draft(
        run.wording_text,
        name=run.wording_name,
        body=body_of(run.agency),
        facts=facts_of(run.agency, run.library, run.year.year),
        figures=figures,
        verdicts=verdicts,
    )


def prepared(home: Path, body: str, *, built: bool = False) -> Run:
    """A run of a demonstration body whose sources are built in a folder of its own, unless they stand there."""
    if not built:
        plan = (PROJECT / "deployments" / "demo" / f"{body}.toml").read_text(encoding="utf-8")
        build(plan, home / "demo" / body)
    run = runs.prepare(Settings(project=PROJECT, home=home, out=home / "out"), body, YEAR, None)
    return replace(run, late=True, day=DAY)


def extracted(run: Run) -> Material:
    """Every extract of both years."""
    parts = [
        extract_source(source, run.agency, run.library, year=run.year, blobs=run.blobs, settings=run.settings)
        for source in run.library.sources.values()
    ]
    return Material(
        report=tuple(item for part in parts for item in part.report),
        base=tuple(item for part in parts for item in part.base),
    )


def room(folder: Path) -> Path:
    """A fresh scratch folder."""
    rooms = folder / "rooms"
    rooms.mkdir(parents=True, exist_ok=True)
    made = rooms / str(len(list(rooms.iterdir())))
    made.mkdir()
    return made


@dataclass(frozen=True)
class Clean:
    """The clean material of one body.

    Attributes:
        folder: Scratch folder.
        run: What a run is given.
        material: Its snapshots.
    """

    folder: Path
    run: Run
    material: Material

    @classmethod
    def of(cls, folder: Path, body: str) -> "Clean":
        """Build, read and hold a demonstration body."""
        run = prepared(folder / "home", body)
        material = extracted(run)
        first = cls(folder, run, material).figures
        published = {code: figure.base for code, figure in first.items() if figure.base is not None}
        # as if last year's report had been published from the same sources
        before = LastYear(edition=1, key="clean", values=published)
        return cls(folder, replace(run, last_year=before), material)

    @cached_property
    def source_verdicts(self) -> tuple[Verdict, ...]:
        """Answers of the rules on sources."""
        return judge_sources(self.run, self.material, room(self.folder))

    @cached_property
    def figures(self) -> Figures:
        """Every figure."""
        return count_figures(
            self.material,
            self.run.library,
            year=self.run.year,
            body_name=self.run.agency.name,
            folder=room(self.folder),
        )

    @cached_property
    def report(self) -> Report:
        """The report with every rule's answer."""
        verdicts = (*self.source_verdicts, *judge_figures(self.run, self.figures))
        return proofread(self.run, compose(self.run, self.figures, verdicts))

    @cached_property
    def findings(self) -> frozenset[Finding]:
        """What the clean material already has to say; a fault has to add to it."""
        return frozenset(findings(self.report.verdicts))

    @cached_property
    def rows(self) -> "Rows":
        """The rows, to be changed."""
        return Rows(self)

    def snapshot(self, extract: str, *, base: bool = False) -> Snapshot:
        """The clean snapshot of an extract."""
        items = self.material.base if base else self.material.report
        return next(item for item in items if item.extract.code == extract)

    def both_years(self, extract: str) -> bool:
        """True where one snapshot answers for both years, as a register as it stands does."""
        return self.snapshot(extract).digest == self.snapshot(extract, base=True).digest


class Rows:
    """Clean rows in memory, and snapshots of what a statement makes of them."""

    def __init__(self, clean: Clean) -> None:
        self._clean = clean
        self._engine = duckdb.connect()
        for item in clean.material.report:
            code = item.extract.code
            order = ", ".join(item.extract.key)
            for name, path in (("rows", item.path), ("before", clean.snapshot(code, base=True).path)):
                self._engine.execute(
                    f"create table {code}_{name} as select *, row_number() over (order by {order}) as n "
                    f"from read_parquet('{path}')"
                )

    def snapshot(self, extract: str, sql: str, *, base: bool) -> Snapshot:
        """The snapshot of what a statement makes of the rows, by the contract of the extract.

        Raises:
            Refusal: The rows do not fit the contract.
        """
        old = self._clean.snapshot(extract, base=base)
        for name in ("rows", "before"):
            own = "before" if base else name
            self._engine.execute(f"create or replace view {name} as select * from {extract}_{own}")
        names = ", ".join(column.name for column in old.extract.columns)
        table: pa.Table = self._engine.sql(f"select {names} from ({sql})").arrow().read_all()
        intake = Intake(old.extract, "Asia/Shanghai", f"提取 {extract}")
        batch = intake.batch([column.combine_chunks() for column in table.columns])
        digest = write_parquet(old.extract, intake.schema, [batch], self._clean.run.blobs)
        return replace(old, digest=digest, path=self._clean.run.blobs.path(digest), row_count=intake.row_count)

    def values(self, extract: str, column: str) -> list[str]:
        """The different values of a column, the commonest first."""
        asked = f"select {column} from {extract}_rows where {column} is not null group by 1 order by count(*) desc, 1"
        return [value for (value,) in self._engine.sql(asked).fetchall()]
