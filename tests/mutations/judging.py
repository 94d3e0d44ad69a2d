"""The short way: what one fault can change goes through the program's own steps, the rest stays as it was.

Rules on sources look at one extract, so the faults of a round, one per extract, are judged in one call. Figures are
counted for the indicators that read what changed; tie-outs and rules on the document are asked of everything.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tasks.aggregate import count_figures
from tasks.extract import Material
from tasks.library import Library
from tasks.quality.failing import row_key
from tasks.quality.judge import validate
from tasks.sources.snapshot import Snapshot
from tasks.verdicts import BASE_LABEL, judge_figures, proofread
from tests.mutations.fault import Fault, Outcome
from tests.mutations.material import Clean, Finding, compose, findings, room
from yearbook.errors import Refusal
from yearbook.figure import Figure, Figures
from yearbook.report.model import Block, Report, StatutoryTable
from yearbook.report.proof import document_of
from yearbook.ties import Cells, cells_of, judge
from yearbook.ties.document import judge_document
from yearbook.ties.passages import Document
from yearbook.verdict import Verdict

REFUSED = "拒绝"
ENTRY = re.compile(r"(?m)^(?=\[(\w+)\]$)")


@dataclass(frozen=True)
class Change:
    """What a fault leaves in the hands of the gate.

    Attributes:
        fault: The fault.
        library: The catalogue.
        report: Changed snapshots of the report year.
        base: Changed snapshots of the base year.
        reread: Extracts whose rules and figures are asked again although their rows are the same.
    """

    fault: Fault
    library: Library
    report: tuple[Snapshot, ...] = ()
    base: tuple[Snapshot, ...] = ()
    reread: frozenset[str] = frozenset()

    @cached_property
    def extracts(self) -> frozenset[str]:
        """Codes of everything that has to be asked again."""
        return self.reread | {item.extract.code for item in (*self.report, *self.base)}


def refused(fault: Fault) -> Outcome:
    """A fault that a refusal stopped."""
    return Outcome(fault, (REFUSED,), blocked=True, moved=True)


class Gate:
    """The clean material of one body, and what its rules say to changes of it."""

    def __init__(self, clean: Clean) -> None:
        self.clean = clean
        self._key = row_key(clean.folder, "mutations")

    def judge(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """The outcome of each change, in order."""
        on_sources: dict[int, tuple[Verdict, ...] | None] = {}
        for group in _rounds(changes):
            on_sources |= self._on_sources({number: changes[number] for number in group})
        for number, change in enumerate(changes):
            verdicts = on_sources[number]
            yield refused(change.fault) if verdicts is None else self._after_sources(change, verdicts)

    def material(self, change: Change) -> Material:
        """All snapshots as the fault leaves them."""
        changed = {False: _by_code(change.report), True: _by_code(change.base)}
        clean = self.clean.material
        return Material(
            report=tuple(changed[False].get(item.extract.code, item) for item in clean.report),
            base=tuple(changed[True].get(item.extract.code, item) for item in clean.base),
        )

    def _on_sources(self, changes: Mapping[int, Change]) -> dict[int, tuple[Verdict, ...] | None]:
        """Verdicts by number; None where a rule could not be asked. Together, or one by one after a refusal."""
        try:
            verdicts = self._validated(list(changes.values()))
        except Refusal:
            if len(changes) == 1:
                return dict.fromkeys(changes)
            single = (self._on_sources({number: change}) for number, change in changes.items())
            return {number: found for one in single for number, found in one.items()}
        return {n: tuple(v for v in verdicts if v.extract in change.extracts) for n, change in changes.items()}

    def _validated(self, changes: Sequence[Change]) -> tuple[Verdict, ...]:
        """Both years' rules on the extracts of the changes, none of which shares an extract with another."""
        extracts = frozenset[str]().union(*(change.extracts for change in changes))
        materials = [self.material(change) for change in changes]
        mine = [
            (item, base)
            for change, material in zip(changes, materials, strict=True)
            for base, items in ((False, material.report), (True, material.base_alone))
            for item in items
            if item.extract.code in change.extracts and self._asked(change, item, base=base)
        ]
        rows = {
            item.extract.code: item.row_count
            for change, material in zip(changes, materials, strict=True)
            for item in material.base_alone
            if item.extract.code in change.extracts
        }
        assert extracts
        library = changes[0].library
        verdicts: list[Verdict] = []
        for base, label in ((False, ""), (True, BASE_LABEL)):
            verdicts += validate(
                [item for item, of_base in mine if of_base is base],
                library.rules,
                library.codes,
                sources=library.sources,
                folder=room(self.clean.folder),
                label=label,
                base=base,
                base_rows={} if base else rows,
                key=self._key,
            )
        return tuple(verdicts)

    def _asked(self, change: Change, item: Snapshot, *, base: bool) -> bool:
        """True where an answer can differ: the rows changed, or the list did, or last year's number of rows did."""
        return not base or item.extract.code in change.reread or item in change.base

    def _after_sources(self, change: Change, on_sources: tuple[Verdict, ...]) -> Outcome:
        caught = self._new(on_sources)
        if any(verdict.blocks for verdict in on_sources):
            return Outcome(change.fault, _codes(caught), blocked=True, moved=True)
        try:
            figures = self.figures(change)
            ties = judge_figures(self.clean.run, figures)
            moved = _moved(figures, self.clean.figures)
            caught += self._new(ties)
            if any(verdict.blocks for verdict in ties) or not moved:
                return Outcome(change.fault, _codes(caught), any(v.blocks for v in ties), moved)
            document = proofread(self.clean.run, compose(self.clean.run, figures, ()))
        except Refusal:
            return Outcome(change.fault, (*_codes(caught), REFUSED), blocked=True, moved=True)
        caught += self._new(document.verdicts)
        return Outcome(change.fault, _codes(caught), any(v.blocks for v in document.verdicts), moved)

    def typed(self, fault: Fault, cells: Mapping[str, str]) -> Outcome:
        """The outcome of numbers typed over in the tables: what any reader could tell first, then what only we know.

        Args:
            fault: The fault.
            cells: The typed numbers by figure code; empty text is a blank.
        """
        run, report = self.clean.run, self.clean.report
        sections = tuple(replace(s, blocks=tuple(_typed(block, cells) for block in s.blocks)) for s in report.sections)
        edited = replace(report, sections=sections, verdicts=())
        document = document_of(edited)
        read = _as_printed(cells_of(report.figures, run.last_year.values), document)
        year, properties = run.year.year, run.agency.properties
        verdicts = judge(run.library.ties, read, year=year, properties=properties)
        verdicts += judge_document(run.library.ties, document, read, year=year, properties=properties)
        verdicts += proofread(run, edited).verdicts
        blocked = any(verdict.blocks for verdict in verdicts)
        return Outcome(fault, _codes(self._new(verdicts)), blocked, moved=True)

    def proofread(self, fault: Fault, report: Report) -> Outcome:
        """The outcome of an edited report."""
        verdicts = proofread(self.clean.run, replace(report, verdicts=())).verdicts
        return Outcome(fault, _codes(self._new(verdicts)), any(v.blocks for v in verdicts), moved=True)

    def figures(self, change: Change) -> Figures:
        """All figures; those that read nothing of what changed stay as they were."""
        library = reading(change.library, change.extracts)
        material = self.material(change)
        needed = {extract for indicator in library.indicators.values() for extract in indicator.extracts}
        same_base = not change.base and not change.reread
        counted = count_figures(
            Material(
                report=tuple(item for item in material.report if item.extract.code in needed),
                base=() if same_base else tuple(item for item in material.base if item.extract.code in needed),
            ),
            library,
            year=self.clean.run.year,
            body_name=self.clean.run.agency.name,
            folder=room(self.clean.folder),
        )
        return Figures(self._merged(figure, counted, same_base=same_base) for figure in self.clean.figures.values())

    def _merged(self, old: Figure, counted: Figures, *, same_base: bool) -> Figure:
        if old.code not in counted:
            return old
        new = counted[old.code]
        return replace(new, base=old.base, base_row_count=old.base_row_count) if same_base else new

    def _new(self, verdicts: Iterable[Verdict]) -> list[Finding]:
        return [found for found in findings(verdicts) if found not in self.clean.findings]


