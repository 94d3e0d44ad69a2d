"""Figures for rehearsals: the whole catalogue with numbers that nobody counted, to try a template on every situation.

They are never printed into a report: whoever rehearses looks at errors and throws the text away.
"""

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal

from yearbook.catalog import Indicator
from yearbook.figure import Figure, Figures
from yearbook.quantity import Exact, Unit

LARGE, SMALL = 21_000, 11_000
# Situation → value and base of the n-th figure.
_SITUATIONS: dict[str, Callable[[int], tuple[int, int | None]]] = {
    "都增加": lambda n: (LARGE + n, SMALL + n),
    "都减少": lambda n: (SMALL + n, LARGE + n),
    "都持平": lambda n: (LARGE + n, LARGE + n),
    "上年都为零": lambda n: (LARGE + n, 0),
    "都没有上年数": lambda n: (LARGE + n, None),
    "本年都为零": lambda n: (0, SMALL + n),
    "两年都为零": lambda _: (0, 0),
}


def rehearsals(indicators: Iterable[Indicator], without_base: Collection[str] = ()) -> dict[str, Figures]:
    """Every figure of the catalogue in every situation.

    Args:
        indicators: The catalogue.
        without_base: Codes of the sources that hold no year before; their figures have no base.

    Returns:
        Figures by the situation's name.
    """
    listed = list(indicators)
    return {name: _rehearsed(listed, without_base, numbers) for name, numbers in _SITUATIONS.items()}


def _rehearsed(
    indicators: Iterable[Indicator], without_base: Collection[str], numbers: Callable[[int], tuple[int, int | None]]
) -> Figures:
    every = [(indicator, combination) for indicator in indicators for combination in indicator.combinations()]
    figures = []
    for place, (indicator, combination) in enumerate(every):
        value, base = numbers(place)
        figures.append(
            catalogue_figure(
                indicator, combination, value=value, base=None if indicator.source in without_base else base
            )
        )
    return Figures(figures)


def catalogue_figure(
    indicator: Indicator,
    combination: tuple[str, ...],
    *,
    value: Exact,
    base: Exact | None,
    sql_digest: str = "",
    snapshots: tuple[str, ...] = (),
    row_count: int = 0,
) -> Figure:
    """A figure with the catalogue's words and a number from elsewhere."""
    money = indicator.unit is Unit.YUAN
    return Figure(
        code=indicator.figure_code(combination),
        name=indicator.figure_name(combination),
        label=indicator.label(combination) or "合计",
        value=Decimal(value) if money else value,
        unit=indicator.unit,
        wording=indicator.figure_wording(combination),
        definition=indicator.definition,
        basis=indicator.basis,
        sql_name=f"sql/{indicator.sql_name}",
        sql_digest=sql_digest,
        snapshots=snapshots,
        row_count=row_count,
        base=Decimal(base) if money and base is not None else base,
    )
