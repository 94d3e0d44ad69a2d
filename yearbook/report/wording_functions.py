"""What a wording template may call: figures, changes, parts and explanations by their Chinese names.

Every function marks what it prints, so that the finished text can be taken apart into words and claimed numbers again.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from yearbook.change import Kind
from yearbook.errors import Refusal
from yearbook.figure import Figure, Figures
from yearbook.report.model import Aspect
from yearbook.report.number_words import number_words
from yearbook.wording import base_printed, change_words, difference_printed, printed

# Private-use characters frame what the functions print, so that the text can be taken apart again afterwards; the last
# two frame the number of a line.
OPEN, SPLIT, CLOSE, LINE_OPEN, LINE_CLOSE = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
PRIVATE = (OPEN, SPLIT, CLOSE, LINE_OPEN, LINE_CLOSE)
CONSTANT_ROLE = "constant"
DIGIT = re.compile(r"[0-9０-９]")
NO_BASE = "无可比数据"
UNIT = "单位"
# What prints, what only asks, what stands for a text; a template has nothing else.
PRINTING = ("数", "比", "分项", "主要分项", "上年数", "增减", "说明")
ASKING = ("有", "无", "有上年", "有增", "有减", "有说明")
YEARS = ("年", "上年", "下年")
BODY = "机构"
LIKENESS = 0.4


class Marked(str):
    """Text that a function of the template printed and vouches for."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a template may speak of beside the figures.

    Attributes:
        year: Report year.
        body: Texts about the body by their Chinese name, e.g. ``名称``, ``电话``.
        explanations: Registered explanations by figure code; their numbers must be declared in the template.
    """

    year: int
    body: Mapping[str, str]
    explanations: Mapping[str, str] = field(default_factory=dict)


def constant(text: object) -> Marked:
    """Text whose digits are declared: a year, a telephone number, an address."""
    return Marked(f"{OPEN}{CONSTANT_ROLE}{SPLIT}{SPLIT}{text}{CLOSE}")


def number(figure: Figure, text: str, aspect: Aspect = Aspect.VALUE) -> Marked:
    """A printed number and the figure that it stands for."""
    return Marked(f"{OPEN}{aspect.value}{SPLIT}{figure.code}{SPLIT}{text}{CLOSE}")


def framed(text: str, constants: Iterable[str]) -> str:
    """The text with every declared constant in it framed, the longest first."""
    declared = "|".join(re.escape(word) for word in constants)
    return re.sub(declared, lambda match: constant(match.group()), text) if declared else text


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like a wrong one, as a hint; empty where none is."""
    found = get_close_matches(name, list(known), n=1, cutoff=LIKENESS)
    return f"，是不是“{found[0]}”" if found else ""


def find(figures: Figures, name: str) -> Figure:
    """A figure by name or code.

    Raises:
        Refusal: There is none; names the one that is most like it.
    """
    try:
        return figures[name]
    except Refusal as error:
        hint = nearest(name, (figure.name for figure in figures.values()))
        raise Refusal(error.what + hint, todo=error.todo) from error


def members_of(figures: Figures, name: str) -> list[Figure]:
    """The parts of a total of one dimension, in catalogue order.

    Raises:
        Refusal: The figure is unknown or no such total.
    """
    whole = find(figures, name)
    if whole.code != f"{whole.indicator}.total":
        raise Refusal(
            f"“{name}”不是可以分项的合计",
            todo='分项只用于只有一个维度、有合计的指标，其余逐个用 {{ 数("…") }} 写出',
        )
    return [f for f in figures.parts(whole.indicator) if f.code != whole.code]


def functions(figures: Figures, facts: Facts, constants: Iterable[str]) -> dict[str, object]:
    """Everything a template can name, by its name.

    Args:
        figures: Figures by code and by Chinese name.
        facts: Year, body, explanations.
        constants: Declared texts with digits, the longest first.
    """
    return {
        **_printing(figures, facts, tuple(constants)),
        **_asking(figures, facts),
        "年": constant(facts.year),
        "上年": constant(facts.year - 1),
        "下年": constant(facts.year + 1),
        BODY: {key: constant(text) for key, text in facts.body.items()},
    }


