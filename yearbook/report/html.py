"""The report as one self-contained web page: no script, no outside address, real tables, a note behind every number.

Knows nothing of portals. Notes open through the address fragment alone, so they work with scripts forbidden.
"""

from yearbook.period import ReportYear
from yearbook.quantity import ROUNDING_POLICY_TEXT
from yearbook.report.html_base import environment, finalize, grouped, style_policy
from yearbook.report.html_blocks import Blocks
from yearbook.report.html_forms import CellView, NumberView, TableView, column_shares, table_view
from yearbook.report.html_notes import Places, note_groups, rule_views
from yearbook.report.model import Report

# The pages for the auditor are made of the same parts.
__all__ = [
    "CellView",
    "NumberView",
    "TableView",
    "column_shares",
    "environment",
    "finalize",
    "grouped",
    "style_policy",
    "table_view",
    "write_html",
]


def _facts(report: Report) -> list[tuple[str, str]]:
    first, after = ReportYear(report.year).start, ReportYear(report.year).end
    last = after.replace(year=report.year, month=12, day=31)
    days = [f"{day.year}年{day.month}月{day.day}日" for day in (first, last)]
    edition = report.edition_words
    facts = [
        ("名称", report.title_line),
        ("发布机构", report.body.name),
        ("统计年度", f"{report.year}年"),
        *([("版次", edition)] if edition else []),
        ("统计期限", f"{days[0]}至{days[1]}"),
        ("数据修约", ROUNDING_POLICY_TEXT),
    ]
    return facts + ([("说明", report.body.notice)] if report.body.notice else [])


def write_html(report: Report) -> bytes:
    """The report as a web page in UTF-8.

    Raises:
        Refusal: A number in the report names a figure that does not exist.
    """
    templates = environment()
    places = Places(report)
    blocks = Blocks(places)
    # in reading order: anchors are numbered as they are met
    preamble = blocks.preamble(report)
    sections = blocks.sections(report.sections)
    annexes = blocks.sections(report.annexes)
    rules = rule_views(report)
    shares = [(table.form.number, column_shares(table.form)) for table in report.tables()]
    css = templates.get_template("report.css.j2").render(shares=shares)
    page = templates.get_template("report.html.j2").render(
        report=report,
        edition=report.edition_words,
        facts=_facts(report),
        preamble=preamble,
        sections=sections,
        annexes=annexes,
        groups=note_groups(report, places, rules),
        findings=[rule for rule in rules.values() if not rule.is_passed],
        passed=[rule for rule in rules.values() if rule.is_passed],
        base_year=report.year - 1,
        shares=shares,
        policy=style_policy(css),
    )
    return page.encode("utf-8")
