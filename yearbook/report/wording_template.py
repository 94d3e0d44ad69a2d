"""The office's wording template: plain text with figures by name, checked line by line before it is used.

A template cannot print a bare number. Figures, changes and years come from functions that mark what they print; every
other digit must be declared a constant in the template's first lines, or the template is refused with its line.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from yearbook.errors import Refusal
from yearbook.figure import Figure, Figures
from yearbook.report.model import Aspect, Constant, Inline, Number, Text
from yearbook.wording import change_words, printed

COMMENT = "//"
CONSTANTS = "常数："
# Private-use characters frame what the functions print, so that the text can be taken apart again afterwards.
OPEN, SPLIT, CLOSE = "\ue000", "\ue001", "\ue002"
CONSTANT_ROLE = "constant"
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
MARKED = re.compile(f"{OPEN}([^{SPLIT}]*){SPLIT}([^{SPLIT}]*){SPLIT}([^{CLOSE}]*){CLOSE}")
DIGIT = re.compile(r"[0-9０-９]")


class Marked(str):
    """Text that a function of the template printed and vouches for."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a template may speak of beside the figures.

    Attributes:
        year: Report year.
        body: Texts about the body by their Chinese name, e.g. ``名称``, ``电话``.
    """

    year: int
    body: Mapping[str, str]


def constant(text: object) -> Marked:
    """Text whose digits are declared: a year, a telephone number, an address."""
    return Marked(f"{OPEN}{CONSTANT_ROLE}{SPLIT}{SPLIT}{text}{CLOSE}")


def number(figure: Figure, text: str, aspect: Aspect = Aspect.VALUE) -> Marked:
    """A printed number and the figure that it stands for."""
    return Marked(f"{OPEN}{aspect.value}{SPLIT}{figure.code}{SPLIT}{text}{CLOSE}")


def render_template(text: str, figures: Figures, facts: Facts, *, name: str) -> list[tuple[int, str]]:
    """Fill in a template.

    Args:
        text: The template.
        figures: Figures by code and by Chinese name.
        facts: Year and body.
        name: File name, for messages.

    Returns:
        Non-empty lines with their numbers in the filled text; numbers still marked (see ``inlines``).

    Raises:
        Refusal: A bare number, an unknown name, a syntax error; with the line of the template.
    """
    body, constants = _without_preliminaries(text, name)
    _require_no_bare_digits(body, constants, name)
    marked = _with_marked_constants(body, constants)
    try:
        filled = _environment().from_string(marked).render(_functions(figures, facts))
    except (TemplateSyntaxError, UndefinedError, SecurityError, TypeError, ValueError) as error:
        raise _at_line(error, name) from error
    except Refusal as error:
        line = _template_line(error)
        raise Refusal(f"行文模板 {name} 第 {line} 行：{error.what}", todo=error.todo) from error
    return [(n, line.strip()) for n, line in enumerate(filled.splitlines(), start=1) if line.strip()]


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


def _without_preliminaries(text: str, name: str) -> tuple[str, tuple[str, ...]]:
    """Blank the comment and constants lines, so that line numbers stay those of the file."""
    if any(mark in text for mark in (OPEN, SPLIT, CLOSE)):
        raise Refusal(f"行文模板 {name} 含有不可见的私用字符", todo="删去从别处粘贴来的特殊字符")
    lines, constants = [], []
    for line in text.splitlines():
        if line.startswith(CONSTANTS):
            constants += [part.strip() for part in line.removeprefix(CONSTANTS).split("|") if part.strip()]
        lines.append("" if line.startswith((COMMENT, CONSTANTS)) else line)
    return "\n".join(lines), tuple(sorted(constants, key=len, reverse=True))


def _require_no_bare_digits(body: str, constants: Iterable[str], name: str) -> None:
    # an expression may span lines; keep its line breaks so that the lines behind it keep their numbers
    plain = EXPRESSION.sub(lambda match: "\n" * match.group().count("\n"), body)
    for number_, line in enumerate(plain.splitlines(), start=1):
        rest = re.sub(r"^#+ \d+\.", "", line)
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
    framed = re.compile(rf"(?P<expression>{EXPRESSION.pattern})|{declared}", re.DOTALL)
    return framed.sub(lambda match: match.group() if match["expression"] else constant(match.group()), body)


def _functions(figures: Figures, facts: Facts) -> dict[str, object]:
    def value(name: str) -> Marked:
        figure = figures[name]
        return number(figure, printed(figure).text)

    def change(name: str) -> Marked:
        figure = figures[name]
        words, text = change_words(figure, facts.year - 1)
        shown = words.replace(str(facts.year - 1), constant(facts.year - 1))
        return Marked(shown + (number(figure, text, Aspect.CHANGE) if text else ""))

    def parts(name: str) -> Marked:
        whole = figures[name]
        if whole.code != f"{whole.indicator}.total":
            raise Refusal(
                f"“{name}”不是可以分项的合计",
                todo='分项只用于只有一个维度、有合计的指标，其余逐个用 {{ 数("…") }} 写出',
            )
        members = [f for f in figures.parts(whole.indicator) if f.code != whole.code]
        return Marked("、".join(f.label + number(f, printed(f).text) for f in members))

    def present(name: str) -> bool:
        return figures[name].value != 0

    return {
        "数": value,
        "比": change,
        "分项": parts,
        "有": present,
        "年": constant(facts.year),
        "上年": constant(facts.year - 1),
        "下年": constant(facts.year + 1),
        "机构": {key: constant(text) for key, text in facts.body.items()},
    }


def _environment() -> ImmutableSandboxedEnvironment:
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
