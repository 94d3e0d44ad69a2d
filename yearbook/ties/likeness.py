"""How much of a text stood in an earlier one (文字重复率): the one measure, for the rule and for the page.

Of the characters in sentences of ten characters or more, how many stand in sentences that the earlier text held word
for word. Figures and blanks do not count, so a sentence with new numbers is the same sentence. Headings have no final
mark and are left out.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from yearbook.quantity import ratio, round_half_up
from yearbook.ties.passages import sentences

# Shorter sentences are greetings and headings that are the same everywhere.
SHORTEST = 10
HUNDRED = 100
_UNCOUNTED = re.compile(r"[\s\d〇零一二三四五六七八九十百千万亿余.,%]")
_FINAL = "。；！？"


@dataclass(frozen=True, slots=True)
class Likeness:
    """What of a text stood in an earlier one.

    Attributes:
        sentences: Sentences that count.
        characters: Characters in them that count.
        same_characters: Those of them that stand in repeated sentences.
        repeated: Repeated sentences with the characters that count in each, as they stand in the text.
        comparable: True where both texts have sentences that count.
    """

    sentences: int
    characters: int
    same_characters: int
    repeated: tuple[tuple[str, int], ...]
    comparable: bool

    @property
    def percent(self) -> Decimal | None:
        """Share of repeated characters in percent, rounded once; None where there is nothing to compare."""
        if not self.comparable:
            return None
        return round_half_up(ratio(self.same_characters * HUNDRED, self.characters), 2)

    def longest(self, limit: int) -> tuple[tuple[str, int], ...]:
        """The longest repeated sentences, each once, the longest first; among equals as they came."""
        return tuple(sorted(dict.fromkeys(self.repeated), key=lambda pair: -pair[1]))[:limit]


def likeness(now: Iterable[str], earlier: Iterable[str]) -> Likeness:
    """Measure a text against an earlier one.

    Args:
        now: Paragraphs of the text.
        earlier: Paragraphs of the earlier text.
    """
    told = [pair for text in now for pair in _counted(text)]
    held = {bare for text in earlier for _, bare in _counted(text)}
    same = [(sentence.strip(), len(bare)) for sentence, bare in told if bare in held]
    return Likeness(
        sentences=len(told),
        characters=sum(len(bare) for _, bare in told),
        same_characters=sum(length for _, length in same),
        repeated=tuple(same),
        comparable=bool(told and held),
    )


def bare_of(text: str) -> str:
    """What is compared of a text: no figures, no blanks, one width of characters."""
    return _UNCOUNTED.sub("", unicodedata.normalize("NFKC", text))


def _counted(text: str) -> list[tuple[str, str]]:
    """Finished sentences that are long enough, each with what is compared of it."""
    found = [(sentence, bare_of(sentence)) for sentence in sentences(text) if sentence.strip()[-1] in _FINAL]
    return [(sentence, bare) for sentence, bare in found if len(bare) >= SHORTEST]
