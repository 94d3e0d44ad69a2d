"""The report year and its limits.

Knows nothing of today's date: whoever asks for "now" hands it in.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from yearbook.errors import Refusal

BEIJING = ZoneInfo("Asia/Shanghai")
# 《政府信息公开条例》 first took effect on 2008-05-01: no annual report exists for a year before it.
FIRST_REPORT_YEAR = 2008


@dataclass(frozen=True, order=True, slots=True)
class ReportYear:
    """One statistical year, half-open in Beijing time: ``[Y-01-01 00:00, Y+1-01-01 00:00)``."""

    year: int

    @property
    def start(self) -> datetime:
        """First instant of the year, aware, +08:00."""
        return datetime(self.year, 1, 1, tzinfo=BEIJING)

    @property
    def end(self) -> datetime:
        """First instant after the year, aware, +08:00; the limit itself is outside."""
        return datetime(self.year + 1, 1, 1, tzinfo=BEIJING)

    @property
    def previous(self) -> "ReportYear":
        """The base year of every change."""
        return ReportYear(self.year - 1)

    @property
    def deadline(self) -> date:
        """Last day on which the report may be published (《条例》第四十九条: 每年1月31日前)."""
        return date(self.year + 1, 1, 31)

    @property
    def summary_deadline(self) -> date:
        """The same for the report that sums up a whole government (第四十九条第二款: 每年3月31日前)."""
        return date(self.year + 1, 3, 31)

    def deadline_of(self, properties: frozenset[str]) -> date:
        """The deadline of a body: that of a summary for one with the property ``government``."""
        return self.summary_deadline if "government" in properties else self.deadline

    def __str__(self) -> str:
        """The year in four digits."""
        return str(self.year)


def report_year(year: int, *, today: date) -> ReportYear:
    """Accept a year that can have a report, refuse the others.

    Args:
        year: The statistical year asked for.
        today: Today in Beijing; the current year may be asked for (a rehearsal counts the year to date).

    Raises:
        Refusal: The year lies before the regulation or in the future.
    """
    if year < FIRST_REPORT_YEAR:
        raise Refusal(
            f"年度 {year} 早于《政府信息公开条例》施行年度 {FIRST_REPORT_YEAR}",
            todo="改填报告所反映的统计年度，例如 2023",
        )
    if year > today.year:
        raise Refusal(f"年度 {year} 尚未开始（今天是 {today.isoformat()}）", todo="改填已经开始的统计年度")
    return ReportYear(year)
