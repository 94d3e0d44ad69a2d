"""From a rule's counts to its verdict."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tasks.engines.embedded import attach
from tasks.quality.expect import Answer, allowed, judge_counts, judge_views
from tasks.quality.failing import looking, references
from tasks.quality.predicates import parts
from tasks.quality.scan import Counts, scan
from tasks.quality.whole import BEFORE, as_before
from tasks.sources.snapshot import Snapshot
from yearbook.catalog import Code, Rule, Source
from yearbook.catalog.rules import WHOLE
from yearbook.verdict import Category, Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What goes for all rules and snapshots of one call."""

    codes: Mapping[str, tuple[Code, ...]]
    sources: Mapping[str, Source]
    label: str
    base: bool
    base_rows: Mapping[str, int]
    key: bytes


def validate(
    snapshots: Iterable[Snapshot],
    rules: Iterable[Rule],
    codes: Mapping[str, tuple[Code, ...]],
    *,
    sources: Mapping[str, Source],
    folder: Path,
    label: str,
    base: bool,
    base_rows: Mapping[str, int],
    key: bytes,
    beside: Iterable[Snapshot] = (),
    before: Iterable[Snapshot] = (),
) -> tuple[Verdict, ...]:
    """Judge snapshots of one year: one verdict per rule and extract, in the order of the snapshots and of the rules.

    Args:
        snapshots: What to judge.
        rules: Rules of all sources; those of other extracts, or not meant for the base year, are left out.
        codes: Code lists by name.
        sources: Sources by code; they name who acts.
        folder: Scratch folder for the engine's files.
        label: Words behind the place, e.g. ``（上年基数）``.
        base: True where the snapshots are the base year's.
        base_rows: Rows of the year before by extract, where that is another snapshot.
        key: Key of the run's row references.
        beside: More snapshots of the same year, not judged, that rules may refer to.
        before: Snapshots of the year before, not judged, that rules may compare with.

    Raises:
        Refusal: A rule names a column that its extract does not have, or cannot be evaluated.
    """
    items, asked_of = list(snapshots), [rule for rule in rules if rule.base or not base]
    asked = _Asked(codes=codes, sources=sources, label=label, base=base, base_rows=base_rows, key=key)
    pairs = [(rule, item) for item in items for rule in asked_of if rule.extract == item.extract.code]
    path, judged = folder / "validate.duckdb", [rule for rule, _ in pairs]
    views = {item.extract.code: item for item in (*map(as_before, before), *beside, *items)}
    counts, rows = _counted(path, pairs, views, asked)
    answers = judge_counts(judged, counts, folder) | judge_views(path, items, judged, counts)
    return tuple(_verdict(rule, item, answers[rule.code], rows.get(rule.code, ()), asked) for rule, item in pairs)


def _counted(
    path: Path, pairs: list[tuple[Rule, Snapshot]], views: Mapping[str, Snapshot], asked: _Asked
) -> tuple[dict[str, Counts], dict[str, tuple[str, ...]]]:
    """Counts of every rule, and references of the rows behind those that too many rows break."""
    counts: dict[str, Counts] = {}
    rows: dict[str, tuple[str, ...]] = {}
    attach(path, views.values(), asked.codes)
    with looking(path, views.values()) as connection:
        for item in {item.extract.code: item for _, item in pairs}.values():
            mine = [rule for rule, of in pairs if of is item]
            known = [rule for rule in mine if not rule.refers_to or _referred(rule) in views]
            lost = {rule.code: _unreferred(rule) for rule in mine if rule not in known}
            base_rows, before = asked.base_rows.get(item.extract.code), BEFORE + item.extract.code in views
            counts |= lost | scan(connection, item.extract, known, asked.codes, item.year, base_rows, before=before)
            for rule in known:
                if rule.check not in WHOLE and counts[rule.code].failed > allowed(rule, counts[rule.code].judged):
                    predicate = parts(rule, item.extract, asked.codes, item.year)
                    rows[rule.code] = references(connection, rule, item, predicate, asked.key)
    return counts, rows


def _referred(rule: Rule) -> str:
    return rule.refers_to.partition(".")[0]


def _unreferred(rule: Rule) -> Counts:
    return Counts(0, 0, f"没有提取 {_referred(rule)} 的快照可对照")


def _verdict(rule: Rule, item: Snapshot, answer: Answer, rows: tuple[str, ...], asked: _Asked) -> Verdict:
    extract, counts = item.extract, answer.counts
    nothing = not counts.judged and rule.check not in {"row_count", "schema"}
    status = Status.NOT_EVALUATED if nothing else Status.PASSED if answer.passed else Status.FAILED
    columns = "、".join(rule.columns)
    words = _words(rule, item, counts, asked.base_rows.get(extract.code, 0))
    expected, found = (None, None) if nothing else words
    return Verdict(
        code=rule.code,
        say=rule.say,
        say_en=rule.say_en,
        category=Category.SOURCE,
        severity=rule.severity,
        status=status,
        source=extract.source,
        extract=extract.code,
        base=asked.base,
        place=f"{extract.source}.{extract.code}" + (f"，列 {columns}" if columns else "") + asked.label,
        evaluated=counts.judged,
        failed=0 if nothing else counts.failed,
        expected=expected,
        found=found,
        do=rule.do,
        owner=rule.owner or asked.sources[extract.source].owner,
        detail=counts.detail,
        rows=rows,
    )


def _words(rule: Rule, item: Snapshot, counts: Counts, before: int) -> tuple[str | None, str]:
    """What should be and what is."""
    match rule.check:
        case "row_count":
            most = "" if rule.high is None else f"，至多 {rule.high} 行"
            return f"至少 {rule.low} 行{most}", f"{item.row_count} 行"
        case "volume":
            return (f"上年 {before:,} 行的{_share(rule)}" if before else None), f"{item.row_count:,} 行"
        case "schema" | "expectation" | "no_gap" | "as_before" | "keeps" | "numbered":
            return _whole_words(rule, item, counts)
    failed = counts.failed if counts.judged else 0
    if rule.tolerance:
        return f"不符合至多 {allowed(rule, counts.judged)} 行（评估行数的 {rule.tolerance}%）", f"不符合 {failed} 行"
    return "不符合 0 行", f"不符合 {failed} 行"


def _whole_words(rule: Rule, item: Snapshot, counts: Counts) -> tuple[str | None, str]:
    """The same of checks that look at columns, days, values or keys instead of rows."""
    if rule.check == "schema":
        return f"{len(item.extract.columns)} 列与契约一致", f"不一致 {counts.failed} 列"
    if rule.check == "expectation":
        return None, f"不符合 {counts.failed} 行" if counts.failed else "符合"
    if rule.check == "no_gap":
        return f"连续无行的日子不超过 {rule.high} 天", f"{'有' if counts.failed else '没有'}更长的空档"
    if rule.check == "as_before":
        return f"上年有 {rule.low} 行以上的值都有", f"少 {counts.failed} 个"
    if rule.check == "keeps":
        return f"上年的 {counts.judged:,} 行都在", f"少 {counts.failed:,} 行"
    return "从 1 起连号", f"缺 {counts.failed:,} 个号"


def _share(rule: Rule) -> str:
    """The limits of ``volume`` as percentages."""
    if rule.low is None:
        return f"至多 {rule.high}%"
    return f"至少 {rule.low}%" if rule.high is None else f" {rule.low}%—{rule.high}%"
