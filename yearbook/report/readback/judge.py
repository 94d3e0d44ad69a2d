"""The rule on the finished documents: read back from their bytes, every number is claimed by exactly one thing.

Stands here and not with the other rules, because only this room knows what a report claims and how it is printed.
"""

from collections.abc import Iterable, Mapping

from yearbook.catalog import Tie
from yearbook.report.model import Report
from yearbook.report.number_words import number_words
from yearbook.report.profile import LAYOUTS
from yearbook.report.readback.docx import read_docx
from yearbook.report.readback.finding import Finding
from yearbook.report.readback.founded import unfounded
from yearbook.report.readback.html import read_html
from yearbook.report.readback.match import Matcher
from yearbook.report.readback.pdf import read_pdf
from yearbook.report.readback.reading import Reading
from yearbook.ties.answer import answer, in_force
from yearbook.verdict import Status, Verdict

KIND = "readback"
READERS = {"report.docx": read_docx, "report.pdf": read_pdf, "report.html": read_html}
PAGED = "report.pdf"
# A writer that is wrong everywhere needs no list of everything.
_MOST_TOLD = 60


def judge_readback(
    ties: Iterable[Tie], report: Report, documents: Mapping[str, bytes], *, properties: frozenset[str]
) -> tuple[Verdict, ...]:
    """Answer the rules of kind ``readback`` that are in force; no waiver is asked.

    Args:
        ties: Rules in catalogue order.
        report: What was meant.
        documents: Bytes of ``report.docx``, ``report.pdf`` and ``report.html``.
        properties: Properties of the body that switch rules off.

    Returns:
        One verdict per finding, or one pass for all documents.
    """
    asked = [t for t in ties if t.kind == KIND and in_force(t, year=report.year, properties=properties)]
    if not asked:
        return ()
    layout = LAYOUTS[report.body.profile]
    readings = [
        read_pdf(documents[name], layout) if name == PAGED else read(documents[name]) for name, read in READERS.items()
    ]
    matcher = Matcher(report)
    findings = unfounded(report)
    for reading in readings:
        findings += matcher.findings(reading)
    count = sum(numbers_in(reading) for reading in readings)
    return tuple(verdict for tie in asked for verdict in _answers(tie, report, findings, count))


def numbers_in(reading: Reading) -> int:
    """How many numbers were read back from a document."""
    texts = [piece.text for piece in (*reading.pieces, *reading.asides, *(piece for _, piece in reading.notes))]
    texts += [square.text for grid in reading.grids for square in grid.squares]
    texts += [mark.text for drawing in reading.drawings for mark in drawing.marks]
    return sum(len(number_words(text)) for text in (*texts, *reading.pages))


def _answers(tie: Tie, report: Report, findings: list[Finding], count: int) -> list[Verdict]:
    if not findings:
        figures = tuple(
            dict.fromkeys(
                [number.figure for number in report.numbers()]
                + [code for table in report.tables() for code in table.printed]
            )
        )
        return [answer(tie, Status.PASSED, place="、".join(READERS), figures=figures, evaluated=count)]
    told = [
        answer(
            tie,
            Status.FAILED,
            place=finding.place,
            figures=finding.figures,
            evaluated=1,
            expected=finding.expected or "没有数字",
            found=finding.found or "没有",
            detail=finding.flaw.value,
        )
        for finding in findings[:_MOST_TOLD]
    ]
    if rest := len(findings) - len(told):
        told.append(answer(tie, Status.FAILED, place="其余各处", evaluated=rest, detail=f"另有{rest}处，不逐一列出"))
    return told
