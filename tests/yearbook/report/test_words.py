"""The words of a report: kept and read back whole, and held against each other sentence by sentence."""

from dataclasses import replace

import pytest

from tests.yearbook.report.samples import PRINTED, sample_report
from yearbook.report.model import Constant, Listing, Section, Text
from yearbook.report.words import Part, ReportWords, read_words, text_differences, words_of, write_words
from yearbook.revision import TextDifference


def text(*passages: str, title: str = "一、总体情况") -> ReportWords:
    return ReportWords((Part("", ("报告",)), Part(title, passages)))


def test_every_word_and_printed_number_is_kept() -> None:
    report = sample_report()
    words = words_of(report)
    assert [part.title for part in words.parts] == ["", *(section.title for section in report.sections)]
    assert words.parts[0].passages[0] == report.title_line
    assert words.printed == {code: number for table in PRINTED.values() for code, number in table.items()}
    assert read_words(write_words(words)) == words
    assert write_words(read_words(write_words(words))) == write_words(words)


def test_annexes_are_kept_and_never_compared() -> None:
    report = sample_report()
    listing = Listing(title="对照", head=("项目", "原为"), rows=(((Text("条数"),), (Constant("17"), Text("条"))),))
    corrected = replace(report, annexes=(Section("更正说明", (listing,)),))
    words = words_of(corrected)
    assert words.annexes == (Part("更正说明", ("对照", "项目｜原为", "条数｜17条")),)
    assert read_words(write_words(words)) == words
    assert text_differences(words_of(report), words) == ()


@pytest.mark.parametrize("data", [b"[]", b"{}", b'{"parts": [1], "annexes": [], "printed": {}}'])
def test_other_data_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not the words of a report"):
        read_words(data)


def test_differences_are_told_by_sentence() -> None:
    then = text("公开61条。接受监督。", "（一）平台", "依法受理。")
    now = text("公开67条。接受监督。", "依法受理。定期培训。")
    assert text_differences(then, now) == (
        TextDifference("一、总体情况", "公开61条。", "公开67条。"),
        TextDifference("一、总体情况", "（一）平台", None),
        TextDifference("一、总体情况", None, "定期培训。"),
    )


def test_a_section_that_is_gone_is_told() -> None:
    assert text_differences(text("甲。", title="旧题"), text("甲。", title="新题")) == (
        TextDifference("新题", None, "甲。"),
        TextDifference("旧题", "甲。", None),
    )


def test_where_a_paragraph_ends_is_no_difference() -> None:
    assert text_differences(text("甲。乙。"), text("甲。", "乙。")) == ()
