"""What an exporter says of a file, beside the file: ``<file>.control.csv`` with extract, rows, column, total."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from tasks.store import Blobs
from yearbook.errors import Refusal
from yearbook.intake.whole import Control

SUFFIX = ".control.csv"
COLUMNS = ("extract", "rows", "column", "total")


def read_controls(path: Path, blobs: Blobs) -> tuple[tuple[tuple[str, int, str], ...], tuple[Control, ...]]:
    """The control file of a handed-over file and what it says; nothing where no such file lies beside it.

    Returns:
        Name, size and digest of the control file, and its rows.

    Raises:
        Refusal: The control file is no such table.
    """
    beside = path.with_name(path.name + SUFFIX)
    if not beside.is_file():
        return (), ()
    digest = blobs.put_file(beside, private=True)
    data = blobs.read(digest)
    try:
        text = data.decode("utf-8-sig")
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        rows = list(table)
    except (UnicodeDecodeError, csv.Error) as error:
        raise _refused(beside, "不是 UTF-8 编码的 CSV") from error
    if tuple(table.fieldnames or ()) != COLUMNS or not rows:
        raise _refused(beside, f"须有表头 {','.join(COLUMNS)} 和至少一行")
    controls = tuple(_control(beside, number, row) for number, row in enumerate(rows, start=2))
    return ((beside.name, len(data), digest),), controls


def _control(path: Path, number: int, row: Mapping[str, str | None]) -> Control:
    count, column, total = row["rows"] or "", row["column"] or "", row["total"] or ""
    whole = not count or (count.isascii() and count.isdigit())
    if None in row.values() or not row["extract"] or not whole or bool(column) != bool(total) or not (count or column):
        raise _refused(path, f"第 {number} 行须写明 extract，以及行数 rows 或成对的 column、total")
    return Control(extract=row["extract"], rows=int(count) if count else None, column=column, total=total)


def _refused(path: Path, why: str) -> Refusal:
    return Refusal(
        f"控制数文件 {path.name}：{why}",
        todo=f"请提供者按 {','.join(COLUMNS)} 各列重新填写；没有控制数的，删去该文件",
    )
