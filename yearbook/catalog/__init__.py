"""What a statistician writes: sources, indicators, code lists, expectations, tie-outs, as typed entries."""

from yearbook.catalog.check import require_coherent
from yearbook.catalog.entries import Code, Column, Extract, Heading, Indicator, Rule, Source, Tie
from yearbook.catalog.parse import (
    first_fault,
    parse_codes,
    parse_headings,
    parse_indicators,
    parse_rules,
    parse_sources,
    parse_ties,
)

__all__ = [
    "Code",
    "Column",
    "Extract",
    "Heading",
    "Indicator",
    "Rule",
    "Source",
    "Tie",
    "first_fault",
    "parse_codes",
    "parse_headings",
    "parse_indicators",
    "parse_rules",
    "parse_sources",
    "parse_ties",
    "require_coherent",
]
