"""What a reader finds, before the two are held against each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from yearbook.errors import Refusal
from yearbook.intake.grid import Cell, Merged, Odd

Rows = list[list[Cell]]

SAVE_AGAIN = "请提供者用 Excel 或 WPS 打开，核对内容后另存为 xlsx，重新交来"
SEND_AGAIN = "请提供者重新导出或重新传送，核对文件大小后再交来"
NEED = "请提供者交来 xlsx、xls、ods、CSV 或网页表格"
SPLIT = "请提供者删去表外的内容和格式，只留约定的表；确有这么多数据的，分成几个文件交来"


@dataclass(slots=True)
class Sheet:
    """One sheet as the first reader sees it; ``rows`` start at the file's first row and may be ragged.

    Without a name it is the table with this ``number`` on a page, or the only one of its file.
    """

    name: str
    rows: Rows
    merged: list[Merged] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    number: int = 0

    def says(self, what: str) -> str:
        """A message about this sheet."""
        return in_sheet(self.name, what) if self.name else in_table(self.number, what)


@dataclass(slots=True)
class First:
    """A workbook as its first reader sees it."""

    reader: str
    sheets: list[Sheet]
    date_1904: bool = False


@dataclass(slots=True)
class Reading:
    """A whole file as both readers see it."""

    form: str
    readers: tuple[str, str]
    sheets: list[Sheet]
    second: list[tuple[str, Rows]]
    charts: tuple[str, ...] = ()
    encoding: str = ""
    date_1904: bool = False


def in_sheet(name: str, what: str) -> str:
    """A message about one sheet; the file's place is put before it where the child ends."""
    shown = "".join(sign if sign.isprintable() else "□" for sign in " ".join(name.split()))
    return f"，工作表 {shown}：{what}" if name else what


def in_table(number: int, what: str) -> str:
    """A message about one table of a page that has several."""
    return f"，第 {number} 个表格：{what}" if number else what


def letters(column: int) -> str:
    """``28`` as ``AB``."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def damaged(detail: str = "", name: str = "") -> Refusal:
    """The refusal of contents that do not follow their own format, in a sheet where it is known."""
    return Refusal(in_sheet(name, "文件已损坏" + (f"（{detail}）" if detail else "")), todo=SEND_AGAIN)


def encrypted() -> Refusal:
    """The refusal of a file that wants a password."""
    return Refusal("文件已加密", todo="请提供者取消打开密码后重新保存交来")


def not_a_table(name: str) -> Refusal:
    """The refusal of a file that is something else."""
    return Refusal(f"这是{name}，不是表格文件", todo=f"{NEED}，只改扩展名没有用")


def too_many_rows(name: str, limit: int) -> Refusal:
    """The refusal of a sheet that reaches further down than sheets do."""
    return Refusal(in_sheet(name, f"有内容或格式的区域超过 {limit} 行"), todo=SPLIT)


def too_many_columns(name: str, limit: int) -> Refusal:
    """The refusal of a sheet that reaches further right than sheets do."""
    return Refusal(in_sheet(name, f"有内容或格式的区域超过 {limit} 列"), todo=SPLIT)


def too_many_cells(limit: int) -> Refusal:
    """The refusal of a file with more cells than a year of records has."""
    return Refusal(f"单元格超过 {limit} 个", todo=SPLIT)


def mark_uncalculated(rows: Rows, cells: set[tuple[int, int]]) -> None:
    """Put the mark of a formula without a result in its place; only the file itself tells these from values."""
    for row, column in cells:
        while len(rows) < row:
            rows.append([])
        line = rows[row - 1]
        line.extend([None] * (column - len(line)))
        line[column - 1] = Odd.NOT_CALCULATED


def require_area(name: str, rows: int, columns: int, limits_rows: int, limits_columns: int) -> None:
    """Refuse an area beyond the limits.

    Raises:
        Refusal: It is.
    """
    if rows > limits_rows:
        raise too_many_rows(name, limits_rows)
    if columns > limits_columns:
        raise too_many_columns(name, limits_columns)


def width(rows: Sequence[Sequence[Cell]]) -> int:
    """Cells of the longest row."""
    return max(map(len, rows), default=0)
