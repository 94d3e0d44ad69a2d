"""Delimited text as exported: the encoding is found, never guessed in silence, and every row has its full width."""

import csv
import io
from pathlib import Path

from yearbook.errors import Refusal

BOM = b"\xef\xbb\xbf"


def read_delimited(path: Path, place: str, encoding: str) -> tuple[list[str], list[list[str]], tuple[str, ...]]:
    """Read a CSV file.

    Args:
        path: The store's copy.
        place: How messages cite the file.
        encoding: Declared encoding for files that are no UTF-8.

    Returns:
        Header, rows, and what was noticed.

    Raises:
        Refusal: The text does not decode, has no header, or a row is longer or shorter than the header.
    """
    text, found = _decoded(path.read_bytes(), place, encoding)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise Refusal(f"{place}：不是正确的 CSV（{error}）", todo="请提供者重新导出为 CSV") from error
    if not rows:
        raise Refusal(f"{place}：文件是空的", todo="请提供者重新导出")
    header, *body = rows
    for number, row in enumerate(body, start=2):
        if len(row) != len(header):
            raise Refusal(
                f"{place}：第 {number} 行有 {len(row)} 列，表头有 {len(header)} 列",
                todo="请提供者检查该行是否多出或缺少分隔符",
            )
    return header, body, (f"编码 {found}",)


def _decoded(data: bytes, place: str, encoding: str) -> tuple[str, str]:
    """UTF-8 first, because it proves itself; another encoding read as UTF-8 fails, the other way round it does not."""
    if data.startswith(BOM):
        return _strict(data[len(BOM) :], place, "utf-8"), "UTF-8（有 BOM）"
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _strict(data, place, encoding), encoding.upper()


def _strict(data: bytes, place: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refusal(
            f"{place}：第 {data[: error.start].count(10) + 1} 行不是 {encoding.upper()} 编码",
            todo="请提供者用 UTF-8 或约定的编码重新导出",
        ) from error
