"""Rows that are not there, there twice, or of another year."""

from collections.abc import Iterator
from random import Random

from tests.mutations.fault import ROWS, Fault, RowsChanged
from tests.mutations.material import Rows
from tests.mutations.shapes import EXTRACTS, SHAPES, TIMED, YEARLY

MONTHS = ((3, 11), (7, 2), (12, 5), (1, 9))


def faults(rows: Rows) -> Iterator[Fault]:
    """Every fault of these families."""
    yield from _lost_month()
    yield from _lost_kind(rows)
    yield from _cut_off()
    yield from _lost_share()
    yield from _lost_few()
    yield from _doubled()
    yield from _wrong_zone()
    yield from _other_year()
    yield from _stale()


def _rows(family: str, extract: str, words: str, sql: str, *, base: bool = False) -> Fault:
    year = "上年基数，" if base else ""
    return Fault(ROWS, family, f"{SHAPES[extract].name}，{year}{words}", RowsChanged(extract, sql, base))


def _lost_month() -> Iterator[Fault]:
    for position, extract in enumerate(EXTRACTS):
        when = SHAPES[extract].when
        for month in MONTHS[position % len(MONTHS)]:
            sql = f"select * from rows where not (year({when}) = 2023 and month({when}) = {month})"
            yield _rows("缺一个月", extract, f"没有 {month} 月的行", sql)
    for extract in YEARLY[:4]:
        when = SHAPES[extract].when
        sql = f"select * from rows where month({when}) <> 8"
        yield _rows("缺一个月", extract, "没有 8 月的行", sql, base=True)


def _lost_kind(rows: Rows) -> Iterator[Fault]:
    """A condition too many in the query: one kind is never read."""
    random = Random(101)
    for extract in EXTRACTS:
        for column in SHAPES[extract].kinds:
            known = rows.values(extract, column)
            for value in dict.fromkeys((known[0], random.choice(known[1:3]), random.choice(known[3:] or known))):
                sql = f"select * from rows where {column} is distinct from '{value}'"
                yield _rows("缺一类", extract, f"没有 {column} 为 {value} 的行", sql)


def _cut_off() -> Iterator[Fault]:
    """Read before the year was over, or a limit on the number of rows."""
    for position, extract in enumerate(EXTRACTS):
        when = SHAPES[extract].when
        for day in ("2023-10-01", "2023-12-16" if position % 2 else "2023-11-24"):
            sql = f"select * from rows where {when} < timestamp '{day}'"
            yield _rows("截断", extract, f"{day} 起没有行", sql)
    for extract in YEARLY:
        sql = "select * from rows where n <= (select count(*) * 6 // 10 from rows)"
        yield _rows("截断", extract, "只取到前六成", sql)


def _lost_share() -> Iterator[Fault]:
    for extract in EXTRACTS:
        for words, divisor, kept in (("均匀地少了三分之一", 3, "<> 1"), ("均匀地少了三分之二", 3, "= 1")):
            yield _rows("缺一部分", extract, words, f"select * from rows where n % {divisor} {kept}")


def _lost_few() -> Iterator[Fault]:
    """Single rows deleted in the source itself: a count of the rows that are left shows nothing."""
    random = Random(102)
    for extract in EXTRACTS:
        when = SHAPES[extract].when
        inside = f"select n from rows where year({when}) = 2023 order by n"
        at = random.randrange(200)
        sql = f"select * from rows where n not in ({inside} limit 3 offset {at})"
        yield _rows("缺几行", extract, "少了 3 行", sql)


def _doubled() -> Iterator[Fault]:
    random = Random(103)
    for extract in EXTRACTS:
        when = SHAPES[extract].when
        inside = f"select n from rows where year({when}) = 2023 order by n"
        for count in (1, 40):
            at = random.randrange(100)
            sql = f"select * from rows union all select * from rows where n in ({inside} limit {count} offset {at})"
            yield _rows("重复行", extract, f"{count} 行原样出现两次", sql)
        yield _rows("重复行", extract, "整个提取接了两遍", "select * from rows union all select * from rows")
    for extract in ("vehicle_transaction", "penalty_decision", "incident_call", "licensing_decision"):
        key = SHAPES[extract].key
        again = f"select * replace ({key} || 'x' as {key}) from rows"
        yield _rows("重复行", extract, "整个提取接了两遍，编号另起", f"select * from rows union all {again}")
        yield _rows(
            "重复行",
            extract,
            "40 行重登，编号另起",
            f"select * from rows union all {again} where n between 900 and 939",
        )


def _wrong_zone() -> Iterator[Fault]:
    for extract in TIMED:
        when = SHAPES[extract].when
        for words, sign in (("早 8 小时", "-"), ("晚 8 小时", "+")):
            sql = f"select * replace ({when} {sign} interval 8 hour as {when}) from rows"
            yield _rows("时区错误", extract, f"时间{words}", sql)
    for extract in YEARLY:
        when = SHAPES[extract].when
        # the query's limits shifted too: what leaves the year is not read, and nothing takes its place
        sql = f"select * from (select * replace ({when} + interval 8 hour as {when}) from rows)"
        yield _rows("时区错误", extract, "时间晚 8 小时，出了年度的没有取", f"{sql} where year({when}) = 2023")
    for extract in YEARLY[:4]:
        when = SHAPES[extract].when
        sql = f"select * replace ({when} - interval 8 hour as {when}) from rows"
        yield _rows("时区错误", extract, "时间早 8 小时", sql, base=True)


def _other_year() -> Iterator[Fault]:
    for extract in YEARLY:
        when = SHAPES[extract].when
        for count in (1, 60):
            more = f"select * from before where n > 300 limit {count}"
            yield _rows("混入外年", extract, f"混入上年 {count} 行", f"select * from rows union all {more}")
        later = f"select * replace ({when} + interval 1 year as {when}) from rows where n % 50 = 7"
        kept = "select * from rows where n % 50 <> 7"
        yield _rows("混入外年", extract, "五十分之一错写为下一年", f"{kept} union all {later}")


def _stale() -> Iterator[Fault]:
    for extract in EXTRACTS:
        # of a handed-over file see the families on exports: its title and its dates are read there
        if extract in YEARLY:
            yield _rows("上年的数据", extract, "取了上年的", "select * from before")
    for extract in ("vehicle_register", "licence_register"):
        when = SHAPES[extract].when
        sql = (
            f"select * replace (case when left_on >= date '2022-12-20' then null else left_on end as left_on, "
            f"case when left_on >= date '2022-12-20' then 'A' else status end as status) "
            f"from rows where {when} < date '2022-12-20'"
        )
        yield _rows("上年的数据", extract, "取自上年末的副本", sql)
