"""Small files that ask for much are refused before they get it; both sides of every limit."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tasks.reading import Limits
from tasks.reading.keeper import Ended, Nursery
from tasks.reading.parent import read_with
from tests.tasks.reading import biff
from tests.tasks.reading.conftest import Read
from tests.tasks.reading.making import (
    SHEET,
    bomb,
    lying,
    members,
    ods,
    ods_number,
    ods_row,
    ods_table,
    ods_text,
    patched,
    xlsx,
    zipped,
)
from yearbook.errors import Refusal

BOOK = xlsx([["a", "b"], [1, 2]])
PARTS = members(BOOK)
MEMBERS = len(PARTS)
MB = 1024 * 1024
STRING = '<c r="A1" t="inlineStr"><is><t>a</t></is></c>'


def far(place: str) -> bytes:
    return xlsx([["a"]], change=lambda book: book.active.__setitem__(place, 1))


def repeated(columns: int = 1, rows: int = 1) -> bytes:
    cell = ods_number(1, f'table:number-columns-repeated="{columns}"')
    return ods(ods_table(ods_row(cell, attributes=f'table:number-rows-repeated="{rows}"')))


def jumped(rows: int) -> bytes:
    """Nothing, many times, and then something."""
    blank = ods_row("<table:table-cell/>", attributes=f'table:number-rows-repeated="{rows}"')
    return ods(ods_table(blank, ods_row(ods_text("x"))))


def half_declared() -> bytes:
    """A member that inflates to far more than the directory says."""
    big = bytes([32]) * 40 * MB
    data = zipped(PARTS | {"xl/a.xml": big})
    return lying(data, "xl/a.xml", 1000)


def filled(rows: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("表一")
    for number in range(rows):
        sheet.append([number] * 10)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


BOMBS = {
    "cell at the far corner": (far("XFD1048576"), "工作表 表一：有内容或格式的区域超过 200000 行"),
    "cell far below": (far("A200001"), "超过 200000 行"),
    "cell far right": (far("GS1"), "超过 200 列"),
    "dimension": (patched(BOOK, SHEET, 'ref="A1:B2"', 'ref="A1:XFD1048576"'), "超过 200000 行"),
    "row beyond every sheet": (patched(BOOK, SHEET, 'r="A2"', 'r="A99999999"'), "编号不合规则"),
    "ods columns": (repeated(columns=16384), "超过 200 列"),
    "ods rows": (repeated(rows=1048576), "超过 200000 行"),
    "ods area": (repeated(columns=200, rows=200_000), "单元格超过 5000000 个"),
    "ods far below": (jumped(1_048_000), "超过 200000 行"),
    "ods endless": (repeated(rows=10**18), "超过 200000 行"),
    "zip bomb": (bomb(120 * MB), "压缩比超过 100 倍"),
    "zip bomb that lies": (half_declared(), "压缩比超过 100 倍"),
    "xls wide": (biff.workbook(biff.Sheet("表", cells={(0, 255): 1.0})), "超过 200 列"),
    "page spans": (b"<table><tr><td colspan=1000000>a<td>b</table>", "超过 200 列"),
    "wide text": (b",".join([b"a"] * 201) + b"\n", "超过 200 列"),
    "text rows": (b"a,b\n" + b"1,2\n" * 200_000, "超过 200000 行"),
}


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    started = Nursery()
    yield started
    started.close()


@pytest.mark.parametrize("kind", BOMBS)
def test_bombs(nursery: Nursery, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data, words = BOMBS[kind]
    assert len(data) < MB
    (tmp_path / "a").write_bytes(data)
    ends: list[Ended] = []
    run = nursery.run
    monkeypatch.setattr(nursery, "run", lambda *order: ends.append(run(*order)) or ends[-1])
    with pytest.raises(Refusal) as caught:
        read_with(nursery, tmp_path / "a", place="文件 a", encoding="gb18030")
    assert words in caught.value.what
    assert len(ends) == 1
    assert not ends[0].late
    assert 0 < ends[0].peak_kb < 500 * 1024


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(members=MEMBERS - 1), f"压缩成员超过 {MEMBERS - 1} 个"),
        (Limits(rows=1), "超过 1 行"),
        (Limits(columns=1), "超过 1 列"),
        (Limits(cells=3), "单元格超过 3 个"),
        (Limits(inflated_mb=0), "解压后超过 0 MB"),
        (Limits(file_mb=0), "文件超过 0 MB"),
        (Limits(members=MEMBERS, rows=2, columns=2, cells=4, inflated_mb=1, file_mb=1), ""),
    ],
)
def test_both_sides(read: Read, limits: Limits, words: str) -> None:
    if not words:
        assert read(BOOK, limits=limits).grids[0].rows == (("a", "b"), (1, 2))
        return
    with pytest.raises(Refusal) as caught:
        read(BOOK, limits=limits)
    assert words in caught.value.what


def test_empty_repeats_at_the_end_are_nothing(read: Read) -> None:
    tail = ods_row(
        '<table:table-cell table:number-columns-repeated="16384"/>', attributes='table:number-rows-repeated="1048570"'
    )
    assert read(ods(ods_table(ods_row(ods_text("x")), tail))).grids[0].rows == (("x",),)  # fmt: skip


def test_last_row_and_column_that_fit(read: Read) -> None:
    assert read(far("GR1")).grids[0].width == 200
    assert len(read(far("A200000")).grids[0].rows) == 200_000


def test_memory(read: Read) -> None:
    """A sheet of good manners that needs more than it may have."""
    data = filled(6000)
    with pytest.raises(Refusal, match="读取超过内存上限（4 MB）"):
        read(data, limits=Limits(memory_mb=4))
    assert len(read(data).grids[0].rows) == 6000


@pytest.mark.parametrize("megabytes", [4, 15, 30])
def test_memory_of_a_page(read: Read, megabytes: int) -> None:
    """The parser of pages calls a want of memory a fault of the page."""
    data = ("<table>" + "<tr><td>甲<td>乙<td>丙" * 30_000 + "</table>").encode()
    with pytest.raises(Refusal, match="读取超过内存上限"):
        read(data, limits=Limits(memory_mb=megabytes))


def test_time(read: Read) -> None:
    with pytest.raises(Refusal, match=r"读取超过时限（0\.05 秒）"):
        read(filled(3000), limits=Limits(seconds=0.05))


def test_member_with_more_behind_its_end(read: Read) -> None:
    """A stream that ends early, with something after it that another reader might take."""
    out = io.BytesIO()
    content = PARTS[SHEET]
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(content) + packer.flush()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, part in PARTS.items():
            archive.writestr(zipfile.ZipInfo(name), packed + b"behind" if name == SHEET else part)
    stored, size = len(packed) + 6, len(packed) + 6
    old = (
        zlib.crc32(packed + b"behind").to_bytes(4, "little") + size.to_bytes(4, "little") + stored.to_bytes(4, "little")
    )
    new = zlib.crc32(content).to_bytes(4, "little") + size.to_bytes(4, "little") + len(content).to_bytes(4, "little")
    data = out.getvalue().replace(old, new)
    name = SHEET.encode()
    local, central = data.index(name) - 30, data.rindex(name) - 46
    for place in (local + 8, central + 10):
        data = data[:place] + b"\x08" + data[place + 1 :]
    with pytest.raises(Refusal, match="文件已损坏"):
        read(data)
