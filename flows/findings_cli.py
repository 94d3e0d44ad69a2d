"""The commands about rules: what they found, what was decided, which rows, and whether the catalogue holds."""

import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from flows.ending import BLOCKED, DONE, refusing

if TYPE_CHECKING:
    from yearbook.findings import Finding, Seen

FILE = click.Path(dir_okay=False, path_type=Path)
CHOICES = ("fixed", "justified", "accepted")


@click.command(
    help="""列出最近一次运行的发现，按严重程度排列。

BODY 是机构代码，YEAR 是统计年度。每条发现都有状态、处理办法、负责人、会受影响的
数字和出现时间。已决定、已豁免的发现默认不显示；文件中总是全部发现。

\b
退出码
    0  没有待处理的致命发现
    1  有阻止发布的致命发现，已作决定的也算
    2  参数或环境有误

\b
例
    yearbook findings demo 2023
    yearbook findings demo 2023 --all --xlsx 发现.xlsx
    yearbook findings demo 2023 --trend VEH-03
"""
)
@click.argument("body")
@click.argument("year", type=int)
@click.option("--all", "every", is_flag=True, help="也显示已决定和已豁免的发现。")
@click.option("--xlsx", type=FILE, help="把全部发现写成工作簿，每个负责人一张表。")
@click.option("--json", "data", type=FILE, help="把全部发现写成 JSON。")
@click.option("--trend", "code", help="不列发现，只看一条规则在历次运行、各个年度的结论。")
@refusing
def findings(body: str, year: int, *, every: bool, xlsx: Path | None, data: Path | None, code: str | None) -> None:
    """Tell what the newest run found."""
    from tasks import findings as work
    from tasks.settings import settings
    from yearbook.findings import State

    if code is not None:
        _tell_trend(code, work.trend(settings(), body, code))
        return
    found = work.findings(settings(), body, year)
    if xlsx is not None:
        work.write_xlsx(settings(), body, year, found, xlsx)
    if data is not None:
        work.write_json(settings(), body, year, found, data)
    shown = [finding for finding in found if every or finding.is_open or finding.verdict.blocks]
    _tell(shown)
    counts = [f"{state.label} {count} 条" for state in State if (count := sum(f.state is state for f in found))]
    click.echo("，".join(counts) or "没有发现")
    if len(shown) < len(found):
        click.echo("已决定和已豁免的用 --all 显示")
    for path in filter(None, (xlsx, data)):
        click.echo(f"全部发现在 {path}")
    if held := sum(finding.verdict.blocks and not finding.is_open for finding in found):
        click.echo(f"其中 {held} 条已有决定，仍阻止发布：须更正来源，或者登记豁免")
    sys.exit(BLOCKED if any(finding.verdict.blocks for finding in found) else DONE)


@click.command(
    help="""登记对一条发现的决定。

BODY 是机构代码，YEAR 是统计年度，CODE 是规则编号。决定只对最近一次运行查到的那个
结果有效：结果一变，发现重新打开；登记为已更正而再次运行仍在的，也重新打开。
致命发现不因决定而放行，须更正来源或登记豁免（expectations/waivers.toml）。

\b
决定
    fixed      已更正：来源已经改正，下次运行应当消失
    justified  属实有因：数字属实，理由写明
    accepted   接受现状：知道有问题，本年不再处理

\b
例
    yearbook decide demo 2023 VEH-03 --as fixed --reason 系统已补录 --name 张三
    yearbook decide demo 2023 T2-1 --as justified --reason 含自然失效1件 --name 李四 --place 规章
"""
)
@click.argument("body")
@click.argument("year", type=int)
@click.argument("code")
@click.option("--as", "choice", type=click.Choice(CHOICES), required=True, help="决定。")
@click.option("--reason", required=True, help="理由，一行文字。")
@click.option("--name", required=True, help="作决定的人。")
@click.option("--place", help="发现的位置；该规则只有一条发现时可以不写。")
@refusing
def decide(body: str, year: int, code: str, choice: str, reason: str, name: str, *, place: str | None) -> None:
    """Record a decision about a finding."""
    from tasks import findings as work
    from tasks.settings import settings

    decision = work.decide(settings(), body, year, code, place, choice, reason, name)
    click.echo(
        f"已登记：{decision.code} {decision.place}，{decision.choice.label}（{decision.name}）：{decision.reason}"
    )


