"""Charts of figures: from figures to a ``Chart``, and from a ``Chart`` to a picture, its words and its table.

The same chart stands in every format. What is printed at a bar is the figure's own printed text; its length is drawn
from the exact value.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from yearbook.change import Kind
from yearbook.errors import Refusal
from yearbook.figure import Figure, Figures
from yearbook.quantity import Exact
from yearbook.report.chart_canvas import png_of
from yearbook.report.chart_layout import NO_DATA, drawing_of, slots
from yearbook.report.model import Aspect, Bar, Chart, Constant, Drawing, Inline, Listing, Number, Text, plain_text
from yearbook.report.number_words import number_words
from yearbook.wording import percent_text, printed

# The pictures of one report and a few more.
KEPT_PICTURES = 64
MM_PER_PX = 25.4 / 96
# More would not fit on a page.
MOST_BARS = 20
TREND_YEARS = 5
LEAST_YEARS = 2
TOTAL = "total"
OTHERS = "其他"

FORM_WORDS = {Drawing.CHANGE: "条形图", Drawing.COMPOSITION: "条形图", Drawing.TREND: "柱状图"}
HEADS = {
    Drawing.CHANGE: ("分项", "报告年度", "与上年相比"),
    Drawing.COMPOSITION: ("分项", "数量"),
    Drawing.TREND: ("年度", "数量"),
}
# A change without a percent; the words hold no numeral, so nobody has to claim one.
CHANGE_WORDS = {
    Kind.EQUAL: "持平",
    Kind.NO_BASE: "上年无可比数据",
    Kind.FROM_ZERO: "上年没有",
    Kind.ROSE: "增加",
    Kind.FELL: "减少",
}
ALMOST_EQUAL = "基本持平"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn chart; its title is not in it, the writers print that as a caption.

    Attributes:
        svg: One SVG element; words are text, nothing is referred to, nothing has an id.
        png: The same drawing at 300 dots per inch.
        width_mm: Width on the page.
        height_mm: Height on the page.
        alt: The chart in words, with every number.
    """

    svg: str
    png: bytes
    width_mm: float
    height_mm: float
    alt: str


@lru_cache(maxsize=KEPT_PICTURES)
def draw(chart: Chart) -> Picture:
    """Draw a chart; the same chart gives the same bytes on every computer.

    Raises:
        Refusal: A character of a label has no glyph in the bundled font.
    """
    svg, width, height = drawing_of(chart)
    return Picture(
        svg=svg,
        png=png_of(svg, width),
        width_mm=width * MM_PER_PX,
        height_mm=height * MM_PER_PX,
        alt=plain_text(alt_text(chart)),
    )


def alt_text(chart: Chart) -> tuple[Inline, ...]:
    """The chart in words for those who do not see it: its kind, its title, every bar with its numbers."""
    inlines: list[Inline] = [Text(f"{FORM_WORDS[chart.drawing]}："), *chart.title]
    for place, (label, bar) in enumerate(slots(chart)):
        inlines += [Text("；" if place else "："), _words(label), Text(" ")]
        inlines += [Text(NO_DATA)] if bar is None else [bar.number, *_said(bar, "，")]
    return (*inlines, Text("。"))


def table_of(chart: Chart) -> Listing:
    """The chart as a table of the same numbers; a change without a percent says why in words."""
    return Listing(
        title=plain_text(chart.title),
        head=HEADS[chart.drawing],
        rows=tuple(tuple(_cells(chart.drawing, label, bar)) for label, bar in slots(chart)),
    )


def _cells(drawing: Drawing, label: str, bar: Bar | None) -> Iterator[tuple[Inline, ...]]:
    yield (_words(label),)
    yield (Text(NO_DATA),) if bar is None else (bar.number,)
    if drawing is Drawing.CHANGE and bar is not None:
        yield _said(bar)


def _said(bar: Bar, before: str = "") -> tuple[Inline, ...]:
    """What is said of a bar beside its number."""
    words = (Text(before + bar.words),) if bar.words else ()
    return words if bar.note is None else (*words, bar.note)


def _words(text: str) -> Constant | Text:
    """A label; digits of a name or a year are no statistics."""
    return Constant(text) if number_words(text) else Text(text)


def change_chart(name: str, figures: Figures, *, year: int) -> Chart:
    """How every part of an indicator changed against the year before, in catalogue order.

    A bar is as long as its percent. A part without a percent has no bar but its number and words.

    Args:
        name: Name or code of the indicator, or of its total.
        figures: Every figure of the run.
        year: Report year.

    Raises:
        Refusal: No such indicator, no parts, or more than a page holds.
    """
    parts = _parts(name, figures)
    title = (_words(_title(parts)), Text("与"), Constant(str(year - 1)), Text("年相比增减幅度"))
    return _chart(Drawing.CHANGE, parts, title, [_change_bar(part) for part in parts])


