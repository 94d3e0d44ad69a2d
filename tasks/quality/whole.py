"""Checks of a whole table that take a query of their own: no gap in days or numbers, nothing of last year's gone.

Last year's rows stand beside this year's in a view with ``before_`` in front of the extract's name.
"""

from dataclasses import replace

from tasks.quality.predicates import named, present, require_columns, year_limits
from tasks.sources.snapshot import Snapshot
from yearbook.catalog import Extract, Rule
from yearbook.period import ReportYear

BEFORE = "before_"
AGAINST_LAST_YEAR = frozenset({"as_before", "keeps"})
OWN_QUERY = AGAINST_LAST_YEAR | {"no_gap", "numbered"}


def whole_query(rule: Rule, extract: Extract, year: ReportYear) -> str:
    """One SELECT with two numbers: what was judged, and how much of it breaks the rule.

    Args:
        rule: A rule ``no_gap``, ``as_before``, ``keeps`` or ``numbered``.
        extract: The extract it judges.
        year: The year that the rows answer for.

    Raises:
        Refusal: The rule names a column that the extract does not have, or one of a type its check cannot judge.
    """
    require_columns(rule, extract)
    if rule.check == "no_gap":
        return _no_gap(rule, extract, year)
    return {"as_before": _as_before, "keeps": _keeps, "numbered": _numbered}[rule.check](rule)


def _no_gap(rule: Rule, extract: Extract, year: ReportYear) -> str:
    """Rows of the year and one where too many days in a row have none; not judged where rows are few.

    A list that goes on from year to year is judged by the rows of the year before as well: with hardly a row in the
    year it is last year's.
    """
    [name] = rule.columns
    kind, column = extract.column(name).type, named(name)
    (start, end), (earlier, _) = year_limits(kind, year), year_limits(kind, year.previous)
    first, last = f"CAST({start} AS DATE)", f"CAST({end} AS DATE)"
    rows = f"SELECT CAST({column} AS DATE) AS day FROM {named(rule.extract)} WHERE {column} >="
    return (
        f"WITH inside AS ({rows} {start} AND {column} < {end}), before AS ({rows} {earlier} AND {column} < {start}), "
        "days AS (SELECT DISTINCT day FROM inside), "
        f"steps AS (SELECT day - coalesce(lag(day) OVER (ORDER BY day), {first} - 1) AS step FROM days "
        f"UNION ALL SELECT {last} - coalesce(max(day), {first} - 1) FROM days), "
        "found AS (SELECT greatest((SELECT count(*) FROM inside), (SELECT count(*) FROM before)) AS n, "
        "(SELECT max(step) FROM steps) AS longest) "
        f"SELECT CASE WHEN n < {rule.low or 1} THEN 0 ELSE n END, CASE WHEN n >= {rule.low or 1} "
        f"AND longest - 1 > {rule.high} THEN 1 ELSE 0 END FROM found"
    )


def _as_before(rule: Rule) -> str:
    """Values that stood in enough of last year's rows, and those of them that stand in none of this year's."""
    before, now = named(BEFORE + rule.extract), named(rule.extract)
    found = []
    for column in map(named, rule.columns):
        filled = f"{before} WHERE {column} IS NOT NULL"
        often = f"SELECT {column} FROM {filled} GROUP BY {column} HAVING count(*) >= {rule.low}"
        here = f"SELECT {column} FROM {now} WHERE {column} IS NOT NULL"
        found.append(f"SELECT CASE WHEN {column} IN ({here}) THEN 0 ELSE 1 END AS gone FROM ({often})")
    usual = " UNION ALL ".join(found)
    return f"WITH usual AS ({usual}) SELECT count(*), coalesce(sum(gone), 0) FROM usual"


def _keeps(rule: Rule) -> str:
    """Keys of last year's rows, and those of them that this year's rows no longer have."""
    before, now = named(BEFORE + rule.extract), named(rule.extract)
    names = tuple(map(named, rule.columns))
    key, filled = f"({', '.join(names)})", present(names)
    gone = f"CASE WHEN {key} IN (SELECT {key} FROM {now} WHERE {filled}) THEN 0 ELSE 1 END"
    kept = f"SELECT {gone} AS gone FROM {before} WHERE {filled}"
    return f"WITH kept AS ({kept}) SELECT count(*), coalesce(sum(gone), 0) FROM kept"


def _numbered(rule: Rule) -> str:
    """Rows with a number, and the numbers up to the largest that no row has."""
    [column] = map(named, rule.columns)
    found = (
        f"SELECT count({column}) AS n, max({column}) - count(DISTINCT {column}) AS missing FROM {named(rule.extract)}"
    )
    return f"WITH found AS ({found}) SELECT n, coalesce(greatest(missing, 0), 0) FROM found"


def as_before(item: Snapshot) -> Snapshot:
    """Last year's rows under a name of their own, to stand beside this year's."""
    return replace(item, extract=item.extract.model_copy(update={"code": BEFORE + item.extract.code}))
