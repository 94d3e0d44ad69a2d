"""May the account that reads a source also write there? Reading does not need it, and whoever has it can do harm."""

import re

from sqlalchemy import Connection, text

from tasks.sources.database.readers.base import MYSQL

NOTE = "账号可以写入来源数据库，建议改用只读账号"
POSTGRESQL = text(
    """
    select
        coalesce((select r.rolsuper from pg_roles r where r.rolname = current_user), false)
        or exists (
            select 1 from pg_namespace n
            where n.nspname = any(current_schemas(false)) and has_schema_privilege(n.oid, 'create')
        )
        or exists (
            select 1 from pg_class c
            inner join pg_namespace n on c.relnamespace = n.oid
            where n.nspname = any(current_schemas(false)) and c.relkind in ('r', 'p', 'v', 'm', 'f')
            and has_table_privilege(c.oid, 'insert, update, delete, truncate')
        )
    """
)
MYSQL_WRITES = re.compile(
    r"^GRANT\b.*\b(ALL PRIVILEGES|INSERT|UPDATE|DELETE|CREATE(?! TEMPORARY)|DROP|ALTER|INDEX|TRIGGER|SUPER)\b.*? ON ",
    re.IGNORECASE,
)


def account_notes(connection: Connection) -> tuple[str, ...]:
    """A note where the account could write; nothing for a file and for products that are not asked."""
    if connection.dialect.name == "postgresql":
        writes = bool(connection.execute(POSTGRESQL).scalar_one())
    elif connection.dialect.name in MYSQL:
        # the rows hold the password's hash; they are looked at here and go nowhere
        writes = any(MYSQL_WRITES.match(grant) for (grant,) in connection.execute(text("show grants")))
    else:
        writes = False
    return (NOTE,) if writes else ()
