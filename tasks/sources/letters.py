"""Drafts to the owners of exports, laid aside for the office; one file per source, replaced by the next."""

from dataclasses import dataclass
from pathlib import Path

from yearbook.catalog import Source
from yearbook.errors import Refusal
from yearbook.intake.letter import draft_letter
from yearbook.period import ReportYear

# How what an owner can do begins; everything else is for whoever keeps the catalogue.
OWNERS = ("请", "由提供者")


class Written(Refusal):
    """A refusal whose letter lies ready."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Where drafts of one run go.

    Attributes:
        folder: The folder; made when the first letter is written.
        body: The reporting body in words.
    """

    folder: Path
    body: str

    def keep(self, refusal: Refusal, source: Source, *, year: ReportYear, file: str, digest: str) -> Refusal:
        """Write the draft and say in the refusal where it lies.

        A refusal that has a letter stays as it is, and so does one that only the catalogue's keeper can put right.
        """
        if isinstance(refusal, Written) or not refusal.todo.startswith(OWNERS):
            return refusal
        path = self._path(source, year)
        text = draft_letter(
            refusal,
            owner=source.owner,
            source=source.name,
            file=file,
            digest=digest,
            year=year.year,
            body=self.body,
        )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            return Written(refusal.what, todo=f"{refusal.todo}（信稿未能写入 {path}：{error.strerror}）")
        return Written(refusal.what, todo=f"{refusal.todo.rstrip('。')}；致提供者的信稿在 {path}")

    def clear(self, source: Source, *, year: ReportYear) -> None:
        """Take away the draft about a file that has been put right."""
        self._path(source, year).unlink(missing_ok=True)

    def _path(self, source: Source, year: ReportYear) -> Path:
        return self.folder / f"{source.code}_{year}.txt"
