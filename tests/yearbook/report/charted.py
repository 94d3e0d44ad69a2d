"""The sample report with charts, a plain table, an annex and a second edition; and charts drawn by a stand-in.

The stand-in draws next to nothing, so that the writers are tested apart from the library that draws.
"""

import struct
import sys
import zlib
from dataclasses import dataclass, replace
from types import ModuleType

import pytest

import yearbook.report
from yearbook.report.model import (
    Aspect,
    Bar,
    Chart,
    Constant,
    Drawing,
    Listing,
    Number,
    Paragraph,
    Report,
    Section,
    Text,
    plain_text,
)

CHARTS = "yearbook.report.charts"
EARLIER, BEFORE = 12_345, 150_001
SIZE = 300
ALT = "柱状图，云麓市2023年机动车业务量。"


def with_charts(report: Report) -> Report:
    """A second edition of the report with two charts in section one and an annex with a plain table."""
    general = report.sections[0]
    annex = Section(
        "附：本版更正的内容", (Paragraph((Text("本版更正"), Constant("第1版"), Text("中的数字。"))), corrected())
    )
    return replace(
        report,
        edition=2,
        sections=(replace(general, blocks=(*general.blocks, chart(), chart(Drawing.TREND))), *report.sections[1:]),
        annexes=(annex,),
    )


def chart(drawing: Drawing = Drawing.CHANGE) -> Chart:
    """A chart with every kind of number that a bar may show."""
    return Chart(
        drawing=drawing,
        indicator="vehicle_business",
        title=(Constant("2023年"), Text("机动车业务量 <&>")),
        unit="件",
        bars=(
            Bar(
                label="总计",
                value=150_806,
                number=Number("15万余", "vehicle_business.total"),
                note=Number("2.27%", "vehicle_business.total", Aspect.CHANGE),
            ),
            Bar(label="上年", value=154_309, number=Number("15万余", "vehicle_business.total", Aspect.BASE)),
            Bar(
                label="2020年",
                value=EARLIER,
                number=Number("1万余", "vehicle_business.total", Aspect.EARLIER, exact=EARLIER, year=2020),
            ),
            Bar(label="挂车", value=1254, number=Number("1254", "motor_vehicles.trailer")),
        ),
    )


def corrected() -> Listing:
    """What a correction changed."""
    before = Number("15万余件", "vehicle_business.total", Aspect.BEFORE, exact=BEFORE)
    now = Number("15万余件", "vehicle_business.total")
    return Listing(
        title="更正的数字", head=("数字", "更正前", "更正后"), rows=(((Text("机动车业务量"),), (before,), (now,)),)
    )


@dataclass(frozen=True)
class _Picture:
    svg: str
    png: bytes
    width_mm: float
    height_mm: float
    alt: str


def _png() -> bytes:
    """A grey square at 300 dpi."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 0, 0, 0, 0)
    density = struct.pack(">IIB", 11_811, 11_811, 1)
    rows = zlib.compress(b"".join(b"\x00" + b"\xcc" * SIZE for _ in range(SIZE)))
    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"pHYs", density) + part(b"IDAT", rows) + part(b"IEND", b"")
    )


def _draw(chart: Chart) -> _Picture:
    words = "".join(
        f'<text x="5" y="{20 * i + 20}" aria-label="x">{b.number.text}</text>' for i, b in enumerate(chart.bars)
    )
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="590" height="120" '
        f'viewBox="0 0 590 120"><g style="font-size: 12px; fill:#000" role="graphics-object">{words}</g></svg>'
    )
    return _Picture(svg, _png(), 156, 32, ALT)


def _table_of(chart: Chart) -> Listing:
    rows = tuple(
        ((Text(bar.label),), (bar.number,), (Text("—") if bar.note is None else bar.note,)) for bar in chart.bars
    )
    return Listing(title=plain_text(chart.title), head=("项目", "数量", "增减"), rows=rows)


def install(patch: pytest.MonkeyPatch) -> None:
    """Let charts be drawn by the stand-in."""
    module = ModuleType(CHARTS)
    vars(module).update(draw=_draw, table_of=_table_of)
    patch.setitem(sys.modules, CHARTS, module)
    patch.setattr(yearbook.report, "charts", module, raising=False)
