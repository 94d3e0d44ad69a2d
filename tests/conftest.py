"""What every test may use: options of the test run, servers, and the demonstration's sources."""

import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from tasks.demo import build
from tasks.library import Library, load_library

PROJECT = Path(__file__).parents[1]
# A test with one of these marks may only be skipped where the thing it needs is absent.
SERVERS = frozenset({"postgresql", "mariadb", "browser", "office"})
POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/test"
MARIADB = "mysql+pymysql://root@127.0.0.1:3306/test"
CONNECT = {"connect_timeout": 3}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-servers", action="store_true", help="a test that is skipped because a server is absent fails"
    )
    parser.addoption("--rewrite-golden", action="store_true", help="rewrite the files under tests/golden")


def pytest_configure(config: pytest.Config) -> None:
    """A folder that all workers of this session share; what stands in it as a server is stopped at the end."""
    if not hasattr(config, "workerinput"):
        os.environ["YEARBOOK_TEST_SHARED"] = tempfile.mkdtemp(prefix="yearbook-session-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    shared = Path(os.environ["YEARBOOK_TEST_SHARED"])
    for note in shared.glob("*.pid"):
        with suppress(ProcessLookupError):
            os.kill(int(note.read_text()), signal.SIGTERM)
    shutil.rmtree(shared, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With ``--require-servers`` a skipped test of a server fails with the reason of the skip."""
    report = yield
    needs = SERVERS.intersection(mark.name for mark in item.iter_markers())
    expected = hasattr(report, "wasxfail")
    if report.skipped and needs and not expected and item.config.getoption("--require-servers"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"--require-servers：不得跳过（{'、'.join(sorted(needs))}）：{reason}"
    return report


@pytest.fixture(scope="session")
def project() -> Path:
    """The project folder."""
    return PROJECT


@pytest.fixture(scope="session")
def library() -> Library:
    """The catalogue as it lies on disk."""
    return load_library(PROJECT)


@pytest.fixture(scope="session")
def demo_sources(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Build a demonstration body's sources, once per session, as ``<home>/demo/<body>/``."""
    home = tmp_path_factory.mktemp("home")
    built: dict[str, Path] = {}

    def sources(body: str) -> Path:
        if body not in built:
            folder = home / "demo" / body
            build((PROJECT / "deployments" / "demo" / f"{body}.toml").read_text(encoding="utf-8"), folder)
            built[body] = folder
        return built[body]

    return sources


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """Address of an empty schema on a PostgreSQL server; the schema is dropped afterwards."""
    name = f"yearbook_{secrets.token_hex(6)}"
    server = _server("PostgreSQL", os.environ.get("YEARBOOK_TEST_POSTGRESQL", POSTGRESQL), f"CREATE SCHEMA {name}")
    url = server.url.update_query_dict({"options": f"-csearch_path={name}"})
    yield url.render_as_string(hide_password=False)
    _drop(server, f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def mariadb_url() -> Iterator[str]:
    """Address of an empty database on a MariaDB server; the database is dropped afterwards."""
    name = f"yearbook_{secrets.token_hex(6)}"
    create = f"CREATE DATABASE {name} CHARACTER SET utf8mb4"
    server = _server("MariaDB", os.environ.get("YEARBOOK_TEST_MARIADB", MARIADB), create)
    yield server.url.set(database=name).render_as_string(hide_password=False)
    _drop(server, f"DROP DATABASE {name}")


def _server(product: str, address: str, statement: str) -> sa.Engine:
    """An engine on a running server after one statement there; skips the test where none runs."""
    try:
        engine = sa.create_engine(address, isolation_level="AUTOCOMMIT", connect_args=CONNECT)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
    except ImportError as error:
        pytest.skip(f"没有安装 {product} 的驱动：{error}")
    except sa.exc.OperationalError as error:
        pytest.skip(f"{product} 未运行：{str(error.orig).splitlines()[0]}")
    return engine


def _drop(server: sa.Engine, statement: str) -> None:
    with server.connect() as connection:
        connection.exec_driver_sql(statement)
    server.dispose()
