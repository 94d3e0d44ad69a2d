"""The office's own report with every figure of the catalogue, its documents and what was read back of them."""

from dataclasses import dataclass

import pytest

from tests.yearbook.report.test_proof import _value, written
from yearbook.report.docx import write_docx
from yearbook.report.html import write_html
from yearbook.report.model import Report
from yearbook.report.pdf import write_pdf
from yearbook.report.readback.docx import read_docx
from yearbook.report.readback.html import read_html
from yearbook.report.readback.match import Matcher
from yearbook.report.readback.pdf import read_pdf
from yearbook.report.readback.reading import Reading

READERS = {"report.docx": read_docx, "report.pdf": read_pdf, "report.html": read_html}


@dataclass(frozen=True)
class Finished:
    """A report, its documents and their readings."""

    report: Report
    documents: dict[str, bytes]
    readings: dict[str, Reading]
    matcher: Matcher


def _numbers(indicator: str, place: int, parts: int) -> tuple[int, int]:
    value = _value(indicator, place, parts)
    return value, value - 17 if place % 2 else value + 23


@pytest.fixture(scope="session")
def finished() -> Finished:
    report = written(_numbers)
    documents = {
        "report.docx": write_docx(report),
        "report.pdf": write_pdf(report),
        "report.html": write_html(report),
    }
    readings = {name: read(documents[name]) for name, read in READERS.items()}
    return Finished(report, documents, readings, Matcher(report))
