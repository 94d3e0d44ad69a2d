"""Every kind of rule on the document is answered, in force or not, and published reports raise no false alarm."""

from datetime import date

import pytest

from tests.yearbook.ties.documents import REPORTS, cells, failed, judged, published, published_cells, tie
from yearbook.form.edition_2021 import SECTIONS
from yearbook.ties.document import ON_NUMBERS, ON_WORDS, judge_document
from yearbook.ties.passages import Document, Passage, sentences, spot
from yearbook.verdict import Category, Status

KINDS = (*ON_NUMBERS, *ON_WORDS, "years", "deadline")
MORE: dict[str, dict[str, object]] = {"similar": {"limit": 50}, "beside": {"left": ["made"], "right": ["valid"]}}


def test_the_kinds_are_those_of_the_catalogue() -> None:
    on_numbers = {"mentions", "beside", "printed", "lists", "shares"}
    assert set(KINDS) == on_numbers | {"residue", "labels", "similar", "years", "deadline"}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_to_judge_is_said_and_is_no_pass(kind: str) -> None:
    (verdict,) = judged(kind, Document(), **MORE.get(kind, {}))
    assert verdict.status is Status.NOT_EVALUATED
    assert verdict.evaluated == verdict.failed == 0
    assert verdict.detail
    assert verdict.place
    assert (verdict.category, verdict.source, verdict.owner) == (Category.SUPERVISORY, "ties", "综合办")


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_out_of_force_says_nothing(kind: str) -> None:
    more = MORE.get(kind, {})
    assert judged(kind, Document(), year=2020, **more) == ()
    assert judged(kind, Document(), year=2025, until=2024, **more) == ()
    assert judged(kind, Document(), unless="government", properties=frozenset({"government"}), **more) == ()


def test_rules_on_cells_are_left_to_others() -> None:
    ties = [tie("equation", left=["made"], right=["made"]), tie("deadline")]
    document = Document(published_on=date(2024, 1, 7))
    verdicts = judge_document(ties, document, cells({"made": 1}), year=2023, properties=frozenset())
    assert [verdict.place for verdict in verdicts] == ["公布日期"]


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("kind", ["mentions", "lists", "shares"])
def test_no_number_of_a_published_report_is_suspected(name: str, kind: str) -> None:
    assert not failed(judged(kind, published(name), published_cells(name), year=REPORTS[name]["year"]))


def test_published_reports_give_the_rules_work() -> None:
    judged_numbers = {
        kind: sum(
            verdict.evaluated
            for name in REPORTS
            for verdict in judged(kind, published(name), published_cells(name), year=REPORTS[name]["year"])
        )
        for kind in ("mentions", "lists", "shares")
    }
    assert judged_numbers["mentions"] >= 11
    assert judged_numbers["lists"] >= 13
    assert judged_numbers["shares"] >= 1


def test_a_wrong_cell_under_published_prose_is_found() -> None:
    """Every number of the prose that was compared is found wrong once its cell is one off."""
    for name in REPORTS:
        table = published_cells(name)
        for verdict in judged("mentions", published(name), table):
            if verdict.status is not Status.PASSED:
                continue
            for code in verdict.figures:
                off = {c: int(cell.value.low) + (c == code) for c, cell in table.items()}
                assert failed(judged("mentions", published(name), cells(off, scope=table[code].scope)))


def test_sentences_keep_their_mark_and_their_words() -> None:
    text = "一是公开及时；二是公开准确。\n无其他事项"
    assert list(sentences(text)) == ["一是公开及时；", "二是公开准确。", "无其他事项"]
    assert "".join(sentences(text)) in text.replace("\n", "")


@pytest.mark.parametrize(
    ("section", "sentence", "place"),
    [
        ("", "本报告依据条例编制。", "标题和前言，“本报告依据条例编制。”"),
        (SECTIONS[0], " 大队认真执行条例和上级部署。", "一、总体情况，“大队认真执行条例和上级部…”"),
    ],
)
def test_a_place_is_section_and_beginning(section: str, sentence: str, place: str) -> None:
    assert spot(section, sentence) == place
    assert Passage(section, sentence).section == section
