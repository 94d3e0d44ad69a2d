"""Spreadsheet programs keep the value of a cell in an attribute, and show a rounded or worded one on the page."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

# by Excel and by the open office programs
_KEPT = ("x:num", "sdval")
_TEXT = "x:str"
_VALUE = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:E[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_SIGNS = re.compile(r"[\s,，]+")
_NUMBER = re.compile(
    r"(?P<minus>[-−(（]?)[￥¥$]?(?P<late>[-−]?)(?P<digits>(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d{1,3})?)"
    r"(?P<unit>%|元|万元)?[)）]?",
    re.ASCII | re.IGNORECASE,
)
_UNITS = {None: Decimal(1), "元": Decimal(1), "%": Decimal("0.01"), "万元": Decimal(10_000)}
_MOMENT = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[\sT]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_FIRST_DAY, _DAY = datetime(1899, 12, 30), 86_400  # noqa: DTZ001 - a page knows no zone
# doubles are written with more digits than they have
_EXACT, _HALF_A_SECOND = Decimal("1e-12"), Decimal("0.5") / _DAY


def as_shown(attributes: Mapping[str, str | None], text: str) -> bool:
    """Whether a cell shows the value that it keeps, as far as the page tells.

    A shown text that is neither a number nor a day is taken as it is; what it may be is for the contract to say.
    """
    if (kept := attributes.get(_TEXT)) and "".join(kept.split()) != "".join(text.split()):
        return False
    return all(_same(kept.strip(), text) for name in _KEPT if (kept := attributes.get(name)) and kept.strip())


def _same(kept: str, text: str) -> bool:
    if not _VALUE.fullmatch(kept):
        return False
    value = Decimal(kept)
    if (moment := _MOMENT.fullmatch(text.strip())) is not None:
        return _is_moment(value, moment)
    found = _NUMBER.fullmatch(_SIGNS.sub("", text))
    if found is None:
        return True
    shown = Decimal(found["digits"]) * _UNITS[found["unit"]] * (-1 if found["minus"] or found["late"] else 1)
    return abs(shown - value) <= abs(value) * _EXACT


def _is_moment(value: Decimal, shown: re.Match[str]) -> bool:
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in shown.groups())
        moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - as above
    except ValueError:
        return False
    since = moment - _FIRST_DAY
    return abs(value - since.days - Decimal(since.seconds) / _DAY) < _HALF_A_SECOND
