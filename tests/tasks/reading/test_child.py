"""The child can do nothing but read, dies alone, and its parent says why."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tasks.reading import Limits
from tasks.reading.keeper import Nursery
from tasks.reading.parent import read_with
from tests.tasks.reading.making import xlsx
from yearbook.errors import Refusal

PROJECT = Path(__file__).parents[3]
CANARY = "CANARY41010519491231002X"
Probe = Callable[..., str]


@pytest.fixture(scope="module")
def prober() -> Iterator[Nursery]:
    nursery = Nursery("tests.tasks.reading.probing")
    yield nursery
    nursery.close()


@pytest.fixture
def probe(prober: Nursery, tmp_path: Path) -> Probe:
    def probing(name: str, limits: Limits = Limits()) -> str:  # noqa: B008 - frozen
        (tmp_path / name).write_text(name)
        book, _ = read_with(prober, tmp_path / name, place="文件 b", encoding="gb18030", limits=limits)
        return str(book.grids[0].rows[0][0])

    return probing


def copy(folder: Path, number: int) -> Path:
    path = folder / f"{number}"
    path.write_bytes(xlsx([["编号"], [number]]))
    return path


def value(nursery: Nursery, path: Path) -> object:
    book, _ = read_with(nursery, path, place=f"文件 {path.name}", encoding="gb18030")
    return book.grids[0].rows[1][0]


class TestWhatIsClosed:
    def test_environment(self, probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("YEARBOOK_SECRET_PROBE", CANARY)
        assert set(probe("environment").split()) <= {"LANG", "LC_CTYPE", "PATH", "PYTHONPATH"}

    def test_heavy_libraries(self, probe: Probe) -> None:
        assert probe("modules") == ""

    @pytest.mark.parametrize(
        "act", ["socket", "process", "shell", "fork", "write", "append", "read", "list", "library"]
    )
    def test_deeds(self, probe: Probe, act: str) -> None:
        assert probe(act).startswith("PermissionError")

    def test_descriptors_of_others(self, probe: Probe) -> None:
        """Input, answer, and the three of every process."""
        assert probe("descriptors") == "5"

    def test_network_is_another_one(self, probe: Probe) -> None:
        allowed = subprocess.run(["unshare", "-Un", "true"], check=False, capture_output=True).returncode == 0
        ours = str(Path("/proc/self/ns/net").readlink())
        assert (probe("network") != ours) == allowed

    def test_limits(self, probe: Probe) -> None:
        assert probe("limits", Limits(seconds=7)) == "0 8 16"


class TestHowItEnds:
    @pytest.mark.parametrize(
        ("act", "limits", "words"),
        [
            ("eat", Limits(memory_mb=30), "文件 b：读取超过内存上限（30 MB）"),
            ("hang", Limits(seconds=0.3), "文件 b：读取超过时限（0.3 秒）"),
            ("spin", Limits(seconds=0.3), "文件 b：读取超过时限（0.3 秒）"),
            ("overflow", Limits(result_mb=1), "文件 b：读出的内容超过上限"),
            ("abort", Limits(), "文件 b：读取器崩溃，文件可能已损坏或被恶意构造（信号 6）"),
            ("segv", Limits(), "文件 b：读取器崩溃，文件可能已损坏或被恶意构造（信号 11）"),
            ("fall", Limits(), "文件 b：读取器崩溃，文件可能已损坏或被恶意构造（退出码 1"),
            ("exit", Limits(), "文件 b：读取器的回答不合约定"),
            ("lie", Limits(), "文件 b：读取器的回答不合约定"),
        ],
    )
    def test_reason(self, probe: Probe, act: str, limits: Limits, words: str) -> None:
        with pytest.raises(Refusal) as caught:
            probe(act, limits)
        assert caught.value.what.startswith(words)
        assert CANARY not in str(caught.value)
        assert probe("modules") == ""

    def test_chatter_is_dropped(self, probe: Probe) -> None:
        assert probe("shout") == "done"

    def test_no_child_is_left(self, probe: Probe, prober: Nursery) -> None:
        probe("modules")
        for act in ("abort", "hang"):
            with pytest.raises(Refusal):
                probe(act, Limits(seconds=0.2))
        assert Path(f"/proc/{prober.pid}/task/{prober.pid}/children").read_text() == ""


class TestNursery:
    def test_is_kept(self, tmp_path: Path) -> None:
        nursery = Nursery()
        assert nursery.pid is None
        assert value(nursery, copy(tmp_path, 1)) == 1
        first = nursery.pid
        assert value(nursery, copy(tmp_path, 2)) == 2
        assert nursery.pid == first
        nursery.close()
        assert nursery.pid is None

    def test_is_started_again_when_it_was_ended(self, tmp_path: Path) -> None:
        nursery = Nursery()
        value(nursery, copy(tmp_path, 1))
        first = nursery.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert value(nursery, copy(tmp_path, 3)) == 3
        assert nursery.pid != first
        nursery.close()

    def test_is_given_up_when_it_cannot_start(self, tmp_path: Path) -> None:
        with pytest.raises(Refusal, match="不能启动"):
            value(Nursery("tests.tasks.reading.absent"), copy(tmp_path, 1))

    def test_that_does_not_answer_is_replaced(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tasks.reading.keeper._GRACE_SECONDS", 0.2)
        monkeypatch.setattr("tasks.reading.keeper._FAREWELL_SECONDS", 0.1)
        nursery = Nursery()
        value(nursery, copy(tmp_path, 1))
        assert nursery.pid is not None
        os.kill(nursery.pid, signal.SIGSTOP)
        with pytest.raises(Refusal, match="读取超过时限"):
            read_with(nursery, copy(tmp_path, 2), place="文件 b", encoding="gb18030", limits=Limits(seconds=0.2))
        assert value(nursery, copy(tmp_path, 3)) == 3
        nursery.close()

    def test_an_interrupted_order_is_not_answered_to_the_next(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nursery = Nursery()
        value(nursery, copy(tmp_path, 1))
        with monkeypatch.context() as patch:
            # after the order was sent, before its answer is taken
            patch.setattr("tasks.reading.keeper.json.loads", lambda _: signal.raise_signal(signal.SIGINT))
            with pytest.raises(KeyboardInterrupt):
                value(nursery, copy(tmp_path, 2))
        assert value(nursery, copy(tmp_path, 3)) == 3
        nursery.close()

    def test_serves_threads(self, tmp_path: Path) -> None:
        nursery = Nursery()
        with ThreadPoolExecutor(6) as pool:
            found = list(pool.map(lambda number: value(nursery, copy(tmp_path, number)), range(24)))
        nursery.close()
        assert found == list(range(24))

    def test_is_not_shared_over_a_fork(self, tmp_path: Path) -> None:
        nursery = Nursery()
        os.register_at_fork(after_in_child=nursery.forget)
        value(nursery, copy(tmp_path, 1))
        path, ours = copy(tmp_path, 7), nursery.pid
        child = os.fork()
        if child == 0:
            # never back into the test run
            code = 1
            try:
                code = 0 if value(nursery, path) == 7 and nursery.pid != ours else 2
                nursery.close()
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert value(nursery, copy(tmp_path, 8)) == 8
        assert nursery.pid == ours
        nursery.close()

    def test_ends_with_its_parent(self, tmp_path: Path) -> None:
        """Also when the parent has no time to say so, and also in the middle of a file."""
        copy(tmp_path, 1).write_text("hang")
        code = (
            "import sys, threading, pathlib, os, time, signal\n"
            "from tasks.reading.keeper import Nursery\n"
            "from tasks.reading.parent import read_with\n"
            "nursery = Nursery('tests.tasks.reading.probing')\n"
            "path = pathlib.Path(sys.argv[1])\n"
            "read = lambda: read_with(nursery, path, place='b', encoding='gb18030')\n"
            "threading.Thread(target=read, daemon=True).start()\n"
            "children = lambda: open(f'/proc/{nursery.pid}/task/{nursery.pid}/children').read().split()\n"
            "while not (nursery.pid and children()): time.sleep(0.01)\n"
            "print([nursery.pid, int(children()[0])], flush=True)\n"
            "os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        told = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "1")], cwd=PROJECT, capture_output=True, text=True, check=False
        )
        deadline = time.monotonic() + 10
        pids = json.loads(told.stdout)
        while any(_alive(pid) for pid in pids) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(pids) == 2
        assert not any(_alive(pid) for pid in pids)


def _alive(pid: int) -> bool:
    """A process that nobody has buried yet counts as dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
