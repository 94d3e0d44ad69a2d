"""Pictures as they are printed: Chinese is really there, nothing overlaps, black and white is enough, same bytes."""

import hashlib
import io
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest
from fontTools.ttLib import TTFont
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image, ImageChops

from tests.yearbook.factory import figure
from tests.yearbook.report.chart_samples import YEAR, Part, indicator, sample_figures
from yearbook.errors import Refusal
from yearbook.figure import Figures
from yearbook.quantity import Unit
from yearbook.report.chart_canvas import LINE_HEIGHT, png_of, width_of, wrapped
from yearbook.report.chart_layout import DARK, LIGHT, WIDTH, drawing_of
from yearbook.report.charts import change_chart, composition_chart, draw, trend_chart
from yearbook.report.model import Chart

PROJECT = Path(__file__).parents[3]
SVG = "{http://www.w3.org/2000/svg}"
FIGURES = sample_figures()
DOTS_PER_PX = 300 / 96
Box = tuple[float, float, float, float]


def trend() -> Chart:
    values = {2019: {"business.total": 0}, 2021: {"business.total": 480_002}, 2022: {"business.total": 1}}
    chart = trend_chart("机动车业务量", FIGURES, year=YEAR, earlier=values)
    assert chart is not None
    return chart


CHARTS = {
    "change": change_chart("机动车业务量", FIGURES, year=YEAR),
    "change, long": change_chart("长名称", FIGURES, year=YEAR),
    "composition": composition_chart("机动车业务量", FIGURES, year=YEAR),
    "composition, long": composition_chart("长名称", FIGURES, year=YEAR),
    "trend": trend(),
}


@pytest.fixture(params=list(CHARTS))
def chart(request: pytest.FixtureRequest) -> Chart:
    return CHARTS[request.param]


def elements(svg: str, tag: str) -> list[etree._Element]:
    return list(etree.fromstring(svg.encode()).iter(f"{SVG}{tag}"))


def attributes(element: etree._Element, *names: str) -> tuple[float, ...]:
    return tuple(float(element.attrib[name]) for name in names)


def texts(svg: str) -> list[tuple[str, Box]]:
    """Every line of text with the box it takes."""
    found = []
    for element in elements(svg, "text"):
        (x, y), words = attributes(element, "x", "y"), element.text or ""
        width = width_of(words)
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[element.attrib["text-anchor"]]
        found.append((words, (left, y - LINE_HEIGHT * 0.75, left + width, y + LINE_HEIGHT * 0.2)))
    return found


def bars(svg: str) -> list[Box]:
    boxes = (attributes(e, "x", "y", "width", "height") for e in elements(svg, "rect") if "x" in e.attrib)
    return [(x, y, x + width, y + height) for x, y, width, height in boxes]


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("L")


