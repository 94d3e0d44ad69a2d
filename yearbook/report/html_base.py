"""What every page is made with: the one way to a template, the policy that forbids everything, numbers for reading."""

import base64
import hashlib
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Undefined

from yearbook.quantity import Exact


def finalize(value: object) -> object:
    """Let text, integers and undefined names (which then raise) through; refuse None, NaN, floats and booleans.

    Raises:
        TypeError: Anything else reached a template; it would print as a Python word or an inexact number.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Undefined):
        raise TypeError(f"a template printed a {type(value).__name__}; give it text")
    return value


@cache
def environment(*packages: str) -> Environment:
    """The one way to a template: escaping always on, missing names refused.

    Args:
        packages: Packages whose ``templates`` folder is searched, in this order; the report's comes last.
    """
    loaders = [PackageLoader(package, "templates") for package in (*packages, "yearbook.report")]
    return Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def style_policy(css: str) -> str:
    """A content security policy that allows exactly this one style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def grouped(value: Exact) -> str:
    """An exact number for reading: thousands apart, no exponent."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,f}"
