"""Pieces of a Markdown page: links from ``docs/``, lists of facts, tables."""

from collections.abc import Iterable, Mapping, Sequence


def link(path: str) -> str:
    """A link from a page in ``docs/`` to a file of the project."""
    return f"[{path}](../{path})"


def listed(named: Mapping[str, str]) -> str:
    """One line per fact."""
    return "\n".join(f"- {name}：{text}" for name, text in named.items())


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar inside a cell, as in a regular expression, would start the next cell and is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
