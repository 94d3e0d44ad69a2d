"""What a source says about itself before it is read: rows, newest moment, its own clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from yearbook.catalog import Source
from yearbook.errors import Refusal

COLUMNS = ("extract", "row_count", "newest", "server_time")


@dataclass(frozen=True, slots=True)
class Probe:
    """One extract as the source announced it in the view that was read.

    Attributes:
        extract: Code of the extract.
        row_count: Rows of the report year, or of the register as it stands.
        newest: Newest business moment in the source's own time, ``年-月-日 时:分:秒``; empty where there are no rows.
        server_time: The server's clock when the view began, UTC. It is different in every run: it belongs into the
            store and never on a page.
    """

    extract: str
    row_count: int
    newest: str
    server_time: datetime


def probes(source: Source, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, Probe]:
    """The answer of ``sql/<source>/probe.sql`` by extract.

    Raises:
        Refusal: Other columns than the four, or an extract that is missing, unknown or there twice.
    """
    if tuple(name.lower() for name in names) != COLUMNS:
        raise _wrong(source, f"给出的列应为 {'、'.join(COLUMNS)}")
    listed = [_probe(source, dict(zip(COLUMNS, row, strict=True))) for row in rows]
    wanted = sorted(extract.code for extract in source.extracts)
    if sorted(probe.extract for probe in listed) != wanted:
        raise _wrong(source, f"应为每个提取给出一行：{'、'.join(wanted)}")
    return {probe.extract: probe for probe in listed}


def require_count(place: str, found: int, probe: Probe | None) -> None:
    """Refuse an extract with other rows than the source announced in the same view.

    Raises:
        Refusal: The numbers differ.
    """
    if probe is not None and found != probe.row_count:
        raise Refusal(
            f"{place}：读到的行数与探询不符，读到 {found} 行，探询 {probe.row_count} 行",
            todo="核对 probe.sql 与提取的条件是否一致；一致的，换一种读取方式（机构文件中的 reader）并报告此问题",
        )


def _probe(source: Source, row: Mapping[str, Any]) -> Probe:
    try:
        return Probe(
            extract=str(row["extract"]).rstrip(),
            row_count=int(row["row_count"]),
            newest=_newest(row["newest"], source.timezone),
            server_time=_instant(row["server_time"], source.timezone),
        )
    except (TypeError, ValueError) as error:
        raise _wrong(source, "row_count 应为整数，newest、server_time 应为日期或时刻") from error


def _newest(value: Any, zone: str) -> str:
    if value is None or value == "":
        return ""
    moment = _moment(value)
    local = moment.astimezone(ZoneInfo(zone)) if moment.tzinfo else moment
    return local.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")


def _instant(value: Any, zone: str) -> datetime:
    """SQLite tells UTC as text; others answer with a zone, or in the session's, which is the source's."""
    moment = _moment(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC if isinstance(value, str) else ZoneInfo(zone))
    return moment.astimezone(UTC)


def _moment(value: Any) -> datetime:
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    raise TypeError("no moment")


def _wrong(source: Source, what: str) -> Refusal:
    return Refusal(f"sql/{source.code}/probe.sql {what}", todo="更正该查询，写法见 docs/how-to.md")
