"""Every fault of a wording template at once, without any source: by reading it, then by trying it on rehearsal figures.

A template that passes can be filled in with any figures of the same catalogue.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from yearbook.errors import Refusal
from yearbook.figure import Figure, Figures
from yearbook.report.draft import TABLE_MARKS, draft, knows_mark
from yearbook.report.model import Body
from yearbook.report.wording_form import form_faults
from yearbook.report.wording_functions import NO_BASE, Facts, find, functions, members_of, require_unit
from yearbook.report.wording_syntax import Call, Choice, Fault, Node, parse
from yearbook.report.wording_template import EXPRESSION, longest_first, preliminaries
from yearbook.report.wording_text import constant_faults
from yearbook.report.wording_walk import Walk

NEEDS_BASE = frozenset({"比", "上年数", "增减", "有增", "有减"})
_LINE = re.compile(r"第 (\d+) 行")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found.

    Attributes:
        faults: By line.
        figures: How many figures the template asks for by name.
        conditions: How many conditions it has.
        constants: How many texts with digits it declares.
        tried: Situations in which it was filled in.
        lines: First line that asks for a figure, by the figure's code.
    """

    faults: tuple[Fault, ...]
    figures: int = 0
    conditions: int = 0
    constants: int = 0
    tried: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """True where nothing stops the report; there may be advice."""
        return not any(fault.stops for fault in self.faults)


def check_wording(text: str, *, name: str, body: Body, facts: Facts, rehearsals: Mapping[str, Figures]) -> Checked:
    """Check a template.

    Args:
        text: The template.
        name: Its file name, for messages.
        body: Who reports.
        facts: Year, texts about the body, explanations.
        rehearsals: The whole catalogue in every situation, see ``yearbook.report.rehearsal``.
    """
    try:
        source, declared = preliminaries(text, name)
    except Refusal as error:
        return Checked((Fault(1, error.what, error.todo),))
    figures = next(iter(rehearsals.values()))
    constants = longest_first(declared)
    tree, faults = parse(source, frozenset(facts.body))
    walk = Walk(constants, _Judge(figures, facts, constants), lambda name: _explained(figures, facts, name))
    walk.read(tree)
    faults += walk.faults
    said = "\n".join(facts.explanations.values())
    faults += constant_faults(declared, EXPRESSION.sub("", source), said, facts.year)
    last_line = source.rstrip().count("\n") + 1
    faults += form_faults(
        walk.marks, tables=TABLE_MARKS, known=lambda mark: knows_mark(mark, figures, facts.year), last_line=last_line
    )
    faults += _without_base(walk.asked, rehearsals)
    if not any(fault.stops for fault in faults):
        faults += _tried(text, name, body, facts, rehearsals)
    return Checked(
        tuple(sorted(dict.fromkeys(faults), key=lambda fault: (fault.line, not fault.stops))),
        figures=len({call.name for call in walk.asked}),
        conditions=_conditions(tree),
        constants=len(declared),
        tried=tuple(rehearsals),
        lines={find(figures, call.name).code: call.line for call in reversed(walk.asked)},
    )


def require_sound(text: str, *, name: str, body: Body, facts: Facts, rehearsals: Mapping[str, Figures]) -> None:
    """Refuse a template before any source is asked.

    Raises:
        Refusal: It has a fault; tells the first and how to see all.
    """
    checked = check_wording(text, name=name, body=body, facts=facts, rehearsals=rehearsals)
    stopping = [fault for fault in checked.faults if fault.stops]
    if stopping:
        first, more = stopping[0], len(stopping) - 1
        rest = f"（另有 {more} 处，用 yearbook draft {body.code} {facts.year} --check 全部列出）" if more else ""
        raise Refusal(f"行文模板 {name} 第 {first.line} 行：{first.what}{rest}", todo=first.todo)


class _Judge:
    """Which figure a call asks for, as the report's own functions would answer."""

    def __init__(self, figures: Figures, facts: Facts, constants: tuple[str, ...]) -> None:
        self._figures = figures
        self._explain = functions(figures, facts, constants)["说明"]

    def __call__(self, call: Call) -> Figure:
        """The figure.

        Raises:
            Refusal: It is unknown, no total, of another unit, or without its explanation.
        """
        figure = find(self._figures, call.name)
        if call.unit:
            require_unit(figure, {"单位": call.unit})
        if call.function in {"分项", "主要分项"}:
            members_of(self._figures, call.name)
        if call.function == "说明" and callable(self._explain):
            self._explain(call.name)
        return figure


def _explained(figures: Figures, facts: Facts, name: str) -> bool:
    known = [figure.code for figure in figures.values() if name in {figure.code, figure.name}]
    return any(code in facts.explanations for code in known)


def _without_base(asked: list[Call], rehearsals: Mapping[str, Figures]) -> list[Fault]:
    """Advice where a change is asked of a figure that never has a base in this body's sources."""
    faults = []
    for call in asked:
        figures = [find(of, call.name) for of in rehearsals.values()]
        if call.function in NEEDS_BASE and all(figure.base is None for figure in figures):
            what = f"“{call.name}”没有上年数，{call.function}(…) 只会印出“{NO_BASE}”"
            condition = f'{{% if 有上年("{call.name}") %}}…{{% endif %}}'
            todo = f"删去它，或写成 {condition}；来源从哪年起齐全，见机构文件的 complete_from"
            faults.append(Fault(call.line, what, todo, stops=False))
    return faults


def _tried(text: str, name: str, body: Body, facts: Facts, rehearsals: Mapping[str, Figures]) -> list[Fault]:
    """The template filled in for every situation; the reading should have found everything that stops it."""
    faults = []
    for situation, figures in rehearsals.items():
        try:
            draft(text, name=name, body=body, facts=facts, figures=figures, verdicts=())
        except Refusal as error:
            found = _LINE.search(error.what)
            faults.append(Fault(int(found[1]) if found else 1, f"数字{situation}时：{error.what}", error.todo))
    return faults


def _conditions(tree: list[Node]) -> int:
    return sum(
        1 + sum(_conditions(branch.nodes) for branch in node.branches) for node in tree if isinstance(node, Choice)
    )
