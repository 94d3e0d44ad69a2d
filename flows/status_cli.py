"""The command for operators: how the reports stand, who works on what, what crashed."""

from typing import TYPE_CHECKING

import click

from flows.ending import refusing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.status import Detail
    from tasks.store import AttemptRow

SHOWN = 10


@click.command(
    help="""看各份报告的状态：已发布、等待审核、有致命发现、正在运行、中断。

不写 BODY 列出全部机构；写了 BODY 和 YEAR，列出历次尝试（谁、何时、怎样结束）和最近
一次的每一步。进程被杀死的尝试显示为“中断”，再次运行即可接替。

\b
例
    yearbook status
    yearbook status demo
    yearbook status demo 2023
"""
)
@click.argument("body", required=False)
@click.argument("year", type=int, required=False)
@refusing
def status(body: str | None, year: int | None) -> None:
    """Tell how reports stand."""
    from tasks import status as work
    from tasks.settings import settings

    if body is None or year is None:
        found = work.standings(settings(), body)
        for one in found:
            click.echo(f"{one.body:<16} {one.year}  {one.words}")
        if not found:
            click.echo("还没有运行过")
        return
    for line in _lines(work.detail(settings(), body, year)):
        click.echo(line)


def _lines(detail: "Detail") -> "Iterator[str]":
    one = detail.standing
    yield f"{one.body} {one.year} 年：{one.words}"
    for attempt in detail.attempts[:SHOWN]:
        yield _attempt_line(attempt)
    if detail.steps:
        yield f"第 {detail.attempts[0].id} 次尝试做完的步骤"
    for step in detail.steps:
        rows = "" if step.row_count is None else f"，{step.row_count} 行"
        findings = "" if step.findings is None else f"，发现 {step.findings} 条"
        yield f"  {step.name}：{step.seconds:.1f} 秒{rows}{findings}"
    if detail.attempts and detail.attempts[0].state == "crashed":
        yield f"接替中断的尝试：yearbook run {one.body} {one.year}"


def _attempt_line(attempt: "AttemptRow") -> str:
    from tasks.store.journal import STATE_WORDS
    from yearbook.period import BEIJING

    began = attempt.started_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    kinds = {"report": "", "rehearsal": "（演练）", "trial": "（试运行）"}
    why = f"：{attempt.words}" if attempt.words else ""
    return (
        f"  第 {attempt.id} 次{kinds[attempt.purpose]} {began} {attempt.operator}（{attempt.host}）"
        f" {STATE_WORDS[attempt.state]}{why}"
    )