def _printing(figures: Figures, facts: Facts, constants: tuple[str, ...]) -> dict[str, Callable[..., Marked]]:
    def value(name: str, **named: str) -> Marked:
        figure = find(figures, name)
        require_unit(figure, named)
        return number(figure, printed(figure).text)

    def change(name: str) -> Marked:
        figure = find(figures, name)
        words, text = change_words(figure, facts.year - 1)
        shown = words.replace(str(facts.year - 1), constant(facts.year - 1))
        return Marked(shown + (number(figure, text, Aspect.CHANGE) if text else ""))

    def parts(name: str) -> Marked:
        return _listed(members_of(figures, name))

    def main_parts(name: str, count: int) -> Marked:
        ranked = sorted(members_of(figures, name), key=lambda f: -f.value)[:count]
        return _listed([f for f in ranked if f.value] or ranked)

    def base(name: str) -> Marked:
        figure = find(figures, name)
        shown = base_printed(figure)
        return Marked(NO_BASE) if shown is None else number(figure, shown.text, Aspect.BASE)

    def explanation(name: str) -> Marked:
        return _explained(find(figures, name), facts, constants)

    def difference(name: str) -> Marked:
        return _difference(find(figures, name))

    return {
        "数": value,
        "比": change,
        "分项": parts,
        "主要分项": main_parts,
        "上年数": base,
        "增减": difference,
        "说明": explanation,
    }


def _asking(figures: Figures, facts: Facts) -> dict[str, Callable[[str], bool]]:
    return {
        "有": lambda name: find(figures, name).value != 0,
        "无": lambda name: find(figures, name).value == 0,
        "有上年": lambda name: find(figures, name).base is not None,
        "有增": lambda name: find(figures, name).change.kind in {Kind.ROSE, Kind.FROM_ZERO},
        "有减": lambda name: find(figures, name).change.kind is Kind.FELL,
        "有说明": lambda name: find(figures, name).code in facts.explanations,
    }


def require_unit(figure: Figure, named: Mapping[str, str]) -> None:
    """Refuse a unit that the figure is not printed in.

    Raises:
        Refusal: Another unit, or an argument that is none.
    """
    if stray := [key for key in named if key != UNIT]:
        raise Refusal(f"数(…) 不认识“{stray[0]}”", todo=f'只能写 {UNIT}=，如 单位="{printed(figure).unit}"')
    unit = printed(figure).unit
    if named.get(UNIT, unit) != unit:
        raise Refusal(f"“{figure.name}”的单位是“{unit}”，不是“{named[UNIT]}”", todo="改正单位，或换成正确的数字")


def _listed(members: Iterable[Figure]) -> Marked:
    return Marked("、".join(f.label + number(f, printed(f).text) for f in members))


def _difference(figure: Figure) -> Marked:
    """增加 or 减少 with the difference in the figure's own unit; words alone where there is nothing to count."""
    shown, change = difference_printed(figure), figure.change
    if shown is None or change.difference is None:
        return Marked(NO_BASE)
    if change.kind is Kind.EQUAL:
        return Marked("持平")
    if shown.number == "0":
        # a difference that is printed as 0.00 is neither a rise nor a fall to a reader
        return Marked("基本持平")
    verb = "增加" if change.difference > 0 else "减少"
    return Marked(verb + number(figure, shown.text, Aspect.DIFFERENCE))


def _explained(figure: Figure, facts: Facts, constants: tuple[str, ...]) -> Marked:
    """The registered explanation, its declared numbers framed.

    Raises:
        Refusal: None is registered, or a number in it is not declared.
    """
    text = facts.explanations.get(figure.code)
    if text is None:
        raise Refusal(
            f"“{figure.name}”没有登记说明",
            todo=f'在 expectations/waivers.toml 登记，或写成 {{% if 有说明("{figure.name}") %}}…{{% endif %}}',
        )
    marked = framed(text, constants)
    rest = re.sub(f"{OPEN}[^{CLOSE}]*{CLOSE}", OPEN, marked)
    if found := undeclared(rest):
        raise Refusal(f"“{figure.name}”的说明里有未登记的数字“{found}”", todo="把它列入模板开头的“常数”行")
    return Marked(marked)


def undeclared(text: str) -> str:
    """The first number of a text whose constants are taken out; empty where there is none."""
    words = number_words(text)
    found = DIGIT.search(text)
    return words[0].text if words else found.group() if found else ""
