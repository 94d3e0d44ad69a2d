"""Text files that people edit, as UTF-8 whatever the editor put in front of it."""

import codecs
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


def read_wording(path: Path, name: str, *, proof: str) -> str:
    """The text of a wording template in any encoding that a Chinese text editor saves: UTF-8, UTF-16, GB18030.

    Args:
        path: The file.
        name: How messages cite it.
        proof: Words that every such file holds. A file that is no UTF-8 is GB18030 only where it holds them, so that a
            UTF-8 file with a damaged byte is not read as other words.

    Raises:
        Refusal: The file is in none of them; tells the row.
    """
    data = path.read_bytes()
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue  # the next encoding, or the refusal below
        if encoding != "gb18030" or proof in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    if wide:
        raise Refusal(f"{name} 不是完整的 UTF-16 文本", todo="用文本编辑器另存为 UTF-8")
    return read_text(path, name)
