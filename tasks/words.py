"""The words of a published edition: as they were kept, or read from the page of an edition that kept none."""

from lxml import html

from tasks.store import Store
from yearbook.report.words import Part, ReportWords, read_words

ROLE, NAME = "words", "words.json"
PAGE = "report.html"
TEXTS = ("p", "h3", "h4")


def stored_words(store: Store, run_id: int) -> ReportWords | None:
    """What the report of a run said; None where nothing of it was kept.

    Args:
        store: Where editions are.
        run_id: The run that made the edition.

    Raises:
        Refusal: A file of the run is missing or damaged.
    """
    kept = store.blobs_of(run_id, ROLE).get(NAME)
    if kept is not None:
        return read_words(store.blobs.read(kept))
    page = store.outputs(run_id).get(PAGE)
    return None if page is None else _from_page(store.blobs.read(page))


def _from_page(data: bytes) -> ReportWords | None:
    """The words of a page as earlier programs wrote it; None where it is no such page."""
    found = html.document_fromstring(data.decode("utf-8")).xpath('//main[@id="report"]')
    if not found:
        return None
    [main] = found
    opening, *sections = (
        Part(
            "".join(str(title.text_content()) for title in section.xpath("./h2")),
            tuple(str(part.text_content()) for part in section if part.tag in TEXTS),
        )
        for section in main.xpath("./section")
    )
    title = "".join(str(line.text_content()) for line in main.xpath(".//h1"))
    return ReportWords(
        parts=(Part(opening.title, (title, *opening.passages)), *sections),
        printed={str(cell.get("data-figure")): str(cell.text_content()) for cell in main.xpath(".//td//data")},
    )