def _change_bar(part: Figure) -> Bar:
    change = part.change
    number = Number(printed(part).text, part.code)
    if not change.percent:
        words = ALMOST_EQUAL if change.percent is not None and change.difference else CHANGE_WORDS[change.kind]
        return Bar(label=part.label, value=0, number=number, words=words)
    percent = Number(percent_text(change), part.code, Aspect.CHANGE)
    return Bar(label=part.label, value=change.percent, number=number, note=percent, words=CHANGE_WORDS[change.kind])


def composition_chart(name: str, figures: Figures, *, year: int) -> Chart:
    """What a total consists of, the largest part first and 其他 last.

    Args:
        name: Name or code of the indicator, or of its total.
        figures: Every figure of the run.
        year: Report year.

    Raises:
        Refusal: No such indicator, no total and parts of it, or more than a page holds.
    """
    parts = _parts(name, figures)
    if f"{parts[0].indicator}.{TOTAL}" not in figures:
        raise Refusal(f"“{name}”没有合计，画不出构成", todo="改用“增减”图，或换一个有合计的指标")
    ordered = sorted(parts, key=lambda part: (part.label.startswith(OTHERS), -part.value))
    bars = [Bar(label=part.label, value=part.value, number=Number(printed(part).text, part.code)) for part in ordered]
    title = (Constant(str(year)), Text("年"), _words(_title(parts)), Text("构成"))
    return _chart(Drawing.COMPOSITION, ordered, title, bars)


def trend_chart(name: str, figures: Figures, *, year: int, earlier: Mapping[int, Mapping[str, Exact]]) -> Chart | None:
    """A figure through up to five years that end with the report year.

    Earlier years are those that were published. The year before is this report's own base where it has one, so that
    the picture agrees with the percentages beside it.

    Args:
        name: Name or code of the figure.
        figures: Every figure of the run.
        year: Report year.
        earlier: Exact values by year and figure code, as published.

    Returns:
        The chart, or None where no earlier year was published: a single column is no trend.

    Raises:
        Refusal: No such figure.
    """
    figure = figures[name]
    published = {y: v[figure.code] for y, v in earlier.items() if year - TREND_YEARS < y < year and figure.code in v}
    if len(published) + 1 < LEAST_YEARS:
        return None
    bars = [_earlier_bar(figure, y, published[y]) for y in sorted(published) if y < year - 1 or figure.base is None]
    if figure.base is not None:
        bars.append(
            _year_bar(year - 1, figure.base, Number(_printed_as(figure, figure.base), figure.code, Aspect.BASE))
        )
    bars.append(_year_bar(year, figure.value, Number(printed(figure).text, figure.code)))
    first = Constant(bars[0].label.removesuffix("年"))
    # the name of a total is that of its indicator; a part is named with it
    title = (first, Text("年至"), Constant(str(year)), Text("年"), _words(figure.name))
    return _chart(Drawing.TREND, [figure], title, bars)


def _earlier_bar(figure: Figure, year: int, value: Exact) -> Bar:
    text = _printed_as(figure, value)
    return _year_bar(year, value, Number(text, figure.code, Aspect.EARLIER, exact=value, year=year))


def _year_bar(year: int, value: Exact, number: Number) -> Bar:
    return Bar(label=f"{year}年", value=value, number=number)


def _printed_as(figure: Figure, value: Exact) -> str:
    """Another year's value as the figure itself is printed."""
    return printed(replace(figure, value=value)).text


def _chart(drawing: Drawing, figures: Sequence[Figure], title: tuple[Inline, ...], bars: Iterable[Bar]) -> Chart:
    first, drawn = figures[0], tuple(bars)
    if drawing is not Drawing.CHANGE and any(bar.value < 0 for bar in drawn):
        raise Refusal(f"“{first.name}”等有负数，画不出图", todo="先核对来源；不能为负的数应由规则拦住")
    return Chart(drawing=drawing, indicator=first.indicator, title=title, unit=first.unit.value, bars=drawn)


def _title(parts: Sequence[Figure]) -> str:
    """Name of the indicator: that of each part without its member."""
    return parts[0].name.partition("·")[0]


def _parts(name: str, figures: Figures) -> tuple[Figure, ...]:
    """The parts of an indicator with one dimension, its total left out."""
    found = next((f for f in figures.values() if name in (f.indicator, f.name.partition("·")[0])), None)
    first = figures[name] if found is None else found
    every = figures.parts(first.indicator)
    parts = tuple(f for f in every if f.code != f"{first.indicator}.{TOTAL}")
    if any(f.code.count(".") != 1 for f in every) or not parts or name not in _names(first.indicator, every):
        raise Refusal(f"“{name}”没有可以画成图的分项", todo="图只用于只有一个维度、分项不止合计的指标，写指标的名称")
    if len(parts) > MOST_BARS:
        raise Refusal(f"“{name}”的分项超过 {MOST_BARS} 个，图放不进一页", todo="改用文字或表格")
    return parts


def _names(indicator: str, every: Sequence[Figure]) -> set[str]:
    """What an indicator as a whole may be called in a template."""
    return {indicator, f"{indicator}.{TOTAL}", every[0].name.partition("·")[0]}
