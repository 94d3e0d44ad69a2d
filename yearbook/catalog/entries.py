"""Typed entries of the catalogue: sources, extracts, code lists, indicators; rules stand in ``rules``.

An entry holds what a statistician wrote and nothing that a machine found.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from yearbook.quantity import Unit

# ``code`` is text whose CHAR padding is removed; ``moment`` is an instant in the source's zone, kept in snapshots as
# naive Beijing time; ``money`` is 元 with two decimals.
ColumnType = Literal["text", "code", "integer", "money", "date", "moment"]
# What a column of a handed-over file may be cleaned of; ``yearbook.intake.cells`` does it and says what it did.
Clean = Literal[
    "blanks", "full_width", "dashes", "notes", "thousands", "text_dates", "serial_dates", "end_of_day", "number_codes"
]


class Entry(BaseModel):
    """Base of all entries: immutable, and a key that nobody defined is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(Entry):
    """One column of an extract's contract; ``personal`` columns never leave the snapshot."""

    name: str
    type: ColumnType
    required: bool = True
    personal: bool = False


class Heading(Entry):
    """One column of a handed-over file: its header, and our name for it; empty where the column is not read."""

    column: str
    header: str = Field(min_length=1)


class Extract(Entry):
    """One question to a source, answered by one snapshot.

    Attributes:
        code: Name of the snapshot's table in the engine.
        source: Code of the source.
        name: Name in words.
        per_year: True where the answer holds the rows of one year; False for a register or list as it stands.
        key: Columns that identify a row and order the snapshot.
        columns: The contract, in order.
        sheet: Sheet of a workbook; not asked of files that hold one table without a name.
        title_rows: Rows above the header; a year in them must be the file's.
        header_rows: Rows of the header; two rows are read as ``upper/lower``.
        total_label: First cell of the total row at the end, empty where there is none.
        total_column: Column whose sum the total row must equal.
        clean: Clean-ups that cells may need; what is not declared is refused.
        units: Unit that a column's numbers may carry; 万元 is turned into 元.
        fill_down: Columns whose merged cells hold for every row they cover.
        year_column: Date column by which a file of another year is known; none where it is empty.
        one_year: True where every row must lie in the file's year.
        may_be_empty: True where a year without rows is possible.
        control: True where the exporter must hand over a control total or a row count with the file.
    """

    code: str
    source: str
    name: str
    per_year: bool
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    sheet: str = ""
    title_rows: int = 0
    header_rows: int = 1
    total_label: str = ""
    total_column: str = ""
    clean: frozenset[Clean] = frozenset()
    units: Mapping[str, str] = Field(default_factory=dict)
    fill_down: frozenset[str] = frozenset()
    year_column: str = ""
    one_year: bool = False
    may_be_empty: bool = False
    control: bool = False

    def column(self, name: str) -> Column:
        """One column by its name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def personal(self) -> bool:
        """True where a snapshot holds personal fields."""
        return any(column.personal for column in self.columns)


class Source(Entry):
    """Where statistics come from: a database, or an export that somebody hands over each year.

    Attributes:
        encoding: Encoding of handed-over text that does not prove itself to be UTF-8 or UTF-16.
    """

    code: str
    name: str
    kind: Literal["database", "export"]
    owner: str
    timezone: str = "Asia/Shanghai"
    encoding: str = "gb18030"
    extracts: tuple[Extract, ...]


class Indicator(Entry):
    """One catalogue entry of ``sql/indicators.toml``; its figures are the products of its members.

    Attributes:
        members: For each dimension (a column of the SQL answer) its members and their labels, in printed order.
        wording: How numbers are printed, a policy of ``yearbook.wording``.
        member_wording: Policies of single figures that differ, by the member codes joined with dots.
    """

    code: str
    name: str
    source: str
    extracts: tuple[str, ...]
    unit: Unit
    wording: str
    definition: str = Field(pattern="。$")
    basis: str
    members: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    member_wording: Mapping[str, str] = Field(default_factory=dict)

    @property
    def sql_name(self) -> str:
        """The query's file under ``sql/``."""
        return f"{self.source}/{self.code}.sql"

    def combinations(self) -> Iterator[tuple[str, ...]]:
        """Member codes of every figure, in printed order; one empty tuple for an indicator without dimensions."""
        return product(*self.members.values())

    def figure_code(self, combination: tuple[str, ...]) -> str:
        """``indicator.member…``."""
        return ".".join((self.code, *combination))

    def label(self, combination: tuple[str, ...]) -> str:
        """Labels of the members, without those of totals; empty for the total of everything."""
        pairs = zip(self.members.values(), combination, strict=True)
        return "·".join(labels[member] for labels, member in pairs if member != "total")

    def figure_name(self, combination: tuple[str, ...]) -> str:
        """Indicator and members in words, e.g. ``机动车业务量·注册登记``."""
        label = self.label(combination)
        return f"{self.name}·{label}" if label else self.name

    def figure_wording(self, combination: tuple[str, ...]) -> str:
        """Printing policy of one figure."""
        return self.member_wording.get(".".join(combination), self.wording)


class Code(Entry):
    """One code of a national or local code list and the group it counts in.

    Attributes:
        counts_as: A member of an indicator, or one of ``TREATMENTS`` where the code is no member's.
        source: The standard, order or note that has the code from ``since`` on and, where it ended, until ``until``.
        note: Why it is treated so, empty where that needs no words.
    """

    TREATMENTS: ClassVar[frozenset[str]] = frozenset({"counted", "not_counted", "counted_until_left"})

    code: str
    name: str
    counts_as: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    source: str
    since: date
    until: date | None = None
    note: str = ""

    @field_validator("code", "name", "source")
    @classmethod
    def _not_blank(cls, text: str) -> str:
        if not text.strip():
            raise PydanticCustomError("blank", "不能为空")
        return text

    @field_validator("since", "until", mode="before")
    @classmethod
    def _iso_day(cls, text: object) -> object:
        try:
            if isinstance(text, str) and date.fromisoformat(text).isoformat() != text:
                raise ValueError("another way to write it")
        except ValueError as error:
            raise PydanticCustomError("day", "须写成 2016-12-01 这样的日期") from error
        return text

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> "Code":
        if self.until is not None and self.until < self.since:
            raise PydanticCustomError("until", "until 早于 since")
        return self
