"""The rule on the finished documents: it passes, it blocks, it tells everything, and no waiver reaches it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tasks.library import Library
from tests.yearbook.report.readback.conftest import Finished
from yearbook.catalog import Waiver, require_exceptions
from yearbook.errors import Refusal
from yearbook.report.model import Paragraph, Text
from yearbook.report.readback.judge import KIND, judge_readback
from yearbook.verdict import Severity, Status, Verdict

NOBODY: frozenset[str] = frozenset()


def asked(library: Library, finished: Finished, documents: dict[str, bytes], year: int = 2023) -> tuple[Verdict, ...]:
    report = replace(finished.report, year=year)
    return judge_readback(library.ties, report, documents, properties=NOBODY)


def test_the_catalogue_has_one_such_rule_and_it_is_fatal(library: Library) -> None:
    [tie] = [tie for tie in library.ties if tie.kind == KIND]
    assert (tie.code, tie.severity) == ("R-1", Severity.FATAL)


def test_documents_that_hold_pass_with_the_count_of_numbers(library: Library, finished: Finished) -> None:
    [verdict] = asked(library, finished, finished.documents)
    assert (verdict.code, verdict.status) == ("R-1", Status.PASSED)
    assert verdict.evaluated > 1000
    printed = {code for table in finished.report.tables() for code in table.printed}
    assert printed < set(verdict.figures)


def test_one_digit_in_one_document_blocks(library: Library, finished: Finished) -> None:
    page = finished.documents["report.html"].replace("国务院令第711号".encode(), "国务院令第712号".encode())
    [verdict] = asked(library, finished, {**finished.documents, "report.html": page})
    assert verdict.blocks
    assert verdict.place.startswith("report.html 第")
    assert verdict.place.endswith("前言第1段")
    assert "711" in (verdict.expected or "")
    assert "712" in (verdict.found or "")
    assert verdict.detail == "与出处不符"


def test_a_number_that_rests_on_nothing_blocks_though_every_document_shows_it(
    library: Library, finished: Finished
) -> None:
    from yearbook.report.docx import write_docx
    from yearbook.report.html import write_html
    from yearbook.report.pdf import write_pdf

    preamble = (*finished.report.preamble, Paragraph((Text("另有七件。"),)))
    report = replace(finished.report, preamble=preamble)
    documents = {"report.docx": write_docx(report), "report.pdf": write_pdf(report), "report.html": write_html(report)}
    [verdict] = judge_readback(library.ties, report, documents, properties=NOBODY)
    assert (verdict.place, verdict.found, verdict.detail) == ("前言第3段", "另有七件。", "没有出处")


def test_out_of_force_it_says_nothing(library: Library, finished: Finished) -> None:
    assert asked(library, finished, {}, year=2020) == ()


def test_a_ruined_document_is_not_told_cell_by_cell(library: Library, finished: Finished) -> None:
    other = replace(
        finished.report,
        sections=tuple(
            replace(s, blocks=tuple(b for b in s.blocks if isinstance(b, Paragraph))) for s in finished.report.sections
        ),
    )
    from yearbook.report.pdf import write_pdf

    verdicts = asked(library, finished, {**finished.documents, "report.pdf": write_pdf(other)})
    assert 3 <= len(verdicts) <= 61
    assert all(verdict.blocks for verdict in verdicts)


def test_a_waiver_for_it_is_refused(library: Library) -> None:
    waiver = Waiver(
        body="demo", year=2023, rule="R-1", cell="x", difference="1", reason="急", owner="某", until=date(2024, 1, 1)
    )
    codes = [tie.code for tie in library.ties]
    with pytest.raises(Refusal, match=r"R-1.*不得豁免"):
        require_exceptions([waiver], [], rules=codes, ties=library.ties, figures=())


def test_reading_back_stands_before_anything_is_published() -> None:
    order = (Path(__file__).parents[4] / "flows" / "annual_report.py").read_text(encoding="utf-8")
    steps = [order.index(f"steps.{name}(") for name in ("render", "read_back", "complete", "submit")]
    assert steps == sorted(steps)
