"""A query file as a statement: comment lines left out, because a colon in a comment is no parameter."""

from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy import TextClause, text

ValueT = TypeVar("ValueT")


def statement(sql: str) -> TextClause:
    """The text of a query file as an executable statement with named parameters."""
    return text("\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--")))


def bound(query: TextClause, known: Mapping[str, ValueT]) -> dict[str, ValueT]:
    """The parameters that a statement names, out of those that are known.

    Raises:
        KeyError: The statement names a parameter that nobody knows.
    """
    return {name: known[name] for name in query.compile().params}
