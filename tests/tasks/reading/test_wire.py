"""What the child writes comes back as it was; anything else is not believed."""

import io
import json
from datetime import time, timedelta
from typing import Any

import pytest

from tasks.reading.wire import Malformed, read_answer, write_book, write_refusal
from tests.tasks.reading.making import moment_of
from yearbook.errors import Refusal
from yearbook.intake.grid import Book, Grid, Merged, Odd

ROWS = (
    ("甲\n乙", 1, -2.5, True, None),
    (moment_of(2023, 1, 2, 3, 4, 5, 6000), time(3, 4), timedelta(days=-2, microseconds=7), Odd.ERROR, "[]"),
)
BOOK = Book(
    "xls",
    ("a 1", "b 2"),
    (Grid("表", ROWS, (Merged(1, 2, 3, 4),), hidden=True, hidden_rows=(1,), hidden_columns=(2, 3)), Grid("空", ())),
    date_1904=True,
    charts=("图",),
)
LEAST: dict[str, Any] = {"name": "", "height": 1, "width": 1, "merged": [], "hidden": False}
LEAST |= {"hidden_rows": [], "hidden_columns": []}
HEAD: dict[str, Any] = {"form": "text", "readers": ["a", "b"], "encoding": "", "date_1904": False, "charts": []}
HEAD |= {"grids": [LEAST]}


def lines(*values: Any) -> io.BytesIO:
    return io.BytesIO(b"".join(json.dumps(value).encode() + b"\n" for value in values))


def grid(**changes: Any) -> dict[str, Any]:
    return HEAD | {"grids": [LEAST | changes]}


def test_there_and_back() -> None:
    out = io.BytesIO()
    write_book(BOOK, out)
    out.seek(0)
    assert read_answer(out, 100) == BOOK


def test_refusal() -> None:
    out = io.BytesIO()
    write_refusal(Refusal("甲", todo="乙"), out)
    out.seek(0)
    with pytest.raises(Refusal, match="甲。处理办法：乙。"):
        read_answer(out, 100)


def test_the_least_answer_is_believed() -> None:
    assert read_answer(lines(HEAD, ["x"]), 1).grids[0].rows == (("x",),)


@pytest.mark.parametrize(
    "answer",
    [
        lines(), lines(HEAD), lines(HEAD, []), lines(HEAD, ["x", "y"]), lines(HEAD, "x"), lines(HEAD, ["x"], ["y"]),
        lines(HEAD, [{"a": 1}]), lines(HEAD, [["odd", "NONE"]]), lines(HEAD, [["moment", "x"]]), lines(HEAD, [["x"]]),
        lines(HEAD, [["moment", 1]]), lines([]), lines(1), lines({}), lines({"what": 1, "todo": ""}),
        lines(HEAD | {"form": "pickle"}, ["x"]), lines(HEAD | {"readers": ["a"]}, ["x"]),
        lines(HEAD | {"encoding": None}, ["x"]), lines(HEAD | {"date_1904": 0}, ["x"]),
        lines(grid(height=-1)), lines(grid(height=2.0), ["x"]), lines(grid(height=10**9), ["x"]),
        lines(grid(merged=[[1, 2, 3]]), ["x"]), lines(grid(hidden_rows=["1"]), ["x"]), lines(grid(hidden=1), ["x"]),
        lines(grid(name=[]), ["x"]), io.BytesIO(b"\xff\n"), io.BytesIO(b"[" * 100_000 + b"\n"), io.BytesIO(b'{"a'),
    ],
)  # fmt: skip
def test_other_shapes(answer: io.BytesIO) -> None:
    with pytest.raises(Malformed):
        read_answer(answer, 1)
