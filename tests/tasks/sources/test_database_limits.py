"""What a source may cost, which failures may pass, and what is told about them."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace

import pytest
import sqlalchemy as sa

from tasks.library import Library
from tasks.sources.database.readers.base import ReaderFailure
from tasks.sources.database.readers.choice import why_not
from tasks.sources.database.readers.connector import Connector
from tasks.sources.database.readers.odbc import Odbc
from tasks.sources.database.readers.scanner import Scanner
from tasks.sources.database.session import Limits
from tasks.sources.database.view import Asked, one_view, open_source
from tasks.sources.snapshot import Snapshot
from tests.tasks.sources.databases import Database
from tests.tasks.sources.reading import WAYS, YEAR, account, skip_where_not_installed
from yearbook.errors import Refusal

Query = Callable[..., dict[str, Snapshot]]
SHORT = Limits(connect_seconds=5, statement_seconds=1, lock_seconds=1)
COLUMNS = "JDWH as decision_number, SXBM as item_code, JDSJ as decided_at, JDJG as result, ZT as status"
SECRET = "canary-password-41010519491231002X"
SERVERS = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("postgresql", "mariadb")]


@pytest.fixture
def server(server: Database) -> Database:
    """With one decision in it."""
    server.create("XZXK_DECISION")
    row = {"JDWH": "1", "SXBM": "0101", "JDSJ": "2023-05-01 08:00:00", "JDJG": "1", "ZT": "1"}
    server.fill("XZXK_DECISION", [row])
    return server


def refusal_of(query: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        query()
    return refusal.value


def skip_without(reader: str, url: str, library: Library) -> None:
    """A driver that this machine does not have is no failure of ours."""
    source = library.sources["licensing"]
    asked = Asked("", f"select {COLUMNS} from XZXK_DECISION", YEAR)
    with one_view(open_source(url, source), source, [asked]) as view:
        reason = why_not(reader, view.connection, tuple(view.questions.values()), forced=True)
    skip_where_not_installed(reason)
    assert not reason


@pytest.mark.parametrize(("product", "reader"), WAYS)
def test_a_statement_that_takes_too_long_is_ended_and_not_tried_again(
    product: str, reader: str, server: Database, query: Query, library: Library
) -> None:
    skip_without(reader, server.url, library)
    wait = "(select 1 from pg_sleep(20)) = 1" if product == "postgresql" else "sleep(20) = 0"
    sql = f"select {COLUMNS} from XZXK_DECISION where {wait}"
    refusal = refusal_of(lambda: query(server.url, "licensing", sql=sql, reader=reader, limits=SHORT))
    assert "超过单条语句的时限" in refusal.what
    assert "YEARBOOK_STATEMENT_SECONDS" in refusal.todo
    assert not refusal.may_pass


@pytest.mark.parametrize("product", SERVERS)
def test_a_lock_of_somebody_else_may_pass(product: str, server: Database, query: Query) -> None:
    words = "lock table XZXK_DECISION in access exclusive mode"
    with server.owner() as owner:
        owner.exec_driver_sql(words if product == "postgresql" else "lock tables XZXK_DECISION write")
        patient = Limits(statement_seconds=30, lock_seconds=1)
        refusal = refusal_of(lambda: query(server.url, "licensing", limits=patient))
    assert refusal.may_pass
    assert "读取失败" in refusal.what
    assert query(server.url, "licensing")["licensing_decision"].row_count == 1


def test_a_locked_file_may_pass(tmp_path: object, query: Query) -> None:
    url = f"sqlite:///{tmp_path}/source.sqlite"
    Database(url).create("XZXK_DECISION")
    engine = sa.create_engine(url)
    with engine.connect() as owner:
        owner.exec_driver_sql("begin exclusive")
        refusal = refusal_of(lambda: query(url, "licensing", limits=Limits(lock_seconds=1)))
    assert "database is locked" in refusal.what
    assert refusal.may_pass


@pytest.mark.parametrize("product", SERVERS)
def test_a_port_that_opens_later_is_read_then(product: str, server: Database, query: Query) -> None:
    with closing(socket.socket()) as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
        url = sa.make_url(server.url).set(port=port).render_as_string(hide_password=False)
        refusal = refusal_of(lambda: query(url, "licensing"))
        assert refusal.may_pass
        place.listen()
        with forwarding(place, sa.make_url(server.url)):
            assert query(url, "licensing")["licensing_decision"].row_count == 1


@contextmanager
def forwarding(place: socket.socket, address: sa.URL) -> Iterator[None]:
    """Hand every connection on to the server."""
    with ExitStack() as stack:

        def pass_on(source: socket.socket, target: socket.socket) -> None:
            with suppress(OSError):
                while data := source.recv(65_536):
                    target.sendall(data)
                target.shutdown(socket.SHUT_WR)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    inside, _ = place.accept()
                    outside = socket.create_connection((str(address.host), int(address.port or 0)))
                    stack.enter_context(closing(inside))
                    stack.enter_context(closing(outside))
                    for pair in ((inside, outside), (outside, inside)):
                        threading.Thread(target=pass_on, args=pair, daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield
        place.shutdown(socket.SHUT_RDWR)


@pytest.fixture(params=SERVERS)
def product(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class TestWhatDoesNotPass:
    def test_a_database_that_does_not_exist(self, server: Database, query: Query) -> None:
        url = sa.make_url(server.url).set(database="no_such_database").render_as_string(hide_password=False)
        refusal = refusal_of(lambda: query(url, "licensing"))
        assert "no_such_database" in refusal.what
        assert not refusal.may_pass

    def test_a_missing_column(self, server: Database, query: Query) -> None:
        refusal = refusal_of(lambda: query(server.url, "licensing", sql="select NOPE as a from XZXK_DECISION"))
        assert "nope" in refusal.what.lower()
        assert not refusal.may_pass

    def test_bad_syntax(self, server: Database, query: Query) -> None:
        refusal = refusal_of(lambda: query(server.url, "licensing", sql="select from from XZXK_DECISION"))
        assert "syntax" in refusal.what
        assert not refusal.may_pass

    def test_no_permission(self, server: Database, query: Query) -> None:
        with account(server, password="right") as (name, url):
            with server.owner() as owner:
                schema = str(sa.make_url(server.url).query.get("options", "")).rpartition("=")[2]
                place = f"all tables in schema {schema}" if schema else f"{sa.make_url(server.url).database}.*"
                owner.exec_driver_sql(f"revoke select on {place} from {name}")
                if not schema:
                    owner.exec_driver_sql(f"grant create temporary tables on {place} to {name}")
            refusal = refusal_of(lambda: query(url, "licensing"))
        assert "denied" in refusal.what
        assert not refusal.may_pass

    def test_a_value_that_the_server_quotes_is_not_repeated(self, product: str, server: Database, query: Query) -> None:
        if product == "mariadb":
            sql = (
                f"select {COLUMNS} from XZXK_DECISION where 1 = (select 1 union select 2 where '{SECRET}' = '{SECRET}')"
            )
        else:
            sql = f"select {COLUMNS} from XZXK_DECISION where cast(JDWH || '{SECRET}' as integer) = 1"
        for reader in ("", "sqlalchemy"):
            refusal = refusal_of(lambda reader=reader: query(server.url, "licensing", sql=sql, reader=reader))
            assert "读取失败" in refusal.what
            assert SECRET not in str(refusal)
            assert not refusal.may_pass


@pytest.mark.postgresql
@pytest.mark.parametrize("kind", [Scanner, Odbc])
@pytest.mark.parametrize("product", ["postgresql"])
def test_no_fast_reader_tells_the_password(
    product: str,
    kind: type,
    server: Database,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Its own connection fails, after SQLAlchemy's has stood."""
    caplog.set_level("DEBUG")
    source = library.sources["licensing"]
    asked = Asked("", f"select {COLUMNS} from XZXK_DECISION", YEAR)
    wrong = sa.make_url(server.url).set(password=f"{SECRET} '&", username="no_such_reader")
    with one_view(open_source(server.url, source), source, [asked], reader="sqlalchemy") as view:
        monkeypatch.setattr(view.connection.engine, "url", wrong)
        question = view.question(asked)
        with pytest.raises(ReaderFailure) as failure:
            kind(view.connection, (), [question]) if kind is Odbc else kind(view.connection)
    assert "no_such_reader" in str(failure.value)
    assert_untold(failure.value, caplog, capfd)


