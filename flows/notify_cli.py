"""The command about notices: tell what is due, or try the channels."""

import sys

import click

from flows.ending import BLOCKED, DONE, refusing


@click.command(
    help="""发出到期的通知：没有人值守时中断的运行、过了法定期限还没有发布的报告，
以及先前没有送达的通知。每件事只通知一次，过期每天一次；没有事就不出声。

BODY 是机构代码，渠道在机构文件的 [notify] 中登记。

\b
退出码
    0  都已送达，或者没有要通知的
    1  有渠道没有送达，下次再试
    2  参数或环境有误

\b
例
    yearbook notify demo
    yearbook notify demo --test
"""
)
@click.argument("body")
@click.option("--test", is_flag=True, help="先检查全部通知模板，再向每个渠道发一条测试通知。")
@refusing
def notify(body: str, *, test: bool) -> None:
    """Send what is due."""
    from tasks import notify as work
    from tasks.settings import settings

    told = work.send_test(settings(), body) if test else work.due(settings(), body)
    for one in told:
        done = one.delivery
        how = "已送达" if done.state == "sent" else f"没有送达：{done.words}"
        click.echo(f"{done.channel}  {one.notice.subject}  {how}")
    if test and not told:
        click.echo(f"机构 {body} 没有登记通知渠道，通知只写入日志")
    sys.exit(BLOCKED if any(one.delivery.state == "failed" for one in told) else DONE)
