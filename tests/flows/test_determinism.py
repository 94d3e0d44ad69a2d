"""The same inputs give the same bytes: another process, folder, time zone, hash seed, locale and day change nothing."""

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from tests.flows.conftest import Command, new_home, tree

ANOTHER_DAY = Path(__file__).parent / "another_day"
HERE = {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"}
ELSEWHERE = {"TZ": "America/St_Johns", "PYTHONHASHSEED": "4242", "LC_ALL": "C"}
FORMATS = {"docx", "pdf", "html", "xlsx", "csv", "json"}


@pytest.fixture(scope="module")
def folders(
    tmp_path_factory: pytest.TempPathFactory, demo_sources: Callable[[str], Path], server: str, yearbook: Command
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The report folder of one run, and that of another run elsewhere on another day."""
    made, days = [], []
    for place, env in (("here", HERE), ("elsewhere", ELSEWHERE | {"PYTHONPATH": str(ANOTHER_DAY), "ANOTHER_DAY": "1"})):
        home = new_home(tmp_path_factory.mktemp(place), demo_sources("yunlu"))
        ended = yearbook("run", "yunlu", "2023", home=home, PREFECT_API_URL=server, **env)
        assert ended.code == 0, ended.err
        made.append(tree(home / "out" / "yunlu" / "2023"))
        days.append(_started(home))
    assert days[1] - days[0] > timedelta(hours=23), "the other run was not on another day"
    return made[0], made[1]


def _started(home: Path) -> datetime:
    with sqlite3.connect(home / "store" / "audit.db") as store:
        return datetime.fromisoformat(store.execute("select started_at from run").fetchone()[0])


def test_every_file_has_the_same_bytes(folders: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    one, other = ({name: sha256(data).hexdigest() for name, data in files.items()} for files in folders)
    assert one == other


def test_every_format_was_compared(folders: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    assert {name.rpartition(".")[2] for name in folders[0]} >= FORMATS
    assert all(folders[0].values())
