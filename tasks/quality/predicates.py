"""Rules as SQL: the one definition of what a rule asks of a row, for counting, listing and taking rows out.

A predicate is text over the columns of one row of the extract's view. Names and literals are quoted here and nowhere
else; ``where`` and ``condition`` are the statistician's own SQL and stand in brackets of their own.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from yearbook.catalog import Code, Extract, Rule
from yearbook.errors import Refusal
from yearbook.period import ReportYear

NUMBERS, TIMES, TEXTS = frozenset({"integer", "money"}), frozenset({"date", "moment"}), frozenset({"text", "code"})
# Types that the first column of a check may have; a comparison across types would depend on the engine.
TYPES: dict[str, frozenset[str]] = {
    "in_codes": TEXTS,
    "made_of_codes": TEXTS,
    "counts": TEXTS,
    "in_set": TEXTS,
    "matches": TEXTS,
    "check_digit": TEXTS,
    "between": NUMBERS,
    "within_year": TIMES,
    "reaches_year": TIMES,
    "no_gap": TIMES,
    "numbered": NUMBERS,
    "not_after": TIMES,
    "present_when": TEXTS,
}
ALWAYS = "TRUE"
# GB 11643: weights of the first seventeen places, and what the weighted sum of all eighteen must leave over from 11.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
REMAINDER = 1


@dataclass(frozen=True, slots=True)
class Predicate:
    """A rule on rows as two SQL conditions.

    Attributes:
        judged: True for rows that the rule is asked of; never unknown.
        holds: True for rows that keep it; never unknown where the row is judged.
    """

    judged: str
    holds: str

    @property
    def failing(self) -> str:
        """True for rows that break the rule, false for all others."""
        return f"({self.judged}) AND NOT ({self.holds})"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A rule with what it refers to; names and codes are ready to stand in SQL."""

    rule: Rule
    columns: tuple[str, ...]
    types: tuple[str, ...]
    codes: tuple[Code, ...]
    year: ReportYear

    @property
    def column(self) -> str:
        return self.columns[0]

    @property
    def treated(self) -> tuple[str, ...]:
        return tuple(code.code for code in self.codes if code.counts_as == self.rule.treated)


def parts(rule: Rule, extract: Extract, codes: Mapping[str, tuple[Code, ...]], year: ReportYear) -> Predicate:
    """The rule as conditions on a row of its extract's view.

    Args:
        rule: A rule on rows, not on a whole table.
        extract: The extract it judges.
        codes: Code lists by name.
        year: The year that the rows answer for.

    Raises:
        Refusal: The rule names a column that the extract does not have, or one of a type its check cannot judge.
    """
    require_columns(rule, extract)
    types = tuple(extract.column(name).type for name in rule.columns)
    asked = _Asked(rule, tuple(map(named, rule.columns)), types, codes.get(rule.codes, ()), year)
    judged = _narrowed(JUDGED.get(rule.check, _present)(asked), rule)
    return Predicate(judged, HOLDS[rule.check](asked))


def require_columns(rule: Rule, extract: Extract) -> None:
    """Refuse a rule whose columns its extract does not have, or whose check cannot judge their type.

    Raises:
        Refusal: As said.
    """
    types = {column.name: column.type for column in extract.columns}
    if unknown := [name for name in rule.columns if name not in types]:
        raise unusable(rule, f"没有列 {'、'.join(unknown)}")
    looked_at = rule.columns if rule.check == "not_after" else rule.columns[:1]
    fitting = TYPES.get(rule.check)
    if fitting and (wrong := [name for name in looked_at if types[name] not in fitting]):
        raise unusable(rule, f"{rule.check} 不能用于 {types[wrong[0]]} 列 {wrong[0]}")


def unusable(rule: Rule, why: str = "") -> Refusal:
    """The refusal of a rule that cannot be evaluated.

    Args:
        rule: The rule.
        why: What is wrong with it; never an engine's words about data.
    """
    columns = f"，列 {'、'.join(rule.columns)}" if rule.columns else ""
    return Refusal(
        f"规则 {rule.code} 无法评估（{rule.source}.{rule.extract}{columns}）{'：' if why else ''}{why}",
        todo=f"核对 expectations/{rule.source}.toml 中该条的列名、条件和取值",
    )


def named(name: str) -> str:
    """A table's or column's name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def present(columns: Iterable[str]) -> str:
    """True where none of the columns, given as SQL, is empty."""
    return " AND ".join(f"{column} IS NOT NULL" for column in columns)


def duplicated(rule: Rule) -> str:
    """True for the rows of a ``unique`` rule whose key stands in another judged row as well; never unknown.

    Args:
        rule: The rule; its extract's view is read once more for it.
    """
    key = tuple(map(named, rule.columns))
    listed, judged = ", ".join(key), _narrowed(present(key), rule)
    doubled = f"SELECT {listed} FROM {named(rule.extract)} WHERE {judged} GROUP BY {listed} HAVING count(*) > 1"
    return f"{judged} AND ({listed}) IN ({doubled})"


def year_limits(kind: str, year: ReportYear) -> tuple[str, str]:
    """First instant of a year and of the next one, as SQL literals for a date or moment column."""
    return _instant(kind, year.start), _instant(kind, year.end)


def _instant(kind: str, instant: datetime) -> str:
    """Snapshots keep naive Beijing time."""
    if kind == "date":
        return f"DATE '{instant:%Y-%m-%d}'"
    return f"TIMESTAMP '{instant:%Y-%m-%d %H:%M:%S}'"


def _narrowed(judged: str, rule: Rule) -> str:
    """What is judged, less the rows that the rule's ``where`` leaves out."""
    return f"{judged} AND coalesce({_own(rule.where)}, FALSE)" if rule.where else judged


