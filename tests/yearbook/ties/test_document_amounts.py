"""Numbers in the prose: wrong where nothing could make them true, not judged where they speak of something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.yearbook.factory import figure
from tests.yearbook.ties.documents import cells, failed, interval, judged
from yearbook.quantity import Interval
from yearbook.ties.passages import Document, Growth, ItemList, Mention, Share, ShareSet
from yearbook.verdict import Status
from yearbook.wording import percent_text

PLACE = "一、总体情况，“2023年，新收申请…”"


def mention(code: str, text: str, **more: str) -> Document:
    return Document(mentions=(Mention(code=code, text=text, interval=interval(text), place=PLACE, **more),))


@pytest.mark.parametrize(
    ("text", "value", "difference"),
    [
        ("713件", 713, None),
        ("714件", 713, "1"),
        ("712件", 713, "-1"),
        ("35万余辆", 350001, None),
        ("35万余辆", 350000, "1"),
        ("35万余辆", 360000, "-1"),
        ("近300个", 288, None),
        ("近300个", 300, "-1"),
        ("516.94万元", 5169385, None),
        ("516.94万元", 5169495, "-45"),
    ],
)
def test_a_number_in_the_prose_is_the_cell(text: str, value: int, difference: str | None) -> None:
    (verdict,) = judged("mentions", mention("received", text), cells({"received": value}))
    assert verdict.difference == difference
    assert verdict.status is (Status.FAILED if difference else Status.PASSED)
    assert (verdict.evaluated, verdict.figures) == (1, ("received",))


def test_a_breach_says_where_what_and_what_should_be() -> None:
    (verdict,) = judged("mentions", mention("received", "17件"), cells({"received": 95}))
    assert verdict.place == PLACE
    assert (verdict.expected, verdict.found, verdict.failed) == ("95", "17件", 1)
    assert verdict.detail == "表 received"


@pytest.mark.parametrize(
    ("prose", "table", "words"),
    [
        ({"scope": "本级"}, {"scope": "全区"}, "正文为本级，表格为全区"),
        ({}, {"scope": "全区"}, "正文为未注明的口径，表格为全区"),
        ({"counting": "含上年结转"}, {}, "正文为含上年结转，表格为未注明的口径"),
    ],
)
def test_another_scope_or_counting_basis_is_not_judged(
    prose: dict[str, str], table: dict[str, str], words: str
) -> None:
    (verdict,) = judged("mentions", mention("received", "17件", **prose), cells({"received": 95}, **table))
    assert verdict.status is Status.NOT_EVALUATED
    assert verdict.evaluated == 0
    assert words in verdict.detail


def test_the_same_scope_is_judged() -> None:
    (verdict,) = judged("mentions", mention("received", "17件", scope="全区"), cells({"received": 95}, scope="全区"))
    assert verdict.status is Status.FAILED


def test_a_rule_looks_only_at_its_own_figures() -> None:
    document = Document(mentions=mention("news", "8件").mentions + mention("made", "3件").mentions)
    both = cells({"news": 7, "made": 3})
    assert [v.place for v in failed(judged("mentions", document, both))] == [PLACE]
    assert judged("mentions", document, both, left=["made"])[0].status is Status.PASSED


def test_a_number_nobody_can_read_is_told() -> None:
    document = Document(mentions=(Mention(code="made", text="若干件", interval=None, place=PLACE),))
    (verdict,) = judged("mentions", document, cells({"made": 3}))
    assert (verdict.status, verdict.detail) == (Status.NOT_EVALUATED, "“若干件”读不出数值")


def test_prose_without_numbers_is_no_pass() -> None:
    (verdict,) = judged("mentions", Document(), cells({"made": 3}))
    assert (verdict.status, verdict.evaluated) == (Status.NOT_EVALUATED, 0)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_only_what_cannot_be_the_same_number_is_a_breach(printed: int, value: int) -> None:
    verdicts = judged("mentions", mention("x", f"{printed}件"), cells({"x": value}))
    assert bool(failed(verdicts)) == (printed != value)


def listing(total: str, *parts: str, exhaustive: bool = True) -> Document:
    spans = tuple(interval(part) for part in parts)
    return Document(lists=(ItemList(total=interval(total), parts=spans, exhaustive=exhaustive, place=PLACE),))


@pytest.mark.parametrize(
    ("total", "parts", "difference"),
    [
        ("60条", ["2条", "1条", "2条", "3条", "48条", "2条", "1条", "1条"], None),
        ("60条", ["2条", "1条", "2条", "3条", "48条", "2条", "1条"], "-1"),
        ("60条", ["2条", "1条", "2条", "3条", "48条", "2条", "1条", "3条"], "2"),
        ("35万余辆", ["23万余辆", "12万余辆", "38辆", "1254辆"], None),
        ("36万余辆", ["23万余辆", "12万余辆", "38辆", "1254辆"], None),
        ("38万余辆", ["23万余辆", "12万余辆", "38辆", "1254辆"], "-8711"),
        ("34万余辆", ["23万余辆", "12万余辆", "38辆", "1254辆"], "1295"),
    ],
)
def test_a_whole_list_adds_up(total: str, parts: list[str], difference: str | None) -> None:
    (verdict,) = judged("lists", listing(total, *parts))
    assert verdict.difference == difference
    assert verdict.status is (Status.FAILED if difference else Status.PASSED)


@pytest.mark.parametrize(
    ("parts", "difference"),
    [
        # ways of handling overlap: together they may be more than the whole
        (["15000起", "6870起", "263起"], None),
        (["3072起", "19465起"], None),
        (["3072起", "19466起"], "1"),
    ],
)
def test_no_part_exceeds_its_total(parts: list[str], difference: str | None) -> None:
    (verdict,) = judged("lists", listing("19465起", *parts, exhaustive=False))
    assert verdict.difference == difference


def test_a_list_without_a_total_is_not_judged() -> None:
    document = Document(lists=(ItemList(total=None, parts=(Interval(7, 7),), exhaustive=True, place=PLACE),))
    (verdict,) = judged("lists", document)
    assert verdict.status is Status.NOT_EVALUATED


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=8))
def test_truncated_parts_of_a_true_total_are_never_a_breach(values: list[int]) -> None:
    def words(value: int) -> str:
        return f"{value // 10**4}万余辆" if value >= 10**4 and value % 10**4 else f"{value}辆"

    assert not failed(judged("lists", listing(words(sum(values)), *map(words, values))))


def shares(*printed: str, complete: bool = True) -> Document:
    return Document(shares=(ShareSet(shares=tuple(map(Share, printed)), complete=complete, place=PLACE),))


@pytest.mark.parametrize(
    ("printed", "difference"),
    [
        (["17.46%", "1.68%", "47.36%", "6.72%", "26.78%"], None),
        (["33.33%", "33.33%", "33.33%"], None),
        (["33.3%", "33.3%", "33.3%"], None),
        (["33%", "33%", "33%"], None),
        (["17.46%", "1.68%", "47.36%", "6.72%", "26.88%"], "0.1"),
        (["50%", "48%"], "-2"),
    ],
)
def test_a_complete_set_is_the_whole(printed: list[str], difference: str | None) -> None:
    (verdict,) = judged("shares", shares(*printed))
    assert verdict.difference == difference


def test_an_incomplete_set_need_not_be_the_whole() -> None:
    (verdict,) = judged("shares", shares("50%", "10%", complete=False))
    assert verdict.status is Status.NOT_EVALUATED


@pytest.mark.parametrize(
    ("text", "part", "whole", "right"),
    [
        ("80.95%", "17篇", "21条", True),
        ("80.96%", "17篇", "21条", False),
        ("超八成", "17篇", "21条", True),
        ("超九成", "17篇", "21条", False),
        # from the printed operands 76.50 comes out; the unrounded ones give what was printed
        ("76.59%", "3.19亿辆", "4.17亿辆", True),
        ("77.59%", "3.19亿辆", "4.17亿辆", False),
    ],
)
def test_a_share_follows_from_its_parts(text: str, part: str, whole: str, *, right: bool) -> None:
    share = Share(text, interval(part), interval(whole))
    document = Document(shares=(ShareSet(shares=(share,), complete=False, place=PLACE),))
    assert bool(failed(judged("shares", document))) is not right


@pytest.mark.parametrize(
    ("text", "fell", "base", "now", "right"),
    [
        ("29%", True, "31起", "22起", True),
        ("28%", True, "31起", "22起", False),
        ("29%", False, "31起", "22起", False),
        ("2.27%", True, "154309件", "150806件", True),
        ("2.28%", True, "154309件", "150806件", False),
        ("2.27%", True, "15万余件", "15万余件", True),
        ("23.47%", False, "15万余件", "15万余件", False),
    ],
)
def test_a_rate_of_change_follows_from_its_numbers(text: str, base: str, now: str, *, fell: bool, right: bool) -> None:
    growth = Growth(text=text, fell=fell, base=interval(base), now=interval(now), place=PLACE)
    assert bool(failed(judged("shares", Document(growths=(growth,))))) is not right


@pytest.mark.parametrize("base", [None, Interval(0, 0)])
def test_a_rate_without_a_base_is_not_judged(base: Interval | None) -> None:
    growth = Growth(text="2.27%", fell=True, base=base, now=Interval(7, 7), place=PLACE)
    (verdict,) = judged("shares", Document(growths=(growth,)))
    assert verdict.status is Status.NOT_EVALUATED


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_rate_from_exact_numbers_is_never_a_breach(now: int, base: int) -> None:
    change = figure("x", now, base=base).change
    growth = Growth(
        text=percent_text(change), fell=now < base, base=Interval(base, base), now=Interval(now, now), place=PLACE
    )
    assert not failed(judged("shares", Document(growths=(growth,))))
