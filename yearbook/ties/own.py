"""Which tie-outs speak of one body: a rule on figures that the body does not count is no rule of its report."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from yearbook.catalog import Tie
from yearbook.ties.terms import TERM

NAME = "{%s}"


def own_ties(ties: Iterable[Tie], indicators: Collection[str]) -> tuple[Tie, ...]:
    """The rules of a body, each with nothing but what the body counts.

    An equation with a term of an indicator that the body does not have is left out whole: half a sum is another sum.
    Of a rule that looks at figures one by one, only those that the body does not have are left out.

    Args:
        ties: The rules of the catalogue; their terms name figures that exist in it.
        indicators: Codes of the body's indicators.
    """
    counted = _Counted(tuple(indicators))
    kept = [own for tie in ties if (own := counted.part_of(tie)) is not None]
    codes = {tie.code for tie in kept}
    return tuple(
        tie.model_copy(update={"related": tuple(code for code in tie.related if code in codes)}) for tie in kept
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a body counts."""

    indicators: tuple[str, ...]

    def part_of(self, tie: Tie) -> Tie | None:
        """The rule as far as it speaks of the body; None where nothing is left of it."""
        terms = (*tie.left, *tie.right)
        each = {name: tuple(v for v in values if self._has(v, name, terms)) for name, values in tie.each.items()}
        left, right = (tuple(term for term in side if self._counts(term, {})) for side in (tie.left, tie.right))
        halved = tie.kind == "equation" and (left, right) != (tie.left, tie.right)
        emptied = (tie.left and not left) or not all(each.values())
        return None if halved or emptied else tie.model_copy(update={"each": each, "left": left, "right": right})

    def _has(self, value: str, name: str, terms: Sequence[str]) -> bool:
        """True where every term that runs through the name has an indicator of the body at this value."""
        return all(self._counts(term, {name: value}) for term in terms if NAME % name in term)

    def _counts(self, term: str, bound: Mapping[str, str]) -> bool:
        """True where the body has an indicator that the term can mean; a name that is not bound is any."""
        match = TERM.fullmatch(term)
        pattern = match["pattern"] if match else term
        for name in _names(pattern):
            pattern = pattern.replace(NAME % name, bound.get(name, "*"))
        # what runs through a name may be the whole pattern, so the indicator is known only now
        indicator = pattern.partition(".")[0]
        return any(fnmatchcase(code, indicator) for code in self.indicators)


def _names(pattern: str) -> Iterator[str]:
    return (part.partition("}")[0] for part in pattern.split("{")[1:])
