"""The one measure of how much of a text stood in an earlier one."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from yearbook.ties.likeness import likeness

# 17 characters count: commas, and the 一 of 第一 and 统一, are left out
LONG = "以政府网站为公开第一平台，栏目统一规范。"
NUMBERED = "全年公开政府信息{}条，办理业务{}件。"


def test_a_sentence_with_new_numbers_is_the_same_sentence() -> None:
    found = likeness([NUMBERED.format(61, 1307)], [NUMBERED.format(59, 1301)])
    assert (found.percent, found.repeated) == (Decimal("100.00"), ((NUMBERED.format(61, 1307), 15),))


def test_characters_are_weighed_and_not_sentences() -> None:
    now = [LONG + "本年新设专栏并培训经办人员。"]
    found = likeness(now, [LONG])
    assert (found.sentences, found.characters, found.same_characters) == (2, 31, 17)
    assert found.percent == Decimal("54.84")


def test_short_sentences_and_headings_do_not_count() -> None:
    assert likeness(["特此报告。", "一、总体情况和主要工作做法"], [LONG]).percent is None
    assert likeness([LONG], ["特此报告。"]).percent is None


def test_the_longest_come_first_and_once() -> None:
    other = "公布公开指南、受理渠道和流程。"
    found = likeness([other, LONG, other], [LONG, other])
    assert [text for text, _ in found.longest(5)] == [LONG, other]
    assert found.longest(1) == ((LONG, 17),)
    assert len(found.repeated) == 3


@given(
    st.lists(st.text("公开政府信息工作。；1 ", max_size=40)), st.lists(st.text("公开政府信息工作。；1 ", max_size=40))
)
def test_a_share_is_a_share_and_a_text_is_like_itself(now: list[str], earlier: list[str]) -> None:
    found = likeness(now, earlier)
    assert found.percent is None or 0 <= found.percent <= 100
    assert likeness(now, now).percent in (None, Decimal("100.00"))
