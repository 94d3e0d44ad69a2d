"""Values of the cells of an ods workbook."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from lxml import etree

from yearbook.intake.grid import Cell, Odd

NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}
_SPAN = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>\d+)D)?T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?"
)
_DAY, _MIDNIGHT = timedelta(days=1), datetime(2000, 1, 1)  # noqa: DTZ001 - any day


class Unfit(Exception):
    """A cell, row or column that does not follow the format; the words go behind the place."""


def qualified(name: str) -> str:
    """``table:table`` as the parser writes it."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


_TYPE, _EXTRA_TYPE, _FORMULA = (
    qualified("office:value-type"),
    qualified("calcext:value-type"),
    qualified("table:formula"),
)
_VALUE, _DATE, _TIME = qualified("office:value"), qualified("office:date-value"), qualified("office:time-value")
_BOOLEAN, _STRING = qualified("office:boolean-value"), qualified("office:string-value")
_PARAGRAPH, _BLANKS, _TAB = qualified("text:p"), qualified("text:s"), qualified("text:tab")
_BREAK, _NOTE, _COUNT = qualified("text:line-break"), qualified("office:annotation"), qualified("text:c")
_MAX_BLANKS = 10_000


def cell_value(cell: etree._Element) -> Cell:
    """The value of a cell by its declared type; the text that is shown counts for text only.

    Raises:
        Unfit: The type is unknown, or the value is not of it.
    """
    try:
        return _value(cell, cell.get(_TYPE))
    except (ValueError, KeyError, OverflowError) as error:
        raise Unfit("的值不合格式") from error


def _value(cell: etree._Element, kind: str | None) -> Cell:
    if cell.get(_EXTRA_TYPE) == "error":
        return Odd.ERROR
    if kind is None:
        return Odd.NOT_CALCULATED if cell.get(_FORMULA) else shown(cell) or None
    if kind == "string":
        text = cell.get(_STRING)
        return shown(cell) if text is None else text
    if kind not in _TYPES:
        raise Unfit("的类型不认识")
    attribute, read = _TYPES[kind]
    return read(cell.get(attribute, ""))


def moment(text: str) -> datetime:
    """A date with or without a time of day."""
    if "T" not in text:
        return datetime.combine(date.fromisoformat(text), time())
    head, _, fraction = text.partition(".")
    found = datetime.fromisoformat(head)
    if found.tzinfo is not None:
        raise ValueError("zone")
    # more digits than a clock has
    return found.replace(microsecond=int(fraction[:6].ljust(6, "0"))) if fraction else found


def span(text: str) -> time | timedelta:
    """A time of day, or what is longer than a day or less than nothing.

    Raises:
        ValueError: The text is no duration.
    """
    found = _SPAN.fullmatch(text)
    if not found:
        raise ValueError("duration")
    parts = {name: float((found[name] or "0").replace(",", ".")) for name in ("days", "hours", "minutes", "seconds")}
    length = timedelta(**parts)
    if found["sign"]:
        return -length
    return (_MIDNIGHT + length).time() if length < _DAY else length


def shown(cell: etree._Element) -> str:
    """The text of a cell, its paragraphs as lines; remarks on the cell are not part of it."""
    return "\n".join(_paragraph(node) for node in cell.iterchildren(_PARAGRAPH))


def _paragraph(node: etree._Element) -> str:
    parts = [node.text or ""]
    for child in node.iterchildren():
        if child.tag == _BLANKS:
            parts.append(" " * min(int(child.get(_COUNT, "1")), _MAX_BLANKS))
        elif child.tag == _TAB:
            parts.append("\t")
        elif child.tag == _BREAK:
            parts.append("\n")
        elif child.tag != _NOTE and isinstance(child.tag, str):
            parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)


_TYPES: dict[str, tuple[str, Callable[[str], Cell]]] = {
    "float": (_VALUE, float),
    "percentage": (_VALUE, float),
    "currency": (_VALUE, float),
    "boolean": (_BOOLEAN, {"true": True, "false": False}.__getitem__),
    "date": (_DATE, moment),
    "time": (_TIME, span),
}


def times(node: etree._Element, name: str) -> int:
    """How often something repeats, or how far it reaches.

    Raises:
        Unfit: It is no number, or less than once.
    """
    text = node.get(name, "1").strip()
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise Unfit("的重复次数不合规则")
    return int(text)
