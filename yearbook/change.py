"""Year over year: difference and percent, and the cases in which there is no percent.

A percentage is computed from exact values only; a printed, truncated number is never an operand.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from yearbook.quantity import PERCENT_DIGITS, Exact, ratio, require_exact, round_half_up


class Kind(StrEnum):
    """Which sentence a change calls for."""

    ROSE = "rose"
    FELL = "fell"
    EQUAL = "equal"
    FROM_ZERO = "from_zero"
    NO_BASE = "no_base"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure against its base.

    Attributes:
        kind: Which of the five cases this is.
        now: Exact value of the report year.
        base: Exact value of the base year; None where there is none.
        difference: ``now - base``; None without a base.
        percent: Signed percent of the base, rounded once, half up; None without a base or with a zero base.
    """

    kind: Kind
    now: Exact
    base: Exact | None
    difference: Exact | None
    percent: Decimal | None


def compare(now: Exact, base: Exact | None) -> Change:
    """Compare a value with its base.

    Args:
        now: Exact value of the report year, same unit as ``base``.
        base: Exact value of the year before; None where no comparable base exists. Zero is a base, None is not.
    """
    require_exact(now, what="value of the report year")
    if base is None:
        return Change(Kind.NO_BASE, now, None, None, None)
    require_exact(base, what="value of the base year")
    difference = now - base
    if difference == 0:
        return Change(Kind.EQUAL, now, base, difference, Decimal(0) if base else None)
    if base == 0:
        return Change(Kind.FROM_ZERO, now, base, difference, None)
    percent = round_half_up(ratio(difference * 100, base), PERCENT_DIGITS)
    return Change(Kind.ROSE if difference > 0 else Kind.FELL, now, base, difference, percent)


def contribution(part: Change, whole: Change) -> Decimal | None:
    """Percentage points that a part adds to the change of its whole; None where either has no usable base.

    The contributions of an exhaustive list of parts add up to the percent of the whole, rounding apart.
    """
    if part.difference is None or whole.base is None or whole.base == 0:
        return None
    return round_half_up(ratio(part.difference * 100, whole.base), PERCENT_DIGITS)
