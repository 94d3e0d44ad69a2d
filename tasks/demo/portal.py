"""The item list of the portal: what was posted, and which documents the body made."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from tasks.demo.columns import generator
from tasks.demo.plan import COUNTS, MARKET_SUPERVISION, TRAFFIC_POLICE, Plan

COLUMNS: dict[str, str] = {
    "overview": "概况信息", "functions": "机构职能", "regulations": "法规",
    "normative_documents": "规范性文件", "news": "政务动态信息", "notices": "公示公告",
    "finance": "财经信息", "annual_report": "年度报告",
}  # fmt: skip
_HEADER = (
    "序号", "信息标题", "栏目", "文件种类", "制发机关", "成文日期", "发布时间", "状态", "废止日期",
)  # fmt: skip
_KINDS = {"rules": ("规章", "regulations"), "normative": ("行政规范性文件", "normative_documents")}
_HIGHER = {
    TRAFFIC_POLICE: ("样例省公安厅", "样例省人民政府办公厅", "样例市公安局"),
    MARKET_SUPERVISION: ("样例省市场监督管理局", "样例省人民政府办公厅", "样例市市场监督管理局"),
}
# a given name and a place that need the four-byte part of GB18030
_SUBJECTS = {
    TRAFFIC_POLICE: (
    "道路交通安全整治", "电动自行车登记", "货车通行管理", "农村交通劝导站", "龚䶮同志先进事迹",
    "𠮷祥路口信号配时", "校车安全检查", "“一盔一带”行动,第二阶段", "车驾管窗口延时服务", "冬季除雪保畅",
    ),
    MARKET_SUPERVISION: (
    "食品安全抽样检验", "特种设备使用登记", "个体工商户年度报告", "计量器具强制检定", "龚䶮质量奖事迹",
    "𠮷祥农贸市场快检", "校园食堂检查", "“双随机、一公开”抽查,第二批", "企业开办窗口延时服务", "电动自行车质量抽查",
    ),
}  # fmt: skip
_SNAPSHOT = timedelta(days=20)
_BEIJING = timezone(timedelta(hours=8))
# every so many re-posted documents one has been abolished by its maker
_ABOLISHED = 5


@dataclass(frozen=True)
class _Item:
    title: str
    column: str
    kind: str
    maker: str
    made: date
    published: datetime
    withdrawn: bool = False
    abolished: date | None = None


def write_portals(plan: Plan, directory: Path) -> None:
    """Write the item list as it stood some weeks after the end of each year.

    Args:
        plan: the counts wanted.
        directory: where `portal_<year>.csv` goes.
    """
    rng = generator(plan.seed, 31)
    items = [*_documents(rng, plan), *_posts(rng, plan)]
    items.sort(key=lambda item: (item.published, item.column, item.title))
    for year in plan.years:
        seen = _midnight(date(year + 1, 1, 1)) + _SNAPSHOT
        with (directory / f"portal_{year}.csv").open("w", encoding="gb18030", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(_HEADER)
            shown = (item for item in items if item.published < seen)
            writer.writerows(_row(n, item, seen.date()) for n, item in enumerate(shown, 1))


def _row(number: int, item: _Item, seen: date) -> list[str]:
    known = item.abolished is not None and item.abolished < seen
    return [
        str(number), item.title, COLUMNS[item.column], item.kind, item.maker,
        item.made.isoformat(), f"{item.published:%Y-%m-%d %H:%M:%S}",
        "已撤下" if item.withdrawn else "已发布", str(item.abolished) if known else "",
    ]  # fmt: skip


def _documents(rng: np.random.Generator, plan: Plan) -> Iterator[_Item]:
    """The body's own documents: those of old years, and those made in the years of the plan."""
    opening = date(plan.years[0], 1, 1)
    for group, (kind, column) in _KINDS.items():
        figures = {year: plan.group(year, f"documents.{group}") for year in plan.years}
        first = figures[plan.years[0]]
        old = first["valid"] - first["made"] + first["abolished"]
        ends = [_day(rng, year) for year in plan.years for _ in range(figures[year]["abolished"])]
        if len(ends) > old:
            key = f"years.{plan.years[0]}.documents.{group}.valid"
            raise ValueError(f"{key}: too few old documents to abolish")
        gone = [date(opening.year - 2, 6, 1 + n) for n in range(3 if old else 0)]
        for number, end in enumerate([*gone, *ends, *[None] * (old - len(ends))]):
            made = opening - timedelta(days=int(rng.integers(1200, 4000)))
            title = f"{plan.name}关于{_subject(plan, number)}的规定（{made.year}年第{number + 1}号）"
            posted = _moment(rng, made)
            yield _Item(title, column, kind, plan.name, made, posted, abolished=end)
        for year in plan.years:
            quota = plan.group(year, "published_items")[column]
            for number in range(figures[year]["made"]):
                made = date(year, 12, 31) if number == 0 else _day(rng, year)
                title = f"{plan.name}{_subject(plan, number)}办法（{year}年第{number + 1}号）"
                posted = _moment(rng, min(made + timedelta(days=3), date(year, 12, 31)))
                # what the planned number of posts has no room for was taken down again
                yield _Item(title, column, kind, plan.name, made, posted, number >= quota)


