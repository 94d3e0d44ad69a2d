"""The grammar of terms: which cells a rule speaks of, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.yearbook.ties.factory import KNOWN, tie
from yearbook.errors import Refusal
from yearbook.ties import require_terms
from yearbook.ties.terms import Part, bindings, parts


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ("lone", [("lone", 1, False)]),
        ("-lone", [("lone", -1, False)]),
        ("base:lone", [("lone", 1, True)]),
        ("-base:lone", [("lone", -1, True)]),
        ("120*lone", [("lone", 120, False)]),
        ("-30*base:lone", [("lone", -30, True)]),
        ("sum.*", [("sum.a", 1, False), ("sum.b", 1, False), ("sum.c", 1, False)]),
        ("*.total", [("sum.total", 1, False), ("more.total", 1, False)]),
        ("{list}.b", [("more.b", 1, False)]),
        ("mo*.a", [("more.a", 1, False)]),
        ("*", [("lone", 1, False)]),
    ],
)
def test_a_term_names_cells(term: str, told: list[tuple[str, int, bool]]) -> None:
    assert parts(tie(), [term], {"list": "more"}, KNOWN) == [Part(*each) for each in told]


@pytest.mark.parametrize(
    "term",
    ["", "7", "-7", "0*lone", "07*lone", "1.5*lone", "lone*3", "--lone", "base:-lone", "SUM.a", "sum", "sum.a.b",
     "sum.*.*", "{unknown}.a", "{}.a", "{list", "２*lone", "sum.total*"],
)  # fmt: skip
def test_what_names_no_cell_is_refused_with_the_rule(term: str) -> None:
    with pytest.raises(Refusal, match="X-1"):
        parts(tie(), [term], {"list": "more"}, KNOWN)


def test_a_beginning_does_not_take_the_total() -> None:
    known = ("r.a_x", "r.a_y", "r.a", "r.b_x", "r.a_x.deep", "r.total")
    assert [part.code for part in parts(tie(), ["r.a_*"], {}, known)] == ["r.a_x", "r.a_y"]
    assert [part.code for part in parts(tie(), ["r.*"], {}, known)] == ["r.a_x", "r.a_y", "r.a", "r.b_x"]


@given(st.dictionaries(st.sampled_from("pqr"), st.lists(st.sampled_from("abc"), min_size=1, unique=True)))
def test_every_combination_of_values_runs_once(each: dict[str, list[str]]) -> None:
    found = list(bindings(each))
    expected = 1
    for values in each.values():
        expected *= len(values)
    assert len({tuple(sorted(binding.items())) for binding in found}) == len(found) == expected
    assert all(binding[name] in each[name] for binding in found for name in each)


def test_rules_are_refused_before_anything_is_counted() -> None:
    require_terms([tie(), tie(code="X-2", related=["X-1"])], KNOWN)
    with pytest.raises(Refusal, match=r"sum\.d"):
        require_terms([tie(), tie(code="X-2", right=["sum.d"])], KNOWN)
    with pytest.raises(Refusal, match="X-9"):
        require_terms([tie(related=["X-9"])], KNOWN)
    with pytest.raises(Refusal, match=r"less\.a"):
        require_terms([tie(left=["{list}.a"], each={"list": ["sum", "less"]})], KNOWN)
