"""A chart's mark on a line of the wording template: ``[图：机动车业务量 增减]``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from yearbook.errors import Refusal
from yearbook.figure import Figures
from yearbook.quantity import Exact
from yearbook.report.charts import change_chart, composition_chart, trend_chart
from yearbook.report.model import Chart

BEGINS = "[图"
MARK = re.compile(r"\[图[：:]\s*(?P<name>.+?)\s+(?P<kind>\S+?)\s*\]")
CHANGE, COMPOSITION, TREND = "增减", "构成", "趋势"
KINDS = (CHANGE, COMPOSITION, TREND)


@dataclass(frozen=True, slots=True)
class ChartMarks:
    """What charts are made of.

    Attributes:
        figures: Every figure of the run.
        year: Report year.
        earlier: Exact values of earlier years as published, by year and figure code.
    """

    figures: Figures
    year: int
    earlier: Mapping[int, Mapping[str, Exact]] = field(default_factory=dict)

    def read(self, mark: str, place: str) -> Chart | None:
        """The chart that a mark asks for.

        Args:
            mark: The line of the template.
            place: Template and line, for messages; empty where the caller says it.

        Returns:
            The chart; None for a trend where no earlier year was published yet. The line then prints nothing, so that
            one template serves the first year and the fifth.

        Raises:
            Refusal: The mark is not written as it should be, or names an unknown indicator, kind, or one without parts.
        """
        found, where = MARK.fullmatch(mark), f"{place}：" if place else ""
        if found is None or found["kind"] not in KINDS:
            raise Refusal(f"{where}不认识的图 {mark}", todo=f"写成 [图：指标名称 {CHANGE}]，末尾可用{'、'.join(KINDS)}")
        try:
            return self._chart(found["name"], found["kind"])
        except Refusal as refusal:
            raise Refusal(f"{where}{refusal.what}", todo=refusal.todo) from refusal

    def _chart(self, name: str, kind: str) -> Chart | None:
        if kind == TREND:
            return trend_chart(name, self.figures, year=self.year, earlier=self.earlier)
        make = change_chart if kind == CHANGE else composition_chart
        return make(name, self.figures, year=self.year)
