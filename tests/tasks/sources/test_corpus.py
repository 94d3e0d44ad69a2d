"""A corpus of bad handed-over files: each is refused for its own reason, in one line, nothing of it kept or told.

The files are made by ``corpus``; every one is read by the whole path that a handed-over file takes.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks.reading import Limits
from tasks.reading.keeper import Ended, Nursery
from tasks.reading.parent import read_with
from tasks.sources import handed_over
from tasks.sources.snapshot import Snapshot
from tasks.store import Blobs
from tests.tasks.sources.corpus import (
    archives,
    cells,
    differing,
    differing_ods,
    differing_xls,
    pages,
    states,
    strangers,
    tables,
    texts,
)
from tests.tasks.sources.corpus.case import Case
from tests.tasks.sources.corpus.formats import FORMATS
from tests.tasks.sources.corpus.harmless import HARMLESS
from tests.tasks.sources.corpus.ledger import NAME, NUMBER, ledger
from yearbook.errors import Refusal
from yearbook.intake.grid import Book

Read = Callable[..., dict[str, Snapshot]]
# lower than in production, so that a file that costs more is refused in other words
LIMITS = Limits(seconds=5, memory_mb=450)
PEAK_KB = 500_000
WANTED = 150
LONGEST = 600
# what is told of a person, in whole and in part
TELLING = (NAME, NUMBER[:12], NUMBER[6:])
KINDS = (*tables.KINDS, *cells.KINDS, *states.KINDS)
OTHERS = (archives, differing, differing_ods, differing_xls, pages, states, strangers, texts)
CASES = [*(case for kind in KINDS for case in kind.cases()), *(case for module in OTHERS for case in module.CASES)]
# files without a cell, and those whose contents are noise
WITHOUT_CANARY = {
    "nothing", "nothing but a mark", "nothing but a wide mark", "nothing but blanks", "empty archive",
    "noughts", "rubbish", "utf-32", "too large", "too many columns", "too many rows", "header only",
    "nothing but a title", "sheet empty", "only a chart", "cut within its head", "cut at a tenth",
    "nothing behind the beginning", "no sheet", "header and total only", "text list missing",
    "content missing", "gz", "bz2", "xz", "workbook in an archive",
}  # fmt: skip


class Watched(Nursery):
    """A nursery that remembers how its children ended."""

    def __init__(self) -> None:
        super().__init__()
        self.ended: list[Ended] = []

    def run(self, *order: Any) -> Ended:
        self.ended.append(super().run(*order))
        return self.ended[-1]


@pytest.fixture(scope="module")
def watched() -> Iterator[Watched]:
    found = Watched()
    yield found
    found.close()


@pytest.fixture(autouse=True)
def nursery(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Every file is read within the limits of these tests; one nursery for all, and none may end it."""
    watched.ended.clear()

    def read_book(path: Path, *, place: str, encoding: str) -> Book:
        return read_with(watched, path, place=place, encoding=encoding, limits=LIMITS)[0]

    monkeypatch.setattr(handed_over, "read_book", read_book)
    return watched


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[[], str]:
    """Everything that was said beside the refusal: letters, log, terminal."""
    caplog.set_level(0)

    def gathered() -> str:
        written = [path.read_text(encoding="utf-8") for path in (tmp_path / "letters").glob("*")]
        return "\n".join((*written, caplog.text, *capfd.readouterr()))

    return gathered


def laid(case: Case, folder: Path) -> Path:
    path = folder / case.file
    path.write_bytes(case.make())
    return path


def assert_said(refusal: Refusal, case: Case) -> None:
    place = f"文件 {case.file}"
    if isinstance(case.said, str):
        assert refusal.what == place + case.said
    else:
        beginning, *parts = case.said
        assert refusal.what.startswith(place + beginning)
        assert all(words in refusal.what for words in parts), refusal.what


