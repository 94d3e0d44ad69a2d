"""A damaged workbook is refused or gives exactly the original cells, never another value; the parent lives on."""

import random

import pytest

from tests.tasks.reading.biff import Formatted, Sheet, workbook
from tests.tasks.reading.conftest import Read
from tests.tasks.reading.making import members, xlsx, zipped
from yearbook.errors import Refusal
from yearbook.intake.grid import Book

ROWS = [["编号", "金额", "姓名"], *([number, number * 12.25, f"某{number}"] for number in range(1, 20))]
XLSX = xlsx(ROWS)
ROUNDS = 300
BLOCK = 50


def mutated(data: bytes, rng: random.Random) -> bytes:
    """One to three changes: a byte, a piece lost, a piece doubled, a piece of noughts, the end lost."""
    for _ in range(rng.randint(1, 3)):
        place, length = rng.randrange(len(data)), rng.randint(1, 40)
        piece = data[place : place + length]
        kind = rng.randrange(6)
        if kind <= 1:
            data = data[:place] + bytes([rng.randrange(256)]) + data[place + 1 :]
        elif kind == 2:
            data = data[:place] + data[place + length :]
        elif kind == 3:
            data = data[:place] + piece + data[place:]
        elif kind == 4:
            data = data[:place] + bytes(len(piece)) + data[place + len(piece) :]
        else:
            data = data[: max(place, 1)]
    return data


def outcome(read: Read, data: bytes) -> Book | Refusal:
    try:
        return read(data)
    except Refusal as refusal:
        return refusal


def check(refusal: Refusal) -> None:
    assert refusal.what.startswith("文件 a.xlsx")
    assert "\n" not in refusal.what
    assert refusal.todo


@pytest.mark.parametrize("block", range(ROUNDS // BLOCK))
def test_xlsx(read: Read, block: int) -> None:
    wanted = read(XLSX).grids
    numbers = range(block * BLOCK, (block + 1) * BLOCK)
    found = [outcome(read, mutated(XLSX, random.Random(20231100 + number))) for number in numbers]
    refusals = [item for item in found if isinstance(item, Refusal)]
    for refusal in refusals:
        check(refusal)
    assert all(item.grids == wanted for item in found if isinstance(item, Book))
    assert refusals


def test_parts_that_are_packed_again(read: Read) -> None:
    """Check sums right, contents wrong: what is read is what both readers see, and nothing crashes the parent."""
    parts = members(XLSX)
    found = []
    for number in range(60):
        rng = random.Random(20231900 + number)
        name = rng.choice(sorted(parts))
        found.append(outcome(read, zipped(parts | {name: mutated(parts[name], rng)})))
    refusals = [item for item in found if isinstance(item, Refusal)]
    for refusal in refusals:
        check(refusal)
        assert "崩溃" not in refusal.what
    assert refusals
    assert read(XLSX).grids[0].rows[1][0] == 1


def test_xls_keeps_the_parent_alive(read: Read) -> None:
    """A form without check sums: here the two readers are all there is."""
    dated = ([float(number), Formatted(44928 + number, "yyyy-mm-dd")] for number in range(9))
    data = workbook(Sheet("表", [["编号", "日"], *dated]))
    used = data.rindex(b"\x0a\x00\x00\x00")
    found = [outcome(read, mutated(data[:used], random.Random(20239000 + n)) + data[used:]) for n in range(60)]
    refusals = [item for item in found if isinstance(item, Refusal)]
    for refusal in refusals:
        check(refusal)
    assert refusals
    assert read(data).grids[0].rows[1][0] == 0
