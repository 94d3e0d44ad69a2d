"""A wording template as a tree: words, figures asked for, conditions.

The language is closed: what is not in it is a fault with its line, and reading goes on, so that one look tells all.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jinja2 import TemplateSyntaxError, nodes

from yearbook.report.wording_functions import ASKING, BODY, PRINTING, UNIT, YEARS, nearest
from yearbook.report.wording_template import EXPRESSION, environment

HOW = "对照 docs/wording.md 的写法更正"
COUNTING = "主要分项"
MOST_PARTS = 20
LONGEST = 40
_OPENERS = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_STRIPS = re.compile(r"^\{[{%][-+]|[-+][}%]\}$")
_CHINESE_MARKS = re.compile(r"[“”‘’（），＝]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a template.

    Attributes:
        line: Line of the file, from 1.
        what: What is wrong.
        todo: What to do.
        stops: False for advice, which stops nothing.
    """

    line: int
    what: str
    todo: str
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """Text as it is printed; may span lines."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the template with what it is asked.

    Attributes:
        line: Line of the file.
        function: Its name.
        name: The figure's name as written.
        unit: The unit that the writer expects; empty where none is written.
    """

    line: int
    function: str
    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A year, or a text about the body by its name."""

    line: int
    name: str


@dataclass(frozen=True, slots=True)
class Branch:
    """One way through a condition.

    Attributes:
        asked: Every question in the condition.
        sole: True where the condition is that one question and nothing else.
        nodes: What is printed.
    """

    asked: tuple[Call, ...]
    sole: bool
    nodes: "list[Node]"


@dataclass(slots=True)
class Choice:
    """A condition with its branches; ``complete`` where 否则 covers the rest."""

    line: int
    branches: list[Branch] = field(default_factory=list)
    complete: bool = False


Node = Words | Call | Fixed | Choice


def parse(body: str, known_body: frozenset[str]) -> tuple[list[Node], list[Fault]]:
    """Read a template's body.

    Args:
        body: The text with preliminaries blanked and tags in the engine's words.
        known_body: Names of the texts about the body.

    Returns:
        The tree of all that could be read, and every fault of writing.
    """
    reader = _Reader(known_body)
    position, line = 0, 1
    for match in EXPRESSION.finditer(body):
        reader.words(line, body[position : match.start()])
        line += body.count("\n", position, match.start())
        reader.tag(line, match.group())
        line += match.group().count("\n")
        position = match.end()
    reader.words(line, body[position:] + "\n")
    return reader.end(), reader.faults


class _Reader:
    """What has been read so far; the stack holds the open conditions."""

    def __init__(self, known_body: frozenset[str]) -> None:
        self.faults: list[Fault] = []
        self._known_body = known_body
        self._root: list[Node] = []
        self._open: list[Choice] = []

    @property
    def _here(self) -> list[Node]:
        return self._open[-1].branches[-1].nodes if self._open else self._root

    def words(self, line: int, text: str) -> None:
        """Text between tags."""
        for found in _OPENERS.finditer(text):
            at = line + text.count("\n", 0, found.start())
            self._fault(at, f"“{found.group()}”没有配对", "函数写成 {{ … }}，条件写成 {% … %}，两边都要写全")
        if text:
            self._here.append(Words(line, text))

    def tag(self, line: int, tag: str) -> None:
        """A figure, a condition or a note."""
        if tag.startswith("{#"):
            return
        if _STRIPS.search(tag):
            self._fault(line, f"不认识的写法 {_shown(tag)}", "去掉括号里侧的减号、加号")
        elif tag.startswith("{{"):
            self._print(line, tag)
        else:
            self._condition(line, tag)

    def end(self) -> list[Node]:
        """The tree; conditions that nobody closed are told by the line where they begin."""
        while self._open:
            choice = self._open.pop()
            self._fault(choice.line, "条件没有结束", "在该段之后写 {% endif %} 或 {% 完 %}")
            for branch in choice.branches:
                self._here.extend(branch.nodes)  # read on as if the condition were not there
        return self._root

    def _fault(self, line: int, what: str, todo: str = HOW) -> None:
        self.faults.append(Fault(line, what, todo))

    def _print(self, line: int, tag: str) -> None:
        root = self._parsed(line, tag, tag)
        if root is None:
            return
        output = root.body[0] if root.body else None
        node = output.nodes[0] if isinstance(output, nodes.Output) else None
        part = self._expression(line, tag, node, PRINTING)
        if part is not None:
            self._here.append(part)

    def _condition(self, line: int, tag: str) -> None:
        word = next(iter(re.findall(r"\w+", tag)), "")
        if word in {"else", "endif", "elif"} and not self._open:
            self._fault(line, f"{_shown(tag)} 之前没有条件", "删去它，或在前面补上 {% if 有(…) %}")
        elif word in {"elif", "else"} and self._open[-1].complete:
            self._fault(line, f"{_shown(tag)} 写在“否则”之后", "一个条件只有一个“否则”，放在最后")
        elif word in {"if", "elif"}:
            self._branch(line, tag, word)
        elif word == "else" and re.fullmatch(r"\{%\s*else\s*%\}", tag):
            self._open[-1].complete = True
            self._open[-1].branches.append(Branch((), sole=False, nodes=[]))
        elif word == "endif" and re.fullmatch(r"\{%\s*endif\s*%\}", tag):
            choice = self._open.pop()
            self._here.append(choice)
        else:
            todo = "条件只有 如果、否则如果、否则、完（if、elif、else、endif）"
            self._fault(line, f"不认识的写法 {_shown(tag)}", todo)

    def _branch(self, line: int, tag: str, word: str) -> None:
        asked: list[Call] = []
        root = self._parsed(line, tag, re.sub(r"\belif\b", "if", tag, count=1) + "{% endif %}")
        test = root.body[0].test if root is not None and isinstance(root.body[0], nodes.If) else None
        if root is not None:
            asked = list(self._questions(line, tag, test))
        if word == "if":
            self._open.append(Choice(line))
        self._open[-1].branches.append(Branch(tuple(asked), isinstance(test, nodes.Call), []))

    def _questions(self, line: int, tag: str, test: nodes.Node | None) -> Iterator[Call]:
        if isinstance(test, nodes.And | nodes.Or):
            yield from self._questions(line, tag, test.left)
            yield from self._questions(line, tag, test.right)
        elif isinstance(test, nodes.Not):
            yield from self._questions(line, tag, test.node)
        else:
            part = self._expression(line, tag, test, ASKING)
            if isinstance(part, Call):
                yield part

    def _parsed(self, line: int, tag: str, text: str) -> nodes.Template | None:
        try:
            return environment().parse(text)
        except TemplateSyntaxError:
            marks = "".join(dict.fromkeys(_CHINESE_MARKS.findall(re.sub(r'"[^"]*"', "", tag))))
            why = f"：里面有中文标点 {marks}" if marks else ""
            todo = "括号、引号、逗号、等号都用英文半角" if marks else HOW
            self._fault(line, f"看不懂 {_shown(tag)}{why}", todo)
            return None

    def _expression(
        self, line: int, tag: str, node: nodes.Node | None, allowed: tuple[str, ...]
    ) -> Call | Fixed | None:
        """A call or a name of the language; anything else is a fault."""
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
            return self._call(line, tag, node, allowed)
        if isinstance(node, nodes.Name) and allowed is PRINTING:
            return self._year(line, node.name)
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and allowed is PRINTING:
            return self._about_body(line, tag, node.node.name, node.attr)
        if isinstance(node, nodes.Const | nodes.TemplateData | nodes.Neg):
            self._fault(line, f"{_shown(tag)} 直接印出了数字或文字", '统计数字用 {{ 数("…") }}，文字直接写在行里')
        else:
            words = "条件只能问" if allowed is ASKING else "只能用"
            self._fault(line, f"不认识的写法 {_shown(tag)}", f"{words} {'、'.join(f'{f}(…)' for f in allowed)}")
        return None

    def _year(self, line: int, name: str) -> Fixed | None:
        if name in YEARS:
            return Fixed(line, name)
        hint = nearest(name, (*PRINTING, *YEARS, BODY))
        self._fault(line, f"没有“{name}”{hint}", '只有 年、上年、下年、机构.名称 等；数字写成 {{ 数("…") }}')
        return None

    def _about_body(self, line: int, tag: str, owner: str, name: str) -> Fixed | None:
        if owner == BODY and name in self._known_body:
            return Fixed(line, name)
        todo = "只有 " + "、".join(f"{BODY}.{known}" for known in sorted(self._known_body))
        self._fault(line, f"没有 {_shown(tag)}{nearest(name, self._known_body)}", todo)
        return None

    def _call(self, line: int, tag: str, node: nodes.Call, allowed: tuple[str, ...]) -> Call | None:
        function = node.node.name if isinstance(node.node, nodes.Name) else ""
        if function not in allowed:
            self._fault(line, *_misplaced(function, allowed))
            return None
        arguments = [part.value if isinstance(part, nodes.Const) else None for part in node.args]
        named = {pair.key: pair.value.value if isinstance(pair.value, nodes.Const) else None for pair in node.kwargs}
        fits = not node.dyn_args and not node.dyn_kwargs and _fits(function, arguments, named)
        if not fits:
            self._fault(line, f"{_shown(tag)} 括号里的写法不对", _pattern(function))
            return None
        return Call(line, function, str(arguments[0]), str(named.get(UNIT, "")))


def _fits(function: str, arguments: list[object], named: dict[str, object]) -> bool:
    """True where a function is given what it takes: a name, of 主要分项 a count too, of 数 perhaps a unit."""
    if not arguments or not isinstance(arguments[0], str):
        return False
    if function == COUNTING:
        count = arguments[1] if len(arguments) > 1 else None
        whole = isinstance(count, int) and not isinstance(count, bool) and 1 <= count <= MOST_PARTS
        return len(arguments) == 1 + 1 and whole and not named
    units = set(named) <= {UNIT} and all(isinstance(unit, str) for unit in named.values())
    return len(arguments) == 1 and (units if function == "数" else not named)


def _pattern(function: str) -> str:
    extra = {COUNTING: "，3", "数": '" 或 数("名称", 单位="件'}.get(function, "")
    return f'写成 {function}("名称", 3)' if function == COUNTING else f'写成 {function}("名称{extra}")'


def _misplaced(function: str, allowed: tuple[str, ...]) -> tuple[str, str]:
    """A function that is unknown, or that stands where another kind belongs."""
    if function in PRINTING:
        return f"条件里不能用 {function}(…)", f"条件只能问 {'、'.join(f'{f}(…)' for f in ASKING)}"
    if function in ASKING:
        return f"{function}(…) 只能用在条件里", f'写成 {{% if {function}("…") %}}…{{% endif %}}'
    return f"没有函数 {function}(…){nearest(function, allowed)}", f"只有 {'、'.join(allowed)}"


def _shown(tag: str) -> str:
    text = " ".join(tag.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 4] + "…" + tag[-2:]
