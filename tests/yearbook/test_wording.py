"""Numbers and changes in words: 余 before the measure word, no minus sign, every case a sentence."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.yearbook.factory import figure
from yearbook.quantity import Unit
from yearbook.wording import POLICIES, POLICY_TEXT, change_words, percent_text, printed


@pytest.mark.parametrize(
    ("policy", "value", "unit", "text"),
    [
        ("truncated_wan", 358855, Unit.VEHICLE, "35万余辆"),
        ("truncated_wan", 350000, Unit.VEHICLE, "35万辆"),
        ("truncated_wan", 350001, Unit.VEHICLE, "35万余辆"),
        ("truncated_wan", 359999, Unit.VEHICLE, "35万余辆"),
        ("truncated_wan", 10000, Unit.PERSON, "1万人"),
        ("truncated_wan", 9999, Unit.VEHICLE, "9999辆"),
        ("truncated_wan", 1254, Unit.VEHICLE, "1254辆"),
        ("truncated_qian", 154279, Unit.PIECE, "15万余件"),
        ("truncated_qian", 3764, Unit.PIECE, "3千余件"),
        ("truncated_qian", 1000, Unit.PIECE, "1千件"),
        ("truncated_qian", 999, Unit.PIECE, "999件"),
        ("truncated_qian", 0, Unit.PIECE, "0件"),
        ("exact", 19465, Unit.CASE, "19465起"),
        ("wan_yuan", Decimal("5169385.00"), Unit.YUAN, "516.94万元"),
        ("wan_yuan", Decimal("678912.35"), Unit.YUAN, "67.89万元"),
        ("wan_yuan", Decimal("75450000"), Unit.YUAN, "7545万元"),
        ("wan_yuan", Decimal("961716000.00"), Unit.YUAN, "96171.6万元"),
        ("wan_yuan", Decimal("0.00"), Unit.YUAN, "0万元"),
        ("wan_yuan", Decimal("1000000"), Unit.YUAN, "100万元"),
    ],
)
def test_printed(policy: str, value: int | Decimal, unit: Unit, text: str) -> None:
    assert printed(figure("x", value, unit=unit, wording=policy)).text == text


@given(st.integers(min_value=0, max_value=10**8), st.sampled_from(["truncated_wan", "truncated_qian", "exact"]))
def test_the_exact_value_lies_in_the_printed_interval(value: int, policy: str) -> None:
    words = printed(figure("x", value, wording=policy))
    assert words.interval.low <= value <= words.interval.high
    assert ("余" in words.number) == (words.interval.low != words.interval.high)
    assert "余" not in words.number or words.number.endswith("余")


@given(st.integers(min_value=0, max_value=10**13))
def test_wan_yuan_stays_in_its_interval(fen: int) -> None:
    yuan = Decimal(fen) / 100
    words = printed(figure("x", yuan, unit=Unit.YUAN, wording="wan_yuan"))
    assert words.interval.low <= yuan <= words.interval.high
    assert not words.number.endswith(".")


@pytest.mark.parametrize(
    ("now", "base", "words"),
    [
        (154279, 157862, ("比2022年减少", "2.27%")),
        (25443, 20607, ("比2022年增加", "23.47%")),
        (5, 5, ("与2022年持平", "")),
        (0, 0, ("与2022年持平", "")),
        (12, 0, ("2022年为零，净增", "12件")),
        (12, None, ("2022年无可比数据", "")),
        (0, 12, ("比2022年减少", "100.00%")),
        (1234567, 1234560, ("与2022年基本持平", "")),
        (100005, 100000, ("比2022年增加", "0.01%")),
    ],
)
def test_change_words(now: int, base: int | None, words: tuple[str, str]) -> None:
    assert change_words(figure("x", now, base=base), 2022) == words


@given(st.integers(min_value=0, max_value=10**7), st.integers(min_value=0, max_value=10**7))
def test_a_rise_never_says_fall_and_no_sign_is_printed(now: int, base: int) -> None:
    text = "".join(change_words(figure("x", now, base=base), 2022))
    assert "-" not in text
    assert "−" not in text
    assert "减少" not in text or now < base
    assert "增加" not in text or now > base
    assert not (now > base and "减少" in text)


def test_no_percent_without_a_base() -> None:
    with pytest.raises(ValueError, match="no percent"):
        percent_text(figure("x", 1).change)


def test_every_policy_is_explained() -> None:
    assert POLICIES.keys() == POLICY_TEXT.keys()


def test_wan_yuan_refuses_other_units() -> None:
    with pytest.raises(ValueError, match="元"):
        printed(figure("x", 1, wording="wan_yuan"))
