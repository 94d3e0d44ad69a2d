"""The grammar of terms: which cells a rule speaks of.

A term is a figure code. ``{name}`` in it runs through the rule's ``each``; ``*`` stands for every member but the total,
``refused_*`` for every member with that beginning; ``-`` in front subtracts, ``base:`` reads the base year, ``120*`` in
front multiplies by a whole number.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from yearbook.catalog import Tie
from yearbook.errors import Refusal

TERM = re.compile(r"(?P<sign>-?)(?:(?P<factor>[1-9][0-9]*)\*)?(?P<base>base:)?(?P<pattern>.+)", re.ASCII)
MEMBER = r"(?!total$|total\.)[a-z0-9_]+"


@dataclass(frozen=True, slots=True)
class Part:
    """One cell of a sum.

    Attributes:
        code: Figure code.
        factor: What it is multiplied with, negative where it is subtracted.
        base: True where its base is meant.
    """

    code: str
    factor: int
    base: bool


def require_terms(ties: Iterable[Tie], codes: Collection[str]) -> None:
    """Refuse rules whose terms name no figure, before any figure is counted.

    Args:
        ties: Rules.
        codes: Codes of all figures there can be.

    Raises:
        Refusal: A term names no figure, a bare number, or a ``{name}`` that the rule does not define; a related rule
            does not exist.
    """
    rules = list(ties)
    known = tuple(codes)
    for tie in rules:
        for binding in bindings(tie.each):
            parts(tie, (*tie.left, *tie.right), binding, known)
        if unknown := set(tie.related) - {other.code for other in rules}:
            raise Refusal(
                f"勾稽规则 {tie.code} 的 related 中没有规则 {'、'.join(sorted(unknown))}",
                todo="更正 expectations/ties.toml 中的编号",
            )


def bindings(each: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    """Every combination of the values that run through a rule's terms; one empty one where nothing runs."""
    for values in product(*each.values()):
        yield dict(zip(each, values, strict=True))


def parts(tie: Tie, terms: Sequence[str], binding: Mapping[str, str], known: tuple[str, ...]) -> list[Part]:
    """The cells of a side, in order.

    Raises:
        Refusal: A term names no figure, so the rule would judge nothing in silence.
    """
    found = []
    for term in terms:
        match = TERM.fullmatch(term)
        if match is None:
            raise Refusal(f"勾稽规则 {tie.code} 有空的一项", todo="更正 expectations/ties.toml 中该规则的算式")
        factor = int(match["factor"] or 1) * (-1 if match["sign"] else 1)
        codes = _codes(tie, _bound(tie, match["pattern"], binding), known)
        found += [Part(code, factor, bool(match["base"])) for code in codes]
    return found


def codes_of(tie: Tie, terms: Sequence[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """Every cell that terms name under any binding, each once, in order; errors as in ``parts``."""
    found = (part.code for binding in bindings(tie.each) for part in parts(tie, terms, binding, known))
    return tuple(dict.fromkeys(found))


def _bound(tie: Tie, term: str, binding: Mapping[str, str]) -> str:
    try:
        return term.format_map(binding)
    except (KeyError, ValueError, IndexError) as error:
        raise Refusal(
            f"勾稽规则 {tie.code} 的 {term} 中有 each 没有列出的名称",
            todo="在 expectations/ties.toml 该规则的 each 中补上",
        ) from error


def _codes(tie: Tie, pattern: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Codes that a pattern names; ``*`` matches one member but never ``total``, which is no part of itself."""
    if pattern.isdecimal():
        raise Refusal(f"勾稽规则 {tie.code} 的算式含有裸数字 {pattern}", todo="算式只能引用数字名称，请改 ties.toml")
    codes = _matching(pattern, known)
    if not codes:
        raise Refusal(f"勾稽规则 {tie.code} 引用了不存在的数字 {pattern}", todo="更正 expectations/ties.toml 中的名称")
    return codes


@cache
def _matching(pattern: str, known: tuple[str, ...]) -> tuple[str, ...]:
    if "*" not in pattern:
        return (pattern,) if pattern in known else ()
    member = re.compile(r"\.".join(_member(part) for part in pattern.split(".")))
    return tuple(code for code in known if member.fullmatch(code))


def _member(part: str) -> str:
    """``*`` is any member but the total, ``refused_*`` every member with that beginning."""
    return MEMBER if part == "*" else re.escape(part).replace(r"\*", "[a-z0-9_]+")
