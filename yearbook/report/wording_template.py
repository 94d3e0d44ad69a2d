"""The office's wording template: plain text with figures by name, checked line by line before it is used.

A template cannot print a bare number. Figures, changes and years come from functions that mark what they print; every
other digit must be declared a constant in the template's first lines, or the template is refused with its line.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from yearbook.errors import Refusal
from yearbook.figure import Figures
from yearbook.report.model import Aspect, Constant, Inline, Number, Text
from yearbook.report.wording_functions import (
    CLOSE,
    CONSTANT_ROLE,
    DIGIT,
    LINE_CLOSE,
    LINE_OPEN,
    OPEN,
    PRIVATE,
    SPLIT,
    Facts,
    Marked,
    constant,
    functions,
)

COMMENT = "//"
CONSTANTS = "常数："
# A tag holds no other tag: one that nobody closed swallows nothing that stands behind it.
EXPRESSION = re.compile(r"\{\{(?:(?!\{\{|\{%).)*?\}\}|\{%(?:(?!\{\{|\{%).)*?%\}|\{#.*?#\}", re.DOTALL)
MARKED = re.compile(f"{OPEN}([^{SPLIT}]*){SPLIT}([^{SPLIT}]*){SPLIT}([^{CLOSE}]*){CLOSE}")
NUMBERED = re.compile(f"{LINE_OPEN}(\\d+){LINE_CLOSE}")
# A line such as [表二] or [图 …] prints no words of its own; what stands in it names a table or picture.
MARK_LINE = re.compile(r"\s*\[[^\[\]]*\]\s*")
STRIPPING = re.compile(r"\s*\{[{%][-+]")
_QUOTED = re.compile(r"(\"[^\"]*\"|'[^']*')")
# The words of the language in Chinese; both ways of writing them may be used.
_TAG_WORDS = (
    (re.compile(r"^\{%[ \t　]*否则如果"), "{% elif "),
    (re.compile(r"^\{%[ \t　]*如果"), "{% if "),
    (re.compile(r"^\{%[ \t　]*否则[ \t　]*%\}$"), "{% else %}"),
    (re.compile(r"^\{%[ \t　]*完[ \t　]*%\}$"), "{% endif %}"),
)
_JOINING = ((re.compile(r"(?<=[)\s])且(?=[\s(有无非])"), " and "), (re.compile(r"(?<=[)\s])或(?=[\s(有无非])"), " or "))
_NOT = re.compile(r"(?<=[(\s])非(?=[\s(有无])")


@dataclass(frozen=True, slots=True)
class Declared:
    """A text with digits that the template's first lines let through."""

    line: int
    text: str


def render_template(text: str, figures: Figures, facts: Facts, *, name: str) -> list[tuple[int, str]]:
    """Fill in a template.

    Args:
        text: The template.
        figures: Figures by code and by Chinese name.
        facts: Year and body.
        name: File name, for messages.

    Returns:
        Non-empty lines with the number of the template's line they begin in; numbers still marked (see ``inlines``).

    Raises:
        Refusal: A bare number, an unknown name, a syntax error; with the line of the template.
    """
    body, declared = preliminaries(text, name)
    constants = longest_first(declared)
    _require_no_bare_digits(body, constants, name)
    marked = _with_marked_constants(_with_line_numbers(body), constants)
    try:
        filled = environment().from_string(marked).render(functions(figures, facts, constants))
    except (TemplateSyntaxError, UndefinedError, SecurityError, TypeError, ValueError) as error:
        raise _at_line(error, name) from error
    except Refusal as error:
        line = _template_line(error)
        raise Refusal(f"行文模板 {name} 第 {line} 行：{error.what}", todo=error.todo) from error
    return list(_numbered(filled))


def inlines(line: str) -> tuple[Inline, ...]:
    """Take a filled line apart into words and numbers."""
    parts: list[Inline] = []
    position = 0
    for match in MARKED.finditer(line):
        parts.append(Text(line[position : match.start()]))
        role, figure, text = match.groups()
        parts.append(Constant(text) if role == CONSTANT_ROLE else Number(text, figure, Aspect(role)))
        position = match.end()
    parts.append(Text(line[position:]))
    return _merged(parts)


def _merged(parts: Iterable[Inline]) -> tuple[Inline, ...]:
    """Neighbouring words as one, empty ones dropped."""
    merged: list[Inline] = []
    for part in parts:
        if isinstance(part, Text) and merged and isinstance(merged[-1], Text):
            merged[-1] = Text(merged[-1].text + part.text)
        elif part.text:
            merged.append(part)
    return tuple(merged)


