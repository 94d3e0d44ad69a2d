"""How a handed-over file differs from what was agreed, said so that its owner can put it right."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from yearbook.catalog import Heading
from yearbook.errors import Refusal

Kind = Literal["missing", "extra", "twice", "order", "retyped", "value", "new_code"]

# Two headers that share this much of their characters are likely the same one renamed.
LIKELY = 0.5
# With fewer of the agreed headers than this the row is likely no header but somebody's data, and is not quoted.
RECOGNISED = 0.5
NAME_SHOWN = 30
SHOWN = 6
ROWS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    Attributes:
        kind: What differs: a header that is missing, extra or there twice, the order of headers, the type of a whole
            column, single values, or codes that no list knows.
        header: The agreed header, or the one found where none was agreed.
        words: The difference in words, without place.
        rows: Numbers of rows it was seen in; empty for headers.
        examples: Masked values, shapes only.
    """

    kind: Kind
    header: str
    words: str
    rows: tuple[int, ...] = ()
    examples: tuple[str, ...] = ()


class Drift(Refusal):
    """A file that is whole and readable, but not as agreed; its owner gets a letter.

    Args:
        place: How messages cite file and sheet.
        differences: At least one.
        todo: What to do.
    """

    def __init__(self, place: str, differences: Sequence[Difference], *, todo: str) -> None:
        said = [difference.words for difference in differences[:SHOWN]]
        more = f"；另有 {len(differences) - SHOWN} 处不同" if len(differences) > SHOWN else ""
        super().__init__(f"{place}：{'；'.join(said)}{more}", todo=todo)
        self.place = place
        self.differences = tuple(differences)


def compare_headers(found: Sequence[str], headings: Sequence[Heading]) -> tuple[Difference, ...]:
    """Hold the headers of a file against the agreed ones.

    Args:
        found: Headers from left to right, ``upper/lower`` where there are two rows; empty text for a blank one.
        headings: The agreed ones for the file's year, in order.

    Returns:
        Missing, extra and doubled headers, or, where the names are right, the first column out of order.
    """
    wanted = [heading.header for heading in headings]
    missing = [name for name in wanted if name not in found]
    extra = [name for name in found if name not in wanted]
    twice = [name for name, count in Counter(found).items() if count > 1 and name in wanted]
    quote = shown if len(missing) <= RECOGNISED * len(wanted) else masked
    pairs = _renamed(missing, extra, wanted, found)
    differences = [
        Difference("missing", name, f"缺少 {name}" + (f"（疑改名为 {quote(pairs[name])}）" if name in pairs else ""))
        for name in missing
    ]
    differences += [
        Difference("extra", quote(name), f"多出 {quote(name) or '（空白表头）'}") for name in dict.fromkeys(extra)
    ]
    differences += [Difference("twice", name, f"重复 {name}") for name in twice]
    if differences or list(found) == wanted:
        return tuple(differences)
    at = next(index for index, name in enumerate(wanted) if found[index] != name)
    return (Difference("order", wanted[at], f"次序不同，第 {at + 1} 列应为 {wanted[at]}，实为 {shown(found[at])}"),)


def _renamed(
    missing: Sequence[str], extra: Sequence[str], wanted: Sequence[str], found: Sequence[str]
) -> dict[str, str]:
    """For a missing header the extra one that likely took its place: alike, or in the same column."""
    pairs: dict[str, str] = {}
    for name in missing:
        at = wanted.index(name)
        here = found[at] if at < len(found) and found[at] in extra else ""
        alike = max(extra, key=lambda other: _likeness(name, other), default="")
        best = here or (alike if _likeness(name, alike) >= LIKELY else "")
        if best and best not in pairs.values():
            pairs[name] = best
    return pairs


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def rows_said(rows: Sequence[int]) -> str:
    """``第 4、7、9 行``, the first few and how many there are."""
    first = "、".join(map(str, rows[:ROWS_SHOWN]))
    return f"第 {first} 行" if len(rows) <= ROWS_SHOWN else f"第 {first} 等 {len(rows)} 行"


def shown(name: str) -> str:
    """A name out of a file as a message may carry it: one line, printable, not longer than a name is."""
    plain = "".join(character if character.isprintable() else "□" for character in " ".join(name.split()))
    return plain[:NAME_SHOWN] + ("…" if len(plain) > NAME_SHOWN else "")


def masked(value: object) -> str:
    """The shape of a value and nothing of its contents: ``张三 1360…`` becomes ``某某 9999…``."""
    shape = "".join(_mask(character) for character in str(value))
    return shape[:20] + ("…" if len(shape) > 20 else "")  # noqa: PLR2004 - long enough to know a shape by


def _mask(character: str) -> str:
    if character.isascii():
        return "9" if character.isdigit() else "A" if character.isalpha() else character
    return "某" if character.isalnum() else character
