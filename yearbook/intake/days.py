"""Days and moments as people write them, and as spreadsheets count them."""

import re
from datetime import date, datetime, time, timedelta

from yearbook.intake.rules import Rules, Value

MIDNIGHT = time()
LAST_SECOND = time(23, 59, 59)
# Serial 60 is 29 February 1900, a day that never was; from 61 on the count is right again.
EPOCH_1900, FIRST_SERIAL_1900, EPOCH_1904 = date(1899, 12, 30), 61, date(1904, 1, 1)
LAST_SERIAL = 2_958_465


_ISO_DAY = re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})", re.ASCII)
_DAYS = (
    re.compile(r"(?P<y>[0-9]{4})(?P<s>[-./])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})", re.ASCII),
    re.compile(r"(?P<y>[0-9]{4})年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})日", re.ASCII),
    re.compile(r"(?P<y>(?:19|20)[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})", re.ASCII),
)
_CLOCK = re.compile(r"(?P<h>[0-9]{1,2}):(?P<i>[0-9]{2})(:(?P<sec>[0-9]{2}))?", re.ASCII)
_ISO_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII)


def to_date(value: Value, rules: Rules, used: list[str]) -> Value:
    """A day where the value can be one by the rules, else the value; what was done is added to ``used``."""
    if isinstance(value, datetime):
        return value.date() if value.time() == MIDNIGHT else value
    if isinstance(value, str):
        return _day(value, rules, used) or value
    return _serial_day(value, rules, used) if _is_serial(value, rules) else value


def to_moment(value: Value, rules: Rules, used: list[str]) -> Value:
    """A moment where the value can be one by the rules, else the value; what was done is added to ``used``."""
    if type(value) is date:
        return datetime.combine(value, MIDNIGHT)
    if isinstance(value, str):
        return _instant(value, rules, used) or value
    if _is_serial(value, rules):
        day = _serial_day(value, rules, used)
        return datetime.combine(day, MIDNIGHT) if type(day) is date else value
    return value


def _day(text: str, rules: Rules, used: list[str]) -> date | None:
    if rules.plain_text and (found := _ISO_DAY.fullmatch(text)):
        return _calendar_day(found)
    if "text_dates" not in rules.clean:
        return None
    found = next((match for pattern in _DAYS if (match := pattern.fullmatch(text))), None)
    day = _calendar_day(found) if found else None
    if day:
        used.append("text_dates")
    return day


def _instant(text: str, rules: Rules, used: list[str]) -> datetime | None:
    """A day and a time of day; a day alone is its first second where text dates are declared."""
    head, _, tail = text.partition("T" if "T" in text else " ")
    mine: list[str] = []
    day = _day(head, rules, mine)
    if day is None or (not tail and "text_dates" not in rules.clean):
        return None
    if not tail and not mine:
        mine.append("text_dates")
    if tail and rules.plain_text and not mine and not _ISO_CLOCK.fullmatch(tail) and "text_dates" not in rules.clean:
        return None
    clock = _time_of_day(tail.strip(), rules, mine) if tail else MIDNIGHT
    if clock is None:
        return None
    used += mine
    return datetime.combine(day, clock)


def _time_of_day(text: str, rules: Rules, used: list[str]) -> time | None:
    if text in {"24:00", "24:00:00"} and "end_of_day" in rules.clean:
        used.append("end_of_day")
        return LAST_SECOND
    found = _CLOCK.fullmatch(text)
    try:
        return time(int(found["h"]), int(found["i"]), int(found["sec"] or 0)) if found else None
    except ValueError:
        return None


def _calendar_day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def _is_serial(value: Value, rules: Rules) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and "serial_dates" in rules.clean


def _serial_day(value: Value, rules: Rules, used: list[str]) -> Value:
    low = 0 if rules.date_1904 else FIRST_SERIAL_1900
    if not isinstance(value, int) or not low <= value <= LAST_SERIAL:
        return value
    used.append("serial_dates")
    return (EPOCH_1904 if rules.date_1904 else EPOCH_1900) + timedelta(days=value)
