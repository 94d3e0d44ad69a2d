"""A template read the way it prints, through every branch at once: what stands beside what, and which marks it sets.

Where a condition decides, all that may come before a place is kept, so that a fault inside a branch that today's
numbers do not reach is found like any other.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from yearbook.errors import Refusal
from yearbook.figure import Figure
from yearbook.report.wording_functions import PRINTING
from yearbook.report.wording_syntax import Branch, Call, Choice, Fault, Fixed, Node, Words
from yearbook.report.wording_text import faults_after, faults_before, literal_faults

TAIL = 8
SHOWN = 20
HEADING = re.compile(r"(#{1,3}) (.*)")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
MARK_STARTS = ("[", "#", "= ")


class Place(Enum):
    """Where in a line the next word stands."""

    START = "start"
    TEXT = "text"
    HEADING = "heading"
    ALONE = "alone"


class State(NamedTuple):
    """What may stand before a place: where in the line, which number right before, or which words."""

    place: Place
    last: Call | None
    tail: str


START = State(Place.START, None, "")


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that prints no paragraph: title, heading, table.

    Attributes:
        line: Line of the file.
        text: The line's own words, tags left out.
        conditional: True inside a condition.
    """

    line: int
    text: str
    conditional: bool


@dataclass(frozen=True, slots=True)
class Content:
    """Something of a section that is printed whatever the numbers are, by its line."""

    line: int


class Walk:
    """One reading of a template.

    Attributes:
        faults: What was found.
        marks: Titles, headings and tables in order, and what is printed between them in any case.
        asked: Every function that was met with a figure it knows.
    """

    def __init__(
        self, constants: tuple[str, ...], judge: Callable[[Call], Figure | None], explained: Callable[[str], bool]
    ) -> None:
        """Start a reading.

        Args:
            constants: Declared texts, the longest first.
            judge: The figure a call asks for; None where it has none, which raises a Refusal that says why.
            explained: True for the name of a figure whose explanation is registered.
        """
        self.faults: list[Fault] = []
        self.marks: list[Mark | Content] = []
        self.asked: list[Call] = []
        self._constants = constants
        self._judge = judge
        self._explained = explained
        self._depth = 0

    def read(self, tree: Iterable[Node]) -> None:
        """Read a whole template."""
        self._nodes(tree, frozenset({START}))

    def _nodes(self, tree: Iterable[Node], states: frozenset[State]) -> frozenset[State]:
        for node in tree:
            if isinstance(node, Words):
                states = self._words(node, states)
            elif isinstance(node, Choice):
                states = self._choice(node, states)
            else:
                states = self._printed(node, states)
        return states

    def _words(self, words: Words, states: frozenset[State]) -> frozenset[State]:
        lines = words.text.split("\n")
        for offset, text in enumerate(lines):
            ended = offset < len(lines) - 1
            states = self._line(words.line + offset, text, states, ended=ended)
            if ended:
                states = frozenset({START})
        return states

    def _line(self, line: int, text: str, states: frozenset[State], *, ended: bool) -> frozenset[State]:
        """The words of one line, or of a part of it."""
        if found := CONTROL.search(text):
            self._fault(line, f"有看不见的控制字符（U+{ord(found[0]):04X}）", "删去从别处粘贴来的特殊字符")
        bare = text.strip()
        if not bare:
            return states
        if any(state.place is Place.ALONE for state in states):
            self._fault(line, "标记后面还有文字", "标记要单独成行")
        is_mark = text.lstrip().startswith(MARK_STARTS) and any(state.place is Place.START for state in states)
        place = self._mark(line, text.strip() if ended else text.lstrip(), states, ended=ended) if is_mark else None
        if place is None and not self._depth:
            self.marks.append(Content(line))
        if place is not Place.ALONE:
            self.faults += literal_faults(line, text, self._constants)
        for state in states:
            if state.last is not None and (figure := self._figure(state.last)):
                self.faults += faults_after(state.last, line, text, figure)
        after = {place} if place else {Place.TEXT if s.place is Place.START else s.place for s in states}
        return frozenset(State(where, None, text[-TAIL:]) for where in after)

    def _mark(self, line: int, text: str, states: frozenset[State], *, ended: bool) -> Place | None:
        """Note a title, heading or table and say what may follow it in its line."""
        if any(state.place is not Place.START for state in states):
            what = f"“{text.strip()[:SHOWN]}”前面可能有文字，也可能没有"
            self._fault(line, what, "标题和表格标记要从行首写起，前面不放条件")
            return None
        self.marks.append(Mark(line, text.strip(), bool(self._depth)))
        heading = HEADING.fullmatch(text)
        if text.startswith("["):
            if not ended:
                self._fault(line, f"“{text.strip()}”后面还有内容", "标记要单独成行")
            return Place.ALONE
        if text.startswith("#") and not heading:
            self._fault(line, f"不认识的标记 {text.strip()[:SHOWN]}", "标题用一至三个井号，再加一个空格")
        elif heading and heading[1] == "#" and not ended:
            self._fault(line, "六个部分的标题里不能有函数和条件", "照法定格式写标题")
        elif ended and text.strip("#= ") == "":
            self._fault(line, "标题没有文字", "在标记后面写标题")
        return Place.HEADING

    def _choice(self, choice: Choice, states: frozenset[State]) -> frozenset[State]:
        if any(state.place is Place.HEADING and not state.tail.strip("#= ") for state in states):
            self._fault(choice.line, "标题的文字不能全在条件里", "标题开头写固定的文字")
        if not self._depth and _always(choice):
            self.marks.append(Content(choice.line))
        self._depth += 1
        after = frozenset[State]() if choice.complete else states
        for branch in choice.branches:
            for call in branch.asked:
                self._figure(call, note=True)
            if not self._is_dead(branch):
                after |= self._nodes(branch.nodes, states)
        self._depth -= 1
        return after or states

    def _is_dead(self, branch: Branch) -> bool:
        """A branch on an explanation that is not registered is not printed in this report."""
        if not branch.sole or not branch.asked or branch.asked[0].function != "有说明":
            return False
        return not self._explained(branch.asked[0].name)

    def _printed(self, node: Call | Fixed, states: frozenset[State]) -> frozenset[State]:
        if any(state.place is Place.ALONE for state in states):
            self._fault(node.line, "标记后面还有内容", "标记要单独成行")
        if not self._depth:
            self.marks.append(Content(node.line))
        after = {Place.TEXT if state.place is Place.START else state.place for state in states}
        if isinstance(node, Fixed):
            return frozenset(State(place, None, "某") for place in after)
        if Place.HEADING in after and node.function in PRINTING:
            self._fault(node.line, "标题里不能有统计数字", "把数字移到正文里")
        figure = self._figure(node, note=True)
        for state in states:
            if figure is not None:
                self.faults += faults_before(node, state.tail)
        return frozenset(State(place, node, "") for place in after)

    def _figure(self, call: Call, *, note: bool = False) -> Figure | None:
        """The figure of a call; what is wrong with it is told once, where it is met."""
        try:
            figure = self._judge(call)
        except Refusal as error:
            if note:
                self._fault(call.line, error.what, error.todo)
            return None
        if note:
            self.asked.append(call)
        return figure

    def _fault(self, line: int, what: str, todo: str) -> None:
        self.faults.append(Fault(line, what, todo))


def _always(node: Node) -> bool:
    """True where a node prints something whatever the numbers are."""
    if isinstance(node, Words):
        return bool(node.text.strip())
    if isinstance(node, Choice):
        return node.complete and all(any(_always(part) for part in branch.nodes) for branch in node.branches)
    return True
