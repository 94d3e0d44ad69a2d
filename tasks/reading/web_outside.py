"""What a page says around the cells of its tables: units, loose text, and what keeps a table or a part of it from view.

Only what a page says of itself is looked at: a style sheet that is another file is not handed over.
"""

import re
from collections.abc import Iterator

from lxml import etree

from tasks.reading.web_layout import BLOCKS, IGNORED, hides
from tasks.reading.web_styles import hiding, touches
from yearbook.errors import Refusal

_CELLS = frozenset({"td", "th", "caption"})
_SILENT = IGNORED | {"head", "title", "select", "textarea", "object", "iframe", "noframes"}
# Elements whose contents a page does not show, some only until somebody opens them.
_UNSEEN = frozenset({"template", "noscript", "noframes", "iframe", "object", "script", "style"})
_CLOSED = frozenset({"details", "dialog"})
_MANY, _FOREIGN = "[十百千万亿]", "[美欧港日]"
_SUM = f"(?:{_MANY}+|{_MANY}*{_FOREIGN})元"
# Any unit that is not the yuan or a plain count; 单位 also means the body that hands the table over.
_UNIT = re.compile(
    rf"单位\s*[:：]\s*(?:人民币\s*)?(?:{_SUM}|(?:{_MANY}+[件人次户条份个宗]?|[角分])(?![一-鿿]))"
    rf"|[（(]\s*(?:人民币\s*)?{_SUM}\s*[)）]"
)
_SAVE = "请提供者用 Excel 或 WPS 打开，核对内容后另存为 xlsx，重新交来"


def require_nothing_outside(root: etree._Element) -> None:
    """Refuse a page whose tables mean something else to who looks at it than to who reads the cells.

    Raises:
        Refusal: A table is out of view, something in it is hidden by a style sheet, text stands between its cells, or
            the page states a unit outside of the cells.
    """
    for table in root.iter("table"):
        if any(_is_unseen(node) for node in table.iterancestors()):
            raise Refusal("网页表格在页面上看不到的部分里", todo=_SAVE)
        _require_no_loose_text(table)
    _require_no_hiding_style(root)
    if _UNIT.search("".join(_shown(root))):
        raise Refusal(
            "网页在表格单元格之外写明了元以外的单位",
            todo="请提供者把单位写进表头，或换算成元，用 Excel 或 WPS 另存为 xlsx 后重新交来",
        )


def _is_unseen(node: etree._Element) -> bool:
    return node.tag in _UNSEEN or (node.tag in _CLOSED and "open" not in node.attrib) or hides(node.attrib)


def _require_no_loose_text(table: etree._Element) -> None:
    for node, text in _between(table):
        if text and text.strip():
            before = 0
            for other in table.iter():
                before += other.tag == "tr"
                if other is node:
                    break
            raise Refusal(f"网页表格第 {max(before, 1)} 行附近有单元格以外的文字", todo=_SAVE)


def _between(node: etree._Element) -> Iterator[tuple[etree._Element, str | None]]:
    """Text within a table and outside of its cells."""
    yield node, node.text
    for child in node.iterchildren():
        if child.tag not in _CELLS and child.tag not in IGNORED:
            yield from _between(child)
        yield child, child.tail


def _require_no_hiding_style(root: etree._Element) -> None:
    selectors = [found for style in root.iter("style") for found in hiding(style.text or "")]
    if not selectors:
        return
    for table in root.iter("table"):
        for node in (*table.iterancestors(), *table.iter()):
            if isinstance(node.tag, str) and any(touches(selector, node) for selector in selectors):
                raise Refusal("网页的样式把表格或表格里的内容隐藏了", todo=_SAVE)


def _shown(node: etree._Element) -> Iterator[str]:
    """Text that is seen outside of the cells."""
    if node.tag in _SILENT or hides(node.attrib):
        return
    block = node.tag in BLOCKS or node.tag in {"table", "caption", "br"}
    yield "\n" if block else ""
    if node.tag == "table":
        for caption in node.iter("caption"):
            yield from _shown(caption)
    else:
        yield node.text or ""
        for child in node.iterchildren():
            yield from _shown(child)
            yield child.tail or ""
    yield "\n" if block else ""
