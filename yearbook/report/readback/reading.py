"""A finished document as it was read back: pieces of text and grids of cells, each with its place in a reader's words.

Knows no file format; ``docx``, ``html`` and ``pdf`` read into it. White space is left out: a line may break anywhere.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Blanks of every width, soft hyphens, joiners and the mark of a text's byte order.
_BLANK = re.compile("[\\s\u00ad\u200b-\u200f\u2060\ufeff]+")


def bare(text: str) -> str:
    """A text without white space and marks that print nothing."""
    return _BLANK.sub("", text)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: a paragraph of a word document or page, the running text of one page of a PDF.

    Attributes:
        place: Where, in a reader's words, e.g. ``第3页`` or ``第12段``.
        text: The text without white space.
    """

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Square:
    """One cell of a grid, by position and not by order: 0-based row and column, and how many it covers."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it stands in the document.

    Attributes:
        place: Where, in a reader's words.
        squares: Its cells in reading order.
    """

    place: str
    squares: tuple[Square, ...]

    def rows(self) -> tuple[tuple[Square, ...], ...]:
        """The cells by the row they begin in."""
        last = max((square.row for square in self.squares), default=-1)
        return tuple(tuple(s for s in self.squares if s.row == row) for row in range(last + 1))


@dataclass(frozen=True, slots=True)
class Mark:
    """A text in a drawing with the point it is set at."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing whose text can be read."""

    place: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One document, read back.

    Attributes:
        name: File name.
        pieces: Running text in reading order.
        run_on: True where a piece is a page, on which paragraphs follow each other without a mark.
        grids: Tables in reading order.
        asides: Text outside the running text: alternative texts, titles, page furniture.
        notes: Text behind one figure, by figure code.
        drawings: Drawings with text.
        pages: Text of the foot of each page, where pages are fixed.
    """

    name: str
    pieces: tuple[Piece, ...]
    run_on: bool = False
    grids: tuple[Grid, ...] = ()
    asides: tuple[Piece, ...] = ()
    notes: tuple[tuple[str, Piece], ...] = ()
    drawings: tuple[Drawing, ...] = ()
    pages: tuple[str, ...] = ()


def pieces(texts: Iterable[tuple[str, str]]) -> tuple[Piece, ...]:
    """Pieces of places and texts as found, those without any text left out."""
    found = (Piece(place, bare(text)) for place, text in texts)
    return tuple(piece for piece in found if piece.text)
