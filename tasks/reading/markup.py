"""Text that is markup: pages that hold tables, and what else begins with an angle bracket."""

import re

from yearbook.errors import Refusal

_LOOK = 8192
_NOISE = re.compile(
    rb"\A(?:\s+|<!--.*?-->|<!\[.*?\]>|<\?xml[^>]*\?>|<!doctype\s+html[^>]*>)", re.IGNORECASE | re.DOTALL
)
_PAGE = re.compile(
    rb"<(?:html|head|meta|title|style|script|link|body|div|span|center|font|form|p|br|h[1-6]|"
    rb"table|thead|tbody|tr|caption)\b",
    re.IGNORECASE,
)
_TAG = re.compile(rb"<[A-Za-z_!?/]")
_ARCHIVED = re.compile(rb"\A\s*(?:mime-version:|from:.{0,200}\r?\n(?:.{0,200}\r?\n){0,8}?mime-version:)", re.IGNORECASE)
_TODO = "请提供者用 Excel 或 WPS 打开，另存为 xlsx 后重新交来"


def looks_like_page(data: bytes) -> bool:
    """True where the contents begin as a web page or a table does."""
    return bool(_PAGE.match(_start(data)))


def refuse_markup(data: bytes) -> None:
    """Refuse markup that is no page.

    Raises:
        Refusal: It is an XML spreadsheet, an archived page, or other XML.
    """
    if _ARCHIVED.match(data[:_LOOK]):
        raise Refusal("是单个文件网页（MHTML），不能读取", todo=_TODO)
    head = narrow(data)
    start = _start(data)
    if not head.lstrip().startswith(b"<"):
        return
    if b"<?mso-application" in head or b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise Refusal("是 XML 电子表格 2003，不能读取", todo=_TODO)
    # behind a declaration an element may have a name in any script; without one that may be a header in brackets
    declared = head.lstrip().startswith(b"<?xml")
    if (declared or _TAG.match(start)) and not _PAGE.match(start):
        raise Refusal("是 XML 文件，不是表格文件", todo=_TODO)


def narrow(data: bytes) -> bytes:
    """The beginning with one byte per ASCII character, also of UTF-16 with a mark; for looking only."""
    head = data[:_LOOK]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return head[2:].replace(b"\x00", b"")
    return head.removeprefix(b"\xef\xbb\xbf")


def _start(data: bytes) -> bytes:
    """The beginning after blanks, comments and declarations."""
    head = narrow(data)
    while found := _NOISE.match(head):
        head = head[found.end() :]
    return head
