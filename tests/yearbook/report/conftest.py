"""One sample report for the tests of every writer."""

import pytest

from tests.yearbook.report.charted import install
from tests.yearbook.report.samples import sample_report
from yearbook.report.model import Report


@pytest.fixture(scope="session")
def report() -> Report:
    return sample_report()


@pytest.fixture
def drawn_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are drawn by a stand-in."""
    install(monkeypatch)
