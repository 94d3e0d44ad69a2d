"""Rules, cells and exceptions for tests of tie-outs, with as few words as possible."""

from datetime import date
from decimal import Decimal
from typing import Any

from yearbook.catalog import Explanation, Tie, Waiver
from yearbook.quantity import Exact, Interval
from yearbook.ties import Cell, Cells

KNOWN = ("sum.a", "sum.b", "sum.c", "sum.total", "more.a", "more.b", "more.total", "lone")


def tie(**fields: Any) -> Tie:
    """A rule that the parts of ``sum`` add up to its total, unless said otherwise."""
    whole: dict[str, Any] = {
        "code": "X-1",
        "category": "arithmetic",
        "severity": "fatal",
        "left": ("sum.*",),
        "right": ("sum.total",),
        "say": "各项之和等于总数。",
        "say_en": "Parts add up.",
        "do": "核对。",
        "owner": "办公室",
        "basis": "算术",
        "since": 2021,
    }
    if fields.get("kind") in {"expired", "unused"}:
        whole = {name: value for name, value in whole.items() if name not in {"left", "right"}}
    elif fields.get("kind", "equation") not in {"equation", "outlier"}:
        whole.pop("right")
    if fields.get("kind") not in {"outlier", "similar"}:
        fields.pop("limit", None)
    return Tie.model_validate(whole | fields)


def cell(code: str, low: Exact, high: Exact | None = None, **fields: Any) -> Cell:
    """A cell, exact unless a second end is given."""
    ends = Interval(low, low if high is None else high)
    return Cell(code=code, place=f"格 {code}", label=code.rpartition(".")[2], value=ends, **fields)


def exact(*values: Exact, known: tuple[str, ...] = KNOWN) -> Cells:
    """Exact cells in the order of what is known."""
    return Cells((cell(code, value) for code, value in zip(known, values, strict=False)), known)


def waiver(**fields: Any) -> Waiver:
    """A waiver of X-1 until the end of January."""
    whole = {
        "body": "sample",
        "year": 2023,
        "rule": "X-1",
        "cell": "格 sum.a、格 sum.b等",
        "difference": "5",
        "reason": "已核实",
        "owner": "主任",
        "until": date(2024, 1, 31),
    }
    return Waiver.model_validate(whole | fields)


def explanation(**fields: Any) -> Explanation:
    """An explanation of five too many for X-1."""
    whole = {"body": "sample", "year": 2023, "cell": "sum.a", "text": "另计", "owner": "主任"}
    amount = {} if "scope" in fields or "counting" in fields else {"rule": "X-1", "amount": Decimal(5)}
    return Explanation.model_validate(whole | amount | fields)
