"""Printed numbers read back: every wording of a number that reports use, and every wording that we print."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.yearbook.factory import figure
from yearbook.quantity import Interval, Unit
from yearbook.ties.numerals import read_numeral
from yearbook.wording import POLICIES, percent_text, printed


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("3072起", 3072, 3072, "起"),
        ("0件", 0, 0, "件"),
        ("1254 辆", 1254, 1254, "辆"),
        ("１２３件", 123, 123, "件"),
        ("17,076条", 17076, 17076, "条"),
        ("35万余辆", 350001, 359999, "辆"),
        ("3千余件", 3001, 3999, "件"),
        ("5500余条", 5501, 5599, "条"),
        ("130多条", 131, 139, "条"),
        ("20余万件", 200001, 299999, "件"),
        ("百余件", 101, 199, "件"),
        ("三千余件", 3001, 3999, "件"),
        ("二十三万余人", 230001, 239999, "人"),
        ("两万余人", 20001, 29999, "人"),
        ("35万辆", 345000, 355000, "辆"),
        ("45.9万人", 458500, 459500, "人"),
        ("1.2万", 11500, 12500, ""),
        ("3.36亿辆", 335500000, 336500000, "辆"),
        ("近300个", 201, 299, "个"),
        ("近三万件", 20001, 29999, "件"),
        ("超1000件", 1001, 1999, "件"),
        ("逾30万件", 300001, 399999, "件"),
        ("300件以上", 301, 399, "件"),
        ("约300件", 250, 350, "件"),
        ("1254件左右", Decimal("1253.5"), Decimal("1254.5"), "件"),
        ("不足10件", 1, 9, "件"),
        ("十二件", 12, 12, "件"),
        ("七百五十条", 750, 750, "条"),
        ("2023年", 2023, 2023, "年"),
        ("516.94万元", 5169350, 5169450, "元"),
        ("7545万元", 75445000, 75455000, "元"),
        ("380元", 380, 380, "元"),
        ("12.50元", Decimal("12.495"), Decimal("12.505"), "元"),
        ("-12.50元", Decimal("-12.505"), Decimal("-12.495"), "元"),
        ("0万元", -5000, 5000, "元"),
        ("2.27%", Decimal("2.265"), Decimal("2.275"), "%"),
        ("96％", Decimal("95.5"), Decimal("96.5"), "%"),
        ("2个百分点", 2, 2, "个百分点"),
        ("超八成", 80, 90, "%"),
    ],
)
def test_what_a_printed_number_can_stand_for(text: str, low: int | Decimal, high: int | Decimal, unit: str) -> None:
    numeral = read_numeral(text)
    assert numeral is not None
    assert (numeral.interval, numeral.unit) == (Interval(low, high), unit)


@pytest.mark.parametrize(
    "text", ["", "件", "若干件", "数百件", "二〇二三年", "1.2.3件", "12,34件", "35万余辆和7件", "约"]
)
def test_what_is_no_number_is_not_guessed(text: str) -> None:
    assert read_numeral(text) is None


COUNTS = st.integers(min_value=0, max_value=10**10)
CENTS = st.integers(min_value=-(10**9), max_value=10**12)
COUNTED = [unit for unit in Unit if unit not in {Unit.YUAN, Unit.WAN_YUAN}]


@given(COUNTS, st.sampled_from(COUNTED), st.sampled_from(sorted(set(POLICIES) - {"wan_yuan"})))
def test_our_own_counts_read_back_to_their_value(value: int, unit: Unit, policy: str) -> None:
    words = printed(figure("x", value, unit=unit, wording=policy))
    numeral = read_numeral(words.text)
    assert numeral is not None
    assert numeral.unit == unit.value
    assert numeral.interval.low <= value <= numeral.interval.high
    assert numeral.interval.meets(words.interval)


@given(CENTS, st.sampled_from(["exact", "wan_yuan"]))
def test_our_own_amounts_read_back_to_their_value(cents: int, policy: str) -> None:
    value = Decimal(cents) / 100
    numeral = read_numeral(printed(figure("x", value, unit=Unit.YUAN, wording=policy)).text)
    assert numeral is not None
    assert numeral.unit == "元"
    assert numeral.interval.low <= value <= numeral.interval.high


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_our_own_percentages_read_back_to_their_value(now: int, base: int) -> None:
    change = figure("x", now, base=base).change
    numeral = read_numeral(percent_text(change))
    assert numeral is not None
    assert change.percent is not None
    assert numeral.interval.low <= abs(change.percent) <= numeral.interval.high


@given(COUNTS, COUNTS)
def test_numbers_that_differ_in_their_words_do_not_meet(left: int, right: int) -> None:
    """A truncated number never covers a value that would have been printed with another one."""
    words = [printed(figure("x", value, unit=Unit.VEHICLE, wording="truncated_wan")).number for value in (left, right)]
    numerals = [read_numeral(f"{word}辆") for word in words]
    if words[0] != words[1] and all(word.endswith("余") for word in words):
        assert numerals[0] is not None
        assert numerals[1] is not None
        assert not numerals[0].interval.meets(numerals[1].interval)
