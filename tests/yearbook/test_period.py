"""The report year and its limits."""

from datetime import UTC, date, datetime

import pytest

from yearbook.errors import Refusal
from yearbook.period import ReportYear, report_year

TODAY = date(2024, 1, 10)


def test_the_year_is_half_open_in_beijing() -> None:
    year = ReportYear(2023)
    assert year.start.astimezone(UTC) == datetime(2022, 12, 31, 16, tzinfo=UTC)
    assert year.end.astimezone(UTC) == datetime(2023, 12, 31, 16, tzinfo=UTC)
    assert year.previous.end == year.start
    assert year.deadline == date(2024, 1, 31)
    assert str(year) == "2023"


@pytest.mark.parametrize("year", [2008, 2023, 2024])
def test_years_that_can_have_a_report(year: int) -> None:
    assert report_year(year, today=TODAY).year == year


@pytest.mark.parametrize("year", [2007, 2025, 0, -1, 20233])
def test_years_that_cannot(year: int) -> None:
    with pytest.raises(Refusal, match=str(year)):
        report_year(year, today=TODAY)
