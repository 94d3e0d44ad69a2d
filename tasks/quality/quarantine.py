"""Failing rows on demand, for the person who must correct them, in a local file that nobody else may read.

The rows go from the snapshot into the file and nowhere else: not into the store, the log or the scheduler. Values are
masked unless the operator asks for them as they are. What stays readable when masked: codes that stand in the code
list of a rule on their column, whole numbers and amounts of columns that are not personal, and dates; of an extract
with personal columns the year of a date alone. Everything else keeps its first and last character where it has six or
more, and none where it is shorter, so that its length and the reference still tell which value it is.
"""

import csv
import errno
import io
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from tasks.engines.embedded import attach
from tasks.library import Library, load_library, text_digest
from tasks.quality.failing import condition, looking, reference, row_key, rows
from tasks.settings import Settings
from tasks.sources.snapshot import Snapshot
from tasks.store import RunRow, Store
from tasks.store.durable import os_refusal, write_new
from yearbook.catalog import Code, Column, Extract, Rule
from yearbook.catalog.rules import WHOLE
from yearbook.errors import Refusal
from yearbook.period import ReportYear
from yearbook.quantity import plain
from yearbook.report.tabular import BYTE_ORDER_MARK, neutral

MOST_ROWS = 10_000
COLUMNS = ("reference", "snapshot_row")
KEPT_ENDS = 6
MASK = "*"

Mask = Callable[[Any], str]


def failing_rows(
    settings: Settings, body: str, year: int, code: str, *, target: Path, masked: bool, base: bool = False
) -> int:
    """Write the rows that broke a rule in the newest run of a body and year into a new local file.

    Args:
        settings: Where the catalogue and the store are.
        body: Code of the body.
        year: Report year.
        code: Code of a rule on a source.
        target: The file to make; its folder exists and lies outside the project, the reports and the store.
        masked: False to write every value as it stands in the snapshot.
        base: True for the rows of the base year.

    Returns:
        How many rows were written: the first ``MOST_ROWS``; where there are more, the file's last line says so.

    Raises:
        Refusal: No such rule or run, a rule without rows, a rule or contract that has changed since, nothing failed,
            a damaged snapshot, or a place that does not do.
    """
    library = load_library(settings.project)
    rule = _rule(library, code, base=base)
    store = Store.open(settings.home / "store", settings.store_address())
    run = store.last_run(body, year)
    if run is None:
        raise Refusal(f"存档中没有机构 {body} {year} 年的运行", todo=f"先执行 yearbook run {body} {year}")
    edition = store.newest_edition(body, year)
    _require_local(target, settings, Path(edition.target) if edition else settings.out)
    _require_unchanged(store, run, library, rule)
    snapshots = _snapshots(store, run, library, rule, base=base)
    key = row_key(settings.home / "store", run.key)
    return quarantine(rule, snapshots, library, target=target, masked=masked, key=key)


def quarantine(
    rule: Rule, snapshots: Mapping[str, Snapshot], library: Library, *, target: Path, masked: bool, key: bytes
) -> int:
    """Write the rows of a snapshot that break a rule into a new file, readable by its owner alone.

    Args:
        rule: A rule on rows.
        snapshots: Snapshots of one year by extract: the rule's own, and the one it refers to.
        library: The catalogue.
        target: The file to make; an existing one is never overwritten.
        masked: False to write every value as it stands in the snapshot.
        key: Key of the run's references.

    Returns:
        How many rows were written.

    Raises:
        Refusal: No row breaks the rule, or the file exists or cannot be written.
    """
    item = snapshots[rule.extract]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.duckdb"
        attach(path, snapshots.values(), library.codes)
        try:
            with looking(path, snapshots.values()) as connection:
                count, found = rows(connection, item, condition(rule, item, library.codes), MOST_ROWS)
        except (duckdb.Error, ValueError):
            # the engine's own words may quote a value
            raise Refusal(f"规则 {rule.code} 无法评估", todo=f"核对 expectations/{rule.source}.toml") from None
    if not count:
        raise Refusal(f"没有不符合规则 {rule.code} 的行", todo="核对规则编号；要看上年基数的行，加 --base")
    masks = [_mask(column, item.extract, library) if masked else _shown for column in item.extract.columns]
    lines = [
        (reference(key, item, number), str(number), *(mask(value) for mask, value in zip(masks, cells, strict=True)))
        for number, *cells in found
    ]
    _write(target, item.extract, lines, left=count - len(found))
    return len(lines)


def _rule(library: Library, code: str, *, base: bool) -> Rule:
    rule = next((rule for rule in library.rules if rule.code == code), None)
    if rule is None:
        raise Refusal(
            f"没有编号为 {code} 的来源规则", todo="在指标字典（docs/dictionary.md）中查编号；勾稽规则没有对应的行"
        )
    if rule.check in WHOLE:
        raise Refusal(f"规则 {code} 查的是整张表，没有哪几行可列", todo=rule.do)
    if base and not rule.base:
        raise Refusal(f"规则 {code} 不查上年基数", todo="去掉 --base")
    return rule


