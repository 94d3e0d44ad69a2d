"""One view for several connections: PostgreSQL exports the snapshot of a transaction, others import it."""

from sqlalchemy import Connection, text

EXPORT = text("select pg_export_snapshot()")
# what decides how a query is understood and how long it may take
COPIED = (
    "search_path",
    "TimeZone",
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
)
FIXED = {"DateStyle": "ISO, YMD"}


def other_than_psycopg(connection: Connection) -> str:
    """Why a reader that imports the view cannot be used here; empty on PostgreSQL by psycopg."""
    known = (connection.dialect.name, connection.dialect.driver) == ("postgresql", "psycopg")
    return "" if known else "只读 PostgreSQL（postgresql+psycopg）"


def importing(connection: Connection) -> list[str]:
    """Statements that let a fresh transaction (repeatable read, read only) see what this connection sees.

    The names of a query mean the same there, and its limits are the same.
    """
    snapshot = connection.execute(EXPORT).scalar_one()
    settings = {name: _setting(connection, name) for name in COPIED} | FIXED
    statements = [written("set transaction snapshot :snapshot", snapshot=snapshot)]
    return statements + [
        written("select set_config(:name, :value, true)", name=name, value=value) for name, value in settings.items()
    ]


def options(connection: Connection) -> str:
    """The same settings as libpq's ``options``, for a library that looks at a query before its transaction begins."""
    settings = {name: _setting(connection, name) for name in COPIED} | FIXED
    return " ".join(f"-c{name}={_escaped(value)}" for name, value in settings.items())


def written(statement: str, **values: str) -> str:
    """A statement of ours with its values as literals, for libraries that cannot bind them."""
    return str(text(statement).bindparams(**values).compile(compile_kwargs={"literal_binds": True}))


def _setting(connection: Connection, name: str) -> str:
    value = connection.execute(text("select current_setting(:name)"), {"name": name}).scalar_one()
    return str(value)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(" ", "\\ ")
