"""Rules of a page's style sheets that hide something, and the elements they may be about.

Where a rule says more than this can follow, it is about every element: rather a page too many is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_LONGEST = 500
_HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden)",
    re.IGNORECASE,
)
# What stands before or after an element is not the element.
_BESIDE = re.compile(r"::?(?:before|after)\s*\Z", re.IGNORECASE)
_LAST = re.compile(r"(?P<name>\*|[\w-]+)?(?P<marks>(?:[.#][\w-]+|\[[^\]]*\]|::?[\w-]+(?:\([^()]*\))?)*)\s*\Z")
_MARK = re.compile(r"(?P<kind>[.#\[])\s*(?P<word>[\w:-]+)")
_PSEUDO = re.compile(r"::?[\w-]+(?:\([^()]*\))?")


@dataclass(frozen=True, slots=True)
class Selector:
    """The last part of a selector, in small letters; an empty one is about every element."""

    name: str = ""
    classes: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()


def hiding(sheet: str) -> Iterator[Selector]:
    """Selectors of the rules of a style sheet that hide something."""
    for piece in _COMMENT.sub(" ", sheet).split("}"):
        before, brace, rules = piece.rpartition("{")
        if _HIDDEN.search(rules):
            # a rule within another one, and statements that end in a semicolon, may stand before the selector
            selectors = before.rpartition("{")[2].rpartition(";")[2] if brace else ""
            yield from (_selector(text) for text in selectors.split(",") if not _BESIDE.search(text))


def _selector(text: str) -> Selector:
    found = _LAST.search(text.lower()) if len(text) <= _LONGEST and "\\" not in text else None
    if found is None:
        return Selector()
    words: dict[str, set[str]] = {".": set(), "#": set(), "[": set()}
    for mark in _MARK.finditer(_PSEUDO.sub("", found["marks"])):
        words[mark["kind"]].add(mark["word"])
    name = (found["name"] or "").replace("*", "")
    return Selector(name, *(frozenset(words[kind]) for kind in (".", "#", "[")))


def touches(selector: Selector, node: etree._Element) -> bool:
    """Whether an element may be meant; pages without a document type do not tell capitals from small letters."""
    return (
        selector.name in {"", node.tag}
        and selector.classes <= set(node.get("class", "").lower().split())
        and selector.ids <= {node.get("id", "").lower().strip()}
        and selector.attributes <= set(node.attrib)
    )
