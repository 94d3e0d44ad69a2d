"""Bytes as text: a mark says it, UTF-8 proves it, and only then the declaration is believed. Nothing is guessed."""

import codecs
import re

from yearbook.errors import Refusal

_MARKS = ((codecs.BOM_UTF8, "utf-8", "UTF-8（有 BOM）"), (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16 LE"),
          (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16 BE"))  # fmt: skip
_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{1,40})", re.IGNORECASE)
# What pages call the national encoding; the newest of the family reads the older ones too.
_NATIONAL = frozenset({"gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80", "cp936", "euc-cn", "936"})
_ASCII, _PIECE = bytes(range(128)), 1 << 20
_LOOK = 4096
_LOST = "\N{REPLACEMENT CHARACTER}"
# Of a hundred characters of text none is a control character; a stray one is for the caller to see.
_CONTROLS = frozenset(map(chr, (*range(9), 11, *range(14, 32))))
_SHARE = 100
# So many characters of UTF-8 to each that is broken are no accident: the text was UTF-8 before it was damaged.
_NEARLY_ALL = 9


def decoded(data: bytes, declared: str) -> tuple[str, str]:
    """Decode delimited text.

    Returns:
        The text, and the encoding as found.

    Raises:
        Refusal: It does not decode, or characters were lost before it came here.
    """
    return _whole(*(_marked(data) or _proven(data, declared)))


def decoded_page(data: bytes, declared: str) -> tuple[str, str]:
    """Decode a web page, which may say its encoding itself.

    Raises:
        Refusal: As above, or the page names an encoding that is unknown.
    """
    if found := _marked(data):
        return _whole(*found)
    meta = _CHARSET.search(data[:_LOOK])
    return _whole(*(_named(data, meta[1].decode("ascii").lower()) if meta else _proven(data, declared)))


def _marked(data: bytes) -> tuple[str, str] | None:
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], codec, name), name
    return None


def _proven(data: bytes, declared: str) -> tuple[str, str]:
    """Another encoding read as UTF-8 fails, the other way round it does not.

    Damaged UTF-8 is told apart first, because the declared encoding may take it for other characters.
    """
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        name = declared.upper()
        if _was_utf8(data):
            return _strict(data, "utf-8", "UTF-8"), "UTF-8"
        return _strict(data, declared, name), name


def _was_utf8(data: bytes) -> bool:
    """Counted piece by piece, because what does not decode takes more room than what does."""
    decoder, lost, beyond = codecs.getincrementaldecoder("utf-8")("replace"), 0, 0
    for place in range(0, len(data), _PIECE):
        piece = data[place : place + _PIECE]
        text = decoder.decode(piece, place + _PIECE >= len(data))
        lost += text.count(_LOST)
        beyond += len(text) - (len(piece) - len(piece.translate(None, _ASCII)))
    return beyond - lost > _NEARLY_ALL * lost


def _named(data: bytes, name: str) -> tuple[str, str]:
    codec = "gb18030" if name in _NATIONAL else name
    try:
        # text encodings only: a codec that unpacks or executes is none
        known = codecs.lookup(codec)
        "".encode(codec)
    except LookupError as error:
        raise Refusal("网页写明的编码不认识", todo="请提供者另存为 xlsx，或用 UTF-8 重新导出") from error
    shown = known.name.upper()
    return _strict(data, codec, shown), shown


def _strict(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Refusal(f"第 {line} 行不是 {name} 编码", todo="请提供者用 UTF-8 或约定的编码重新导出") from error


def _whole(text: str, name: str) -> tuple[str, str]:
    if _LOST in text:
        line = text[: text.index(_LOST)].count("\n") + 1
        raise Refusal(f"第 {line} 行有转码时丢失的字（U+FFFD）", todo="请提供者从原系统用 UTF-8 重新导出")
    controls = sum(text.count(sign) for sign in _CONTROLS)
    if controls * _SHARE > len(text):
        raise Refusal("不是文本也不是工作簿，是无法识别的二进制内容", todo="请提供者重新导出为 xlsx 或 CSV")
    if not text.strip():
        raise Refusal("文件是空的", todo="请提供者重新导出")
    return text, name