@click.command(
    help="""把不符合一条规则的行写到本机的一个文件，供核对来源。

BODY 是机构代码，YEAR 是统计年度，CODE 是规则编号，FILE 是新文件（已有的不覆盖）。
内容默认遮盖；文件只有本人可读，用完请删除。

\b
例
    yearbook rows demo 2023 VEH-03 ~/核对.csv
    yearbook rows demo 2023 VEH-03 ~/核对.csv --base --unmasked
"""
)
@click.argument("body")
@click.argument("year", type=int)
@click.argument("code")
@click.argument("file", type=FILE)
@click.option("--base", is_flag=True, help="取上年基数的行。")
@click.option("--unmasked", is_flag=True, help="不遮盖内容；其中可能有个人信息。")
@refusing
def rows(body: str, year: int, code: str, file: Path, *, base: bool, unmasked: bool) -> None:
    """Write the rows that broke a rule into a local file."""
    from tasks.quality.quarantine import failing_rows
    from tasks.settings import settings

    count = failing_rows(settings(), body, year, code, target=file, masked=not unmasked, base=base)
    click.echo(f"{count} 行在 {file}，内容{'未' if unmasked else '已'}遮盖；用完请删除。")


@click.command(
    help="""检查目录：条目之间是否一致，每条规则和指标的查询能否执行。

不连接任何来源。改了 sql/、expectations/ 之后先用它。

\b
例
    yearbook check
"""
)
@refusing
def check() -> None:
    """Check the catalogue without any source."""
    from tasks.library import load_library, require_bodies
    from tasks.own import every_body
    from tasks.quality.rehearse import rehearse
    from tasks.settings import quiet_surroundings, settings

    quiet_surroundings(verbose=False)
    library = load_library(settings().project)
    library.require_coherent()
    require_bodies(library, settings().project)
    bodies = every_body(library, settings().project)
    with TemporaryDirectory() as folder:
        rehearse(library, Path(folder))
    waivers, explanations = library.every_exception
    click.echo(
        f"来源 {len(library.sources)} 个，指标 {len(library.indicators)} 个，来源规则 {len(library.rules)} 条，"
        f"勾稽规则 {len(library.ties)} 条，豁免 {len(waivers)} 条，说明 {len(explanations)} 条"
    )
    for code, own in bodies.items():
        click.echo(
            f"机构 {code}：来源 {len(own.sources)} 个，指标 {len(own.indicators)} 个，"
            f"来源规则 {len(own.rules)} 条，勾稽规则 {len(own.ties)} 条"
        )
    click.echo("目录没有问题")


def _tell(found: Iterable["Finding"]) -> None:
    for label, group in groupby(found, key=lambda finding: finding.verdict.severity.label):
        listed = list(group)
        click.echo(f"{label} {len(listed)} 条")
        for finding in listed:
            for line in _lines(finding):
                click.echo(line)


def _lines(finding: "Finding") -> Iterable[str]:
    from yearbook.findings import found_words
    from yearbook.report.findings_list import NOBODY, moment, state_words
    from yearbook.report.verdicts import impact_words

    verdict, decision = finding.verdict, finding.decision
    yield f"  {state_words(finding)} {verdict.code} {verdict.say}"
    yield f"    位置：{verdict.place}"
    yield f"    结果：{found_words(verdict)}，评估 {verdict.evaluated}"
    for impact in verdict.impact:
        yield f"    影响：{impact_words(impact)}"
    for words in filter(None, (verdict.detail, finding.why_reopened)):
        yield f"    说明：{words}"
    yield f"    处理办法：{verdict.do or '无记录'}（负责人：{verdict.owner or NOBODY}）"
    times = f"首次 {moment(finding.first_seen)}，最近 {moment(finding.last_seen)}，共 {finding.runs} 次"
    yield f"    出现：{times}"
    if decision is not None:
        yield f"    决定：{decision.choice.label}（{decision.name}，{moment(decision.decided_at)}）：{decision.reason}"


def _tell_trend(code: str, seen: Iterable["Seen"]) -> None:
    from yearbook.report.findings_list import moment

    by_place: dict[str, list[Seen]] = {}
    for one in seen:
        by_place.setdefault(one.place, []).append(one)
    for place, answers in by_place.items():
        click.echo(f"{code} {place}")
        for one in answers:
            click.echo(f"  {one.year} 年 第 {one.run} 次运行（{moment(one.at)}）：{one.words}，评估 {one.evaluated}")
