"""From values as a driver or a file reader hands them over to typed columns, by the contract of the extract.

Values come one by one or as Arrow arrays; what fits, and what it becomes, is the same.

What is normalised on the way in (CHAR padding, zone) is counted and told; what does not fit the contract is refused
with column and count, never with the value.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tasks.sources.columns import MOMENT, MONEY, as_moment, as_text, first_misfit, plain_column
from yearbook.catalog import Column, Extract
from yearbook.errors import Refusal
from yearbook.intake.cells import TYPE_WORDS
from yearbook.period import BEIJING
from yearbook.quantity import yuan

ARROW_TYPES = {
    "text": pa.string(),
    "code": pa.string(),
    "integer": pa.int64(),
    "money": MONEY,
    "date": pa.date32(),
    "moment": MOMENT,
}
# What the typing of a value can raise.
MISFITS = (pa.ArrowException, ValueError, TypeError, InvalidOperation, OverflowError)
# Python types that a column takes: one of the groups, never a mixture.
KINDS: dict[str, tuple[frozenset[type], ...]] = {
    "text": (frozenset({str}),),
    "code": (frozenset({str}),),
    "integer": (frozenset({int}), frozenset({Decimal})),
    "date": (frozenset({date, datetime}), frozenset({str})),
    "moment": (frozenset({datetime}), frozenset({str})),
}


@dataclass
class Intake:
    """Typing of one extract's rows, with what was normalised on the way.

    Attributes:
        extract: The contract.
        timezone: Zone of the source's instants.
        place: Where the rows come from, as messages cite it.
        first_row: Number of the first data row in the file, for messages; 1 for databases.
        numbers: Number of every row in the file, where rows were left out; takes the place of ``first_row``.
        trimmed: Values per column whose padding was removed.
        row_count: Rows typed so far.
    """

    extract: Extract
    timezone: str
    place: str
    first_row: int = 1
    numbers: Sequence[int] = ()
    trimmed: Counter[str] = field(default_factory=Counter)
    row_count: int = 0

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema of the snapshot."""
        return pa.schema([pa.field(c.name, ARROW_TYPES[c.type], nullable=not c.required) for c in self.extract.columns])

    def batch(self, columns: Sequence[Sequence[Any] | pa.Array]) -> pa.RecordBatch:
        """Type one batch of rows, given column by column in the order of the contract.

        Raises:
            Refusal: A value does not fit its column's type, or a required one is missing.
        """
        arrays = [self._column(c, values) for c, values in zip(self.extract.columns, columns, strict=True)]
        self.row_count += len(arrays[0])
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def normalised(self) -> tuple[str, ...]:
        """What was changed on the way in, in words."""
        notes = [f"{name}：去掉补位空格 {count} 处" for name, count in sorted(self.trimmed.items()) if count]
        if self.timezone != BEIJING.key and any(c.type == "moment" for c in self.extract.columns):
            notes.append(f"时刻由 {self.timezone} 换算为北京时间")
        return tuple(notes)

    def _number(self, index: int) -> int:
        """The number that messages give a row of the batch."""
        return self.numbers[index] if self.numbers else self.first_row + self.row_count + index

    def _column(self, column: Column, values: Sequence[Any] | pa.Array) -> pa.Array:
        try:
            array = self._typed(column, values)
        except MISFITS as error:
            raise self._misfit(column, values) from error
        if column.required and array.null_count:
            row = self._number(pc.index(pc.is_null(array), value=True).as_py())
            raise Refusal(
                f"{self.place}：第 {row} 行，列 {column.name} 为空（本批共 {array.null_count} 处），契约要求必填",
                todo="由提供者补录；确属可空的，在 sql/sources.toml 该列加 optional",
            )
        return array

    def _typed(self, column: Column, values: Sequence[Any] | pa.Array) -> pa.Array:
        if isinstance(values, pa.Array):
            return self._arrow(column, values)
        _require_one_kind(column.type, values)
        match column.type:
            case "code":
                return self._code(column.name, pa.array(values, pa.string()))
            case "date":
                return _dates(values)
            case "moment":
                return self._moments(pa.array(values))
            case "integer":
                values = _whole(values)
            case "money":
                values = [None if v is None else yuan(v) for v in values]
        return pa.array(values, ARROW_TYPES[column.type])

    def _arrow(self, column: Column, array: pa.Array) -> pa.Array:
        if pa.types.is_null(array.type):
            return array.cast(ARROW_TYPES[column.type])
        if column.type == "code":
            return self._code(column.name, as_text(array))
        if column.type == "moment":
            return self._moments(as_moment(array))
        exact = plain_column(column.type, array, self.timezone)
        return self._typed(column, array.to_pylist()) if exact is None else exact

    def _code(self, name: str, padded: pa.Array) -> pa.Array:
        plain = pc.utf8_rtrim(padded, characters=" ")
        self.trimmed[name] += pc.sum(pc.not_equal(padded, plain)).as_py() or 0
        return plain

    def _moments(self, array: pa.Array) -> pa.Array:
        """Instants of the source's zone as naive Beijing time; aware values keep their own zone."""
        if pa.types.is_null(array.type):
            return array.cast(MOMENT)
        if pa.types.is_timestamp(array.type) and array.type.tz:
            local = array.cast(pa.timestamp("us", BEIJING.key))
        else:
            naive = array.cast(MOMENT)
            if self.timezone == BEIJING.key:
                return naive
            local = pc.assume_timezone(naive, self.timezone).cast(pa.timestamp("us", BEIJING.key))
        return pc.local_timestamp(local)

    def _misfit(self, column: Column, values: Sequence[Any] | pa.Array) -> Refusal:
        row = self._number(_first_misfit(self, column, values))
        return Refusal(
            f"{self.place}：第 {row} 行，列 {column.name} 的值不是 {TYPE_WORDS[column.type]}",
            todo="由提供者更正该值；类型确已改变的，更正 sql/sources.toml 的契约",
        )