def _typed(block: Block, cells: Mapping[str, str]) -> Block:
    if not isinstance(block, StatutoryTable):
        return block
    return replace(block, printed={code: cells.get(code, text) for code, text in block.printed.items()})


def _as_printed(exact: Cells, document: Document) -> Cells:
    """The cells as somebody else's report would give them: by what the tables print."""
    cells = dict(exact)
    for mention in document.printed:
        cell = cells.pop(mention.code)
        if mention.interval is not None:
            cells[mention.code] = replace(cell, value=mention.interval)
    return Cells(cells.values(), exact.known)


def reading(library: Library, extracts: Iterable[str]) -> Library:
    """The catalogue with those indicators that read one of the extracts, and the code lists they use."""
    wanted = {code for code, one in library.indicators.items() if set(extracts).intersection(one.extracts)}
    parts = ENTRY.split(library.text("sql/indicators.toml"))
    kept = "".join(_entries(parts, wanted))
    asked = "".join(library.indicator_sql(library.indicators[code]) for code in wanted)
    texts = {
        name: text
        for name, text in library.texts.items()
        if not name.startswith("sql/codes/") or re.search(rf"\bcode_{name[10:-4]}\b", asked)
    }
    return Library({**texts, "sql/indicators.toml": kept})


def _entries(parts: Sequence[str], wanted: Iterable[str]) -> Iterator[str]:
    """Text of the wanted entries; what the pattern found stands between the texts."""
    known = set(wanted)
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        if name in known:
            yield text


def _rounds(changes: Sequence[Change]) -> list[list[int]]:
    """Numbers of changes that can be judged together: no extract twice, one catalogue."""
    rounds: list[list[int]] = []
    for number, change in enumerate(changes):
        fitting = (members for members in rounds if all(_together(change, changes[other]) for other in members))
        found = next(fitting, None)
        if found is None:
            rounds.append([number])
        else:
            found.append(number)
    return rounds


def _together(one: Change, other: Change) -> bool:
    return one.library is other.library and not one.extracts & other.extracts


def _by_code(items: Iterable[Snapshot]) -> dict[str, Snapshot]:
    return {item.extract.code: item for item in items}


def _codes(found: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code, _ in found))


def _moved(figures: Figures, clean: Figures) -> bool:
    return any((figure.value, figure.base) != (clean[code].value, clean[code].base) for code, figure in figures.items())
