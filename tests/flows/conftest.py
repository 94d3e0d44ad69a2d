"""A scheduler server for the whole session, and runs of the command as a person starts it."""

import fcntl
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from tasks.demo import parse
from tasks.demo.portal import write_portals
from tasks.demo.workbooks import write_fees, write_registers
from tasks.settings import quiet_surroundings
from tests.approving import REVIEWER

# Read when the scheduler is imported, so set before any test imports it.
os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="yearbook-prefect-")
quiet_surroundings(verbose=False)

PROJECT = Path(__file__).parents[2]
START_SECONDS = 120


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture(scope="session")
def server() -> str:
    """Address of a running scheduler server, one for all workers of the session."""
    shared = Path(os.environ["YEARBOOK_TEST_SHARED"])
    note = shared / "server.url"
    with (shared / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            note.write_text(_start_server(shared))
    return note.read_text()


def _start_server(shared: Path) -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = surroundings() | {"PREFECT_HOME": str(shared / "prefect")}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (shared / "server.log").open("w") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT)
    (shared / "server.pid").write_text(str(process.pid))
    url = f"http://127.0.0.1:{port}/api"
    _wait(process, f"{url}/health", shared / "server.log")
    return url


def surroundings() -> dict[str, str]:
    """The environment without settings of the person who runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("YEARBOOK_", "PREFECT_"))}
    return kept | {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}


@pytest.fixture(scope="session")
def light_sources(tmp_path_factory: pytest.TempPathFactory, demo_sources: Callable[[str], Path]) -> Path:
    """The small body's databases beside the other body's few-row exports: enough to be spoilt, and quick to read."""
    folder = tmp_path_factory.mktemp("light") / "yunlu"
    folder.mkdir()
    for file in demo_sources("yunlu").glob("*.sqlite"):
        (folder / file.name).write_bytes(file.read_bytes())
    plan = parse((PROJECT / "deployments" / "demo" / "demo.toml").read_text(encoding="utf-8"))
    for write in (write_portals, write_registers, write_fees):
        write(plan, folder)
    return folder


@pytest.fixture
def home(tmp_path: Path, light_sources: Path) -> Path:
    """A home folder with sources of the small body, to be spoilt at will."""
    return new_home(tmp_path, light_sources)


def new_home(folder: Path, sources: Path) -> Path:
    """A home folder in which every source is a hard-to-spoil copy of its own."""
    target = folder / "home" / "demo" / sources.name
    target.mkdir(parents=True)
    for file in sources.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    return folder / "home"


@pytest.fixture(scope="session")
def here(server: str) -> Command:
    """Run the command inside this process against the running server: the same code without the imports' seconds."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.cli import main
    from tasks.settings import settings

    def run(*arguments: str, home: Path, approve: bool = True) -> Ended:
        own = {"YEARBOOK_HOME": str(home), "YEARBOOK_OUT": str(home / "out"), "YEARBOOK_OPERATOR": "测试"}
        with pytest.MonkeyPatch.context() as patch, temporary_settings({PREFECT_API_URL: server}):
            for name, value in own.items():
                patch.setenv(name, value)
            settings.cache_clear()
            result = CliRunner().invoke(main, arguments)
            if result.exception and not isinstance(result.exception, SystemExit):
                raise result.exception
            ended = Ended(result.exit_code, result.stdout, result.stderr)
            if approve and (asked := approval_of(ended, arguments)):
                done = CliRunner().invoke(main, asked)
                ended = Ended(done.exit_code, ended.out + done.stdout, ended.err + done.stderr)
        settings.cache_clear()
        return ended

    return run


def approval_of(ended: Ended, arguments: Sequence[str]) -> list[str]:
    """The reviewer's command after a run that awaits approval; empty after any other command."""
    found = re.search(r"核对码 ([0-9a-f]{12})$", ended.out, re.MULTILINE)
    if arguments[0] != "run" or found is None:
        return []
    return ["approve", *arguments[1:3], found[1], "--name", REVIEWER]


@pytest.fixture(scope="session")
def yearbook() -> Command:
    """Run the command in a process of its own, as a person does."""

    def run(*arguments: str, home: Path, out: Path | None = None, approve: bool = True, **env: str) -> Ended:
        settings = {"YEARBOOK_HOME": str(home), "YEARBOOK_OUT": str(out or home / "out"), "YEARBOOK_OPERATOR": "测试"}
        ended = _started(arguments, surroundings() | settings | env)
        if approve and (asked := approval_of(ended, arguments)):
            done = _started(asked, surroundings() | settings | env)
            ended = Ended(done.code, ended.out + done.out, ended.err + done.err)
        return ended

    return run


def _started(arguments: Sequence[str], env: dict[str, str]) -> Ended:
    ended = subprocess.run(
        [sys.executable, "-m", "flows.cli", *arguments],
        cwd=PROJECT,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def _wait(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    for _ in range(START_SECONDS * 4):
        if process.poll() is not None:
            pytest.fail(f"the scheduler server ended: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"the scheduler server did not answer in {START_SECONDS} s: {log.read_text()[-2000:]}")


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by name."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