def _require_one_kind(kind: str, values: Sequence[Any]) -> None:
    """Arrow would read a number among dates as days, a number among moments as microseconds, and cut 1.5 to 1.

    Raises:
        TypeError: The values are of a kind that the column does not take, or of two kinds.
    """
    accepted = KINDS.get(kind)
    found = set(map(type, values)) - {type(None)}
    if accepted and not any(found <= group for group in accepted):
        raise TypeError("values of another or of two kinds")
    if kind == "moment" and datetime in found and len({v.tzinfo is None for v in values if v is not None}) > 1:
        raise TypeError("moments with and without a zone")


def _whole(values: Sequence[Any]) -> Sequence[Any]:
    """Whole numbers, also those that a database keeps as exact decimals."""
    if not any(isinstance(value, Decimal) for value in values):
        return values
    whole = [None if value is None else int(value) for value in values]
    if whole != list(values):
        raise ValueError("not whole")
    return whole


def _first_misfit(intake: Intake, column: Column, values: Sequence[Any] | pa.Array) -> int:
    """Each value beside the first one, so that a value of another kind is found as well."""
    if isinstance(values, pa.Array):
        return first_misfit(values, lambda part: _fits(intake, column, part))
    first = next((value for value in values if value is not None), None)
    for index, value in enumerate(values):
        if value is None:
            continue
        try:
            intake._typed(column, [first, value])
        except MISFITS:
            return index
    return 0


def _fits(intake: Intake, column: Column, values: pa.Array) -> bool:
    try:
        intake._typed(column, values)
    except MISFITS:
        return False
    return True


def _dates(values: Sequence[Any]) -> pa.Array:
    """Dates; a time of day is only accepted at midnight, because cutting it off would move nothing then."""
    if any(issubclass(kind, datetime) for kind in set(map(type, values))):
        values = [_day(value) for value in values]
    array = pa.array(values)
    return array.cast(pa.date32())


def _day(value: datetime | date | None) -> date | None:
    if not isinstance(value, datetime):
        return value
    if (value.hour, value.minute, value.second, value.microsecond) != (0, 0, 0, 0):
        raise ValueError("a time of day in a date")
    return value.date()
