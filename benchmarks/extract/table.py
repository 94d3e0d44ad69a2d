"""A table of eleven columns as source systems have them, made on the server."""

import sqlalchemy as sa

NAME = "benchmark_extract"
COLUMNS = {
    "serial": "integer",
    "number": "code",
    "kind": "code",
    "name": "text",
    "remark": "text optional",
    "amount": "money",
    "rate": "money optional",
    "count": "integer",
    "issued_on": "date",
    "received_at": "moment",
    "closed_at": "moment optional",
}
SELECT = f"select {', '.join('n_' + name + ' as ' + name for name in COLUMNS)} from {NAME}"
CREATE = f"""create table {NAME} (n_serial bigint, n_number char(13), n_kind char(4), n_name varchar(40),
    n_remark varchar(80), n_amount numeric(10, 2), n_rate numeric(18, 4), n_count integer, n_issued_on date,
    n_received_at {{moment}}, n_closed_at {{moment}})"""
POSTGRESQL = f"""insert into {NAME}
    select g, lpad(cast(g as text), 13, '0'), chr(65 + g % 26), '申请人' || g % 9973,
    case when g % 3 = 0 then null else '备注文字 ' || g end, g % 100000 / 100.0,
    case when g % 5 = 0 then null else g % 1000 end, g % 500, date '2008-05-01' + g % 5000,
    timestamp '2023-01-01 00:00:00' + g % 31536000 * interval '1 second',
    case when g % 7 = 0 then null else timestamp '2023-01-02 00:00:00' + g % 31536000 * interval '1 second' end
    from generate_series(1, :rows) as g"""
MARIADB = f"""insert into {NAME}
    select seq, lpad(seq, 13, '0'), char(65 + seq % 26), concat('申请人', seq % 9973),
    if(seq % 3 = 0, null, concat('备注文字 ', seq)), seq % 100000 / 100.0, if(seq % 5 = 0, null, seq % 1000), seq % 500,
    date '2008-05-01' + interval seq % 5000 day,
    timestamp '2023-01-01 00:00:00' + interval seq % 31536000 second,
    if(seq % 7 = 0, null, timestamp '2023-01-02 00:00:00' + interval seq % 31536000 second)
    from seq_1_to_{{rows}}"""


def make(address: str, rows: int) -> None:
    """Drop the table and make it anew."""
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"drop table if exists {NAME}")
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(CREATE.format(moment="timestamp"))
            connection.execute(sa.text(POSTGRESQL), {"rows": rows})
        else:
            connection.exec_driver_sql(CREATE.format(moment="datetime"))
            connection.exec_driver_sql(MARIADB.format(rows=rows).replace("%", "%%"), ())
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"analyze {'table ' if engine.dialect.name != 'postgresql' else ''}{NAME}")
    engine.dispose()


def drop(address: str) -> None:
    """Take the table away again."""
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"drop table if exists {NAME}")
    engine.dispose()
