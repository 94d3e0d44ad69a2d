"""The short way: what one fault can change goes through the program's own steps, the rest stays as it was.

Rules on sources are asked of every changed extract, see ``on_sources``. Figures are counted for the indicators that
read what changed; tie-outs and rules on the document are asked of everything.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tasks.aggregate import count_figures
from tasks.extract import Material
from tasks.library import Library
from tasks.verdicts import judge_figures, judge_sources, proofread
from tests.mutations.changes import Change
from tests.mutations.fault import Fault, Outcome
from tests.mutations.material import Clean, Finding, compose, findings, room
from tests.mutations.on_sources import SourceJudge, together
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


def refused(fault: Fault) -> Outcome:
    """A fault that a refusal stopped."""
    return Outcome(fault, (REFUSED,), blocked=True, moved=True)


class Gate:
    """The clean material of one body, and what its rules say to changes of it."""

    def __init__(self, clean: Clean) -> None:
        self.clean = clean
        self._sources = SourceJudge(clean)

    def judge(self, changes: Sequence[Change]) -> Iterator[Outcome]:
        """The outcome of each change, in order."""
        verdicts: dict[int, tuple[Verdict, ...]] = {}
        for numbers in together(changes):
            verdicts |= self._sources.judge({number: changes[number] for number in numbers})
        for number, change in enumerate(changes):
            yield self._after_sources(change, verdicts[number])

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
        # printed against printed says nothing: that rule is for our own numbers, which are asked next
        seen = replace(document, printed=())
        verdicts += judge_document(run.library.ties, seen, read, year=year, properties=properties)
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
        material = change.material(self.clean)
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

    def whole_way(self, change: Change) -> Outcome:
        """The outcome by the steps of a run, nothing left out: every source, every figure, the whole report."""
        run = replace(self.clean.run, library=change.library)
        material = change.material(self.clean)
        on_sources = judge_sources(run, material, room(self.clean.folder))
        if any(verdict.blocks for verdict in on_sources):
            return Outcome(change.fault, _codes(self._new(on_sources)), blocked=True, moved=True)
        try:
            folder = room(self.clean.folder)
            figures = count_figures(material, run.library, year=run.year, body_name=run.agency.name, folder=folder)
            verdicts = (*on_sources, *judge_figures(run, figures))
            if not any(verdict.blocks for verdict in verdicts):
                verdicts = proofread(run, compose(run, figures, verdicts)).verdicts
        except Refusal:
            return Outcome(change.fault, (*_codes(self._new(on_sources)), REFUSED), blocked=True, moved=True)
        moved = _moved(figures, self.clean.figures)
        return Outcome(change.fault, _codes(self._new(verdicts)), any(v.blocks for v in verdicts), moved)

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
    return replace(library, texts={**texts, "sql/indicators.toml": kept})


def _entries(parts: Sequence[str], wanted: Iterable[str]) -> Iterator[str]:
    """Text of the wanted entries; what the pattern found stands between the texts."""
    known = set(wanted)
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        if name in known:
            yield text


def _codes(found: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code, _ in found))


def _moved(figures: Figures, clean: Figures) -> bool:
    return any((figure.value, figure.base) != (clean[code].value, clean[code].base) for code, figure in figures.items())