def preliminaries(text: str, name: str) -> tuple[str, tuple[Declared, ...]]:
    """Blank the comment and constants lines, so that line numbers stay those of the file, and put Chinese tags right.

    Returns:
        The body of the template, and what it declares.

    Raises:
        Refusal: A private-use character is in it.
    """
    if any(mark in text for mark in PRIVATE):
        raise Refusal(f"行文模板 {name} 含有不可见的私用字符", todo="删去从别处粘贴来的特殊字符")
    lines, constants = [], []
    for place, line in enumerate(text.split("\n"), start=1):
        if line.startswith(CONSTANTS):
            words = line.removeprefix(CONSTANTS).split("|")
            constants += [Declared(place, word.strip()) for word in words if word.strip()]
        lines.append("" if line.startswith((COMMENT, CONSTANTS)) else line)
    return EXPRESSION.sub(lambda match: in_english(match.group()), "\n".join(lines)), tuple(constants)


def longest_first(declared: Iterable[Declared]) -> tuple[str, ...]:
    """The declared texts in the order in which they are looked for."""
    return tuple(sorted((entry.text for entry in declared), key=len, reverse=True))


def in_english(tag: str) -> str:
    """A tag with the engine's own words in place of 如果, 否则, 完, 且, 或, 非; quoted names stay as they are."""
    if not tag.startswith("{%"):
        return tag
    for written, word in _TAG_WORDS:
        tag = written.sub(word, tag)
    parts = _QUOTED.split(tag)
    for place in range(0, len(parts), 2):
        for written, word in _JOINING:
            parts[place] = written.sub(word, parts[place])
        parts[place] = _NOT.sub(" not ", parts[place])
    return "".join(parts)


def _with_line_numbers(body: str) -> str:
    """Every line that begins outside a tag carries its number, since a branch that is left out shifts the others."""
    inside = {
        place
        for match in EXPRESSION.finditer(body)
        for place in range(body.count("\n", 0, match.start()) + 1, body.count("\n", 0, match.end()) + 1)
    }
    return "\n".join(
        line if place in inside or STRIPPING.match(line) else f"{LINE_OPEN}{place + 1}{LINE_CLOSE}{line}"
        for place, line in enumerate(body.split("\n"))
    )


def _numbered(filled: str) -> Iterator[tuple[int, str]]:
    last = 0
    for line in filled.splitlines():
        found = NUMBERED.search(line)
        last = int(found[1]) if found else last
        if words := NUMBERED.sub("", line).strip():
            yield last, words


def _require_no_bare_digits(body: str, constants: Iterable[str], name: str) -> None:
    # an expression may span lines; keep its line breaks so that the lines behind it keep their numbers
    plain = EXPRESSION.sub(lambda match: "\n" * match.group().count("\n"), body)
    for number_, line in enumerate(plain.splitlines(), start=1):
        rest = "" if MARK_LINE.fullmatch(line) else re.sub(r"^#+ \d+\.", "", line)
        for text in constants:
            rest = rest.replace(text, "")
        if found := DIGIT.search(rest):
            raise Refusal(
                f"行文模板 {name} 第 {number_} 行有未登记的数字，在“{rest[max(0, found.start() - 6) :][:14]}”处",
                todo='统计数字改用 {{ 数("…") }}；文号、年份等固定数字列入模板开头的“常数”行',
            )


def _with_marked_constants(body: str, constants: Iterable[str]) -> str:
    """Frame every declared constant that is written out, so that its digits stay claimed in the filled text."""
    declared = "|".join(re.escape(text) for text in constants)
    if not declared:
        return body
    numbered = f"{LINE_OPEN}\\d+{LINE_CLOSE}"
    found = re.compile(rf"(?P<kept>{EXPRESSION.pattern}|{numbered})|{declared}", re.DOTALL)
    return found.sub(lambda match: match.group() if match["kept"] else constant(match.group()), body)


def environment() -> ImmutableSandboxedEnvironment:
    """The template engine: nothing of Python is reachable, and nothing prints unmarked."""
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_finalize, keep_trailing_newline=True)


def _finalize(value: object) -> str:
    """Let marked text and words through; a number, None or text with digits is bare and refused."""
    if isinstance(value, Undefined):
        str(value)  # says which name is unknown
    if isinstance(value, Marked):
        return value
    if not isinstance(value, str) or DIGIT.search(value):
        raise Refusal("表达式直接印出了数字或空值", todo='统计数字只能用 {{ 数("…") }}、{{ 比("…") }} 印出')
    return value


def _at_line(error: Exception, name: str) -> Refusal:
    line = error.lineno if isinstance(error, TemplateSyntaxError) else _template_line(error)
    return Refusal(f"行文模板 {name} 第 {line} 行：{error}", todo="对照模板开头的说明更正写法")


def _template_line(error: BaseException) -> int:
    """The line of the template in which an error arose, as Jinja's rewritten traceback has it."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
