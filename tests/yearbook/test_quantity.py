"""Exact numbers, rounding, intervals."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yearbook.quantity import Interval, plain, ratio, require_exact, round_half_up, wan_yuan

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("2.665", "2.67"),
        ("2.675", "2.68"),
        ("0.125", "0.13"),
        ("0.1249999999999999999999", "0.12"),
        ("-0.125", "-0.13"),
        ("-2.26970", "-2.27"),
        ("23.4677", "23.47"),
        ("0", "0.00"),
        ("999.995", "1000.00"),
    ],
)
def test_halves_go_away_from_zero(value: str, rounded: str) -> None:
    assert plain(round_half_up(Decimal(value), 2)) == rounded


@given(AMOUNTS)
def test_rounding_agrees_with_fractions(value: Decimal) -> None:
    scaled = abs(Fraction(value)) * 100 + Fraction(1, 2)
    expected = Fraction(scaled.numerator // scaled.denominator, 100) * (1 if value >= 0 else -1)
    assert Fraction(round_half_up(value, 2)) == expected
    assert round_half_up(value, 2) == value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def test_ratio_keeps_far_more_digits_than_are_printed() -> None:
    assert plain(ratio(1, 3)).startswith("0.3333333333333333333333333333333333333333")
    with pytest.raises(ZeroDivisionError):
        ratio(1, 0)


@pytest.mark.parametrize(
    ("yuan", "wan"),
    [("5169385.00", "516.94"), ("5169349.99", "516.93"), ("5169350", "516.94"), ("0", "0.00"), ("49.99", "0.00")],
)
def test_yuan_become_wan_yuan_once_and_half_up(yuan: str, wan: str) -> None:
    assert plain(wan_yuan(Decimal(yuan))) == wan


@pytest.mark.parametrize("value", [1.0, True, "1", None, 1j])
def test_only_exact_numbers_enter(value: object) -> None:
    with pytest.raises(TypeError):
        require_exact(value, what="test")


def test_a_decimal_that_is_no_number_does_not_enter() -> None:
    with pytest.raises(ValueError, match="finite"):
        require_exact(Decimal("NaN"), what="test")


def test_intervals_meet_at_their_ends_only() -> None:
    assert Interval(1, 5).meets(Interval(5, 9))
    assert not Interval(1, 5).meets(Interval(6, 9))
    assert Interval(1, 5) + Interval(10, 20) == Interval(11, 25)


@pytest.mark.parametrize(("value", "text"), [(Decimal("1E+3"), "1000"), (Decimal("0.10"), "0.10"), (12345, "12345")])
def test_plain_text_has_no_exponent(value: Decimal | int, text: str) -> None:
    assert plain(value) == text
