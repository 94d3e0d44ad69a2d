"""Whole columns of text made with numpy: the databases hold millions of cells."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.str_]

DAY = 86_400


def generator(seed: int, stream: int) -> np.random.Generator:
    """A generator of its own for each table, so that tables do not disturb each other."""
    return np.random.Generator(np.random.PCG64([seed, stream]))


def day_number(value: date) -> int:
    """Days from 1970-01-01 to the date."""
    return value.toordinal() - date(1970, 1, 1).toordinal()


def year_start(year: int) -> int:
    """Day number of 1 January."""
    return day_number(date(year, 1, 1))


def join(*parts: Texts | str) -> Texts:
    """Concatenate columns cell by cell.

    All parts but the last must be of full width in every cell: the padding that numpy keeps
    behind a short text would otherwise end up inside the result.

    Args:
        parts: columns of one length, or texts that are the same in every row.

    Returns:
        The joined column.
    """
    length = next(len(part) for part in parts if not isinstance(part, str))
    cells = [
        np.broadcast_to(np.array([ord(c) for c in part], dtype=np.uint32), (length, len(part)))
        if isinstance(part, str)
        else np.ascontiguousarray(part).view(np.uint32).reshape(length, -1)
        for part in parts
    ]
    joined = np.ascontiguousarray(np.hstack(cells))
    return joined.view(f"U{joined.shape[1]}").reshape(length)


def digits(numbers: Ints, width: int) -> Texts:
    """Decimal texts with leading zeros."""
    # four at a time from a table: dividing digit by digit is what takes the time
    parts = [_four_digits()[numbers // 10_000**power % 10_000] for power in range((width - 1) // 4, -1, -1)]
    padded = join(*parts).view(np.uint32).reshape(len(numbers), -1)
    return np.ascontiguousarray(padded[:, -width:]).view(f"U{width}").reshape(len(numbers))


@lru_cache(maxsize=1)
def _four_digits() -> Texts:
    numbers = np.arange(10_000)[:, None]
    cells = numbers // np.array([1000, 100, 10, 1]) % 10 + ord("0")
    return np.ascontiguousarray(cells, dtype=np.uint32).view("U4").reshape(10_000)


def dates(days: Ints) -> Texts:
    """Texts like 2023-12-31 of day numbers."""
    if len(days) == 0:
        return np.array([], dtype="U10")
    first = int(days.min())
    table = np.arange(first, int(days.max()) + 1).astype("datetime64[D]").astype("U10")
    return np.asarray(table[days - first])


@lru_cache(maxsize=1)
def _clock() -> Texts:
    seconds = np.arange(DAY, dtype=np.int64)
    parts = seconds // 3600, seconds // 60 % 60, seconds % 60
    hour, minute, second = (digits(part, 2) for part in parts)
    return join(hour, ":", minute, ":", second)


def moments(seconds: Ints) -> Texts:
    """Texts like 2023-12-31 23:59:59 of seconds since 1970-01-01 00:00:00."""
    return join(dates(seconds // DAY), " ", _clock()[seconds % DAY])


def pick(rng: np.random.Generator, weights: Mapping[str, float], size: int, width: int = 0) -> Texts:
    """Draw texts at random.

    Args:
        rng: the generator to draw from.
        weights: the texts with their relative frequency.
        size: how many.
        width: pad with trailing blanks to this width, as a CHAR column comes.

    Returns:
        The column.
    """
    table = np.array([text.ljust(width) for text in weights])
    edges = np.cumsum(np.array(list(weights.values())))
    return np.asarray(table[np.searchsorted(edges, rng.random(size) * edges[-1], side="right")])


def blank_out(texts: list[Any], rows: Ints) -> list[Any]:
    """The column with None in the given rows."""
    for row in rows.tolist():
        texts[row] = None
    return texts


def spread(texts: Texts, rows: Ints, size: int) -> list[Any]:
    """A column of the given size that is None but for the given rows."""
    column: list[Any] = [None] * size
    for row, text in zip(rows.tolist(), texts.tolist(), strict=True):
        column[row] = text
    return column


def by_group(rng: np.random.Generator, group: Ints, choices: Sequence[dict[str, float]], width: int = 1) -> Texts:
    """Draw for every row a text among those of its group, padded to the width."""
    drawn = np.empty(len(group), dtype=f"U{width}")
    for position, weights in enumerate(choices):
        rows: Flags = group == position
        drawn[rows] = pick(rng, weights, int(rows.sum()), width)
    return drawn
