"""Typed entries of what must be true: expectations on sources and tie-outs."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from yearbook.catalog.entries import Entry
from yearbook.verdict import Category, Severity

Check = Literal[
    "schema",
    "row_count",
    "volume",
    "not_null",
    "unique",
    "in_codes",
    "made_of_codes",
    "counts",
    "in_set",
    "matches",
    "check_digit",
    "between",
    "within_year",
    "reaches_year",
    "no_gap",
    "as_before",
    "keeps",
    "numbered",
    "not_after",
    "present_when",
    "refers_to",
    "usual",
    "holds",
    "expectation",
]
# What a check needs besides its columns, by field; a choice of two is written with a bar.
NEEDS: dict[str, tuple[str, ...]] = {
    "row_count": ("low",),
    "volume": ("low|high",),
    "no_gap": ("high",),
    "as_before": ("low",),
    "in_codes": ("codes",),
    "made_of_codes": ("codes",),
    "counts": ("codes", "treated"),
    "in_set": ("values",),
    "matches": ("pattern",),
    "between": ("low|high",),
    "present_when": ("codes", "treated"),
    "refers_to": ("refers_to",),
    "holds": ("condition",),
    "expectation": ("expectation",),
}
# How many columns a check looks at; one or more where it is not named.
COLUMNS: dict[str, tuple[int, int]] = {
    "schema": (0, 0),
    "row_count": (0, 0),
    "volume": (0, 0),
    "not_after": (2, 2),
    "present_when": (2, 2),
    "usual": (2, 2),
    "expectation": (0, 9),
    "holds": (1, 9),
    "unique": (1, 9),
    "as_before": (1, 9),
    "keeps": (1, 9),
}
# Fields that only some checks know; on any other they would be read by nobody.
ONLY: dict[str, frozenset[str]] = {
    "codes": frozenset({"in_codes", "made_of_codes", "counts", "present_when"}),
    "treated": frozenset({"counts", "present_when"}),
    "values": frozenset({"in_set"}),
    "pattern": frozenset({"matches"}),
    "refers_to": frozenset({"refers_to"}),
    "condition": frozenset({"holds"}),
    "expectation": frozenset({"expectation"}),
    "arguments": frozenset({"expectation"}),
    "low": frozenset({"row_count", "volume", "between", "no_gap", "as_before"}),
    "high": frozenset({"row_count", "volume", "between", "no_gap"}),
}
# Checks of a whole table; they know no single row, so neither a filter nor a tolerance.
WHOLE = frozenset(
    {"schema", "row_count", "volume", "reaches_year", "no_gap", "as_before", "keeps", "numbered", "expectation"}
)


class Rule(Entry):
    """One expectation on a source, as written in ``expectations/<source>.toml``.

    Attributes:
        code: Stable code, e.g. ``VEH-03``.
        extract: The extract it judges.
        columns: The columns it looks at; ``not_after``, ``present_when`` and ``usual`` take two.
        low: Smallest accepted value or row count; of ``volume`` the percentage of last year's rows; rows of the year
            from which ``no_gap`` is judged, and rows of last year that make a value usual for ``as_before``.
        high: Largest accepted value or row count; of ``volume`` the percentage of last year's rows; of ``no_gap`` the
            days in a row that may be without rows.
        values: Accepted values of ``in_set``.
        codes: Code list of ``in_codes``, ``made_of_codes``, ``counts`` and ``present_when``.
        treated: ``counts_as`` of the codes that ``counts`` does not want and that ``present_when`` starts from.
        pattern: Regular expression of ``matches``; it must fit the whole value.
        refers_to: ``extract.column`` of the same source in which the value must stand.
        condition: SQL condition over the columns of one row, true where the row ``holds``; unknown is not judged.
        where: SQL condition that limits the rows that are judged.
        tolerance: Percentage of the judged rows that may break the rule; a check of whole tables has none.
        expectation: Name of an expectation of Great Expectations, where the library has a metric of its own.
        arguments: Its arguments.
        owner: Who acts when it fails; the source's owner where it is empty.
        beside: Another source; only bodies that have it too are asked the rule, which is usual of their kind alone.
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
    treated: str = ""
    pattern: str = ""
    refers_to: str = ""
    condition: str = ""
    where: str = ""
    tolerance: Decimal = Field(default=Decimal(0), ge=0, lt=100)
    expectation: str = ""
    arguments: Mapping[str, Any] = Field(default_factory=dict)
    owner: str = ""
    beside: str = ""
    base: bool = True

    @model_validator(mode="after")
    def _has_what_its_check_needs(self) -> "Rule":
        for need in NEEDS.get(self.check, ()):
            if all(getattr(self, name) in (None, "", ()) for name in need.split("|")):
                raise PydanticCustomError("needs", "{check} 还要写 {need}", {"check": self.check, "need": need})
        for name, checks in ONLY.items():
            if self.check not in checks and getattr(self, name) not in (None, "", (), {}):
                raise PydanticCustomError("unread", "{check} 不用 {name}", {"check": self.check, "name": name})
        if self.check in WHOLE and (self.where or (self.tolerance and self.check != "keeps")):
            raise PydanticCustomError("unread", "{check} 不用 where 和 tolerance", {"check": self.check})
        least, most = COLUMNS.get(self.check, (1, 1))
        if not least <= len(self.columns) <= most:
            count = str(least) if least == most else f"{least}—{most}"
            raise PydanticCustomError("columns", "{check} 的 columns 应为 {n} 列", {"check": self.check, "n": count})
        return self

    @model_validator(mode="after")
    def _can_be_kept_and_broken(self) -> "Rule":
        if self.check != "no_gap" and self.low is not None and self.high is not None and self.low > self.high:
            raise PydanticCustomError("limits", "low 大于 high")
        return self