def _posts(rng: np.random.Generator, plan: Plan) -> Iterator[_Item]:
    """Everything else: news and notices, and what was re-posted from higher authorities."""
    years, after = plan.years, date(plan.years[-1] + 1, 1, 1)
    own = {
        (year, column): min(plan.counts[year][f"documents.{group}.made"], quota)
        for year in years
        for group, (_, column) in _KINDS.items()
        for quota in [plan.group(year, "published_items")[column]]
    }
    for position, column in enumerate(COUNTS["published_items"]):
        for year in years:
            quota = plan.group(year, "published_items")[column] - own.get((year, column), 0)
            for number in range(quota):
                edge = {0: date(year, 1, 1), quota - 1: date(year, 12, 31)}.get(number)
                posted = _moment(rng, edge or _day(rng, year))
                if edge and quota > 1:
                    posted = _midnight(edge) if number == 0 else _last_second(year)
                yield _post(plan, rng, column, number, posted)
            # taken down within the year it was posted in
            for number in range(1 + position % 2):
                yield _post(plan, rng, column, -number, _moment(rng, _day(rng, year)), withdrawn=True)
        for year in (years[0] - 2, years[0] - 1):
            for number in range(2 + quota // 20):
                yield _post(plan, rng, column, number, _moment(rng, _day(rng, year)))
        yield _post(plan, rng, column, 7, _last_second(years[0] - 1))
        yield _post(plan, rng, column, 8, _midnight(after))
        yield _post(plan, rng, column, 9, _moment(rng, after + timedelta(days=8)))


def _post(
    plan: Plan,
    rng: np.random.Generator,
    column: str,
    number: int,
    posted: datetime,
    *,
    withdrawn: bool = False,
) -> _Item:
    made = posted.date() - timedelta(days=int(rng.integers(0, 16)))
    kind, maker, end = "其他", plan.name, None
    if column in ("normative_documents", "regulations"):
        kind = "行政规范性文件" if column == "normative_documents" else "规章"
        maker = _HIGHER[plan.kind][int(rng.integers(0, len(_HIGHER[plan.kind])))]
        end = made + timedelta(days=200) if number % _ABOLISHED == 1 else None
    # the number keeps two documents of one day apart
    subject = _subject(plan, int(rng.integers(0, len(_SUBJECTS[plan.kind]))))
    title = f"{subject}（{COLUMNS[column]}{posted:%m%d}第{abs(number) + 1}号）"
    return _Item(title, column, kind, maker, made, posted, withdrawn, end)


def _subject(plan: Plan, number: int) -> str:
    return _SUBJECTS[plan.kind][number % len(_SUBJECTS[plan.kind])]


def _day(rng: np.random.Generator, year: int) -> date:
    return date(year, 1, 1) + timedelta(days=int(rng.integers(0, 365)))


def _moment(rng: np.random.Generator, day: date) -> datetime:
    second = int(rng.integers(8 * 3600, 18 * 3600))
    return _midnight(day) + timedelta(seconds=second)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=_BEIJING)


def _last_second(year: int) -> datetime:
    return datetime(year, 12, 31, 23, 59, 59, tzinfo=_BEIJING)
