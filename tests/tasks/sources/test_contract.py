"""Typing by the contract: what drivers and file readers hand over, and what is refused rather than guessed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tasks.sources import snapshot
from tasks.sources.columns import MOMENT
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


def typed(kind: ColumnType, values: Sequence[Any] | pa.Array, zone: str = "Asia/Shanghai") -> list[Any]:
    cells: list[Any] = intake(kind, zone).batch([list(range(len(values))), values]).column("cell").to_pylist()
    return cells


@pytest.mark.parametrize(
    ("kind", "values", "wanted"),
    [
        ("text", ["甲 ", None], ["甲 ", None]),
        ("code", ["A  ", "A", "", None], ["A", "A", "", None]),
        ("integer", [1, None, -2], [1, None, -2]),
        ("integer", [2**62], [2**62]),
        ("integer", [Decimal("7"), None, Decimal("-2.00")], [7, None, -2]),
        ("integer", [Decimal(2**63 - 1)], [2**63 - 1]),
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
        ("text", b"A"),
        ("code", 7),
        ("code", b"A"),
        ("integer", 1.5),
        ("integer", Decimal("1.5")),
        ("integer", Decimal("NaN")),
        ("integer", Decimal(2**63)),
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


NARROW = (pa.int8(), pa.int32(), pa.uint64(), pa.decimal128(10, 2), pa.decimal128(18, 4), pa.decimal128(38, 10))
ARROW = [
    ("text", pa.array(["甲 ", "", None]), ["甲 ", "", None]),
    ("text", pa.array(["甲"], pa.large_string()), ["甲"]),
    ("code", pa.array(["A  ", "A", "", None]), ["A", "A", "", None]),
    *(("integer", pa.array([1, None, 7], kind), [1, None, 7]) for kind in NARROW),
    ("integer", pa.array([2**63 - 1, -(2**63)]), [2**63 - 1, -(2**63)]),
    ("integer", pa.array([None, None]), [None, None]),
    *(("money", pa.array([1, None], kind), [Decimal("1.00"), None]) for kind in NARROW),
    ("money", pa.array([Decimal("12.3400")]), [Decimal("12.34")]),
    ("money", pa.array([0.1 + 0.2, 3 * 19.99]), [Decimal("0.30"), Decimal("59.97")]),
    ("money", pa.array(["2.50", None]), [Decimal("2.50"), None]),
    ("date", pa.array([date(1582, 10, 10), date(9999, 12, 31), None]), [date(1582, 10, 10), date(9999, 12, 31), None]),
    *(("date", pa.array([MIDNIGHT, None], pa.timestamp(unit)), [date(2023, 1, 1), None]) for unit in ("s", "ms", "us")),
    ("date", pa.array([datetime(1899, 12, 31)]), [date(1899, 12, 31)]),  # noqa: DTZ001
    ("date", pa.array(["2023-01-01"]), [date(2023, 1, 1)]),
    ("moment", pa.array([MIDNIGHT, None], pa.timestamp("s")), [MIDNIGHT, None]),
    ("moment", pa.array([datetime(9999, 12, 31, 23, 59, 59)]), [datetime(9999, 12, 31, 23, 59, 59)]),  # noqa: DTZ001
    ("moment", pa.array([datetime(2022, 12, 31, 16, tzinfo=UTC)]), [MIDNIGHT]),
    ("moment", pa.array(["2023-01-01 00:00:00"]), [MIDNIGHT]),
]


@pytest.mark.parametrize(("kind", "values", "wanted"), ARROW)
def test_columns_fit_as_values_do(kind: ColumnType, values: pa.Array, wanted: list[Any]) -> None:
    assert typed(kind, values) == wanted
    assert typed(kind, values.to_pylist()) == wanted


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", pa.array([b"A"] * 4)),
        ("text", pa.array([1] * 4)),
        ("code", pa.array([b"A"] * 4)),
        ("integer", pa.array(["1"] * 4)),
        ("integer", pa.array([1.0] * 4)),
        ("integer", pa.array([True] * 4)),
        ("money", pa.array([1.5] * 4, pa.float32())),
        ("money", pa.array([True] * 4)),
        ("date", pa.array([45000] * 4)),
        ("date", pa.array([time(9, 30)] * 4)),
        ("moment", pa.array([45000] * 4)),
        ("moment", pa.array([date(2023, 1, 1)] * 4)),
        ("moment", pa.array([timedelta(hours=1)] * 4)),
    ],
)
def test_a_column_of_another_kind_is_refused(kind: ColumnType, values: pa.Array) -> None:
    with pytest.raises(Refusal, match="第 1 行，列 cell 的值不是"):
        intake(kind).batch([list(range(4)), values])


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("integer", pa.array([Decimal("1.0"), None, Decimal("1.5"), Decimal("2.0")])),
        ("integer", pa.array([1, None, 2**63, 1], pa.uint64())),
        ("money", pa.array([Decimal("1.000"), None, Decimal("1.005"), Decimal("1.010")])),
        ("money", pa.array([1, None, 10**17, 1])),
        ("money", pa.array([1.0, None, 1.005, 1.0])),
        ("money", pa.array(["1", None, CANARY, "1"])),
        ("date", pa.array([0, None, 2**31 - 1, 0], pa.int32()).cast(pa.date32())),
        ("date", pa.array([MIDNIGHT, None, datetime(2023, 1, 1, 0, 0, 1), MIDNIGHT])),  # noqa: DTZ001
        ("date", pa.array(["2023-01-01", None, "0000-00-00", "2023-01-01"])),
        ("moment", pa.array([0, None, 2**63 - 1, 0]).cast(MOMENT)),
        ("moment", pa.array([0, None, -(2**63) + 1, 0]).cast(pa.timestamp("us", "UTC"))),
        ("moment", pa.array(["2023-01-01 00:00:00", None, CANARY, "2023-01-01 00:00:00"])),
    ],
)
def test_one_wrong_value_in_a_column_is_refused_with_its_row(kind: ColumnType, values: pa.Array) -> None:
    mine = intake(kind, first_row=2)
    mine.batch([[9], [None]])
    with pytest.raises(Refusal) as refusal:
        mine.batch([list(range(4)), values])
    assert "样例：第 5 行，列 cell 的值不是" in refusal.value.what
    assert CANARY not in str(refusal.value)


def test_padding_of_columns_is_counted_over_all_batches() -> None:
    mine = intake("code", "UTC")
    mine.batch([[1, 2], pa.array(["A ", "B"])])
    mine.batch([[3, 4], pa.array(["C   ", None])])
    assert mine.normalised() == ("cell：去掉补位空格 2 处",)


def test_a_column_with_an_empty_required_cell_is_refused_with_its_row() -> None:
    mine = intake("text", required=True, first_row=2)
    mine.batch([[1, 2], pa.array(["甲", "乙"])])
    with pytest.raises(Refusal) as refusal:
        mine.batch([[3, 4, 5], pa.array(["丙", None, None])])
    assert "第 5 行，列 cell 为空（本批共 2 处）" in refusal.value.what


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


def test_the_limits_of_the_sort_do_not_change_the_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More rows than a row group of the file holds, so that two threads have something to share."""
    count = 250_007
    numbers = [number * 7_919 % count for number in range(count)]
    words = pa.array([f"{number} 文字" for number in numbers])
    digests = set()
    for memory, threads in (("1GB", "2"), ("200MB", "1")):
        monkeypatch.setattr(snapshot, "SORT", {"memory_limit": memory, "threads": threads})
        mine, blobs = intake("text"), Blobs(tmp_path / memory)
        batches = [mine.batch([numbers[at : at + 50_000], words.slice(at, 50_000)]) for at in range(0, count, 50_000)]
        digests.add(write_parquet(mine.extract, mine.schema, batches, blobs))
        assert not list(blobs.incoming.iterdir())
    assert len(digests) == 1
