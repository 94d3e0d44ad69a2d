"""How a command ends: exit codes, and a refusal in one line."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from yearbook.errors import Refusal

DONE, BLOCKED, REFUSED = 0, 1, 2


def refusing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a refusal into one line and exit code 2; a person's mistake never ends in a traceback."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Refusal as refusal:
            click.echo(f"拒绝：{refusal}", err=True)
            sys.exit(REFUSED)

    return wrapped