def assert_nothing_kept(blobs: Blobs, path: Path, folder: Path) -> None:
    """The store holds the copy as it was received, and nothing that was made of it."""
    kept = [found.name for found in (blobs.root / "sha256").rglob("*") if found.is_file()]
    assert kept == [hashlib.sha256(path.read_bytes()).hexdigest()]
    assert not list(blobs.incoming.iterdir())
    assert not list(folder.rglob("*.parquet"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_is_refused_for_its_own_reason(
    case: Case, read: Read, blobs: Blobs, nursery: Watched, told: Callable[[], str], tmp_path: Path
) -> None:
    path, process = laid(case, tmp_path), nursery.pid
    with pytest.raises(Refusal) as raised:
        read(path, code="fees", **case.change)
    refusal = raised.value
    beside = told()
    assert not [part for part in TELLING if part in str(refusal) + beside]
    assert_said(refusal, case)
    assert refusal.todo
    # one line that shows as it is: no line break, nothing invisible, nothing that a terminal obeys
    assert (refusal.what + refusal.todo).isprintable()
    assert len(refusal.what) < LONGEST
    assert hashlib.sha256(path.read_bytes()).hexdigest() in beside
    [ended] = nursery.ended
    assert (ended.late, ended.code, ended.told) == (False, 0, "")
    assert ended.peak_kb < PEAK_KB
    assert process in {None, nursery.pid}
    assert_nothing_kept(blobs, path, tmp_path)


def test_every_form_of_the_valid_ledger_gives_the_same_snapshot(read: Read, tmp_path: Path) -> None:
    """Without any clean-up: every form says the same figures by itself."""
    digests = {}
    for name, form in FORMATS.items():
        path = tmp_path / f"fees_2023.{form.ending}"
        path.write_bytes(form.write([ledger()]))
        digests[name] = read(path, code="fees", clean=frozenset())["fee_line"].digest
    assert len(set(digests.values())) == 1, digests


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_strange_is_read(name: str, read: Read, tmp_path: Path) -> None:
    ending, make = HARMLESS[name]
    plain, strange = tmp_path / "plain.csv", tmp_path / f"strange.{ending}"
    plain.write_bytes(FORMATS["csv-utf8"].write([ledger()]))
    strange.write_bytes(make())
    wanted = read(plain, code="fees")["fee_line"].digest
    assert read(strange, code="fees")["fee_line"].digest == wanted


class TestNoFile:
    def test_but_a_link_to_one(self, read: Read, blobs: Blobs, nursery: Watched, tmp_path: Path) -> None:
        path = tmp_path / "fees_2023.csv"
        path.symlink_to(laid(CASES[0], tmp_path))
        with pytest.raises(Refusal, match="符号链接") as refusal:
            read(path, code="fees")
        assert path.name in refusal.value.what
        assert not blobs.root.exists()
        assert not nursery.ended

    def test_but_a_folder(self, read: Read, blobs: Blobs, nursery: Watched, tmp_path: Path) -> None:
        path = tmp_path / "fees_2023.csv"
        path.mkdir()
        with pytest.raises(Refusal) as refusal:
            read(path, code="fees")
        assert refusal.value.what.startswith("来源 fees（收费台账）的文件不存在：")
        assert "请财务室交来 2023 年的文件" in refusal.value.todo
        assert not blobs.root.exists()
        assert not nursery.ended


def holds_canary(data: bytes) -> bool:
    """Whether a file holds the canary, packed or not."""
    contents = [data]
    if data.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                contents += [
                    archive.read(name) for name in archive.namelist() if archive.getinfo(name).file_size < 10**6
                ]
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
            return NUMBER.encode() in data
    codecs = ("ascii", "utf-16-le", "utf-16-be")
    return any(NUMBER.encode(codec) in part for part in contents for codec in codecs)


class TestTheCorpus:
    def test_is_large_and_every_file_is_another_one(self) -> None:
        assert len({case.name for case in CASES}) == len(CASES)
        digests = {hashlib.sha256(case.make()).hexdigest() for case in CASES}
        assert len(digests) >= WANTED

    def test_covers_what_it_claims(self) -> None:
        made = {(case.kind, case.form) for case in CASES}
        claimed = {(kind.name, form) for kind in KINDS for form in kind.forms}
        assert claimed <= made
        for form in FORMATS:
            assert len({kind for kind, name in made if name == form}) >= 60, form

    def test_is_the_same_every_time(self) -> None:
        for case in CASES[::7]:
            assert case.make() == case.make(), case.name

    def test_holds_what_must_not_be_told(self) -> None:
        without = {case.kind for case in CASES if not holds_canary(case.make())}
        assert without <= WITHOUT_CANARY, without - WITHOUT_CANARY
