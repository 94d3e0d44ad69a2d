"""Tables of a page by the standard library's parser: no tree, only what begins and ends."""

from html.parser import HTMLParser

from tasks.reading.web_layout import BLOCKS, IGNORED, Table, hides, nested, require_no_entry, stray, tidy

_Attributes = list[tuple[str, str | None]]
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_SKIPPED = frozenset({"script", "style", "template", "noscript", "button"})


def tables(text: str) -> list[Table]:
    """Every table of a page.

    Raises:
        Refusal: A table stands in another, or a cell holds what cannot be read.
    """
    parser = _Tables()
    parser.feed(text)
    parser.close()
    parser.end_table()
    return parser.found


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Table] = []
        self._table: Table | None = None
        self._cell: dict[str, str | None] | None = None
        self._parts: list[str] = []
        self._skipping = ""
        self._in_row = self._group_hidden = False

    def handle_starttag(self, tag: str, attrs: _Attributes) -> None:
        attributes = dict(reversed(attrs))
        if tag == "table":
            self._begin_table(attributes)
        elif self._table is None or self._skipping:
            return
        elif tag in {"td", "th"}:
            self._begin_cell(attributes)
        elif tag == "tr":
            self._end_row()
            self._table.add_row(attributes, hidden=self._group_hidden)
            self._in_row = True
        elif tag in _GROUPS:
            self._end_row()
            self._group_hidden = hides(attributes)
        elif tag == "col":
            self._table.add_columns(attributes)
        elif self._cell is not None:
            self._inside(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            self._skipping = "" if tag == self._skipping else self._skipping
        elif tag == "table":
            self.end_table()
        elif tag in {"td", "th"}:
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag in _GROUPS:
            self._end_row()
            self._group_hidden = False
        elif tag in BLOCKS:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._skipping:
            self._parts.append(data.replace("\n", " "))

    def end_table(self) -> None:
        """The table is complete, closed or not."""
        self._end_row()
        self._table, self._group_hidden = None, False

    def _begin_table(self, attributes: dict[str, str | None]) -> None:
        if self._table is not None:
            raise nested()
        self._table = Table(hidden=hides(attributes))
        self.found.append(self._table)

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        self._end_cell()
        if not self._in_row:
            raise stray()
        self._cell, self._parts = attributes, []

    def _inside(self, tag: str, attributes: dict[str, str | None]) -> None:
        require_no_entry(tag, attributes)
        if tag in _SKIPPED:
            self._skipping = tag
        elif tag == "br" or (tag in BLOCKS and tag not in IGNORED):
            self._parts.append("\n")

    def _end_cell(self) -> None:
        if self._cell is not None and self._table is not None:
            self._table.add_cell(self._cell, tidy("".join(self._parts)))
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        self._in_row = False
