"""Last year's report as this store published it: the version that this year's base and text are held against.

A report may be amended after it was published, so the edition is pinned: it is named among the inputs of a run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import html

from tasks.store import Store
from yearbook.quantity import Exact

PAGE = "report.html"


@dataclass(frozen=True, slots=True)
class LastYear:
    """An edition of last year's report.

    Attributes:
        edition: Its number; 0 where this store published none.
        key: Key of the run that made it.
        values: Its exact figures by code.
        paragraphs: Its paragraphs of text.
    """

    edition: int = 0
    key: str = ""
    values: Mapping[str, Exact] = field(default_factory=dict)
    paragraphs: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The edition as an input of a run."""
        return f"{self.edition} {self.key}".strip()


def last_year(store: Store, body: str, year: int) -> LastYear:
    """The newest edition for a year.

    Args:
        store: Where editions are.
        body: Code of the body.
        year: The year before the report year.
    """
    found = store.newest_edition(body, year)
    if found is None:
        return LastYear()
    return LastYear(
        edition=found.edition,
        key=found.key,
        values={record.code: _exact(record.value) for record in store.figures_of(found.run_id)},
        paragraphs=_paragraphs(store, store.outputs(found.run_id).get(PAGE)),
    )


def _exact(text: str) -> Exact:
    return Decimal(text) if "." in text else int(text)


def _paragraphs(store: Store, digest: str | None) -> tuple[str, ...]:
    """What a citizen reads between the headings; an edition without a page has none."""
    if digest is None:
        return ()
    document = html.document_fromstring(store.blobs.read(digest).decode("utf-8"))
    return tuple(str(paragraph.text_content()) for paragraph in document.xpath('//main[@id="report"]//section/p'))