Kind = Literal[
    "equation", "cells", "nil", "emptied", "outlier", "restated",
    "mentions", "beside", "printed", "lists", "shares", "years", "deadline", "residue", "labels", "similar",
    "readback", "expired", "unused",
]  # fmt: skip


# What a body can be that rules know of; ``properties`` of its file.
Property = Literal["rule_making", "government"]
# Kinds whose ``left`` names figures they cannot do without, and fields that only some kinds read.
ON_FIGURES = frozenset({"equation", "cells", "nil", "emptied", "outlier", "restated", "beside"})
READ_BY: dict[str, frozenset[str]] = {
    "left": ON_FIGURES | {"mentions", "printed", "lists", "shares"},
    "right": frozenset({"equation", "outlier", "beside"}),
    "each": ON_FIGURES | {"mentions", "printed", "lists", "shares"},
    "limit": frozenset({"outlier", "similar"}),
    "least": frozenset({"outlier"}),
}


class Tie(Entry):
    """One rule of ``expectations/ties.toml`` on figures or on the document.

    Attributes:
        code: Stable code, e.g. ``T3-1``.
        category: Who stands behind the rule: the form itself, arithmetic, supervisors, or plausibility.
        kind: ``equation`` compares two sums; the others look at one thing each, see ``docs/how-to.md``.
        left: Terms whose sum is the left side; a term is a figure code, ``{name}`` in it runs through ``each``,
            ``*`` stands for every member but the total, ``-`` in front subtracts, ``base:`` reads the base year,
            ``120*`` in front multiplies. Of the other kinds, the figures they look at.
        right: Terms whose sum is the right side; of ``outlier`` the parts whose contributions are told; of ``beside``
            the cells of which one is not 0.
        each: Values that run through the terms' ``{name}`` places.
        limit: Percentage from which a change is an outlier or a text similar; from 100 on a change is measured as a
            multiple, so that a fall to a fifth counts as a rise to five times.
        least: Difference below which no change is an outlier.
        owner: Who acts when it fails.
        related: Codes of rules to look at together with this one.
        since: First report year the rule applies to.
        until: Last report year it applies to; None while in force.
        unless: Property of the body that switches the rule off.
    """

    code: str = Field(pattern=r"^[A-Z]{1,2}\d?-\d{1,2}[a-z]?$")
    category: Category
    severity: Severity
    kind: Kind = "equation"
    left: tuple[str, ...] = ()
    relation: Literal["=", "<=", ">="] = "="
    right: tuple[str, ...] = ()
    each: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    limit: Decimal | None = None
    least: int | None = None
    say: str = Field(pattern="。$")
    say_en: str = Field(pattern=r"\.$")
    do: str = Field(pattern="。$")
    owner: str = Field(min_length=1)
    basis: str = Field(min_length=1)
    related: tuple[str, ...] = ()
    since: int
    until: int | None = None
    unless: Property | None = None

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> "Tie":
        if self.kind in ON_FIGURES and not self.left:
            raise PydanticCustomError("needs", "{kind} 还要写 left", {"kind": self.kind})
        if self.kind in {"outlier", "similar"} and (self.limit is None or self.limit <= 0):
            raise PydanticCustomError("needs", "{kind} 还要写 limit，须大于 0", {"kind": self.kind})
        for name, kinds in READ_BY.items():
            if self.kind not in kinds and getattr(self, name) not in (None, (), {}):
                raise PydanticCustomError("unread", "{kind} 不用 {name}", {"kind": self.kind, "name": name})
        if not all(self.each.values()):
            raise PydanticCustomError("each", "each 中有空的一项，规则一次也不会判断")
        if self.until is not None and self.until < self.since:
            raise PydanticCustomError("until", "until 早于 since")
        return self
