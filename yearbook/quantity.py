"""Exact numbers, units, what a truncated number can mean, and the one rounding policy.

Values are ``int`` or ``Decimal`` and nothing else: a float never enters, so a sum is the same on every machine.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum

Exact = int | Decimal

# Named in every output. GB/T 8170 would round halves to even; reports say 四舍五入, and so does this policy.
ROUNDING_POLICY = "half-up-once-from-exact"
ROUNDING_POLICY_TEXT = "由精确数一次计算，四舍五入，不由已修约或已截尾的数再算"
PERCENT_DIGITS = 2
YUAN_PER_WAN_YUAN = 10_000
# Below it a float of 15 digits still holds two decimals.
FLOAT_LIMIT = 1e13
# Enough for 18-digit sums divided by each other with every digit of the quotient's first two places certain.
DIVISION_DIGITS = 50


class Unit(StrEnum):
    """The closed list of units; the value is the measure word as printed."""

    ITEM = "条"
    PIECE = "件"
    VEHICLE = "辆"
    PERSON = "人"
    CASE = "起"
    HOUSEHOLD = "户"
    YUAN = "元"
    WAN_YUAN = "万元"


@dataclass(frozen=True, slots=True)
class Interval:
    """All exact values that a printed number can stand for: ``low ≤ x ≤ high``."""

    low: Exact
    high: Exact

    def meets(self, other: "Interval") -> bool:
        """True where one value could be both."""
        return self.low <= other.high and other.low <= self.high

    def __add__(self, other: "Interval") -> "Interval":
        """Every sum that one value of each can give."""
        return Interval(self.low + other.low, self.high + other.high)


def require_exact(value: object, *, what: str) -> Exact:
    """Let integers and finite decimals through; refuse floats, booleans, NaN and text.

    Raises:
        TypeError: ``value`` is not an exact number.
        ValueError: ``value`` is a decimal that is not finite.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"{what}: {type(value).__name__} is not an exact number")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"{what}: not a finite number")
    return value


def round_half_up(value: Exact, digits: int) -> Decimal:
    """Round once, halves away from zero, to ``digits`` decimal places."""
    with localcontext(prec=DIVISION_DIGITS):
        return Decimal(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def ratio(numerator: Exact, denominator: Exact) -> Decimal:
    """Quotient of two exact numbers with far more digits than are ever printed.

    Raises:
        ZeroDivisionError: The denominator is zero; callers give that case words of its own.
    """
    with localcontext(prec=DIVISION_DIGITS):
        if denominator == 0:
            raise ZeroDivisionError("ratio with a zero denominator")
        return Decimal(numerator) / Decimal(denominator)


def wan_yuan(yuan: Exact, digits: int = 2) -> Decimal:
    """元 to 万元, rounded once; the form asks for 万元, the ledger holds 元."""
    return round_half_up(ratio(yuan, YUAN_PER_WAN_YUAN), digits)


def yuan(value: object) -> Decimal:
    """Exact amount with two decimals; floats by the 15 digits that a spreadsheet shows of the 17 it keeps.

    Raises:
        ValueError: More than two decimals, or a float too large for 15 digits to hold them.
        InvalidOperation: No number, or one with more digits than an amount has.
    """
    if isinstance(value, float) and not abs(value) < FLOAT_LIMIT:
        raise ValueError("not exact as a float")
    amount = Decimal(format(value, ".15g") if isinstance(value, float) else str(value))
    exact = amount.quantize(Decimal("0.01"))
    if exact != amount:
        raise ValueError("more than two decimals")
    return exact


def exact(text: str) -> Exact:
    """A number that ``plain`` wrote, as it was: whole numbers without a point, amounts with their decimals."""
    return Decimal(text) if "." in text else int(text)


def plain(value: Exact) -> str:
    """A number as text without exponent or group marks, as it enters files and digests."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)
