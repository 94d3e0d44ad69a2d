"""Faults larger than a digit, planted in the finished documents: each is found, named, and at its place."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.yearbook.report.readback.conftest import READERS, Finished
from yearbook.report.model import Paragraph, Report, StatutoryTable, Text
from yearbook.report.pdf import write_pdf
from yearbook.report.readback.docx import read_docx
from yearbook.report.readback.finding import Finding, Flaw
from yearbook.report.readback.html import read_html
from yearbook.report.readback.pdf import read_pdf

ADDED = "全年另发布解读材料十二件。"
FIFTH, ISSUES = 4, "五、存在的主要问题及改进情况"
PAIR = ("applications_received.natural_person", "applications_received.commercial")
ADDRESSES = (
    "表三 第1行（一、本年新收政府信息公开申请数量）自然人列",
    "表三 第1行（一、本年新收政府信息公开申请数量）商业企业列",
)


def found_in(finished: Finished, name: str, edited: bytes) -> list[Finding]:
    return finished.matcher.findings(READERS[name](edited))


def in_word(finished: Finished, change: Callable[[str], str]) -> list[Finding]:
    """Findings after a change of the word document's text."""
    source = zipfile.ZipFile(io.BytesIO(finished.documents["report.docx"]))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for item in source.namelist():
            data = source.read(item)
            archive.writestr(item, changed(data, change) if item == "word/document.xml" else data)
    return finished.matcher.findings(read_docx(target.getvalue()))


def on_page(finished: Finished, change: Callable[[str], str]) -> list[Finding]:
    """Findings after a change of the web page's text."""
    return finished.matcher.findings(read_html(changed(finished.documents["report.html"], change)))


def in_print(finished: Finished, change: Callable[[Report], Report]) -> list[Finding]:
    """Findings in the PDF of another report."""
    edited = change(finished.report)
    assert edited != finished.report
    return finished.matcher.findings(read_pdf(write_pdf(edited)))


def changed(data: bytes, change: Callable[[str], str]) -> bytes:
    edited = change(data.decode())
    assert edited != data.decode(), "the fault was planted"
    return edited.encode()


def with_blocks(report: Report, section: int, change: Callable[[tuple], tuple]) -> Report:
    sections = list(report.sections)
    sections[section] = replace(sections[section], blocks=change(sections[section].blocks))
    return replace(report, sections=tuple(sections))


def swapped(report: Report) -> Report:
    [table] = report.sections[2].blocks
    assert isinstance(table, StatutoryTable)
    one, two = PAIR
    printed = {**table.printed, one: table.printed[two], two: table.printed[one]}
    return with_blocks(report, 2, lambda _: (replace(table, printed=printed),))


def exchanged(text: str, one: str, two: str) -> str:
    """The text with two cell contents, each standing once between tags, exchanged."""
    a, b = (re.search(rf">{value}<", text) for value in (one, two))
    assert a
    assert b
    first, second = sorted((a, b), key=lambda match: match.start())
    return text[: first.start()] + second[0] + text[first.end() : second.start()] + first[0] + text[second.end() :]


def test_the_documents_as_they_were_written_hold(finished: Finished) -> None:
    for reading in finished.readings.values():
        assert finished.matcher.findings(reading) == []
        # the lines of a chart may look like those of a table
        assert len(reading.grids) >= 3
    pages = finished.readings["report.pdf"].pages
    assert pages == tuple(f"—{n}—" for n in range(1, len(pages) + 1))
    assert len(pages) > 3


@pytest.mark.parametrize("name", READERS)
def test_two_numbers_exchanged_between_cells_are_found(finished: Finished, name: str) -> None:
    report = finished.report
    [table] = [t for t in report.tables() if t.form.number == 3]
    one, two = (table.printed[code] for code in PAIR)
    assert one != two
    if name == "report.pdf":
        findings = in_print(finished, swapped)
    elif name == "report.docx":
        findings = in_word(finished, lambda text: exchanged(text, one, two))
    else:
        findings = on_page(finished, lambda text: exchanged(text, one, two))
    assert [(f.flaw, f.expected, f.found) for f in findings] == [(Flaw.MOVED, one, two), (Flaw.MOVED, two, one)]
    assert [f.place.partition("，")[2] for f in findings] == list(ADDRESSES)
    assert [f.figures for f in findings] == [(PAIR[0],), (PAIR[1],)]


def test_a_deleted_cell_is_found(finished: Finished) -> None:
    pattern = r"<w:tc>(?:(?!</w:tc>).)*>%s<(?:(?!</w:tc>).)*</w:tc>"
    [table] = [t for t in finished.report.tables() if t.form.number == 3]
    value = table.printed[PAIR[0]]
    findings = in_word(finished, lambda text: re.sub(pattern % value, "", text, count=1))
    assert any(f.place.endswith(ADDRESSES[0]) for f in findings)
    findings = on_page(
        finished, lambda text: re.sub(rf'<td class="number"[^>]*>(?:(?!</td>).)*>{value}<.*?</td>', "", text)
    )
    assert any(f.place.endswith(ADDRESSES[0]) for f in findings)


