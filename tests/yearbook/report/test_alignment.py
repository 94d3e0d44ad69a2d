"""Two texts side by side."""

from hypothesis import given
from hypothesis import strategies as st

from yearbook.report.alignment import Mark, align

PLATFORM = "以政府网站为公开第一平台，政务新媒体同步发布。"


def test_every_kind_of_change_is_marked() -> None:
    then = (PLATFORM, "公开61条。", "依法受理申请，由专人登记。及时答复申请人。", "旧的做法已经停止，不再说明。")
    now = (PLATFORM, "公开67条。", "依法受理申请，由专人登记。答复前先行审查。", "今年另外开设了三个专题栏目！")
    found = align(then, now)
    assert [pair.mark for pair in found] == [Mark.SAME, Mark.NUMBERS, Mark.CHANGED, Mark.NEW, Mark.GONE]
    assert found[1].then == ((Mark.NUMBERS, "公开61条。"),)
    assert found[2].then == ((Mark.SAME, "依法受理申请，由专人登记。"), (Mark.GONE, "及时答复申请人。"))
    assert found[2].now == ((Mark.SAME, "依法受理申请，由专人登记。"), (Mark.NEW, "答复前先行审查。"))
    assert (found[3].then, found[4].now) == ((), ())


def test_a_paragraph_that_grew_stands_beside_the_one_it_came_from() -> None:
    found = align(("甲乙丙丁。", PLATFORM), (PLATFORM + "新设专栏。",))
    assert [pair.mark for pair in found] == [Mark.GONE, Mark.CHANGED]


@given(st.lists(st.text("公开。；1", min_size=1, max_size=12)), st.lists(st.text("公开。；1", min_size=1, max_size=12)))
def test_no_word_is_lost_and_order_is_kept(then: list[str], now: list[str]) -> None:
    found = align(then, now)
    assert "".join(text for pair in found for _, text in pair.then) == "".join(then)
    assert "".join(text for pair in found for _, text in pair.now) == "".join(now)


def test_the_same_text_is_the_same() -> None:
    assert {pair.mark for pair in align((PLATFORM, "公开61条。"), (PLATFORM, "公开61条。"))} == {Mark.SAME}
