"""The commands of whoever approves: what awaits approval, yes, no."""

import click

from flows.ending import refusing


@click.command(
    help="""查看等待审核的报告，和审核时要填写的核对码。

BODY 是机构代码，YEAR 是统计年度。

\b
例
    yearbook review demo 2023
    yearbook review demo 2023 --code
"""
)
@click.argument("body")
@click.argument("year", type=int)
@click.option("--code", "only_code", is_flag=True, help="只印出核对码。")
@refusing
def review(body: str, year: int, *, only_code: bool) -> None:
    """Tell what awaits approval."""
    from tasks import approve as work
    from tasks.settings import settings
    from yearbook.period import BEIJING

    submission = work.awaiting(settings(), body, year)
    code = work.code_of(submission)
    if only_code:
        click.echo(code)
        return
    finished = submission.finished_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    click.echo(f"{body} {year} 年：第 {submission.run_id} 次运行，{submission.operator} 于 {finished} 送审")
    if submission.decision is None:
        click.echo(f"报告在 {settings().home / 'review' / body / str(year)}")
        click.echo(f"核对码 {code}")
    else:
        done = "批准" if submission.decision == "approved" else "退回"
        click.echo(f"已由{submission.name}{done}" + (f"：{submission.reason}" if submission.reason else ""))


@click.command(
    help="""批准一份等待审核的报告，随即发布。

BODY 是机构代码，YEAR 是统计年度，CODE 是核对码（yearbook review 显示）。审核人须在
机构文件的 reviewers 中登记，不能是这次运行的经办人。送审以后任何一处有变化，核对码
随之不同，须重新审核。

\b
例
    yearbook approve demo 2023 3f9a22c1b07e --name 李四
"""
)
@click.argument("body")
@click.argument("year", type=int)
@click.argument("code")
@click.option("--name", required=True, help="审核人。")
@click.option("--reason", default="", help="要记录的说明，可以不写。")
@refusing
def approve(body: str, year: int, code: str, name: str, reason: str) -> None:
    """Approve and publish."""
    from tasks import approve as work
    from tasks.settings import settings

    done = work.approve(settings(), body, year, code, name=name, reason=reason)
    unchanged = "" if done.changed else "（文件夹中已经是这一版）"
    click.echo(f"已由{done.submission.name or name}批准，报告第 {done.edition} 版在 {done.folder}{unchanged}")


@click.command(
    help="""退回一份等待审核的报告，不发布。

BODY 是机构代码，YEAR 是统计年度，CODE 是核对码（yearbook review 显示）。

\b
例
    yearbook reject demo 2023 3f9a22c1b07e --name 李四 --reason 第二部分还是上年的文字
"""
)
@click.argument("body")
@click.argument("year", type=int)
@click.argument("code")
@click.option("--name", required=True, help="审核人。")
@click.option("--reason", required=True, help="退回的理由，一行文字。")
@refusing
def reject(body: str, year: int, code: str, name: str, reason: str) -> None:
    """Send back."""
    from tasks import approve as work
    from tasks.settings import settings

    sent_back = work.reject(settings(), body, year, code, name=name, reason=reason)
    click.echo(f"已由{sent_back.name}退回：{sent_back.reason}。报告没有发布；更正后重新运行")