def overlap(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def require_clear(svg: str) -> None:
    """No text meets another text or a bar, nothing leaves the sheet."""
    width, height = attributes(etree.fromstring(svg.encode()), "width", "height")
    written, drawn = texts(svg), bars(svg)
    for place, (words, box) in enumerate(written):
        assert box[0] >= -0.5, words
        assert box[2] <= width + 0.5, words
        assert box[1] >= 0, words
        assert box[3] <= height, words
        for others, other in written[place + 1 :]:
            assert not overlap(box, other), (words, others)
        assert not any(overlap(box, bar) for bar in drawn), words
    for bar in drawn:
        assert min(bar) >= 0, bar
        assert bar[2] <= width, bar
        assert bar[3] <= height, bar


def test_every_word_is_in_the_picture(chart: Chart) -> None:
    """Blank one text after the other: the picture must change, and inside that text's box alone."""
    picture = draw(chart)
    whole = opened(picture.png)
    for place, (words, (left, top, right, bottom)) in enumerate(texts(picture.svg)):
        root = etree.fromstring(picture.svg.encode())
        list(root.iter(f"{SVG}text"))[place].text = ""
        blank = etree.tostring(root, encoding="unicode")
        difference = ImageChops.difference(whole, opened(png_of(blank, WIDTH))).getbbox()
        assert difference is not None, f"“{words}” is not drawn"
        x0, y0, x1, y1 = (side / DOTS_PER_PX for side in difference)
        assert left - 1 <= x0 <= x1 <= right + 1, words
        assert top - 2 <= y0 <= y1 <= bottom + 2, words


def test_two_characters_differ() -> None:
    """A missing glyph draws the same empty box for every character."""
    svg = draw(CHARTS["composition"]).svg
    one, two = (svg.replace("车辆年检", word) for word in ("车辆年检", "东辆年检"))
    assert ImageChops.difference(opened(png_of(one, WIDTH)), opened(png_of(two, WIDTH))).getbbox() is not None


def test_a_character_without_a_glyph_is_refused() -> None:
    figures = Figures(indicator("x", "某", [("甲", 1, 1), ("😀", 2, 2)]))
    with pytest.raises(Refusal, match=r"U\+1F600"):
        draw(change_chart("某", figures, year=YEAR))


def test_nothing_overlaps(chart: Chart) -> None:
    require_clear(draw(chart).svg)


VALUES = st.one_of(st.integers(0, 20), st.integers(0, 10**9))
LABELS = st.text(alphabet="机动车业务量“”（）、12AP", min_size=1, max_size=24)
PARTS: st.SearchStrategy[list[Part]] = st.lists(
    st.tuples(LABELS, VALUES, st.one_of(st.none(), VALUES)), min_size=1, max_size=12, unique_by=lambda part: part[0]
)


# labels of one character: the word above the falls once left the sheet
@example(parts=[("甲", 0, 1), ("乙", 21, 1)], wording="exact")
@settings(max_examples=150, deadline=None)
@given(PARTS, st.sampled_from(["exact", "truncated_wan", "truncated_qian"]))
def test_no_parts_whatever_overlap(parts: list[Part], wording: str) -> None:
    figures = Figures(indicator("x", "某", parts, wording=wording))
    for chart in (change_chart("某", figures, year=YEAR), composition_chart("某", figures, year=YEAR)):
        require_clear(drawing_of(chart)[0])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 10**11)), min_size=5, max_size=5), st.booleans())
def test_no_trend_whatever_overlaps(values: list[int | None], money: bool) -> None:
    last = values[-1] or 0
    unit, wording = (Unit.YUAN, "wan_yuan") if money else (Unit.PIECE, "exact")
    value = Decimal(last) / 100 if money else last
    figures = Figures([figure("x.total", value, name="某", unit=unit, wording=wording)])
    published = {2019 + n: {"x.total": number} for n, number in enumerate(values[:-1]) if number is not None}
    chart = trend_chart("某", figures, year=YEAR, earlier=published)
    assert (chart is None) == (not published)
    if chart is not None:
        require_clear(drawing_of(chart)[0])


def test_a_rise_goes_right_and_a_fall_goes_left() -> None:
    svg = draw(CHARTS["change"]).svg
    zero = attributes(elements(svg, "line")[-1], "x1")[0]
    rise, fall, gone, others = bars(svg)
    assert (rise[0], fall[2], gone[2], others[0]) == (zero, zero, zero, zero)
    assert gone[0] < fall[0] < zero < rise[2] < others[2]
    # lengths are in proportion, to half a px
    assert (fall[2] - fall[0]) / (gone[2] - gone[0]) == pytest.approx(0.1769, abs=0.003)
    words = [text for text, _ in texts(svg)]
    assert {"← 减少", "增加 →", "1万余件，减少17.69%", "2万余件，增加3.21%"} <= set(words)


def test_a_small_bar_is_seen_and_a_zero_has_none() -> None:
    shown = {round(box[2] - box[0], 1) for box in bars(draw(CHARTS["composition, long"]).svg)}
    assert min(shown) >= 1
    assert len(bars(draw(CHARTS["composition"]).svg)) == 7, "eight parts, one of them zero"