def _require_local(target: Path, settings: Settings, published: Path) -> None:
    """Refuse a place that is taken, and places that are shared, kept or published."""
    try:
        place = target.parent.resolve(strict=True) / target.name
        with suppress(FileNotFoundError):
            place.lstat()
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(place))
    except OSError as error:
        raise os_refusal("写入", target, error) from error
    if any(place.is_relative_to(f.resolve()) for f in (settings.project, settings.out, settings.home, published)):
        raise Refusal(
            f"不把明细行写到程序、存档或报告的文件夹内：{place}", todo="改写到只有自己能看到的文件夹，用完删去"
        )


def _require_unchanged(store: Store, run: RunRow, library: Library, rule: Rule) -> None:
    """Refuse a catalogue that is another than the run's: its rows would not be those that the run spoke of."""
    kept = {**store.blobs_of(run.id, "rule"), **store.blobs_of(run.id, "sql")}
    used = [f"expectations/{rule.source}.toml", "sql/sources.toml"]
    if used[0] not in kept:
        raise Refusal(
            f"机构 {run.body} 没有登记来源 {rule.source}，规则 {rule.code} 没有问过它",
            todo=f"改用该机构的规则编号，见 yearbook findings {run.body} {run.year}",
        )
    for name in (*used, f"sql/codes/{rule.codes}.csv") if rule.codes else used:
        if kept.get(name) != text_digest(library.text(name)):
            raise Refusal(
                f"{name} 在最近一次运行（{run.body} {run.year} 年）之后改过，规则 {rule.code} 的行可能不同",
                todo=f"执行 yearbook run {run.body} {run.year} 后再取",
            )


def _snapshots(store: Store, run: RunRow, library: Library, rule: Rule, *, base: bool) -> dict[str, Snapshot]:
    """The rule's snapshot and the one it refers to, out of the store, after their bytes were checked."""
    named = store.blobs_of(run.id, "snapshot")
    extracts = {e.code: e for e in library.sources[rule.source].extracts}
    asked = ReportYear(run.year)
    found = {}
    for code in dict.fromkeys((rule.extract, rule.refers_to.partition(".")[0] or rule.extract)):
        role = "base" if base else "report"
        digest = named.get(f"{role}/{code}.parquet")
        if digest is None:
            raise Refusal(f"最近一次运行没有 {code} 的{'上年' if base else ''}快照", todo="核对机构文件中该来源的年度")
        if not store.blobs.verify(digest):
            raise Refusal(f"存档中 {code} 的快照缺失或已损坏", todo="从备份恢复存档文件夹，或重新运行")
        # a register that serves both years was asked for the report year
        own = base and digest != named.get(f"report/{code}.parquet")
        path = store.blobs.path(digest)
        found[code] = Snapshot(
            extract=extracts[code],
            year=asked.previous if own else asked,
            digest=digest,
            path=path,
            row_count=pq.read_metadata(path).num_rows,
        )
    return found


def _mask(column: Column, extract: Extract, library: Library) -> Mask:
    if column.type in {"date", "moment"}:
        return _year if extract.personal else _shown
    if column.personal:
        return _stars
    if column.type in {"integer", "money"}:
        return _shown
    known = _known(column, [rule for rule in library.rules if rule.extract == extract.code], library.codes)
    return lambda value: _shown(value) if value is not None and known.fullmatch(str(value)) else _stars(value)


def _known(column: Column, rules: Iterable[Rule], codes: Mapping[str, tuple[Code, ...]]) -> re.Pattern[str]:
    """Codes that a rule accepts in a column, and where a rule says so several of them one after the other."""
    patterns = []
    for rule in rules:
        accepted = rule.values or [code.code for code in codes.get(rule.codes, ())]
        if accepted and rule.columns[0] == column.name:
            one = "|".join(sorted(map(re.escape, accepted), key=len, reverse=True))
            patterns.append(f"(?:{one})+" if rule.check == "made_of_codes" else f"(?:{one})")
    return re.compile("|".join(patterns) or r"(?!)")


def _shown(value: Any) -> str:
    """A value as text; free text that a spreadsheet would take for a formula behind an apostrophe."""
    match value:
        case None:
            return ""
        case int() | Decimal():
            return plain(value)
        case date():
            return value.isoformat()
        case _:
            return neutral(str(value))


def _year(value: Any) -> str:
    return "" if value is None else f"{value.year:04d}"


def _stars(value: Any) -> str:
    text = "" if value is None else str(value)
    if len(text) < KEPT_ENDS:
        return MASK * len(text)
    return neutral(text[0] + MASK * (len(text) - 2) + text[-1])


def _write(target: Path, extract: Extract, lines: Iterable[tuple[str, ...]], *, left: int) -> None:
    out = io.StringIO(newline="")
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((*COLUMNS, *(column.name for column in extract.columns)))
    writer.writerows(lines)
    if left:
        writer.writerow((f"另有 {left} 行未列出，每次最多 {MOST_ROWS} 行",))
    try:
        write_new(target, [out.getvalue().encode()], 0o600)
    except FileExistsError as error:
        raise os_refusal("写入", target, error) from error
    except OSError as error:
        target.unlink(missing_ok=True)
        raise os_refusal("写入", target, error) from error
