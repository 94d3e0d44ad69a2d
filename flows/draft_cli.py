"""The command for the office: is the wording template right, which names may it use, how does the report read."""

import sys
from typing import TYPE_CHECKING

import click

from flows.ending import DONE, REFUSED, refusing

if TYPE_CHECKING:
    from yearbook.report.wording_check import Checked


@click.command(
    help="""检查行文模板，或者写出草稿。不连接任何来源，不发布。

BODY 是机构代码，YEAR 是统计年度。不加选项时，用最近一次运行的数字写出草稿
（report.docx、report.html、report.pdf），标题写明草稿，需要说明原因的数字在 Word 里
加批注。模板怎样写见 docs/wording.md。

\b
退出码
    0  模板没有错误（可能有提醒），或者草稿已写好
    2  模板有错误，逐行列出；或者没有可用的数字

\b
例
    yearbook draft demo 2023 --check
    yearbook draft demo 2023 --names
    yearbook draft demo 2023
"""
)
@click.argument("body")
@click.argument("year", type=int)
@click.option("--check", "checking", is_flag=True, help="只检查模板，一次列出全部错误；不用任何数据。")
@click.option("--names", is_flag=True, help="列出模板可以用的数字名称、单位和最近一次的数。")
@refusing
def draft(body: str, year: int, *, checking: bool, names: bool) -> None:
    """Check the wording template, list names, or write a draft."""
    if checking:
        sys.exit(_check(body, year))
    if names:
        _tell_names(body, year)
    else:
        _write(body, year)


def _check(body: str, year: int) -> int:
    from tasks.agency import load_agency
    from tasks.clock import today
    from tasks.library import load_library, require_bodies
    from tasks.own import own_library
    from tasks.settings import settings
    from tasks.wording import check, load_wording, wording_name
    from yearbook.period import report_year

    asked = report_year(year, today=today())
    project = settings().project
    agency, _ = load_agency(project, body)
    whole = load_library(project)
    whole.require_coherent()
    require_bodies(whole, project)
    library = own_library(whole, agency)
    checked = check(load_wording(project, agency), agency, library, asked)
    name = wording_name(agency)
    for fault in checked.faults:
        kind = "" if fault.stops else "提醒："
        click.echo(f"{name} 第 {fault.line} 行：{kind}{fault.what}。处理办法：{fault.todo}。")
    click.echo(_summary(name, checked))
    return DONE if checked.passed else REFUSED


def _summary(name: str, checked: "Checked") -> str:
    stopping = sum(fault.stops for fault in checked.faults)
    advice = len(checked.faults) - stopping
    told = f"，提醒 {advice} 条" if advice else ""
    if stopping:
        return f"不通过：{name}，错误 {stopping} 处{told}"
    return (
        f"通过：{name}，用到数字 {checked.figures} 个，条件 {checked.conditions} 处，常数 {checked.constants} 个，"
        f"试填 {len(checked.tried)} 种情形（{'、'.join(checked.tried)}）{told}"
    )


def _tell_names(body: str, year: int) -> None:
    from tasks.agency import load_agency
    from tasks.draft import last_figures
    from tasks.library import load_library
    from tasks.own import own_library
    from tasks.settings import settings
    from yearbook.report.rehearsal import rehearsals
    from yearbook.wording import printed

    agency, _ = load_agency(settings().project, body)
    library = own_library(load_library(settings().project), agency)
    known = last_figures(settings(), body, year)
    figures = next(iter(rehearsals(library.indicators.values()).values()))
    for code, figure in figures.items():
        value = printed(known[code]).text if known is not None and code in known else "—"
        click.echo(f"{figure.name}\t{printed(figure).unit}\t{value}")
    whence = f"数是 {body} {year} 年最近一次运行的" if known is not None else f"{body} {year} 年还没有运行过，没有数"
    click.echo(f"共 {len(figures)} 个名称，名称、单位、印出的样子以制表符隔开；{whence}", err=True)


def _write(body: str, year: int) -> None:
    from tasks.draft import write_draft
    from tasks.settings import settings

    drafted = write_draft(settings(), body, year)
    for question in drafted.asked:
        click.echo(f"待说明 {question.text}")
    for verdict in drafted.breaches:
        held = f"：{verdict.found}，应 {verdict.expected}" if verdict.found and verdict.expected else ""
        click.echo(f"{verdict.severity.label}（行文）{verdict.code} {verdict.say}{verdict.place}{held}")
    state = "已发布" if drafted.run.state == "finished" else "未发布"
    whence = f"用的是第 {drafted.run.id} 次运行（{state}）的数字"
    click.echo(f"草稿在 {drafted.folder}，{whence}；待说明 {len(drafted.asked)} 处")