@pytest.mark.postgresql
@pytest.mark.parametrize("product", ["postgresql"])
def test_connectorx_does_not_tell_the_password(
    product: str,
    server: Database,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Its question fails: a wrong account would keep it busy for half a minute."""
    caplog.set_level("DEBUG")
    source = library.sources["licensing"]
    asked = Asked("", f"select {COLUMNS} from XZXK_DECISION", YEAR)
    with one_view(open_source(server.url, source), source, [asked], reader="sqlalchemy") as view:
        monkeypatch.setattr(view.connection.engine, "url", sa.make_url(server.url).set(password=f"{SECRET} +@'&"))
        question = replace(view.question(asked), query=sa.text("select NOPE as a from XZXK_DECISION"), parameters={})
        with pytest.raises(ReaderFailure, match="does not exist") as failure:
            list(Connector(view.connection).answer(question, 10).batches)
    assert_untold(failure.value, caplog, capfd)


@pytest.mark.mariadb
def test_odbc_on_mariadb_does_not_tell_the_password(
    mariadb_url: str,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level("DEBUG")
    server, source = Database(mariadb_url), library.sources["licensing"]
    server.create("XZXK_DECISION")
    skip_without("odbc", mariadb_url, library)
    with account(server, password="right") as (name, url), one_view(open_source(url, source), source) as view:
        monkeypatch.setattr(view.connection.engine, "url", sa.make_url(url).set(password=SECRET))
        with pytest.raises(ReaderFailure, match="Access denied") as failure:
            Odbc(view.connection, (), [])
    assert name in str(failure.value)
    assert_untold(failure.value, caplog, capfd)


def assert_untold(failure: Exception, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    told = [caplog.text, *capfd.readouterr()]
    cause: BaseException | None = failure
    while cause:
        told += [str(cause), repr(cause), str(cause.args)]
        cause = cause.__cause__ or cause.__context__
    assert not any(SECRET in text for text in told)


def test_a_refusal_that_may_pass_is_worth_a_retry() -> None:
    from prefect.states import Failed

    from tasks.steps import _worth_retrying

    def asked(error: Exception) -> bool:
        return _worth_retrying(None, None, Failed(data=error))

    assert asked(Refusal("来源重启", todo="等待", may_pass=True))
    assert not asked(Refusal("密码不对", todo="更正"))
    assert asked(RuntimeError("anything else"))