def test_black_and_white_is_enough() -> None:
    """Dark and light stay apart in grey, and the light one has an edge."""
    dark, light = (Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0)) for colour in (DARK, LIGHT))
    assert isinstance(dark, int)
    assert isinstance(light, int)
    assert light - dark > 0.4 * 255
    drawn = [element for element in elements(draw(CHARTS["change"]).svg, "rect") if "stroke" in element.attrib]
    assert {element.attrib["fill"] for element in drawn} == {DARK, LIGHT}
    assert {element.attrib["stroke"] for element in drawn} == {DARK}


def test_size_on_the_page(chart: Chart) -> None:
    picture = draw(chart)
    root = etree.fromstring(picture.svg.encode())
    width, height, points = attributes(root, "width", "height", "font-size")
    assert picture.width_mm <= 156
    assert picture.height_mm <= 200
    assert points * picture.width_mm / 25.4 * 72 / width >= 9
    image = Image.open(io.BytesIO(picture.png))
    assert image.size == (width * DOTS_PER_PX, height * DOTS_PER_PX)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)


def test_stands_in_a_page_without_harm(chart: Chart) -> None:
    svg = draw(chart).svg
    tags = {etree.QName(element).localname for element in etree.fromstring(svg.encode()).iter()}
    assert tags <= {"svg", "rect", "line", "text"}
    assert not re.search(r"\b(id|href|class|style|on\w+)=|url\(|<\?|<!", svg)
    assert svg.count("http") == 1, "the name of the namespace"


def test_no_exact_number_is_told_where_the_report_truncates() -> None:
    told = "".join(draw(chart).svg + draw(chart).alt for chart in CHARTS.values() if chart.indicator == "business")
    for part in FIGURES.parts("business"):
        if "余" in told and part.value > 1000:
            assert str(part.value) not in told
    assert "35万余件" in told
    values = (float(found) for found in re.findall(r'(?:x|y|width|height)="([0-9.]+)"', told))
    assert all(value * 2 == int(value * 2) for value in values), "half px"


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("注册登记", 56, ("注册登记",)),
        ("注册登记", 55, ("注册", "登记")),
        ("通过12123APP处理", 60, ("通过", "12123APP", "处理")),
        ("机动车（新车）", 70, ("机动车", "（新车）")),
        ("机动车、驾驶人", 46, ("机动", "车、驾", "驶人")),
    ],
)
def test_wrapped(text: str, room: float, lines: tuple[str, ...]) -> None:
    assert wrapped(text, room) == lines


def test_same_bytes_on_another_computer(tmp_path: Path) -> None:
    """Another process, another hash seed, and a computer that has a font of its own by the bundled one's name."""
    fonts = tmp_path / ".fonts"
    fonts.mkdir()
    with TTFont(pylopdf_fonts_zh_cn.serif_path()) as impostor:
        for record in impostor["name"].names:
            if record.nameID in (1, 16):
                record.string = "Noto Sans SC"
        impostor.save(fonts / "impostor.otf")
    code = (
        "import hashlib\nfrom tests.yearbook.report.test_chart_pictures import CHARTS\n"
        "from yearbook.report.charts import draw\n"
        "for chart in CHARTS.values():\n"
        "    p = draw(chart); print(hashlib.sha256(p.png + p.svg.encode() + p.alt.encode()).hexdigest())"
    )
    env = os.environ | {"HOME": str(tmp_path), "PYTHONHASHSEED": "4711", "TZ": "America/Lima"}
    run = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=env, capture_output=True, text=True, check=True)
    here = [draw(chart) for chart in CHARTS.values()]
    assert run.stdout.split() == [hashlib.sha256(p.png + p.svg.encode() + p.alt.encode()).hexdigest() for p in here]


def test_a_picture_is_drawn_once() -> None:
    assert draw(CHARTS["trend"]) is draw(trend())
