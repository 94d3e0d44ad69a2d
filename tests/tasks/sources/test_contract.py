"""Typing by the contract: what drivers and file readers hand over, and what is refused rather than guessed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tasks.sources.contract import Intake
from tasks.sources.snapshot import write_parquet
from tasks.store import Blobs
from yearbook.catalog import Column, Extract
from yearbook.catalog.entries import ColumnType
from yearbook.errors import Refusal

CANARY = "41010519491231002X"
MIDNIGHT = datetime(2023, 1, 1)  # noqa: DTZ001
BEIJING = timezone(timedelta(hours=8))


def intake(kind: ColumnType, zone: str = "Asia/Shanghai", *, required: bool = False, first_row: int = 1) -> Intake:
    columns = (Column(name="number", type="integer"), Column(name="cell", type=kind, required=required))
    extract = Extract(code="case", source="case", name="样例", per_year=True, key=("number",), columns=columns)
    return Intake(extract, zone, "样例", first_row=first_row)


def typed(kind: ColumnType, values: Sequence[Any], zone: str = "Asia/Shanghai") -> list[Any]:
    cells: list[Any] = intake(kind, zone).batch([list(range(len(values))), values]).column("cell").to_pylist()
    return cells


@pytest.mark.parametrize(
    ("kind", "values", "wanted"),
    [
        ("text", ["甲 ", None], ["甲 ", None]),
        ("code", ["A  ", "A", "", None], ["A", "A", "", None]),
        ("integer", [1, None, -2], [1, None, -2]),
        ("integer", [2**62], [2**62]),
        ("money", [1, 0.1, "2.50", Decimal("3.5"), None], ["1.00", "0.10", "2.50", "3.50", None]),
        ("money", [0.1 + 0.2, 3 * 19.99], ["0.30", "59.97"]),
        ("date", [date(2023, 1, 1), None], [date(2023, 1, 1), None]),
        ("date", [MIDNIGHT, None], [date(2023, 1, 1), None]),
        ("date", [date(2023, 1, 2), MIDNIGHT], [date(2023, 1, 2), date(2023, 1, 1)]),
        ("date", ["2023-01-01", None], [date(2023, 1, 1), None]),
        ("date", [None, None], [None, None]),
        ("moment", [MIDNIGHT, None], [MIDNIGHT, None]),
        ("moment", ["2023-01-01 00:00:00", None], [MIDNIGHT, None]),
        ("moment", [None], [None]),
    ],
)
def test_what_fits(kind: ColumnType, values: list[Any], wanted: list[Any]) -> None:
    found = typed(kind, values)
    assert [str(v) if isinstance(v, Decimal) else v for v in found] == wanted


@pytest.mark.parametrize(
    ("zone", "values", "wanted"),
    [
        ("Asia/Shanghai", ["2023-01-01 00:00:00"], "2023-01-01 00:00:00"),
        ("UTC", ["2022-12-31 15:59:59"], "2022-12-31 23:59:59"),
        ("UTC", ["2022-12-31 16:00:00"], "2023-01-01 00:00:00"),
        ("UTC", [datetime(2023, 12, 31, 15, 59, 59)], "2023-12-31 23:59:59"),  # noqa: DTZ001
        ("UTC", [datetime(2023, 12, 31, 16, 0, 0)], "2024-01-01 00:00:00"),  # noqa: DTZ001
        ("UTC", [datetime(2022, 12, 31, 16, tzinfo=UTC)], "2023-01-01 00:00:00"),
        ("Asia/Shanghai", [datetime(2022, 12, 31, 16, tzinfo=UTC)], "2023-01-01 00:00:00"),
        ("UTC", [datetime(2023, 1, 1, tzinfo=BEIJING)], "2023-01-01 00:00:00"),
    ],
)
def test_instants_become_beijing_time(zone: str, values: list[Any], wanted: str) -> None:
    assert [str(value) for value in typed("moment", values, zone)] == [wanted]


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("text", 1),
        ("code", 7),
        ("integer", 1.5),
        ("integer", CANARY),
        ("integer", True),
        ("integer", 2**70),
        ("money", 1.005),
        ("money", "1,000.00"),
        ("money", CANARY),
        ("money", float("nan")),
        ("money", float("inf")),
        ("money", True),
        ("money", 10**20),
        ("date", CANARY),
        ("date", "2023-01-01"),
        ("date", 45000),
        ("date", 45000.5),
        ("date", True),
        ("date", time(9, 30)),
        ("date", datetime(2023, 1, 1, 0, 0, 1)),  # noqa: DTZ001
        ("moment", CANARY),
        ("moment", 45000),
        ("moment", 45000.5),
        ("moment", True),
        ("moment", timedelta(hours=1)),
        ("moment", datetime(2023, 1, 1, tzinfo=UTC)),
    ],
)
def test_what_does_not_fit_is_refused_with_its_row(kind: ColumnType, wrong: object) -> None:
    """Between cells that fit, in the fourth row of a file whose header is row 1."""
    fits: Any = {"text": "甲", "code": "A", "integer": 1, "money": 1, "date": MIDNIGHT, "moment": MIDNIGHT}[kind]
    with pytest.raises(Refusal) as refusal:
        intake(kind, first_row=2).batch([list(range(4)), [fits, fits, wrong, fits]])
    assert "样例：第 4 行，列 cell 的值不是" in refusal.value.what
    assert CANARY not in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("kind", ["integer", "date", "moment"])
@pytest.mark.parametrize("wrong", [1.5, 45000.5, True, time(9, 30), 2**70])
def test_a_column_of_wrong_values_alone_is_refused_too(kind: ColumnType, wrong: object) -> None:
    with pytest.raises(Refusal, match="第 1 行，列 cell"):
        intake(kind).batch([[1, 2], [wrong, None]])


def test_an_empty_required_cell_is_refused_with_its_row_over_all_batches() -> None:
    mine = intake("text", required=True, first_row=2)
    mine.batch([[1, 2], ["甲", "乙"]])
    with pytest.raises(Refusal) as refusal:
        mine.batch([[3, 4, 5], ["丙", None, None]])
    assert "第 5 行，列 cell 为空（本批共 2 处）" in refusal.value.what


def test_padding_is_counted_over_all_batches() -> None:
    mine = intake("code", "UTC")
    mine.batch([[1, 2], ["A ", "B"]])
    mine.batch([[3, 4], ["C   ", None]])
    assert mine.normalised() == ("cell：去掉补位空格 2 处",)
    assert mine.row_count == 4


def test_the_same_rows_in_any_order_and_in_any_batches_give_the_same_bytes(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    numbers, cells = [5, 3, 3, 1, 4], ["e", "c", "b", None, "d"]
    digests = set()
    for step in (1, 2, 5):
        for turn in (1, -1):
            mine = intake("text")
            pairs = list(zip(numbers, cells, strict=True))[::turn]
            batches = [
                mine.batch([list(part) for part in zip(*pairs[at : at + step], strict=True)])
                for at in range(0, len(pairs), step)
            ]
            digests.add(write_parquet(mine.extract, mine.schema, batches, blobs))
    assert len(digests) == 1
    assert not list(blobs.incoming.iterdir())
