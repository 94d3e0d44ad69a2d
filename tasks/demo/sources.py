"""Where the demonstration's plans and sources lie."""

from pathlib import Path

from tasks.settings import settings
from yearbook.errors import Refusal


def build_body(body: str) -> Path:
    """Build the source systems of a demonstration body under the home folder, unless they stand there already.

    Raises:
        Refusal: No such plan, or one that contradicts itself.
    """
    from tasks.demo import build

    plans = settings().project / "deployments" / "demo"
    known = sorted(path.stem for path in plans.glob("*.toml"))
    if body not in known:
        raise Refusal(f"没有名为“{body}”的演示机构", todo=f"可用的有 {'、'.join(known)}")
    folder = settings().home / "demo" / body
    try:
        build((plans / f"{body}.toml").read_text(encoding="utf-8"), folder)
    except ValueError as error:
        raise Refusal(f"演示计划 deployments/demo/{body}.toml 有误：{error}", todo="更正该项") from error
    return folder
