"""Secrets from a Prefect server: the third place, asked only where it is configured, and never quoted."""

import asyncio
import json
import os
import shutil
import socket
import threading
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tasks.secrets import secret
from tasks.settings import Settings
from tests.flows.conftest import Command, new_home
from yearbook.errors import Refusal

PROJECT = Path(__file__).parents[2]
CANARY = "CANARY-5519"

Configure = Callable[[str], None]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """Make an address the configured server's, as it would be had it stood in the environment from the start."""
    from contextlib import ExitStack

    from prefect.settings import PREFECT_API_URL, temporary_settings

    with ExitStack() as stack:

        def at(address: str) -> None:
            monkeypatch.setenv("PREFECT_API_URL", address)
            stack.enter_context(temporary_settings({PREFECT_API_URL: address}))

        yield at


def a_name() -> str:
    return f"YB_Test_{uuid.uuid4().hex}"


def save_block(server: str, name: str, value: object) -> None:
    """Save a Secret block as a person does, by its own name."""
    from prefect.blocks.system import Secret
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: server}):
        asyncio.run(Secret(value=value).asave(name.lower().replace("_", "-")))  # type: ignore[arg-type]


def refused(name: str, folder: Path | None = None, *, may_pass: bool = False) -> str:
    with pytest.raises(Refusal) as refusal:
        secret(Settings(secrets=folder), name)
    assert refusal.value.__context__ is None, "nothing that quotes an answer may hang on a refusal"
    assert CANARY not in str(refusal.value)
    assert refusal.value.may_pass == may_pass
    return str(refusal.value)


def test_a_block_is_the_third_place(
    server: str, configure: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = a_name()
    save_block(server, name, f" {CANARY}\n")
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert f"没有名为 {name} 的密钥" in refused(name), "no server is configured, so none is asked"
    configure(server)
    assert secret(Settings(secrets=tmp_path), name) == CANARY
    (tmp_path / name).write_text("from the file")
    (tmp_path / name).chmod(0o600)
    assert secret(Settings(secrets=tmp_path), name) == "from the file"
    monkeypatch.setenv(name, "from the environment")
    assert secret(Settings(secrets=tmp_path), name) == "from the environment"


def test_a_server_without_the_block_is_named_as_a_place(server: str, configure: Configure) -> None:
    name = a_name()
    configure(server)
    told = refused(name)
    assert f"没有名为 {name} 的密钥" in told
    assert f"名为 {name.lower().replace('_', '-')} 的 Secret 块" in told


@pytest.mark.parametrize(("value", "words"), [("  ", "Secret 块是空的"), ({"password": CANARY}, "不是文字")])
def test_a_block_that_holds_no_text_is_refused(server: str, configure: Configure, value: object, words: str) -> None:
    name = a_name()
    save_block(server, name, value)
    configure(server)
    assert words in refused(name)


@pytest.fixture
def stand_in() -> Iterator[tuple[str, list[str], dict[str, tuple[int, str]]]]:
    """Something else than Prefect that listens: its address, the paths it was asked, and what it answers."""
    asked: list[str] = []
    answer: dict[str, tuple[int, str]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            code, text = answer["now"]
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_address[1]}/api", asked, answer
        listening.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        (500, json.dumps({"detail": CANARY}), "状态码 500"),
        (401, json.dumps({"detail": CANARY}), "状态码 401"),
        (403, CANARY, "状态码 403"),
        (404, json.dumps({"detail": "Not Found", "x": CANARY}), "不是 Prefect 服务"),
        (200, f"<html>{CANARY}</html>", "内容看不懂"),
        (200, json.dumps({"data": {"value": CANARY}, "name": [CANARY]}), "内容看不懂"),
    ],
)
def test_a_server_that_does_not_tell_is_no_missing_secret(
    stand_in: tuple[str, list[str], dict[str, tuple[int, str]]],
    configure: Configure,
    code: int,
    text: str,
    words: str,
) -> None:
    address, asked, answer = stand_in
    name = a_name()
    answer["now"] = (code, text)
    configure(address)
    told = refused(name, may_pass=code == 500)
    assert f"查找密钥 {name} 时 Prefect 服务没有答复" in told
    assert words in told
    assert "没有名为" not in told
    assert len(asked) == 1


def test_a_server_that_is_not_there_is_no_missing_secret(configure: Configure) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        configure(f"http://127.0.0.1:{bound.getsockname()[1]}/api")
        told = refused(a_name(), may_pass=True)
    assert "没有答复：ConnectError" in told
    assert "PREFECT_API_URL" in told


def test_a_server_is_not_asked_where_a_nearer_place_has_the_secret(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = a_name()
    configure("http://127.0.0.1:9/api")
    monkeypatch.setenv(name, "near")
    assert secret(Settings(secrets=None), name) == "near"


def test_a_run_with_a_secret_of_the_server_tells_it_nowhere(
    tmp_path: Path, server: str, demo_sources: Callable[[str], Path], yearbook: Command
) -> None:
    """A database's address comes from a block; store, report, terminal and the server's logs do not have it."""
    name = a_name()
    home = new_home(tmp_path, demo_sources("yunlu"))
    hidden = tmp_path / f"{CANARY}-{uuid.uuid4().hex}"
    hidden.mkdir()
    shutil.move(home / "demo" / "yunlu" / "vehicles.sqlite", hidden / "vehicles.sqlite")
    save_block(server, name, f"sqlite:///{hidden / 'vehicles.sqlite'}")
    around = {"YEARBOOK_PROJECT": str(project_with_secret(tmp_path, name)), "PREFECT_API_URL": server}
    ended = yearbook("run", "yunlu", "2023", "--verbose", home=home, **around)
    assert ended.code == 0, ended.err
    assert "提取 vehicles" in ended.err

    written = {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert "store/audit.db" in written
    assert len(written) > 60
    known = server_knows(server)
    assert "提取 vehicles" in json.dumps(json.loads(known["logs"]), ensure_ascii=False)
    seen = written | {"out": ended.out.encode(), "err": ended.err.encode()} | known
    assert [place for place, data in seen.items() if hidden.name.encode() in data] == []


def project_with_secret(folder: Path, name: str) -> Path:
    """The project's catalogue and bodies, the small body's first database under a secret."""
    for part in ("sql", "expectations", "deployments"):
        shutil.copytree(PROJECT / part, folder / "project" / part)
    body = folder / "project" / "deployments" / "agencies" / "yunlu.toml"
    plain = 'url = "sqlite:///{home}/demo/yunlu/vehicles.sqlite"'
    text = body.read_text(encoding="utf-8")
    assert text.count(plain) == 1
    body.write_text(text.replace(plain, f'url_secret = "{name}"'), encoding="utf-8")
    return folder / "project"


def server_knows(server: str) -> dict[str, bytes]:
    """What the server tells of runs and logs, and the files it keeps; blocks lie there encrypted."""
    told = {}
    for what in ("flow_runs", "task_runs", "logs"):
        request = urllib.request.Request(
            f"{server}/{what}/filter", data=b"{}", headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            told[what] = answer.read()
    shared = Path(os.environ["YEARBOOK_TEST_SHARED"])
    files = [path for path in shared.rglob("*") if path.is_file()]
    assert any(path.name == "server.log" for path in files)
    assert any(path.suffix == ".db" for path in files)
    return told | {path.name: path.read_bytes() for path in files}
