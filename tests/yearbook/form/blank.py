"""The blank form as facts: what stands where in the form issued with the notice."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

Cell = tuple[int, int, int, int, str]
"""Row, column, rows, columns, text without line breaks; a number cell has no text."""


@cache
def blank() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "edition_2021_blank.toml").read_text(encoding="utf-8"))


def table(number: int) -> dict[str, Any]:
    return next(found for found in blank()["table"] if found["number"] == number)


def joined(text: str) -> str:
    return "".join(text.split())


def cells(number: int) -> list[Cell]:
    """Every cell of a table in reading order, a merged cell once."""
    return sorted(
        (row, column, rows, columns, joined(text)) for row, column, rows, columns, text in table(number)["cells"]
    )


def filled(number: int, numbers: dict[tuple[int, int, int], str]) -> list[Cell]:
    """The cells of the form with the numbers that a report prints in them, by table, row and column."""
    return [(r, c, rows, columns, text or numbers[number, r, c]) for r, c, rows, columns, text in cells(number)]
