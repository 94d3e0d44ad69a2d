"""Printed numbers read back: which exact values can ``35万余辆`` or ``近300个`` stand for.

Written without a look at how our own reports print numbers, so that one can be held against the other. Amounts come
back in 元, also where 万元 was printed; percentages in percent.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from yearbook.quantity import Exact, Interval

BEFORE = {
    "约": "about", "大约": "about", "近": "below", "将近": "below", "接近": "below", "不足": "below", "不到": "below",
    "超": "above", "超过": "above", "逾": "above", "突破": "above",
}  # fmt: skip
AFTER = {"以上": "above", "左右": "about", "上下": "about"}
DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}
SCALES = SMALL | LARGE
# From here on a number with a scale word is a rounded one; 三百 is mostly just that.
ROUNDED_FROM = 1000
# Things measured, not counted: between two whole numbers there are others.
MEASURED = frozenset({"元", "%", "个百分点", "百分点", "倍", "公里", "吨", "小时", ""})
TENTH = ("成", 10)
_PHRASE = re.compile(
    rf"(?P<before>{'|'.join(sorted(BEFORE, key=len, reverse=True))})?(?P<sign>-)?"
    r"(?:(?P<figures>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)|(?P<words>[零〇○一二两三四五六七八九十百千万亿]+))"
    r"(?P<inner>[余多])?(?P<scale>[十百千万亿]*)(?P<more>[余多])?"
    rf"(?P<unit>[^\d,.]{{0,8}}?)(?P<after>{'|'.join(AFTER)})?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A printed number, read.

    Attributes:
        interval: Every value it can stand for.
        unit: Its measure word, e.g. ``辆``; ``元`` for amounts, ``%`` for shares; empty where none was printed.
    """

    interval: Interval
    unit: str


@dataclass(frozen=True, slots=True)
class _Read:
    """The bare number: its value, the worth of its last printed place, and of its last place that is not zero."""

    value: Decimal
    step: Decimal
    coarse: Decimal


def read_numeral(text: str) -> Numeral | None:
    """Read one number phrase, blanks and full-width signs allowed; None where it is none.

    Args:
        text: Number with the words that belong to it, e.g. ``35万余辆``, ``约1.2万件``, ``516.94万元``, ``超八成``.
    """
    match = _PHRASE.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    bare = _bare(match) if match else None
    if match is None or bare is None:
        return None
    unit = match["unit"]
    if unit == TENTH[0]:
        unit, bare = "%", _times(bare, Decimal(TENTH[1]))
    low, high = _ends(match, bare, unit)
    if match["sign"]:
        low, high = -high, -low
    return Numeral(Interval(_plain(low), _plain(high)), unit)


def _bare(match: re.Match[str]) -> _Read | None:
    scale = Decimal(1)
    for word in match["scale"]:
        scale *= SCALES[word]
    if match["words"]:
        read = _from_words(match["words"])
        return _times(read, scale) if read else None
    figures = match["figures"].replace(",", "")
    value = Decimal(figures)
    step = Decimal(1).scaleb(-len(figures.partition(".")[2]))
    zeros = len(figures) - len(figures.rstrip("0")) if "." not in figures and value else 0
    return _times(_Read(value, step, step.scaleb(zeros)), scale)


def _from_words(words: str) -> _Read | None:
    """Chinese figures up to 亿; None where they make no number, e.g. 〇三."""
    total = section = digit = 0
    step = 1
    for word in words:
        if word in DIGITS:
            digit, step = DIGITS[word], 1
        elif word in SMALL:
            section, digit, step = section + (digit or 1) * SMALL[word], 0, SMALL[word]
        else:
            total, section, digit, step = (total + section + digit) * LARGE[word], 0, 0, LARGE[word]
    # 二〇二三 is a year or a telephone number: figures in a row have no places
    if re.search(r"[零〇○一二两三四五六七八九]{2}", words.replace("零", "")) or not total + section + digit:
        return _Read(Decimal(0), Decimal(1), Decimal(1)) if words == "零" else None
    return _Read(Decimal(total + section + digit), Decimal(step), Decimal(step))


def _times(read: _Read, factor: Decimal) -> _Read:
    return _Read(read.value * factor, read.step * factor, read.coarse * factor)


def _ends(match: re.Match[str], read: _Read, unit: str) -> tuple[Decimal, Decimal]:
    """Smallest and largest value; of things counted, an open end is the next whole number."""
    counted = unit not in MEASURED
    word = BEFORE.get(match["before"] or "") or AFTER.get(match["after"] or "")
    scaled = bool(match["scale"]) and not match["inner"]
    truncated = bool(match["more"] or match["inner"])
    if truncated:
        return _inside(read.value, read.value + (read.step if scaled else read.coarse), counted=counted)
    if word == "above":
        return _inside(read.value, read.value + read.coarse, counted=counted)
    if word == "below":
        return _inside(max(read.value - read.coarse, Decimal(0)), read.value, counted=counted)
    if word == "about":
        return read.value - read.coarse / 2, read.value + read.coarse / 2
    if "." in (match["figures"] or "") or read.step >= ROUNDED_FROM or unit == "%":
        return read.value - read.step / 2, read.value + read.step / 2
    return read.value, read.value


def _inside(low: Decimal, high: Decimal, *, counted: bool) -> tuple[Decimal, Decimal]:
    """The values between two that are not meant themselves."""
    if counted and high - low > 1 and low == int(low) and high == int(high):
        return low + 1, high - 1
    return low, high


def _plain(value: Decimal) -> Exact:
    return int(value) if value == int(value) else value
