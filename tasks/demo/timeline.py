"""When things happened: transactions around the years of a plan, and stocks at their ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np

from tasks.demo.columns import DAY, Flags, Ints, year_start

_OLDEST_YEAR = 1996


@dataclass(frozen=True)
class Events:
    """Transactions in the order of time.

    Attributes:
        group: the position of its count within the plan's group.
        moment: seconds of Beijing time since 1970-01-01 00:00:00.
        effective: false for what was withdrawn, cancelled, revoked.
    """

    group: Ints
    moment: Ints
    effective: Flags


@dataclass(frozen=True)
class Stock:
    """Records that begin and may end, in the order of their beginning.

    Attributes:
        kind: the position of the kind within the plan's group.
        begun: day number of the first registration.
        ended: day number of the end, or -1.
    """

    kind: Ints
    begun: Ints
    ended: Ints


@dataclass(frozen=True)
class _Segment:
    size: int
    begun: tuple[int, int]
    ended: tuple[int, int] | None = None


def draw_events(rng: np.random.Generator, yearly: Mapping[int, Sequence[int]], *, night: bool = False) -> Events:
    """Draw transactions: the counts of each year, voided ones, and neighbours outside the years.

    Args:
        rng: the generator to draw from.
        yearly: the effective transactions of each year, by group.
        night: true when things happen around the clock, not in office hours.

    Returns:
        The transactions; the first and the last second of every year are taken.
    """
    columns: list[tuple[Ints, Ints, Flags]] = []

    def add(group: int, first: int, last: int, size: int, *, effective: bool) -> None:
        moment = _moments(rng, (first, last), size, night=night)
        columns.append((np.full(size, group), moment, np.full(size, effective)))

    for year, counts in yearly.items():
        first, last = year_start(year), year_start(year + 1) - 1
        for group, count in enumerate(counts):
            add(group, first, last, count, effective=True)
            add(group, first, last, max(2, ceil(count * 0.02)), effective=False)
    opening, closing = year_start(min(yearly)), year_start(max(yearly) + 1)
    for group, count in enumerate(yearly[max(yearly)]):
        near = max(2, ceil(count * 0.004))
        add(group, opening - 25, opening - 1, near, effective=True)
        add(group, closing, closing + 12, near, effective=True)
    parts = list(zip(*columns, strict=True))
    group_of, moment, effective = (np.concatenate(part) for part in parts)
    order = np.argsort(moment, kind="stable")
    return Events(group_of[order], moment[order], effective[order].astype(np.bool_))


def _moments(rng: np.random.Generator, days: tuple[int, int], size: int, *, night: bool) -> Ints:
    first, last = days
    hours = (0, DAY) if night else (8 * 3600 + 1800, 17 * 3600 + 1800)
    moment = rng.integers(first, last + 1, size) * DAY + rng.integers(*hours, size)
    if size > 1:
        # the two seconds on either side of midnight are where counting goes wrong
        moment[0], moment[-1] = first * DAY, (last + 1) * DAY - 1
    return moment


def draw_stock(
    rng: np.random.Generator,
    stocks: Mapping[int, Sequence[int]],
    arrivals: Mapping[int, Sequence[int]],
    group: str,
) -> Stock:
    """Draw records so that each year ends with the stock wanted.

    Args:
        rng: the generator to draw from.
        stocks: stock at the end of each year, by kind.
        arrivals: records begun in each year and still in the stock, by kind.
        group: name of the counts in the plan, for complaints.

    Returns:
        The records.

    Raises:
        ValueError: if stocks and arrivals contradict each other.
    """
    columns: list[tuple[Ints, Ints, Ints]] = []
    for kind in range(len(stocks[min(stocks)])):
        series = {year: values[kind] for year, values in stocks.items()}
        begun = {year: values[kind] for year, values in arrivals.items()}
        columns += [
            (np.full(segment.size, kind), *_draw_segment(rng, segment)) for segment in _segments(series, begun, group)
        ]
    kinds, begins, ends = (np.concatenate(part) for part in zip(*columns, strict=True))
    order = np.argsort(begins, kind="stable")
    return Stock(kinds[order], begins[order], ends[order])


def _segments(stocks: dict[int, int], arrivals: dict[int, int], group: str) -> list[_Segment]:
    years = sorted(stocks)
    opening, closing = year_start(years[0]), year_start(years[-1] + 1)
    old = year_start(_OLDEST_YEAR), opening - 1
    very_old, lately = (old[0], year_start(years[0] - 3) - 1), (closing, closing + 14)
    stock = stocks[years[-1]]
    leaving_soon = max(2, stock // 2000)
    remaining = stock - sum(arrivals.values()) - leaving_soon
    if remaining < 0:
        raise ValueError(f"years.{years[-1]}.{group}: smaller than the arrivals it includes")
    segments = [
        _Segment(remaining, old),
        _Segment(leaving_soon, old, lately),
        _Segment(max(2, stock // 50), very_old, (very_old[1] + 1, opening - 1)),
        _Segment(max(2, stock // 90), old, (opening, year_start(years[0] + 1) - 1)),
        _Segment(max(2, min(400, stock // 1000)), lately),
        # come and gone within the last year: in nobody's stock
        _Segment(2, (closing - 300, closing - 200), (closing - 199, closing - 1)),
    ]
    for year, count in arrivals.items():
        segments.append(_Segment(count, (year_start(year), year_start(year + 1) - 1)))
    for last, this in pairwise(years):
        left = stocks[last] + arrivals[this] - stocks[this]
        if left < 0:
            raise ValueError(f"years.{this}.{group}: more than last year's and the arrivals")
        segments.append(_Segment(left, old, (year_start(this), year_start(this + 1) - 1)))
    return segments


def _draw_segment(rng: np.random.Generator, segment: _Segment) -> tuple[Ints, Ints]:
    first, last = segment.begun
    # squaring favours late days: most of a stock is young
    begun = last - np.floor((last - first + 1) * rng.random(segment.size) ** 2).astype(np.int64)
    ended = np.full(segment.size, -1, dtype=np.int64)
    if segment.ended is not None:
        ended = rng.integers(segment.ended[0], segment.ended[1] + 1, segment.size)
    if segment.size > 1:
        begun[0], begun[-1] = first, last
        if segment.ended is not None:
            ended[0], ended[-1] = segment.ended
    return begun, ended