def _own(condition: str) -> str:
    """The statistician's SQL in brackets; on lines of its own, so that a comment in it ends."""
    return f"(\n{condition}\n)"


def _one_of(values: Iterable[str]) -> str:
    return f"({', '.join(map(literal, values))})"


def _present(asked: _Asked) -> str:
    return present(asked.columns)


def _in_list(asked: _Asked) -> str:
    return f"coalesce({_in_codes(asked)}, FALSE)"


def _in_codes(asked: _Asked) -> str:
    return f"{asked.column} IN {_one_of(code.code for code in asked.codes)}"


def _in_set(asked: _Asked) -> str:
    return f"{asked.column} IN {_one_of(asked.rule.values)}"


def _counts(asked: _Asked) -> str:
    return f"{asked.column} NOT IN {_one_of(asked.treated)}"


def _matches(asked: _Asked) -> str:
    return f"regexp_full_match({asked.column}, {literal(asked.rule.pattern)})"


def _made_of_codes(asked: _Asked) -> str:
    return f"regexp_full_match({asked.column}, {literal(f'({_any_of(code.code for code in asked.codes)})+')})"


def _any_of(values: Iterable[str]) -> str:
    """A pattern for one of the values, the longest first."""
    return "|".join(re.escape(value) for value in sorted(values, key=lambda value: (-len(value), value)))


def _treated_state(asked: _Asked) -> str:
    """True where the state is, or where all codes are one letter contains, a code that is so treated."""
    if all(len(code.code) == 1 for code in asked.codes):
        found = f"regexp_matches({asked.column}, {literal(_any_of(asked.treated))})"
    else:
        found = f"{asked.column} IN {_one_of(asked.treated)}"
    return f"coalesce({found}, FALSE)"


def _between(asked: _Asked) -> str:
    limits = ((">=", asked.rule.low), ("<=", asked.rule.high))
    return " AND ".join(f"{asked.column} {sign} {limit}" for sign, limit in limits if limit is not None)


def _within_year(asked: _Asked) -> str:
    start, end = year_limits(asked.types[0], asked.year)
    return f"{asked.column} >= {start} AND {asked.column} < {end}"


def _not_after(asked: _Asked) -> str:
    """A moment beside a date is compared by its day: the day of a date has no midnight to be late for."""
    first, then = asked.columns
    if len(set(asked.types)) > 1:
        first, then = f"CAST({first} AS DATE)", f"CAST({then} AS DATE)"
    return f"{first} <= {then}"


def _identity(asked: _Asked) -> str:
    return f"coalesce(regexp_full_match({asked.column}, '[0-9]{{17}}[0-9X]'), FALSE)"


def _check_digit(asked: _Asked) -> str:
    """The weighted sum, and a day of birth that exists; no text whatever makes it raise."""
    column = asked.column
    number = f"try_cast(substr({column}, 1, 17) AS BIGINT)"
    digits = (f"{weight} * ({number} // {10 ** (16 - place)} % 10)" for place, weight in enumerate(WEIGHTS))
    last = f"CASE WHEN substr({column}, 18, 1) = 'X' THEN 10 ELSE try_cast(substr({column}, 18, 1) AS BIGINT) END"
    year, month, day = f"substr({column}, 7, 4)", f"substr({column}, 11, 2)", f"substr({column}, 13, 2)"
    born = f"{year} > '0000' AND try_cast({year} || '-' || {month} || '-' || {day} AS DATE) IS NOT NULL"
    return f"coalesce(({' + '.join(digits)} + {last}) % 11 = {REMAINDER} AND {born}, FALSE)"


def _refers_to(asked: _Asked) -> str:
    table, _, column = asked.rule.refers_to.partition(".")
    return f"{asked.column} IN (SELECT {named(column)} FROM {named(table)} WHERE {named(column)} IS NOT NULL)"


def _usual(asked: _Asked) -> str:
    """The second column has the value that most rows with the same first one have."""
    first, then = asked.columns
    filled = present(asked.columns)
    # of two values that are equally frequent the smaller one, so that every run names the same rows
    ranked = (
        f"SELECT {first}, {then}, row_number() OVER (PARTITION BY {first} ORDER BY count(*) DESC, {then}) AS place "
        f"FROM {named(asked.rule.extract)} WHERE {filled} GROUP BY {first}, {then}"
    )
    return f"({first}, {then}) IN (SELECT {first}, {then} FROM ({ranked}) WHERE place = 1)"


def _unique(asked: _Asked) -> str:
    return f"NOT ({duplicated(asked.rule)})"


def _holds(asked: _Asked) -> str:
    return f"coalesce({_own(asked.rule.condition)}, FALSE)"


JUDGED: dict[str, Callable[[_Asked], str]] = {
    "not_null": lambda _asked: ALWAYS,
    "counts": _in_list,
    "present_when": _treated_state,
    "check_digit": _identity,
    "holds": lambda asked: f"{_own(asked.rule.condition)} IS NOT NULL",
}
HOLDS: dict[str, Callable[[_Asked], str]] = {
    "not_null": _present,
    "unique": _unique,
    "in_codes": _in_codes,
    "made_of_codes": _made_of_codes,
    "counts": _counts,
    "in_set": _in_set,
    "matches": _matches,
    "check_digit": _check_digit,
    "between": _between,
    "within_year": _within_year,
    "not_after": _not_after,
    "present_when": lambda asked: f"{asked.columns[1]} IS NOT NULL",
    "refers_to": _refers_to,
    "usual": _usual,
    "holds": _holds,
}
