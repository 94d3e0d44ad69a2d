"""Values that the server handed over as text, back to what they are.

Numbers and times travel as text where a library would turn a special value (NaN, a zero date, infinity) into another
one without a word. What is no proper value stays text, so that the contract refuses it with its row.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tasks.sources.database.readers.base import Described, Values

MAX_DIGITS = 38


def restored(column: Described, array: pa.Array) -> Values:
    """One column of a batch, of its own type again; the driver's own values where a text is none."""
    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        return array
    match column.kind:
        case "integer":
            return _cast(array, pa.int64(), int)
        case "decimal":
            return _cast(array, pa.decimal128(MAX_DIGITS, column.scale), Decimal)
        case "date":
            return _cast(array, pa.date32(), date.fromisoformat)
        case "moment" | "instant":
            return _cast(array, pa.timestamp("us"), datetime.fromisoformat)
    return array


def padded(column: Described, array: pa.Array) -> pa.Array:
    """CHAR values with the padding that the library took off, for the contract to see what the server sent."""
    return pc.utf8_rpad(array, width=column.width, padding=" ") if column.kind == "char" else array


def _cast(array: pa.Array, kind: pa.DataType, one: Callable[[str], Any]) -> Values:
    try:
        return array.cast(kind)
    except pa.ArrowInvalid:
        return [_value(text, one) for text in array.to_pylist()]


def _value(text: str | None, one: Callable[[str], Any]) -> Any:
    try:
        return None if text is None else one(text)
    except (ValueError, InvalidOperation):
        return text
