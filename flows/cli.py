"""The ``yearbook`` command.

Heavy libraries are imported by the command that needs them, so that help and refusals are immediate.
"""

import logging
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from flows.approval_cli import approve, reject, review
from flows.draft_cli import draft
from flows.ending import BLOCKED, DONE, refusing
from flows.findings_cli import check, decide, findings, rows
from flows.notify_cli import notify
from flows.status_cli import status

SHOWN_FIGURES = 10
NOT_EVALUATED = "not_evaluated"

HELP = """政府信息公开工作年度报告：从来源系统到可签发的报告。

\b
做什么
    从机构自己的数据库和交来的表格提取数据，按规则检查，计算指标和与上年
    相比的变化，核对勾稽关系，写出 Word、PDF、网页、工作簿和机器可读的数字，
    并留下审计人员可以逐数追查的记录。

\b
退出码
    0  报告已完成，等待审核，或者与已发布的逐字节相同（可能有警告，见最后几行）
    1  有致命问题，或者与已发布的版次不同而没有写明原因，没有发布；原有报告不变
    2  输入、参数或环境有误，没有发布；原有报告不变

\b
例
    yearbook demo                      生成演示机构的来源系统
    yearbook run demo 2023             制作演示机构 2023 年的报告
    yearbook run demo 2023 --out 报告   批准后发布到别的文件夹
    yearbook review demo 2023          看等待审核的报告
    yearbook approve demo 2023 核对码 --name 审核人   批准并发布
    yearbook findings demo 2023        列出最近一次运行的发现
    yearbook bodies                    列出已登记的机构

\b
文件
    deployments/agencies/<机构>.toml   机构、联系方式、来源在哪里
    deployments/wording/*.txt          行文，由办公室修改
    sql/、expectations/                指标、来源契约、质量规则、勾稽规则
    out/<机构>/<年度>/                  完成的报告
    var/                               存档、演示来源、调度器自己的文件
"""


@click.group(help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="yearbook", prog_name="yearbook")
def main() -> None:
    """Entry point of the command."""


@main.command(
    help="""制作一个机构一个年度的报告。

BODY 是机构代码（deployments/agencies 下的文件名），YEAR 是统计年度。

已经发布的版次不改写。数字或文字与最近一版不同的，用 --because 写明原因，
作为新的一版发布，原因和新旧对照印在报告末尾的“更正说明”里；没有写明的不发布。
材料没有变化，再次运行不用再写。

\b
例
    yearbook run demo 2023
    yearbook run demo 2023 --out 报告
    yearbook run demo 2023 --because "补录三起迟报的行政复议"
    PREFECT_API_URL=http://127.0.0.1:4200/api yearbook run demo 2023
"""
)
@click.argument("body")
@click.argument("year", type=int)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="完成的报告放在哪个文件夹，默认 out。")
@click.option("--because", help="更正已发布报告的原因，一句话，会印在报告里。")
@click.option("--verbose", is_flag=True, help="同时显示调度器的日志。")
@refusing
def run(body: str, year: int, out: Path | None, because: str | None, *, verbose: bool) -> None:
    """Run the flow and tell how it ended."""
    outcome = _run(body, year, out, because, verbose=verbose)
    _tell(outcome, again=["yearbook", "run", body, str(year), *(["--out", str(out)] if out else [])])
    sys.exit(BLOCKED if outcome.stopped else DONE)


@main.command(
    help="""演练：照正式的做法做到最后，但不送审、不发布，也不动成品文件夹。

BODY 是机构代码；YEAR 是统计年度，不写的是今年，只含到目前为止的数。最后列出一月份
会阻止发布的发现。结果在 var/rehearsal 下。

\b
退出码
    0  没有会阻止发布的
    1  有会阻止发布的
    2  输入、参数或环境有误

\b
例
    yearbook rehearse demo
    yearbook rehearse demo 2023
"""
)
@click.argument("body")
@click.argument("year", type=int, required=False)
@refusing
def rehearse(body: str, year: int | None) -> None:
    """Make a report that is never submitted, and tell what would stop it."""
    from tasks.request import usual_year

    outcome = _run(body, usual_year("rehearsal") if year is None else year, None, None, purpose="rehearsal")
    _tell(outcome)
    sys.exit(BLOCKED if outcome.stopped else DONE)


def _run(body: str, year: int, out: Path | None, because: str | None, *, verbose: bool = False, **how: Any) -> Any:
    from tasks.settings import quiet_surroundings

    quiet_surroundings(verbose=verbose)
    _show_progress()
    click.echo(f"{body} {year} 年：开始", err=True)
    from flows.annual_report import annual_report
    from tasks.quality.expect import import_ahead

    import_ahead()
    return annual_report(body, year, out, because, **how)


@main.command(
    help="""生成演示机构的来源系统（几个数据库和每年三份表格）。

已经生成过、计划和程序都没有变的，不再生成。

\b
例
    yearbook demo
    yearbook demo yunlu
"""
)
@click.argument("bodies", nargs=-1)
@refusing
def demo(bodies: tuple[str, ...]) -> None:
    """Build the demonstration's sources."""
    from tasks.demo.sources import build_body

    for body in bodies or ("demo",):
        folder = build_body(body)
        click.echo(f"演示来源：{folder}")


