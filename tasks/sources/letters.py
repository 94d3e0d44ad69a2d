"""Drafts to the owners of exports, laid aside for the office; one file per source, replaced by the next."""

from dataclasses import dataclass
from pathlib import Path

from yearbook.catalog import Source
from yearbook.errors import Refusal
from yearbook.intake.letter import draft_letter
from yearbook.period import ReportYear


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
        """Write the draft and say in the refusal where it lies; a refusal that has a letter stays as it is."""
        if isinstance(refusal, Written):
            return refusal
        path = self.folder / f"{source.code}_{year}.txt"
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
