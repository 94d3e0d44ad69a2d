"""Columns that a library hands over as Arrow arrays: the same values fit a contract as one by one.

Nothing is cut or guessed: a cast that would lose something raises, and so does a type that the column does not take.
"""

from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

MONEY = pa.decimal128(18, 2)
MOMENT = pa.timestamp("us")
DAY = date(1970, 1, 1)
FIRST_DAY, LAST_DAY = (date.min - DAY).days, (date.max - DAY).days
MICROSECONDS_A_DAY = 86_400 * 1_000_000
# digits of the largest unsigned whole number, and two decimals
WHOLE = pa.decimal128(22, 2)


def plain_column(kind: str, array: pa.Array, timezone: str) -> pa.Array | None:
    """A column of text, whole numbers, amounts or dates; None where every value has to be looked at."""
    match kind:
        case "integer":
            return as_integer(array)
        case "money":
            return as_money(array)
        case "date":
            return as_date(array, timezone)
    return as_text(array)


def as_text(array: pa.Array) -> pa.Array:
    """Text; bytes are none."""
    _require(pa.types.is_string(array.type) or pa.types.is_large_string(array.type))
    return array.cast(pa.string())


def as_integer(array: pa.Array) -> pa.Array:
    """Whole numbers, also those that a database keeps as exact decimals."""
    _require(pa.types.is_integer(array.type) or pa.types.is_decimal(array.type))
    return array.cast(pa.int64())


def as_money(array: pa.Array) -> pa.Array | None:
    """Exact amounts; None where every value has to be looked at."""
    if pa.types.is_integer(array.type):
        return array.cast(WHOLE).cast(MONEY)
    if pa.types.is_decimal(array.type):
        return array.cast(MONEY)
    # a number of single precision has six digits, which no amount can be sure of
    _require(pa.types.is_float64(array.type) or pa.types.is_string(array.type))
    return None


def as_date(array: pa.Array, timezone: str) -> pa.Array:
    """Dates; moments at midnight in the source's zone are dates as well."""
    if pa.types.is_timestamp(array.type):
        days = as_moment(array)
        if days.type.tz:
            days = pc.local_timestamp(days.cast(pa.timestamp("us", timezone)))
        day = days.cast(pa.date32(), safe=False)
        if pc.any(pc.not_equal(day.cast(MOMENT), days)).as_py():
            raise ValueError("a time of day in a date")
        return day
    _require(pa.types.is_date(array.type) or pa.types.is_string(array.type))
    return _within(array.cast(pa.date32()), pa.int32(), FIRST_DAY, LAST_DAY)


def as_moment(array: pa.Array) -> pa.Array:
    """Moments in microseconds, with the zone that they have."""
    _require(pa.types.is_timestamp(array.type) or pa.types.is_string(array.type))
    zone = array.type.tz if pa.types.is_timestamp(array.type) else None
    exact = array.cast(pa.timestamp("us", zone))
    low, high = FIRST_DAY * MICROSECONDS_A_DAY, (LAST_DAY + 1) * MICROSECONDS_A_DAY - 1
    return _within(exact, pa.int64(), low, high)


def first_misfit(array: pa.Array, fits: Callable[[pa.Array], bool]) -> int:
    """Position of the first value that does not fit, by halving."""
    good, bad = 0, len(array)
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(array.slice(0, middle)) else (good, middle)
    return good


def _require(*accepted: bool) -> None:
    if not all(accepted):
        raise TypeError("values of another kind")


def _within(array: pa.Array, number: pa.DataType, low: int, high: int) -> pa.Array:
    """Years 1 to 9999; a database's "infinity" lies far outside."""
    ends = pc.min_max(array.cast(number))
    if ends["min"].is_valid and not low <= ends["min"].as_py() <= ends["max"].as_py() <= high:
        raise ValueError("outside of the calendar")
    return array
