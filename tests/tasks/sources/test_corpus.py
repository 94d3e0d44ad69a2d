"""A corpus of bad handed-over files: each is refused for the right reason, in one line, and nothing of it is kept."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tasks.reading import FoundBook, Limits
from tasks.reading.keeper import Ended, Nursery
from tasks.reading.parent import read_with
from tasks.sources import handed_over
from tasks.sources.snapshot import Snapshot
from tasks.store import Blobs
from tests.tasks.sources.corpus import archives, cells, pages, states, strangers, tables, texts
from tests.tasks.sources.corpus.case import Case
from tests.tasks.sources.corpus.formats import FORMATS
from tests.tasks.sources.corpus.ledger import NAME, NUMBER, ledger
from yearbook.errors import Refusal

Read = Callable[..., dict[str, Snapshot]]
LIMITS = Limits(seconds=5, memory_mb=450)
PEAK_KB = 500_000
KINDS = ()
CASES = [*texts.CASES, *pages.CASES, *[c for c in strangers.CASES if c.kind=="json"]]


class Watched(Nursery):
    """A nursery that remembers how its children ended."""

    def __init__(self) -> None:
        super().__init__()
        self.ended: list[Ended] = []

    def run(self, *order: object, **more: object) -> Ended:
        self.ended.append(super().run(*order, **more))
        return self.ended[-1]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Watched]:
    found = Watched()
    yield found
    found.close()


@pytest.fixture(autouse=True)
def bounded(nursery: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is read within limits that are lower than in production."""
    nursery.ended.clear()

    def read_book(path: Path, *, place: str, encoding: str) -> FoundBook:
        return read_with(nursery, path, place=place, encoding=encoding, limits=LIMITS)[0]

    monkeypatch.setattr(handed_over, "read_book", read_book)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_x(case: Case, read: Read, tmp_path: Path, nursery) -> None:
    path = tmp_path / case.file
    path.write_bytes(case.make())
    with pytest.raises(Refusal) as refusal:
        read(path, code="fees", **case.change)
    what = refusal.value.what
    assert NAME not in str(refusal.value)
    place = f"文件 {case.file}"
    if isinstance(case.said, str):
        assert what == place + case.said
    else:
        assert what.startswith(place + case.said[0])
        assert all(words in what for words in case.said[1:])


@pytest.mark.parametrize("name", FORMATS)
def test_valid(name, read: Read, tmp_path: Path) -> None:
    path = tmp_path / f"x.{FORMATS[name].ending}"
    path.write_bytes(FORMATS[name].write([ledger()]))
    print(read(path, code="fees", clean=frozenset())["fee_line"].digest)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_look(case: Case, read: Read, tmp_path: Path, nursery) -> None:
    path = tmp_path / case.file
    path.write_bytes(case.make())
    try:
        d = read(path, code="fees", **case.change)["fee_line"]
        import pyarrow.parquet as pq
        print("\nLOOK ACCEPTED", case.name, "same" if d.digest == "8b54d2faeb7d9fcbfd25867d6bb74914722d6427196d26bb8a56734cf2d8b287" else [r for r in pq.read_table(d.path).to_pylist() ] )
    except Refusal as r:
        if not isinstance(case.said, str) or r.what != f"文件 {case.file}"+case.said:
            print("\nLOOK", case.name, r.what)
