"""Rules of a page's style sheets that hide something, and the elements they may be about.

Where a rule says more than this can follow, it is about every element: rather a page too many is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)(?:\}|\Z)")
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
    for found in _RULE.finditer(_COMMENT.sub(" ", sheet)):
        if _HIDDEN.search(found[2]):
            # statements before the rule end in a semicolon
            for text in found[1].rpartition(";")[2].split(","):
                if not _BESIDE.search(text):
                    yield _selector(text)


def _selector(text: str) -> Selector:
    found = _LAST.search(text.lower())
    if "\\" in text or found is None:
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
