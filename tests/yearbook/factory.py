"""Figures for tests, with as few words as possible."""

from decimal import Decimal

from yearbook.figure import Figure
from yearbook.quantity import Unit


def figure(
    code: str,
    value: int | Decimal,
    *,
    base: int | Decimal | None = None,
    name: str = "",
    unit: Unit = Unit.PIECE,
    wording: str = "exact",
) -> Figure:
    """A figure with a made-up lineage."""
    return Figure(
        code=code,
        name=name or code,
        label=name or code,
        value=value,
        unit=unit,
        wording=wording,
        definition="测试用。",
        basis="测试",
        sql_name=f"sql/test/{code}.sql",
        sql_digest="0" * 64,
        snapshots=("1" * 64,),
        row_count=7,
        base=base,
    )
