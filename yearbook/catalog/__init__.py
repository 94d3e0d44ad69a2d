"""What a statistician writes: sources, indicators, code lists, expectations, tie-outs, as typed entries."""

from yearbook.catalog.check import require_coherent, require_exceptions
from yearbook.catalog.entries import Code, Column, Extract, Heading, Indicator, Source
from yearbook.catalog.exceptions import Explanation, Waiver
from yearbook.catalog.parse import (
    first_fault,
    parse_codes,
    parse_headings,
    parse_indicators,
    parse_rules,
    parse_sources,
    parse_ties,
    parse_waivers,
)
from yearbook.catalog.rules import Rule, Tie

__all__ = [
    "Code",
    "Column",
    "Explanation",
    "Extract",
    "Heading",
    "Indicator",
    "Rule",
    "Source",
    "Tie",
    "Waiver",
    "first_fault",
    "parse_codes",
    "parse_headings",
    "parse_indicators",
    "parse_rules",
    "parse_sources",
    "parse_ties",
    "parse_waivers",
    "require_coherent",
    "require_exceptions",
]
