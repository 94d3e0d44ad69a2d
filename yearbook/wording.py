"""Numbers and changes in statutory Chinese.

How a number is printed is a policy of its catalogue entry; the exact value stays with the figure. 余 stands before
the measure word, a sign is a word and never a minus, and a missing or zero base has a sentence of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from yearbook.change import Change, Kind
from yearbook.figure import Figure
from yearbook.quantity import PERCENT_DIGITS, Exact, Interval, Unit, plain, wan_yuan

WAN = 10_000
QIAN = 1_000
# The smallest amount of money that a ledger holds.
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as printed.

    Attributes:
        number: The number word alone, e.g. ``35万余``.
        unit: Its measure word, e.g. ``辆``.
        interval: Exact values the number word can stand for, in the figure's own unit.
    """

    number: str
    unit: str
    interval: Interval

    @property
    def text(self) -> str:
        """Number and measure word, 余 before the measure word."""
        return self.number + self.unit


def _exact(value: Exact, unit: Unit) -> Printed:
    return Printed(plain(value), unit.value, Interval(value, value))


def _truncated(value: Exact, unit: Unit, steps: tuple[tuple[int, str], ...]) -> Printed:
    """Floor to the largest step that fits: 350001 → 35万余, 350000 → 35万, below every step → exact."""
    for step, word in steps:
        if value >= step:
            whole, rest = divmod(value, step)
            if not rest:
                return Printed(f"{whole}{word}", unit.value, Interval(value, value))
            least = 1 if isinstance(value, int) else CENT
            return Printed(f"{whole}{word}余", unit.value, Interval(whole * step + least, (whole + 1) * step - least))
    return _exact(value, unit)


def _truncated_wan(value: Exact, unit: Unit) -> Printed:
    return _truncated(value, unit, ((WAN, "万"),))


def _truncated_qian(value: Exact, unit: Unit) -> Printed:
    return _truncated(value, unit, ((WAN, "万"), (QIAN, "千")))


def _in_wan_yuan(value: Exact, unit: Unit) -> Printed:
    """元 as 万元 with two decimals at the most, trailing zeros dropped as the form's users write it."""
    if unit is not Unit.YUAN:
        raise ValueError(f"wording wan_yuan needs the unit 元, not {unit.value}")
    rounded = wan_yuan(value)
    text = plain(rounded).rstrip("0").rstrip(".") if rounded else "0"
    half = Decimal(50)
    return Printed(text, Unit.WAN_YUAN.value, Interval(rounded * WAN - half, rounded * WAN + half))


# The closed list of printing policies that a catalogue entry may name.
POLICIES: dict[str, Callable[[Exact, Unit], Printed]] = {
    "exact": _exact,
    "truncated_wan": _truncated_wan,
    "truncated_qian": _truncated_qian,
    "wan_yuan": _in_wan_yuan,
}
POLICY_TEXT = {
    "exact": "精确数",
    "truncated_wan": "满一万截尾写“N万余”，不足一万写精确数",
    "truncated_qian": "满一万截尾写“N万余”，满一千截尾写“N千余”，不足一千写精确数",
    "wan_yuan": "以元计算，换算为万元，四舍五入保留两位小数",
}


def printed(figure: Figure) -> Printed:
    """The figure as its catalogue entry says it is printed."""
    return POLICIES[figure.wording](figure.value, figure.unit)


def base_printed(figure: Figure) -> Printed | None:
    """The value of the year before, printed as the figure is; None without a base."""
    return None if figure.base is None else POLICIES[figure.wording](figure.base, figure.unit)


def difference_printed(figure: Figure) -> Printed | None:
    """The difference from the year before without its sign, printed as the figure is; None without a base."""
    difference = figure.change.difference
    if difference is None:
        return None
    return POLICIES[figure.wording](max(difference, -difference), figure.unit)


def percent_text(change: Change) -> str:
    """The percent without sign, always with two decimals: ``2.27%``.

    Raises:
        ValueError: The change has no percent (no base, or a base of zero).
    """
    if change.percent is None:
        raise ValueError(f"a change of kind {change.kind.value} has no percent")
    return f"{abs(change.percent):.{PERCENT_DIGITS}f}%"


def change_words(figure: Figure, base_year: int) -> tuple[str, str]:
    """The sentence part for a change, as words before the number and the number itself.

    Returns:
        ``("比2022年减少", "2.27%")``, ``("与2022年持平", "")``, ``("2022年为0件，净增", "12件")``, or, without a
        base, ``("2022年无可比数据", "")``. The second part is empty where the sentence prints no number.
    """
    change = figure.change
    if change.kind is Kind.NO_BASE:
        return f"{base_year}年无可比数据", ""
    if change.kind is Kind.EQUAL:
        return f"与{base_year}年持平", ""
    if change.percent == 0:
        # a change that rounds to 0.00% is neither a rise nor a fall to a reader
        return f"与{base_year}年基本持平", ""
    if change.kind is Kind.FROM_ZERO:
        return f"{base_year}年为零，净增", printed(figure).text
    verb = "增加" if change.kind is Kind.ROSE else "减少"
    return f"比{base_year}年{verb}", percent_text(change)
