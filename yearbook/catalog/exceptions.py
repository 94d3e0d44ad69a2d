"""Typed entries of ``expectations/waivers.toml``: what may fail for a time, and what is explained."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from yearbook.catalog.entries import Entry

ReportYearNumber = Annotated[int, Field(ge=2008, le=2999)]


class Waiver(Entry):
    """One dated exception to a rule, ``[[waiver]]`` of ``expectations/waivers.toml``.

    Attributes:
        body: Code of the body it is for.
        year: Report year.
        rule: Code of the rule.
        cell: The place as the finding names it.
        difference: The difference as the finding gives it, or its number of failing rows; another value is not waived.
        reason: Why the rule may be broken.
        owner: Who answers for it.
        until: Last day on which it holds.
    """

    body: str
    year: ReportYearNumber
    rule: str
    cell: str
    difference: str
    reason: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    until: date


class Explanation(Entry):
    """An honest difference that the body explains, ``[[explanation]]`` of ``expectations/waivers.toml``.

    Attributes:
        body: Code of the body.
        year: Report year.
        cell: Figure code of the cell.
        text: The explanation, as it may be printed, e.g. 含自然失效29件.
        owner: Who answers for it.
        rule: Rule whose equation ``amount`` belongs to.
        amount: What the explanation accounts for, found less expected.
        scope: Scope of the cell where it is not the body's own, e.g. 全市.
        counting: Counting basis of the cell where it differs, e.g. 含上年度结转.
    """

    body: str
    year: ReportYearNumber
    cell: str
    text: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    rule: str = ""
    amount: Decimal | None = None
    scope: str = ""
    counting: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> "Explanation":
        if (self.amount is None) != (not self.rule):
            raise PydanticCustomError("pair", "rule 和 amount 须同时写")
        if self.amount is None and not self.scope and not self.counting:
            raise PydanticCustomError("needs", "须写 rule 和 amount，或者 scope，或者 counting")
        return self
