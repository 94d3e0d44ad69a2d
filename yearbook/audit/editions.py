"""The page that lists the editions of a report that were corrected, beside their files as they were published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yearbook.report.html import environment, style_policy

NAMES = {"report.docx": "Word", "report.pdf": "PDF", "report.html": "网页"}


@dataclass(frozen=True, slots=True)
class EarlierEdition:
    """An edition that was corrected.

    Attributes:
        edition: Its number.
        corrected_by: Number of the edition that corrects it.
        reason: Why.
        digests: SHA-256 of its files, by name.
    """

    edition: int
    corrected_by: int
    reason: str
    digests: Mapping[str, str]

    @property
    def files(self) -> tuple[tuple[str, str, str], ...]:
        """Address beside the page, kind in words, and SHA-256 of every file."""
        return tuple((f"{self.edition}/{name}", NAMES.get(name, name), self.digests[name]) for name in self.digests)


def write_editions_page(body: str, year: int, editions: Iterable[EarlierEdition]) -> dict[str, bytes]:
    """``editions/index.html``, the newest of the corrected editions first.

    Args:
        body: Name of the body.
        year: Report year.
        editions: What was corrected, in the order of editions.
    """
    templates = environment("yearbook.audit")
    css = templates.get_template("run.css.j2").render(shares=[])
    listed = sorted(editions, key=lambda edition: -edition.edition)
    words = {"body": body, "year": year, "editions": listed, "policy": style_policy(css)}
    return {"editions/index.html": templates.get_template("editions.html.j2").render(words).encode("utf-8")}