def test_an_emptied_cell_is_missing(finished: Finished) -> None:
    [table] = [t for t in finished.report.tables() if t.form.number == 3]
    value = table.printed[PAIR[0]]
    for findings in (
        in_word(finished, lambda text: text.replace(f">{value}<", "><", 1)),
        in_print(
            finished, lambda r: with_blocks(r, 2, lambda _: (replace(table, printed={**table.printed, PAIR[0]: ""}),))
        ),
    ):
        [finding] = findings
        assert (finding.flaw, finding.expected, finding.found) == (Flaw.MISSING, value, "")


def test_a_doubled_paragraph_is_found(finished: Finished) -> None:
    doubled = re.compile(r"<w:p>(?:(?!</w:p>).)*三级审核.*?</w:p>")
    [finding] = in_word(finished, lambda text: doubled.sub(lambda m: m[0] + m[0], text, count=1))
    assert finding.flaw is Flaw.DOUBLED
    [finding] = on_page(finished, lambda text: re.sub(r"<p>[^<]*三级审核.*?</p>", lambda m: m[0] + m[0], text))
    assert finding.flaw is Flaw.DOUBLED

    def twice(report: Report) -> Report:
        return with_blocks(report, 0, lambda blocks: tuple(b for block in blocks for b in _copies(block)))

    [finding] = in_print(finished, twice)
    assert finding.flaw is Flaw.DOUBLED
    assert re.fullmatch(r"report\.pdf 第\d页", finding.place)


def _copies(block: object) -> tuple:
    return (block, block) if isinstance(block, Paragraph) and "三级审核" in block.text else (block,)


def test_a_changed_chinese_numeral_is_found(finished: Finished) -> None:
    for findings in (
        in_word(finished, lambda text: text.replace("三级审核", "四级审核")),
        on_page(finished, lambda text: text.replace("三级审核", "四级审核")),
        in_print(finished, lambda r: with_blocks(r, 0, lambda blocks: tuple(map(_fourfold, blocks)))),
    ):
        [finding] = findings
        assert finding.flaw is Flaw.CONTRADICTS
        assert "三级审核" in finding.expected
        assert "四级审核" in finding.found
        assert "“一、总体情况”第" in finding.place


def _fourfold(block: object) -> object:
    if not isinstance(block, Paragraph):
        return block
    return Paragraph(tuple(replace(part, text=part.text.replace("三级审核", "四级审核")) for part in block.inlines))


def test_an_added_sentence_with_a_number_is_found(finished: Finished) -> None:
    for findings in (
        in_word(finished, lambda text: text.replace("需要继续加强。", f"需要继续加强。{ADDED}")),
        on_page(finished, lambda text: text.replace("需要继续加强。", f"需要继续加强。{ADDED}")),
    ):
        [finding] = findings
        assert f"“{ISSUES}”第1段" in finding.place
        assert "十二件" in finding.found

    def longer(report: Report) -> Report:
        return with_blocks(report, FIFTH, lambda blocks: (*blocks, Paragraph((Text(ADDED),))))

    [finding] = in_print(finished, longer)
    assert finding.flaw is Flaw.UNCLAIMED
    assert "十二" in finding.found
    [finding] = in_word(
        finished, lambda t: re.sub("(<w:sectPr)", rf"<w:p><w:r><w:t>{ADDED}</w:t></w:r></w:p>\1", t, count=1)
    )
    assert finding.flaw is Flaw.UNCLAIMED


def test_a_missing_paragraph_is_found(finished: Finished) -> None:
    [finding] = in_print(finished, lambda report: with_blocks(report, FIFTH, lambda blocks: blocks[:1]))
    assert (finding.flaw, finding.found) == (Flaw.MISSING, "")
    assert finding.place.endswith(f"“{ISSUES}”第2段")


def test_a_wrong_page_number_is_found(finished: Finished) -> None:
    reading = finished.readings["report.pdf"]
    pages = (*reading.pages[:2], "—4—", *reading.pages[3:])
    [finding] = finished.matcher.findings(replace(reading, pages=pages))
    assert (finding.place, finding.expected, finding.found) == ("report.pdf 第3页的页脚", "3", "—4—")


def test_words_without_a_number_may_stand_around_the_report(finished: Finished) -> None:
    assert on_page(finished, lambda text: text.replace("</main>", "<p>本页适合打印</p></main>")) == []


def test_deleted_text_and_comments_of_a_word_file_are_not_print(finished: Finished) -> None:
    gone = "<w:p><w:del><w:r><w:t>删去99件</w:t></w:r></w:del></w:p>"
    assert in_word(finished, lambda text: re.sub("(<w:sectPr)", rf"{gone}\1", text, count=1)) == []
