"""Every family, and each fault's way from what it changes to its outcome."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from tasks.demo import build
from tasks.extract import handed_files, require_distinct
from tasks.library import Library
from tasks.sources.database.readers.base import Answer, Question, Reader
from tasks.sources.database.view import Asked, extract_query, one_view, open_source, probe_source
from tasks.sources.handed_over import extract_files
from tasks.sources.letters import Letters
from tasks.sources.snapshot import Snapshot
from tests.mutations import code_lists, exports, figures, on_the_way, rows_cells, rows_missing, rows_values, texts
from tests.mutations.changes import Change
from tests.mutations.fault import (
    CellsTyped,
    Fault,
    FileChanged,
    ListChanged,
    LostOnTheWay,
    Outcome,
    RowsChanged,
    TextEdited,
)
from tests.mutations.judging import Gate, refused
from tests.mutations.material import PROJECT, Clean, extracted, prepared, room
from yearbook.errors import Refusal

BODY = "yunlu"
# Sections of the plan whose counts are made small, so that reading a file takes no time.
SMALL = re.compile(r"(?ms)^\[years\.\d+\.(?:published_items|applications_\w+|cases|\w+_fees)\]\n.*?(?=^\[|^#|\Z)")
SHRUNK = 10


@dataclass(frozen=True)
class _Losing:
    """A reader that spoils the batches of another one."""

    reader: Reader
    act: LostOnTheWay

    @property
    def name(self) -> str:
        return self.reader.name

    @property
    def shares(self) -> bool:
        return self.reader.shares

    def answer(self, question: Question, _batch_rows: int) -> Answer:
        answer = self.reader.answer(question, on_the_way.BATCH_ROWS)
        batches = (self.act.spoil(n, [list(c) for c in batch]) for n, batch in enumerate(answer.batches))
        return Answer(answer.names, (batch for batch in batches if batch))

    def close(self) -> None:
        self.reader.close()


class Trial:
    """The clean body, the small one for files, and every fault tried on them."""

    def __init__(self, folder: Path) -> None:
        """Build and read the bodies.

        Args:
            folder: Scratch folder.
        """
        self.folder = folder
        self.clean = Clean.of(folder / BODY, BODY)
        self.gate = Gate(self.clean)

    @cached_property
    def small(self) -> Clean:
        """The same body with short files."""
        home = self.folder / "small" / "home"
        plan = (PROJECT / "deployments" / "demo" / f"{BODY}.toml").read_text(encoding="utf-8")
        build(SMALL.sub(_shrunk, plan), home / "demo" / BODY)
        run = prepared(home, BODY, built=True)
        return Clean(self.folder / "small", run, extracted(run))

    @property
    def alarms(self) -> int:
        """Findings on the clean bodies."""
        return len(self.clean.findings) + len(self.small.findings)

    def faults(self) -> list[Fault]:
        """Every seeded fault, in the same order each time."""
        clean = self.clean
        found = [
            *rows_missing.faults(clean.rows),
            *rows_cells.faults(clean.rows),
            *rows_values.faults(),
            *code_lists.faults(clean),
            *on_the_way.faults(),
            *exports.faults(),
            *figures.faults(clean),
            *texts.faults(clean),
        ]
        assert len({fault.name for fault in found}) == len(found)
        return found

    def outcomes(self) -> list[Outcome]:
        """What became of every fault, in order."""
        found: dict[str, Outcome] = {}
        for gate, changes in self._changes(found).items():
            found |= {outcome.fault.name: outcome for outcome in gate.judge(changes)}
        return [found[fault.name] for fault in self.faults()]

    def _changes(self, found: dict[str, Outcome]) -> dict[Gate, list[Change]]:
        """What has to be judged, by the body it is judged on; outcomes that are known already go to ``found``."""
        gates = {True: Gate(self.small), False: self.gate}
        waiting: dict[Gate, list[Change]] = {gate: [] for gate in gates.values()}
        for fault in self.faults():
            try:
                after = self.change(fault)
            except Refusal:
                after = refused(fault)
            if isinstance(after, Outcome):
                found[fault.name] = after
            else:
                waiting[gates[isinstance(fault.act, FileChanged)]].append(after)
        return waiting

    def change(self, fault: Fault) -> Change | Outcome:
        """What a fault leaves to be judged; of a fault in the report itself, its outcome.

        Raises:
            Refusal: Nothing is left, the fault was refused.
        """
        library = self.clean.run.library
        match fault.act:
            case RowsChanged(extract, sql, base):
                item = self.clean.rows.snapshot(extract, sql, base=base)
                return self._rows(fault, item, base=base)
            case LostOnTheWay() as act:
                return self._rows(fault, self._read_losing(act), base=False)
            case ListChanged(name, edit):
                file = f"sql/codes/{name}.csv"
                wrong = replace(library, texts={**library.texts, file: edit(library.texts[file])})
                wrong.require_coherent()
                return Change(fault, wrong, reread=frozenset(_users(library, name)), codes=name)
            case FileChanged() as act:
                return Change(fault, library, report=self._read_files(act))
            case CellsTyped(cells):
                return self.gate.typed(fault, cells)
            case TextEdited(edit):
                return self.gate.proofread(fault, edit(self.clean.report))

    def _rows(self, fault: Fault, item: Snapshot, *, base: bool) -> Change:
        both = self.clean.both_years(item.extract.code)
        library = self.clean.run.library
        return Change(fault, library, report=() if base else (item,), base=(item,) if base or both else ())

    def _read_losing(self, act: LostOnTheWay) -> Snapshot:
        run = self.clean.run
        old = self.clean.snapshot(act.extract)
        source = run.library.sources[old.extract.source]
        url = run.agency.sources[source.code].url.replace("{home}", str(run.settings.home))
        probed = Asked(f"sql/{source.code}/probe.sql", run.library.probe_sql(source), run.year)
        file = f"sql/{source.code}/extract/{act.extract}.sql"
        asked = Asked(file, run.library.extract_sql(old.extract), run.year)
        with one_view(open_source(url, source), source, (asked,), probed=(probed,)) as view:
            probe = probe_source(view, probed)[act.extract]
            losing = replace(view, reader=_Losing(view.reader, act))
            return extract_query(losing, old.extract, asked, blobs=run.blobs, probe=probe)

    def _read_files(self, act: FileChanged) -> tuple[Snapshot, ...]:
        run = self.small.run
        home = room(self.folder)
        copies = home / "demo" / BODY
        copies.mkdir(parents=True)
        source = run.library.sources[act.source]
        for path in (run.settings.home / "demo" / BODY).iterdir():
            if path.suffix in {".csv", ".xlsx"}:
                shutil.copy(path, copies / path.name)
        act.spoil(copies)
        settings = run.settings.model_copy(update={"home": home})
        require_distinct(run.library.sources.values(), run.agency, year=run.year, settings=settings)
        return tuple(
            extract_files(
                handed_files(run.agency.sources[source.code], run.year, settings),
                source,
                year=run.year,
                agreements=run.library.agreements(source.code, run.year.year),
                blobs=run.blobs,
                letters=Letters(home / "letters", run.agency.name),
            )
        )


def _users(library: Library, name: str) -> Iterator[str]:
    """Extracts whose rules or figures a code list decides."""
    for rule in library.rules:
        if rule.codes == name:
            yield rule.extract
    for indicator in library.indicators.values():
        if re.search(rf"\bcode_{name}\b", library.indicator_sql(indicator)):
            yield from indicator.extracts


def _shrunk(section: re.Match[str]) -> str:
    """Counts and amounts of a section of the plan, a tenth of what they were and never none."""

    def small(number: re.Match[str]) -> str:
        text = number.group(1)
        less = Decimal(text) / SHRUNK
        return f"= {max(1, int(less))}" if "." not in text else f'= "{less:.2f}"'

    return re.sub(r'= +"?([\d.]+)"?', small, section.group())
