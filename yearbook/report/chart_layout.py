"""Where bars, labels and numbers stand in each kind of chart; legible without colour.

Every bar carries its own number, so there is no legend and no axis to read off. A rise goes right and is dark, a fall
goes left and is light, and both say so in words. Lengths are px of 1/96 inch.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate

from yearbook.quantity import Exact, ratio
from yearbook.report.chart_canvas import LINE_HEIGHT, STEP, Sheet, width_of, wrapped
from yearbook.report.model import Bar, Chart, Drawing

# 152.4 mm: the text of an official page is 156 mm wide.
WIDTH = 576
INK, DARK, LIGHT, QUIET, GUIDE = "#1a1a1a", "#1f4e79", "#dce6f0", "#595959", "#d9d9d9"
LABEL_ROOM, NUMBER_ROOM = 126, 210
GAP = 10
THICKNESS = 16
ROW_MARGIN = 10
MARGIN = 4
# A bar that is not zero must be seen, however small it is beside the others.
LEAST_LENGTH = 1.0
COLUMN_WIDTH, COLUMN_HEIGHT = 52, 130
NO_DATA = "无数据"
FELL, ROSE = "← 减少", "增加 →"


def number_words_of(bar: Bar) -> tuple[str, str]:
    """What is printed beside a bar: its number, and what is said of it, which may be nothing."""
    return bar.number.text, bar.words + (bar.note.text if bar.note else "")


def slots(chart: Chart) -> tuple[tuple[str, Bar | None], ...]:
    """Labels with their bars; in a trend a year without a value keeps its place, so that time runs evenly."""
    if chart.drawing is not Drawing.TREND:
        return tuple((bar.label, bar) for bar in chart.bars)
    by_label = {bar.label: bar for bar in chart.bars}
    years = [int(label.removesuffix("年")) for label in by_label]
    labels = [f"{year}年" for year in range(min(years), max(years) + 1)]
    return tuple((label, by_label.get(label)) for label in labels)


def drawing_of(chart: Chart) -> tuple[str, int, int]:
    """The chart as an SVG element, its width and its height.

    Raises:
        Refusal: A character has no glyph.
    """
    sheet = Sheet(WIDTH)
    height = _columns(sheet, chart) if chart.drawing is Drawing.TREND else _rows(sheet, chart)
    whole = -int(-height // STEP) * STEP
    return sheet.svg(whole), WIDTH, whole


def _beside(bar: Bar) -> tuple[str, ...]:
    """Number and words in one line, in two where they need more room than there is."""
    number, said = number_words_of(bar)
    if not said:
        return (number,)
    line = f"{number}，{said}"
    return (line,) if width_of(line) <= NUMBER_ROOM else (f"{number}，", said)


def _widest(texts: Sequence[tuple[str, ...]]) -> float:
    return max(width_of(line) for lines in texts for line in lines)


def _rows(sheet: Sheet, chart: Chart) -> float:
    """Horizontal bars, one row each. Returns the height."""
    labels = [wrapped(bar.label, LABEL_ROOM) for bar in chart.bars]
    numbers = [_beside(bar) for bar in chart.bars]
    # the word above the falls must find room over the labels where the falls are short
    left = MARGIN + max(_widest(labels), width_of(FELL)) + GAP
    room = WIDTH - MARGIN - left - GAP - _widest(numbers)
    lengths = _lengths([bar.value for bar in chart.bars], room)
    zero = left + max(0.0, *(-length for length in lengths))
    # numbers of a change stand in a column of their own, clear of bars on both sides
    aligned = chart.drawing is Drawing.CHANGE and any(lengths)
    top: float = MARGIN + (LINE_HEIGHT + MARGIN if aligned else 0)
    heights = [max(len(one), len(two)) * LINE_HEIGHT + ROW_MARGIN for one, two in zip(labels, numbers, strict=True)]
    tops = list(accumulate(heights, initial=top))
    for label, number, length, above, height in zip(labels, numbers, lengths, tops, heights, strict=False):
        middle = above + height / 2
        if aligned:
            sheet.line((MARGIN, above), (WIDTH - MARGIN, above), GUIDE)
        sheet.words(label, left - GAP, middle, "end", INK)
        _bar(sheet, zero, middle, length)
        sheet.words(number, (left + room if aligned else zero + length) + GAP, middle, "start", INK)
    if aligned:
        _directions(sheet, zero, top, lengths)
    sheet.line((zero, top), (zero, tops[-1]), INK)
    return tops[-1] + MARGIN


def _bar(sheet: Sheet, zero: float, middle: float, length: float) -> None:
    if length:
        fill = DARK if length > 0 else LIGHT
        sheet.bar(min(zero, zero + length), middle - THICKNESS / 2, abs(length), THICKNESS, fill=fill, edge=DARK)


def _directions(sheet: Sheet, zero: float, top: float, lengths: Sequence[float]) -> None:
    """Which side is which, above the line that stands for no change."""
    middle = top - LINE_HEIGHT / 2
    if any(length > 0 for length in lengths):
        sheet.words((ROSE,), zero + MARGIN, middle, "start", QUIET)
    if any(length < 0 for length in lengths):
        sheet.words((FELL,), zero - MARGIN, middle, "end", QUIET)


def _lengths(values: Sequence[Exact], room: float) -> list[float]:
    """Lengths in proportion to values, signs kept, that fill the room from the lowest to the highest."""
    span = max(0, *values) - min(0, *values)
    if span == 0:
        return [0.0 for _ in values]
    # the shortest bar that is drawn takes a little of the room, so that nothing stands beyond it
    return [_seen(float(ratio(value, span)) * (room - LEAST_LENGTH)) for value in values]


def _seen(length: float) -> float:
    return length if not length or abs(length) >= LEAST_LENGTH else (LEAST_LENGTH if length > 0 else -LEAST_LENGTH)


def _columns(sheet: Sheet, chart: Chart) -> float:
    """One column for each year from left to right, from zero upwards; the report year is dark. Returns the height."""
    places = slots(chart)
    room = (WIDTH - 2 * MARGIN) / len(places)
    lengths = dict(zip(chart.bars, _lengths([bar.value for bar in chart.bars], COLUMN_HEIGHT), strict=True))
    texts = {bar: _over(bar.number.text, room - MARGIN) for bar in chart.bars}
    ground = MARGIN + max(len(lines) for lines in texts.values()) * LINE_HEIGHT + MARGIN + COLUMN_HEIGHT
    for place, (label, bar) in enumerate(places):
        middle = MARGIN + room * (place + 0.5)
        sheet.words((label,), middle, ground + MARGIN + LINE_HEIGHT / 2, "middle", INK)
        if bar is None:
            sheet.words((NO_DATA,), middle, ground - MARGIN - LINE_HEIGHT / 2, "middle", QUIET)
        else:
            _column(sheet, middle, ground, lengths, texts, bar, latest=bar is chart.bars[-1])
    sheet.line((MARGIN, ground), (WIDTH - MARGIN, ground), INK)
    return ground + MARGIN + LINE_HEIGHT + MARGIN


def _column(
    sheet: Sheet,
    middle: float,
    ground: float,
    lengths: Mapping[Bar, float],
    texts: Mapping[Bar, tuple[str, ...]],
    bar: Bar,
    *,
    latest: bool,
) -> None:
    length, lines = lengths[bar], texts[bar]
    if length:
        fill = DARK if latest else LIGHT
        sheet.bar(middle - COLUMN_WIDTH / 2, ground - length, COLUMN_WIDTH, length, fill=fill, edge=DARK)
    over = ground - length - MARGIN - len(lines) * LINE_HEIGHT / 2
    sheet.words(lines, middle, over, "middle", INK)


def _over(text: str, room: float) -> tuple[str, ...]:
    """A number above its column, the measure word below it where both are too wide."""
    parts = re.fullmatch(r"([0-9.]+)(.+)", text)
    return (text,) if parts is None or width_of(text) <= room else (parts[1], parts[2])
