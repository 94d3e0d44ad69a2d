"""Labels and titles of the form, day of publication, likeness with last year's text."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.yearbook.ties.documents import failed, judged, passage
from yearbook.form.edition_2021 import SECTIONS, TABLES
from yearbook.ties.passages import Document, Label, Passage
from yearbook.verdict import Status

LABELS = tuple(
    Label(table.number, cell.row, cell.column, cell.label)
    for table in TABLES.values()
    for cell in table.cells
    if cell.label
)
FORM = Document(labels=LABELS, sections=SECTIONS)


def relabelled(old: str, new: str) -> Document:
    assert any(old in label.text for label in LABELS)
    return replace(FORM, labels=tuple(replace(label, text=label.text.replace(old, new)) for label in LABELS))


def test_the_form_itself_is_right() -> None:
    (verdict,) = judged("labels", FORM)
    assert (verdict.status, verdict.evaluated) == (Status.PASSED, len(LABELS) + 6)


@pytest.mark.parametrize(
    ("old", "new", "place", "expected", "found"),
    [
        ("行政执法案卷", "行政执法案件", "表三 第11行第3列", "7.属于行政执法案卷", "7.属于行政执法案件"),
        ("法规禁止", "止", "表三 第6行第3列", "2.其他法律行政法规禁止公开", "2.其他法律行政止公开"),
        ("现行有效件数", "有效件数", "表二 第2行第4列", "现行有效件数", "有效件数"),
        ("未经复议直接起诉", "未经复议", "表四 表头第6列", "未经复议直接起诉", "未经复议"),
        ("4.无正当", "3.无正当", "表三 第19行第3列", "4.无正当理由大量反复申请", "3.无正当理由大量反复申请"),
    ],
)
def test_a_wrong_label(old: str, new: str, place: str, expected: str, found: str) -> None:
    (breach,) = failed(judged("labels", relabelled(old, new)))
    assert (breach.place, breach.expected, breach.found) == (place, expected, found)


@pytest.mark.parametrize(
    ("old", "new"),
    [("商业\n企业", "商业企业"), ("（一）", "(一)"), ("1.", "1、"), ("“三安全", "三安全"), ("规章", " 规 章 ")],
)
def test_layout_and_punctuation_do_not_matter(old: str, new: str) -> None:
    assert not failed(judged("labels", relabelled(old, new)))


def test_every_dropped_label_is_found() -> None:
    for index, label in enumerate(LABELS):
        document = replace(FORM, labels=LABELS[:index] + LABELS[index + 1 :])
        (breach,) = failed(judged("labels", document))
        assert breach.found == "没有"
        assert breach.expected == label.text.replace("\n", "")


@pytest.mark.parametrize(
    ("titles", "wrong"),
    [
        ([*SECTIONS[:4], "五、政府信息公开工作存在的主要问题及改进情况", SECTIONS[5]], 1),
        ([*SECTIONS[:2], SECTIONS[3], SECTIONS[2], *SECTIONS[4:]], 2),
        ([*SECTIONS[:5], "一、其他需要报告的事项"], 1),
        ([*SECTIONS[:5]], 1),
        ([*SECTIONS, "七、附件"], 1),
        ([title.replace("、", "、 ") for title in SECTIONS], 0),
    ],
)
def test_six_titles_in_order(titles: list[str], wrong: int) -> None:
    assert len(failed(judged("labels", Document(sections=tuple(titles))))) == wrong


def test_a_document_without_labels_is_no_pass() -> None:
    (verdict,) = judged("labels", Document())
    assert (verdict.status, verdict.evaluated) == (Status.NOT_EVALUATED, 0)


@pytest.mark.parametrize(
    ("day", "properties", "late"),
    [
        (date(2024, 1, 31), [], None),
        (date(2024, 2, 1), [], "1"),
        (date(2023, 12, 29), [], None),
        (date(2024, 3, 31), ["government"], None),
        (date(2024, 4, 1), ["government"], "1"),
        (date(2025, 1, 31), [], "366"),
    ],
)
def test_the_deadline(day: date, properties: list[str], late: str | None) -> None:
    (verdict,) = judged("deadline", Document(published_on=day), properties=frozenset(properties))
    assert verdict.difference == late
    assert verdict.status is (Status.FAILED if late else Status.PASSED)


@pytest.mark.parametrize(("late", "status"), [(True, Status.FAILED), (False, Status.PASSED)])
def test_the_deadline_of_a_day_that_is_not_told(late: bool, status: Status) -> None:
    (verdict,) = judged("deadline", Document(late=late))
    assert (verdict.status, verdict.expected, verdict.evaluated) == (status, "<= 2024-01-31", 1)


def test_no_day_of_publication_is_no_pass() -> None:
    (verdict,) = judged("deadline", Document())
    assert (verdict.status, verdict.evaluated) == (Status.NOT_EVALUATED, 0)
    assert "2024-01-31" in verdict.detail


# equally long, so that shares are round
LONG = "大队认真执行条例和上级工作部署，公开信息更及时。"
OTHER = "今年又新开通了车驾管业务线上办理栏目，方便群众。"
ANOTHER = "制定了执法信息公开的清单，明确了公开的范围尺度。"


def likeness(now: str, *earlier: str, limit: int = 50) -> tuple[Status, str]:
    document = replace(passage(now), earlier=earlier)
    (verdict,) = judged("similar", document, limit=limit)
    return verdict.status, verdict.found or ""


def test_likeness_is_the_share_of_characters_in_equal_sentences() -> None:
    assert likeness(LONG + OTHER, LONG) == (Status.PASSED, "")
    assert likeness(LONG + OTHER, LONG, limit=49) == (Status.FAILED, "50.00%")
    assert likeness(LONG + LONG + OTHER, LONG) == (Status.FAILED, "66.67%")
    assert likeness(LONG, LONG) == (Status.FAILED, "100.00%")
    assert likeness(LONG + OTHER, ANOTHER) == (Status.PASSED, "")


def test_new_numbers_do_not_make_a_new_sentence() -> None:
    now, earlier = (f"{year}年公开信息{count}条，其中动态{count - 7}条。" for year, count in ((2023, 60), (2022, 48)))
    assert likeness(now, earlier) == (Status.FAILED, "100.00%")


def test_preface_headings_and_short_sentences_do_not_count() -> None:
    heading = "（四）政府信息公开平台建设情况"
    document = Document(
        passages=(
            Passage("", LONG),
            Passage("一、总体情况", heading),
            Passage("一、总体情况", "情况如下。" + OTHER),
        ),
        earlier=(LONG, heading, "情况如下。"),
    )
    (verdict,) = judged("similar", document, limit=1)
    assert (verdict.status, verdict.evaluated) == (Status.PASSED, 1)


def test_a_breach_of_likeness_says_how_much_and_where() -> None:
    document = replace(passage(LONG + OTHER + ANOTHER), earlier=(LONG + OTHER,))
    (breach,) = judged("similar", document, limit=50)
    assert (breach.expected, breach.found, breach.difference) == ("<= 50%", "66.67%", "16.67")
    assert breach.detail.startswith("3 句中 2 句与上年相同")
    assert breach.evaluated == 3


@pytest.mark.parametrize("document", [passage(LONG), replace(passage("短。"), earlier=(LONG,))])
def test_nothing_to_compare_is_no_pass(document: Document) -> None:
    (verdict,) = judged("similar", document, limit=50)
    assert (verdict.status, verdict.evaluated) == (Status.NOT_EVALUATED, 0)


@given(st.permutations([LONG, OTHER, ANOTHER]))
def test_the_order_of_sentences_does_not_matter(texts: list[str]) -> None:
    assert likeness("".join(texts), *texts) == (Status.FAILED, "100.00%")
