"""Files that people hand over: copied once into the store, read only there, held against what was agreed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tasks.reading import read_book
from tasks.sources.contract import Intake
from tasks.sources.control import read_controls
from tasks.sources.letters import Letters
from tasks.sources.snapshot import Snapshot, write_parquet
from tasks.store import Blobs
from yearbook.catalog import Extract, Source
from yearbook.errors import Refusal
from yearbook.intake.grid import Book
from yearbook.intake.layout import UNNAMED, find_grid, lay_out
from yearbook.intake.table import Agreement, Table, read_table
from yearbook.intake.whole import Control, check_control, require_no_overlap, require_year
from yearbook.period import ReportYear

FORMS = {"xlsx": "xlsx 工作簿", "xls": "xls 工作簿", "ods": "ods 工作簿", "html": "网页表格", "text": "文本表格"}


@dataclass(frozen=True, slots=True)
class _Part:
    """One file as it was received and read, with the exporter's numbers beside it.

    Attributes:
        files: Name, size and digest of the file, and of its controls where there are any.
    """

    name: str
    digest: str
    files: tuple[tuple[str, int, str], ...]
    book: Book
    controls: tuple[Control, ...]

    def place(self, extract: Extract) -> str:
        """How messages cite file and sheet."""
        named = extract.sheet and self.book.form not in UNNAMED
        return f"文件 {self.name}" + (f"，工作表 {extract.sheet}" if named else "")

    @property
    def reader(self) -> str:
        """What the file turned out to be, and who read it."""
        encoding = f"，编码 {self.book.encoding}" if self.book.encoding else ""
        return f"{FORMS[self.book.form]}{encoding}；{'、'.join(self.book.readers)} 逐格一致"


def require_file(path: Path, source: Source, year: ReportYear) -> None:
    """Refuse a file that has not been handed over."""
    if not path.is_file():
        raise Refusal(
            f"来源 {source.code}（{source.name}）的文件不存在：{path}",
            todo=f"请{source.owner}交来 {year} 年的文件，放到该位置",
        )


def require_different(files: Iterable[tuple[str, str]]) -> None:
    """Refuse the same bytes under two names: one file handed over twice.

    Args:
        files: Name and digest of each.
    """
    seen: dict[str, str] = {}
    for name, digest in files:
        other = seen.setdefault(digest, name)
        if other != name:
            raise Refusal(
                f"文件 {name} 与文件 {other} 内容完全相同，同一份文件交了两次",
                todo="请提供者确认缺的是哪一份，交来正确的文件",
            )


def extract_files(
    paths: Sequence[Path],
    source: Source,
    *,
    year: ReportYear,
    agreements: Mapping[str, Agreement],
    blobs: Blobs,
    letters: Letters,
) -> list[Snapshot]:
    """Copy handed-over files into the store and read all extracts of their source from the copies.

    Args:
        paths: The files as they were handed over; several are parts of one whole.
        source: The source they answer for.
        year: Year of the files.
        agreements: What was agreed, by extract.
        blobs: Where the copies and the snapshots go.
        letters: Where drafts to the owner go.

    Raises:
        Refusal: A file is missing, no table, not as agreed, of another year, or there twice.
    """
    parts = [_received(path, source, year, blobs, letters) for path in paths]
    with _written(letters, source, year, parts[0].name, parts[0].digest):
        require_different((part.name, part.digest) for part in parts)
        snapshots = [_snapshot(parts, source, agreements[e.code], year, blobs, letters) for e in source.extracts]
    letters.clear(source, year=year)
    return snapshots


def _received(path: Path, source: Source, year: ReportYear, blobs: Blobs, letters: Letters) -> _Part:
    require_file(path, source, year)
    # a file that people fill in may hold anything, whatever its columns are called
    digest = blobs.put_file(path, private=True)
    copy = blobs.path(digest)
    with _written(letters, source, year, path.name, digest):
        book = read_book(copy, place=f"文件 {path.name}", encoding=source.encoding)
        received = (path.name, copy.stat().st_size, digest)
        beside, controls = read_controls(path, blobs)
        return _Part(path.name, digest, (received, *beside), book, controls)


@contextmanager
def _written(letters: Letters, source: Source, year: ReportYear, file: str, digest: str) -> Iterator[None]:
    """Leave a draft letter for a refusal that the file's owner has to put right."""
    try:
        yield
    except Refusal as refusal:
        raise letters.keep(refusal, source, year=year, file=file, digest=digest) from refusal


def _snapshot(
    parts: Sequence[_Part],
    source: Source,
    agreement: Agreement,
    year: ReportYear,
    blobs: Blobs,
    letters: Letters,
) -> Snapshot:
    extract = agreement.extract
    tables: dict[str, Table] = {}
    notes: list[str] = []
    for part in parts:
        place = part.place(extract)
        with _written(letters, source, year, part.name, part.digest):
            tables[place] = _table(part, agreement, place, year)
        checked = check_control(tables[place], agreement, place, part.controls)
        prefix = f"{part.name}：" if len(parts) > 1 else ""
        notes += [f"{prefix}{note}" for note in (*tables[place].notes, checked) if note]
    require_no_overlap(tables, extract)
    digest, intake = _typed(tables, source, extract, blobs)
    return Snapshot(
        extract=extract,
        year=year,
        digest=digest,
        path=blobs.path(digest),
        row_count=intake.row_count,
        normalised=(*notes, *intake.normalised()),
        received=tuple(file for part in parts for file in part.files),
        reader="；".join(dict.fromkeys(part.reader for part in parts)),
    )


def _table(part: _Part, agreement: Agreement, place: str, year: ReportYear) -> Table:
    extract, book = agreement.extract, part.book
    grid = find_grid(book, extract, place)
    sheet = lay_out(grid, extract, place, year=year.year, filled=agreement.filled())
    table = read_table(sheet, agreement, place, form=book.form, date_1904=book.date_1904)
    require_year(table, extract, place, year=year.year)
    return table


def _typed(tables: Mapping[str, Table], source: Source, extract: Extract, blobs: Blobs) -> tuple[str, Intake]:
    """One snapshot of all files' rows."""
    place = "、".join(tables)
    numbers = [number for table in tables.values() for number in table.numbers]
    intake = Intake(extract, source.timezone, place, numbers=numbers)
    values = [[v for table in tables.values() for v in table.columns[c.name]] for c in extract.columns]
    return write_parquet(extract, intake.schema, [intake.batch(values)], blobs), intake
