"""The records of delimited text by the grammar of RFC 4180, with any of the three line ends."""

import re
from collections.abc import Iterator


class Unclosed(Exception):
    """A quotation that does not end, or goes on after its end."""


def records(text: str, delimiter: str) -> Iterator[list[str]]:
    """Fields of every record; a blank line is a record of one empty field.

    Raises:
        Unclosed: Quotes do not pair.
    """
    plain = re.compile(f"[^{re.escape(delimiter)}\r\n]*")
    place, end = 0, len(text)
    while place < end:
        record: list[str] = []
        while True:
            if text.startswith('"', place):
                field, place = _quoted(text, place + 1)
            else:
                found = plain.match(text, place)
                field, place = (found[0], found.end()) if found else ("", place)
            record.append(field)
            if not text.startswith(delimiter, place):
                break
            place += 1
        yield record
        place = _next_line(text, place)


def _quoted(text: str, place: int) -> tuple[str, int]:
    """A quoted field from behind its opening quote; a doubled quote stands for one."""
    parts = []
    while True:
        close = text.find('"', place)
        if close < 0:
            raise Unclosed
        parts.append(text[place:close])
        place = close + 1
        if not text.startswith('"', place):
            return "".join(parts), place
        parts.append('"')
        place += 1


def _next_line(text: str, place: int) -> int:
    if place == len(text):
        return place
    if text.startswith("\r\n", place):
        return place + 2
    if text[place] in "\r\n":
        return place + 1
    raise Unclosed
