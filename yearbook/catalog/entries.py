"""Typed entries of the catalogue: sources, extracts, code lists, indicators, expectations, tie-outs.

An entry holds what a statistician wrote and nothing that a machine found.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yearbook.quantity import Unit
from yearbook.verdict import Severity

# ``code`` is text whose CHAR padding is removed; ``moment`` is an instant in the source's zone, kept in snapshots as
# naive Beijing time; ``money`` is 元 with two decimals.
ColumnType = Literal["text", "code", "integer", "money", "date", "moment"]
Check = Literal[
    "row_count",
    "not_null",
    "unique",
    "in_codes",
    "in_set",
    "matches",
    "between",
    "within_year",
    "reaches_year",
    "not_after",
]


# Columns that a check of the order of two columns takes.
PAIR = 2


class Entry(BaseModel):
    """Base of all entries: immutable, and a key that nobody defined is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(Entry):
    """One column of an extract's contract; ``personal`` columns never leave the snapshot."""

    name: str
    type: ColumnType
    required: bool = True
    personal: bool = False


class Extract(Entry):
    """One question to a source, answered by one snapshot.

    Attributes:
        code: Name of the snapshot's table in the engine.
        source: Code of the source.
        name: Name in words.
        per_year: True where the answer holds the rows of one year; False for a register or list as it stands.
        key: Columns that identify a row and order the snapshot.
        columns: The contract, in order.
        sheet: Sheet of a workbook; empty for databases and delimited files.
        title_rows: Rows above the header.
        header_rows: Rows of the header; two rows are read as ``upper/lower``.
        total_label: First cell of the total row at the end, empty where there is none.
        total_column: Column whose sum the total row must equal.
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

    @property
    def personal(self) -> bool:
        """True where a snapshot holds personal fields."""
        return any(column.personal for column in self.columns)


class Source(Entry):
    """Where statistics come from: a database, or a file that somebody hands over each year."""

    code: str
    name: str
    kind: Literal["database", "csv", "xlsx"]
    owner: str
    timezone: str = "Asia/Shanghai"
    encoding: str = ""
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


class Rule(Entry):
    """One expectation on a source, as written in ``expectations/<source>.toml``.

    Attributes:
        code: Stable code, e.g. ``VEH-03``.
        extract: The extract it judges.
        columns: The columns it looks at; ``not_after`` takes two, the first must not lie after the second.
        low: Smallest accepted value or row count.
        high: Largest accepted value or row count.
        values: Accepted values of ``in_set``.
        codes: Code list of ``in_codes``.
        pattern: Regular expression of ``matches``; the engine anchors it at both ends.
        base: False where the rule is not asked of the base year's snapshot.
    """

    code: str = Field(pattern=r"^[A-Z]{3}-\d{2}$")
    source: str
    extract: str
    check: Check
    severity: Severity
    say: str = Field(pattern="。$")
    say_en: str = Field(pattern=r"\.$")
    do: str = Field(pattern="。$")
    columns: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    values: tuple[str, ...] = ()
    codes: str = ""
    pattern: str = ""
    base: bool = True

    @model_validator(mode="after")
    def _has_what_its_check_needs(self) -> "Rule":
        needs: dict[str, bool] = {
            "row_count": self.low is not None,
            "in_codes": bool(self.codes),
            "in_set": bool(self.values),
            "matches": bool(self.pattern),
            "between": self.low is not None or self.high is not None,
            "not_after": len(self.columns) == PAIR,
        }
        if not needs.get(self.check, True) or (self.check != "row_count" and not self.columns):
            raise ValueError(f"check {self.check} lacks a parameter")
        return self


class Code(Entry):
    """One code of a national or local code list and the group it counts in."""

    code: str = Field(min_length=1)
    name: str = Field(min_length=1)
    counts_as: str = Field(pattern=r"^[a-z][a-z0-9_]*$")


class Tie(Entry):
    """One tie-out rule of ``expectations/ties.toml``.

    Attributes:
        code: Stable code, e.g. ``T3-1``.
        category: Who stands behind the rule: the form itself, arithmetic, supervisors, or plausibility.
        left: Terms whose sum is the left side; a term is a figure code, ``{name}`` in it runs through ``each``,
            ``*`` stands for every member but the total, ``-`` in front subtracts, ``base:`` reads the base year.
        right: Terms whose sum is the right side.
        each: Values that run through the terms' ``{name}`` places.
        since: First report year the rule applies to.
        until: Last report year it applies to; None while in force.
        unless: Property of the body that switches the rule off.
    """

    code: str
    category: Literal["form", "arithmetic", "supervisory", "plausibility"]
    severity: Severity
    left: tuple[str, ...]
    relation: Literal["=", "<=", ">="]
    right: tuple[str, ...]
    each: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    say: str = Field(pattern="。$")
    do: str = Field(pattern="。$")
    basis: str
    since: int
    until: int | None = None
    unless: str | None = None
