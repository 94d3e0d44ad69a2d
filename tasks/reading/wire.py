"""A book as lines of JSON: written by the child, believed by the parent only in this shape.

The first line describes the book, every further one is a row. What JSON has no word for is a list of kind and text.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import IO, Any

from yearbook.errors import Refusal
from yearbook.intake.grid import Book, Cell, Grid, Merged, Odd

FORMS = frozenset({"xlsx", "xls", "ods", "html", "text"})
PLAIN = frozenset({str, int, float, bool, type(None)})
_MAX_LINE = 1 << 26


class Malformed(Exception):
    """The child's answer is not in the agreed shape."""


def write_book(book: Book, out: IO[bytes]) -> None:
    """Write a book."""
    head = {
        "form": book.form,
        "readers": book.readers,
        "encoding": book.encoding,
        "date_1904": book.date_1904,
        "charts": book.charts,
        "grids": [_grid_head(grid) for grid in book.grids],
    }
    out.write(_line(head))
    for grid in book.grids:
        for row in grid.rows:
            out.write(_line(row))


def write_refusal(refusal: Refusal, out: IO[bytes]) -> None:
    """Write why there is no book."""
    out.write(_line({"what": refusal.what, "todo": refusal.todo}))


def read_answer(source: IO[bytes], max_cells: int) -> Book:
    """Read what the child wrote.

    Raises:
        Refusal: The child refused the file.
        Malformed: It is none of both.
    """
    try:
        head = _parsed(source)
        if set(head) == {"what", "todo"}:
            raise Refusal(_text(head["what"]), todo=_text(head["todo"]))
        book = _book(head, source, max_cells)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise Malformed(type(error).__name__) from None
    if source.read(1):
        raise Malformed("trailing")
    return book


def _grid_head(grid: Grid) -> dict[str, Any]:
    return {
        "name": grid.name,
        "height": len(grid.rows),
        "width": grid.width,
        "merged": [[m.first_row, m.first_column, m.last_row, m.last_column] for m in grid.merged],
        "hidden": grid.hidden,
        "hidden_rows": grid.hidden_rows,
        "hidden_columns": grid.hidden_columns,
    }


def _line(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_packed, separators=(",", ":"))
    return text.encode() + b"\n"


def _packed(value: object) -> list[str]:
    if isinstance(value, datetime):
        return ["moment", value.isoformat()]
    if isinstance(value, time):
        return ["time", value.isoformat()]
    if isinstance(value, timedelta):
        return ["span", str(value // timedelta(microseconds=1))]
    if isinstance(value, Odd):
        return ["odd", value.name]
    raise TypeError(type(value).__name__)


_UNPACK: dict[str, Callable[[str], Cell]] = {
    "moment": datetime.fromisoformat,
    "time": time.fromisoformat,
    "span": lambda text: timedelta(microseconds=int(text)),
    "odd": lambda text: Odd[text],
}


def _parsed(source: IO[bytes]) -> Any:
    line = source.readline(_MAX_LINE)
    if not line.endswith(b"\n"):
        raise Malformed("line")
    return json.loads(line)


def _book(head: dict[str, Any], source: IO[bytes], max_cells: int) -> Book:
    if head["form"] not in FORMS:
        raise Malformed("form")
    area = sum(_count(grid["height"]) * max(1, _count(grid["width"])) for grid in head["grids"])
    if area > max_cells:
        raise Malformed("size")
    first, second = head["readers"]
    return Book(
        form=head["form"],
        readers=(_text(first), _text(second)),
        grids=tuple(_grid(grid, source) for grid in head["grids"]),
        encoding=_text(head["encoding"]),
        date_1904=_flag(head["date_1904"]),
        charts=tuple(map(_text, head["charts"])),
    )


def _grid(head: dict[str, Any], source: IO[bytes]) -> Grid:
    return Grid(
        name=_text(head["name"]),
        rows=tuple(_rows(_count(head["height"]), _count(head["width"]), source)),
        merged=tuple(Merged(*_counts(item, 4)) for item in head["merged"]),
        hidden=_flag(head["hidden"]),
        hidden_rows=_counts(head["hidden_rows"]),
        hidden_columns=_counts(head["hidden_columns"]),
    )


def _rows(height: int, width: int, source: IO[bytes]) -> Iterator[tuple[Cell, ...]]:
    for _ in range(height):
        row = _parsed(source)
        if not isinstance(row, list) or len(row) != width:
            raise Malformed("row")
        yield tuple(cell if type(cell) in PLAIN else _unpacked(cell) for cell in row)


def _unpacked(cell: Any) -> Cell:
    if not isinstance(cell, list):
        raise Malformed("cell")
    kind, text = cell
    return _UNPACK[kind](_text(text))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("text")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Malformed("flag")
    return value


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise Malformed("count")
    return value


def _counts(values: object, length: int | None = None) -> tuple[int, ...]:
    if not isinstance(values, list) or (length is not None and len(values) != length):
        raise Malformed("counts")
    return tuple(map(_count, values))
