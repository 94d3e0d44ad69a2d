"""Text files that people edit, as UTF-8 whatever the editor put in front of it."""

from pathlib import Path

from yearbook.errors import Refusal


def read_text(path: Path, name: str) -> str:
    """The text of a file; a byte order mark is no part of it.

    Args:
        path: The file.
        name: How messages cite it.

    Raises:
        Refusal: The file is no UTF-8; tells the row.
    """
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise Refusal(
            f"{name} 第 {row} 行不是 UTF-8 编码", todo="用文本编辑器另存为 UTF-8；表格软件存的 CSV 多半不是"
        ) from error
