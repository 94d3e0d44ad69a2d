"""Text for a run of the word document: escaped, and without what no XML can carry."""

import re
from html import escape

from yearbook.errors import Refusal

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def run_text(text: str) -> str:
    """Text for a run, escaped; a line break stays a line break.

    Raises:
        Refusal: A control character or half a surrogate pair is among it.
    """
    found = _NOT_XML.search(text)
    if found:
        raise Refusal(
            f"正文“{text[max(0, found.start() - 10) : found.start()]}”之后有无法写入文档的控制字符"
            f"（U+{ord(found[0]):04X}）",
            todo="在原文中删除该字符后重新生成",
        )
    lines = escape(text, quote=False).split("\n")
    return "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