@main.command(
    help="""列出已登记的机构。

\b
例
    yearbook bodies
"""
)
@refusing
def bodies() -> None:
    """List the bodies."""
    from tasks.agency import every_code, load_agency
    from tasks.settings import settings

    project = settings().project
    for code in every_code(project):
        agency, _ = load_agency(project, code)
        click.echo(f"{agency.code:<12} {agency.name}")


@main.command(
    help="""只读一个来源，看读到了什么；不制作报告，什么也不留下。

接入新来源时用它一步一步地试。BODY 是机构代码，SOURCE 是来源代码
（sql/sources.toml），YEAR 是统计年度。只显示个数和日期范围，不显示内容。

\b
例
    yearbook read demo fees 2023
    yearbook read demo licensing 2023
"""
)
@click.argument("body")
@click.argument("source")
@click.argument("year", type=int)
@refusing
def read(body: str, source: str, year: int) -> None:
    """Read one source and tell what came of it."""
    from tasks.settings import settings
    from tasks.trial import read_source

    for reading in read_source(settings(), body, source, year):
        item = reading.snapshot
        click.echo(f"{item.extract.code}（{item.extract.name}）{item.year} 年：{item.row_count} 行")
        for column in reading.columns:
            span = f"，{column.span}" if column.span else ""
            click.echo(f"    {column.name:<24} 不同值 {column.distinct}，空 {column.blanks}{span}  {column.kind}")
        for note in (f"读取方式：{item.reader}", *item.normalised, *item.notes):
            click.echo(f"    {note}")


@main.command(
    help="""打印指标字典（docs/dictionary.md 的内容）。

\b
例
    yearbook dictionary > docs/dictionary.md
"""
)
@refusing
def dictionary() -> None:
    """Print the dictionary."""
    from tasks.library import dictionary as page
    from tasks.settings import settings

    click.echo(page(settings().project), nl=False)


for command in (status, review, approve, reject, draft, findings, decide, rows, check, notify):
    main.add_command(command)


def _show_progress() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("  %(message)s"))
    log = logging.getLogger("yearbook.progress")
    log.handlers[:] = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False


def _tell(outcome: Any, again: Sequence[str] = ()) -> None:
    """The last lines: where the report is and what was found; ``again`` is the command, word by word."""
    unjudged = [verdict for verdict in outcome.findings if verdict.status == NOT_EVALUATED]
    for verdict in outcome.findings:
        if verdict not in unjudged:
            _tell_finding(verdict, outcome.folder)
    if unjudged:
        codes = "、".join(dict.fromkeys(verdict.code for verdict in unjudged))
        click.echo(f"未评估 {len(unjudged)} 条，没有可以判断的数据，不算通过：{codes}")
    for note in outcome.notes:
        click.echo(f"提示：{note}")
    click.echo(f"指标 {outcome.figures} 个，规则 {outcome.rules} 条，发现 {len(outcome.findings)} 条。")
    if outcome.revision is not None:
        _tell_revision(outcome.revision, outcome.folder)
    _tell_end(outcome, again)


def _tell_revision(revision: Any, folder: Path) -> None:
    click.echo(f"{revision.title}，见 {folder / 'audit' / 'revision.html'}")
    for line in (*revision.lines(SHOWN_FIGURES), *revision.text_lines(), revision.causes):
        click.echo(f"  {line}")


def _tell_end(outcome: Any, again: Sequence[str]) -> None:
    if outcome.published:
        changed = "" if outcome.changed else "（内容与原有报告逐字节相同）"
        click.echo(f"报告第 {outcome.edition} 版在 {outcome.folder}{changed}")
    elif outcome.state == "awaiting":
        click.echo(f"等待审核，报告在 {outcome.folder}，核对码 {outcome.code}")
        again = (again[0], "approve", *again[2:4], outcome.code)
        click.echo(f"  批准（由经办人以外的审核人）：{shlex.join(again)} --name 审核人")
    elif outcome.state == "rehearsed":
        codes = "、".join(dict.fromkeys(verdict.code for verdict in outcome.blocking)) or "没有"
        click.echo(f"演练完成，没有送审，结果在 {outcome.folder}")
        click.echo(f"会阻止发布的：{codes}")
    elif outcome.state == "unexplained":
        click.echo("待更正说明：已发布的版次不改写，没有发布，原有报告不变。确需更正的，写明原因再运行：")
        click.echo(f'  {shlex.join(again)} --because "原因"')
    else:
        click.echo(f"未发布，原有报告不变。检查结果见 {outcome.folder / 'audit' / 'index.html'}")


def _tell_finding(verdict: Any, folder: Path) -> None:
    detail = f"：{verdict.found}，应 {verdict.expected}" if verdict.found and verdict.expected else ""
    click.echo(f"{verdict.severity.label}（{verdict.status.label}）{verdict.code} {verdict.say}{verdict.place}{detail}")
    if verdict.impact:
        moved = len({impact.figure for impact in verdict.impact})
        click.echo(f"  涉及 {moved} 个数字，逐个见 {folder / 'audit' / 'rules.html'}")
    if verdict.blocks:
        click.echo(f"  处理办法：{verdict.do}")


if __name__ == "__main__":
    main()
