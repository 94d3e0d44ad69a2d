"""Year over year: every case, and what must hold for any two numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yearbook.change import Kind, compare, contribution

COUNTS = st.integers(min_value=0, max_value=10**9)


@pytest.mark.parametrize(
    ("now", "base", "kind", "difference", "percent"),
    [
        (154279, 157862, Kind.FELL, -3583, "-2.27"),
        (25443, 20607, Kind.ROSE, 4836, "23.47"),
        (7, 7, Kind.EQUAL, 0, "0"),
        (0, 0, Kind.EQUAL, 0, None),
        (12, 0, Kind.FROM_ZERO, 12, None),
        (0, 12, Kind.FELL, -12, "-100.00"),
        (3, 1, Kind.ROSE, 2, "200.00"),
        (100001, 100000, Kind.ROSE, 1, "0.00"),
        (10001, 20000, Kind.FELL, -9999, "-50.00"),
        (9, None, Kind.NO_BASE, None, None),
    ],
)
def test_cases(now: int, base: int | None, kind: Kind, difference: int | None, percent: str | None) -> None:
    change = compare(now, base)
    assert (change.kind, change.difference) == (kind, difference)
    assert change.percent == (None if percent is None else Decimal(percent))


@given(COUNTS, COUNTS)
def test_base_plus_difference_is_now(now: int, base: int) -> None:
    change = compare(now, base)
    assert change.difference is not None
    assert base + change.difference == now
    assert (change.kind is Kind.FELL) == (now < base)
    if change.percent is not None:
        assert (change.percent < 0) <= (now < base)


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=8))
def test_contributions_of_all_parts_add_up_to_the_whole(parts: list[tuple[int, int]]) -> None:
    whole = compare(sum(now for now, _ in parts), sum(base for _, base in parts))
    if whole.percent is None:
        return
    shares = [contribution(compare(now, base), whole) for now, base in parts]
    total = sum((share for share in shares if share is not None), Decimal(0))
    assert abs(total - whole.percent) <= Decimal("0.005") * (len(parts) + 1)


def test_no_contribution_without_a_base() -> None:
    assert contribution(compare(1, None), compare(2, 1)) is None
    assert contribution(compare(1, 1), compare(2, 0)) is None


def test_floats_are_refused() -> None:
    with pytest.raises(TypeError):
        compare(1.5, 1)  # type: ignore[arg-type]
