"""What failing rows do to the figures: every dependent figure counted with them and without them.

The indicators' own queries are asked of the snapshots as they are, and of the same snapshots without the rows that
broke one rule. Nothing here decides anything, so a query that cannot be answered is told and stops no run.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from tasks.aggregate import Values
from tasks.engines.embedded import EmbeddedEngine, attach, values
from tasks.extract import Material
from tasks.library import Library
from tasks.quality.failing import condition, leave_out, looking, to_leave_out
from tasks.sources.snapshot import Snapshot
from yearbook.catalog import Indicator, Rule
from yearbook.catalog.rules import WHOLE
from yearbook.errors import Refusal
from yearbook.period import ReportYear
from yearbook.quantity import Exact, plain
from yearbook.verdict import Category, Impact, Status, Verdict

TOTAL = "total"
NOTHING_MOVES = "去掉这些行，公布的数字都不变；更正以后可能计入，数字会变"
NO_FIGURE = "没有公布的数字取自这一提取"
ROWS_UNKNOWN = "影响未能计算：取不出不符合这条规则的行"


@dataclass(frozen=True, kw_only=True)
class _Side:
    """The snapshots that answer for one year, and what their queries answered as they are."""

    base: bool
    year: ReportYear
    body_name: str
    library: Library
    snapshots: tuple[Snapshot, ...]
    path: Path
    counted: dict[str, Values | None] = field(default_factory=dict)

    @property
    def items(self) -> dict[str, Snapshot]:
        """Snapshots by extract."""
        return {item.extract.code: item for item in self.snapshots}

    def has(self, item: Snapshot) -> bool:
        """True where the same rows answer for this year."""
        own = self.items.get(item.extract.code)
        return own is not None and own.digest == item.digest

    def dependent(self, extract: str) -> tuple[Indicator, ...]:
        """Indicators that read an extract and have all they read."""
        indicators = self.library.indicators.values()
        return tuple(i for i in indicators if extract in i.extracts and self.items.keys() >= set(i.extracts))

    def whole(self, indicators: Iterable[Indicator]) -> Mapping[str, Values | None]:
        """Answers from the whole snapshots; each query is asked once, however many rules failed."""
        if new := [indicator for indicator in indicators if indicator.code not in self.counted]:
            self.counted.update(self.asked(self.path, new))
        return self.counted

    def asked(self, path: Path, indicators: Iterable[Indicator]) -> dict[str, Values | None]:
        """Answers by indicator from an attached file; None for one that is refused."""
        with EmbeddedEngine(path, self.snapshots) as engine:
            return {indicator.code: self._answer(engine, indicator) for indicator in indicators}

    def _answer(self, engine: EmbeddedEngine, indicator: Indicator) -> Values | None:
        sql, name = self.library.indicator_sql(indicator), indicator.sql_name
        try:
            return values(engine.ask(sql, name=name, year=self.year, body_name=self.body_name), indicator)
        except Refusal:
            # the engine's reason may quote a value, and the run refuses the same query by itself where it is asked
            return None


def weigh(
    verdicts: Iterable[Verdict],
    material: Material,
    library: Library,
    *,
    year: ReportYear,
    body_name: str,
    folder: Path,
) -> tuple[Verdict, ...]:
    """Fill in the impact of every failed rule on a source.

    Of the rows that broke a rule all are left out, of doubled rows all but the first. Where the base year's snapshot
    is the report year's as well, as a register's is, both values move. For a check of a whole table nobody knows the
    rows: its figures' totals are named, counted as they are, with nothing to compare.

    Args:
        verdicts: Verdicts in any order, also those between figures, which stay as they are.
        material: The snapshots that were judged.
        library: The catalogue.
        year: Report year.
        body_name: Name of the body, a parameter of some queries.
        folder: Scratch folder for the engine's files.

    Returns:
        The verdicts in the same order. One without impact says in its detail why.
    """
    rules = {rule.code: rule for rule in library.rules}
    judged = tuple(verdicts)
    if not any(map(_is_weighed, judged)):
        return judged
    with TemporaryDirectory(dir=folder) as room:
        side = partial(_Side, body_name=body_name, library=library)
        report = side(base=False, year=year, snapshots=material.report, path=Path(room) / "report.duckdb")
        base = side(base=True, year=year.previous, snapshots=material.base, path=Path(room) / "base.duckdb")
        for one in (report, base):
            attach(one.path, one.snapshots, library.codes)
        return tuple(_weighed(v, rules[v.code], report, base) if _is_weighed(v) else v for v in judged)


def _is_weighed(verdict: Verdict) -> bool:
    return verdict.category is Category.SOURCE and verdict.status is Status.FAILED


def _weighed(verdict: Verdict, rule: Rule, report: _Side, base: _Side) -> Verdict:
    judged = base if verdict.base else report
    item = judged.items[rule.extract]
    sides = [side for side in (report, base) if side.has(item) and side.dependent(rule.extract)]
    if not sides:
        return _told(verdict, (), NO_FIGURE)
    if rule.check in WHOLE:
        impact, refused = _joined(_totals(side, rule.extract) for side in sides)
        return _told(verdict, impact, _unanswered(refused))
    numbers = _numbers(judged, rule, item)
    if numbers is None:
        return _told(verdict, (), ROWS_UNKNOWN)
    impact, refused = _joined(_moved(side, item, numbers) for side in sides)
    return _told(verdict, impact, _unanswered(refused) or ("" if impact else NOTHING_MOVES))


def _joined(parts: Iterable[tuple[list[Impact], list[str]]]) -> tuple[tuple[Impact, ...], list[str]]:
    impact, refused = zip(*parts, strict=True)
    return tuple(chain(*impact)), list(chain(*refused))


def _told(verdict: Verdict, impact: tuple[Impact, ...], note: str) -> Verdict:
    return replace(verdict, impact=impact, detail="；".join(part for part in (verdict.detail, note) if part))


def _unanswered(names: Iterable[str]) -> str:
    listed = "、".join(dict.fromkeys(names))
    return f"影响未能计算：查询 {listed} 不能回答" if listed else ""


def _numbers(side: _Side, rule: Rule, item: Snapshot) -> pa.Table | None:
    """Numbers of the rows to leave out; None where the engine cannot tell them, for which it may quote no value."""
    try:
        with looking(side.path, side.snapshots) as connection:
            return to_leave_out(connection, rule, item, condition(rule, item, side.library.codes))
    except (duckdb.Error, ValueError):
        return None


def _moved(side: _Side, item: Snapshot, numbers: pa.Table) -> tuple[list[Impact], list[str]]:
    """Figures that move, and the queries that give no number either way."""
    indicators = side.dependent(item.extract.code)
    narrowed = side.path.with_suffix(".without.duckdb")
    shutil.copyfile(side.path, narrowed)
    try:
        leave_out(narrowed, item, numbers)
        without = side.asked(narrowed, indicators)
    finally:
        narrowed.unlink()
    counted = side.whole(indicators)
    impact, refused = [], []
    for indicator in indicators:
        now, then = counted[indicator.code], without[indicator.code]
        if now is None and then is None:
            refused.append(f"sql/{indicator.sql_name}")
            continue
        for members in indicator.combinations():
            before, after = _value(now, members), _value(then, members)
            if before != after:
                impact.append(_impact(side, indicator, members, before, after))
    return impact, refused


def _totals(side: _Side, extract: str) -> tuple[list[Impact], list[str]]:
    """Totals of every dependent indicator as counted, and the queries that give no number."""
    indicators = side.dependent(extract)
    counted = side.whole(indicators)
    impact = [
        _impact(side, indicator, members, _value(counted[indicator.code], members), None)
        for indicator in indicators
        if counted[indicator.code] is not None
        for members in indicator.combinations()
        if _is_total(indicator, members)
    ]
    return impact, [f"sql/{i.sql_name}" for i in indicators if counted[i.code] is None]


def _is_total(indicator: Indicator, members: tuple[str, ...]) -> bool:
    """True where every dimension is at its total; of one without a total every member is."""
    pairs = zip(indicator.members.values(), members, strict=True)
    return all(member == TOTAL or TOTAL not in labels for labels, member in pairs)


def _value(answer: Values | None, members: tuple[str, ...]) -> Exact | None:
    return None if answer is None else answer[members][0]


def _impact(
    side: _Side, indicator: Indicator, members: tuple[str, ...], counted: Exact | None, without: Exact | None
) -> Impact:
    return Impact(
        figure=indicator.figure_code(members),
        name=indicator.figure_name(members),
        unit=indicator.unit.value,
        base=side.base,
        counted=None if counted is None else plain(counted),
        without=None if without is None else plain(without),
        difference=plain(without - counted) if counted is not None and without is not None else None,
    )
