"""The figures as a workbook for the people who check them: an overview, the three tables, verdicts, notes.

Every number is a number; a missing base is a word, never a zero.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from xlsxwriter.worksheet import Worksheet

from yearbook.change import Kind, contribution
from yearbook.figure import Figure, Figures
from yearbook.form.table import FormCell, Role
from yearbook.period import ReportYear
from yearbook.quantity import ROUNDING_POLICY, ROUNDING_POLICY_TEXT, Exact
from yearbook.report.model import Report, StatutoryTable
from yearbook.report.sheets import HEADER_POINTS, Book, Styled, listing
from yearbook.report.verdicts import attention, fitting, impacts_words, open_rules, tone
from yearbook.verdict import Status
from yearbook.wording import POLICY_TEXT, printed

FORM_WIDTH_CHARACTERS = 112
FORM_ROW_POINTS = 27
# A form with more columns than this lies across the page.
UPRIGHT_COLUMNS = 10
OVERVIEW = (
    "指标",
    "分项",
    "本年数",
    "上年数",
    "增减",
    "增减（%）",
    "对总量增减的贡献（百分点）",
    "单位",
    "印刷写法",
    "规则结论",
)
OVERVIEW_WIDTHS = (27, 34, 13, 13, 12, 10, 15, 6, 14, 20)
VERDICTS = {
    "规则": 9,
    "内容": 34,
    "类别": 9,
    "级别": 6,
    "结论": 8,
    "位置": 24,
    "评估数": 9,
    "不符数": 8,
    "应为": 13,
    "实为": 13,
    "差额": 10,
    "说明": 28,
    "影响的数字": 32,
    "处理办法": 30,
    "负责人": 12,
}
REST_IN = "figures.json"
NO_BASE, ZERO_BASE, NONE = "上年无可比数", "上年为零", "—"
NUMBERS_FOR_TABLES = {2: "表二", 3: "表三", 4: "表四"}


def _grouped_format(value: Exact) -> str:
    places = -int(value.as_tuple().exponent) if isinstance(value, Decimal) else 0
    return "#,##0" + ("." + "0" * places if places > 0 else "")


def _whole(figure: Figure, figures: Figures) -> Figure | None:
    """The total that a figure is part of: the same code with ``total`` as its last member."""
    stem, dot, _ = figure.code.rpartition(".")
    code = f"{stem}.total" if dot else figure.code
    if code not in figures:
        return None
    return figures[code]


def _signed(value: Exact | None, style: str) -> Styled:
    if value is None:
        return Styled(NONE, f"{style} right soft")
    plain_format = _grouped_format(value)
    return Styled(value, f"{style}|+{plain_format};-{plain_format};{plain_format}")


def _overview_row(figure: Figure, figures: Figures, findings: Mapping[str, Status]) -> list[Styled]:
    whole = _whole(figure, figures)
    style = "sum" if figure.code.endswith(".total") else ""
    change = figure.change
    title, _, member = figure.name.partition("·")
    percent = _signed(change.percent, style)
    if figure.base == 0:
        words = "持平" if change.kind is Kind.EQUAL else ZERO_BASE
        percent = Styled(words, f"{style} right soft")
    base = Styled(NO_BASE, f"{style} right soft")
    if figure.base is not None:
        base = Styled(figure.base, f"{style}|{_grouped_format(figure.base)}")
    share = None if whole is None else contribution(change, whole.change)
    return [
        Styled(title, style),
        Styled(member or figure.label, style),
        Styled(figure.value, f"{style}|{_grouped_format(figure.value)}"),
        base,
        _signed(change.difference, style),
        percent,
        _signed(share, style),
        Styled(figure.unit.value, f"{style} center"),
        Styled(printed(figure).text, f"{style} right"),
        _conclusion(figure, findings, style),
    ]


def _conclusion(figure: Figure, findings: Mapping[str, Status], style: str) -> Styled:
    passed = len(figure.rules) - len(findings)
    words = [f"{Status.PASSED.label}（{passed}条）"] if passed else []
    for status in (Status.NOT_EVALUATED, Status.WAIVED, Status.FAILED):
        rules = [rule for rule, found in findings.items() if found is status]
        words[:0] = [f"{status.label}：{'、'.join(rules)}"] if rules else []
    if not words:
        return Styled("无规则", f"{style} soft")
    open_statuses = set(findings.values()) - {Status.NOT_EVALUATED}
    look = "warn" if open_statuses else "good" if passed else "soft"
    return Styled("；".join(words), f"{style} {look}")


def _verdict_rows(report: Report) -> Iterable[list[Styled]]:
    for verdict in sorted(report.verdicts, key=attention):
        texts = [verdict.code, verdict.say, verdict.category.label, verdict.severity.label]
        yield [
            *(Styled(text, "") for text in texts),
            Styled(verdict.status.label, tone(verdict)),
            Styled(fitting(verdict.place, rest_in=REST_IN), ""),
            Styled(verdict.evaluated, "|#,##0"),
            Styled(verdict.failed, "|#,##0"),
            *(
                Styled(fitting(text or NONE, rest_in=REST_IN), "right")
                for text in (verdict.expected, verdict.found, verdict.difference)
            ),
            Styled(fitting(verdict.detail, rest_in=REST_IN), ""),
            Styled(fitting(impacts_words(verdict.impact, rest_in=REST_IN), rest_in=REST_IN), ""),
            Styled(verdict.do, ""),
            Styled(verdict.owner, ""),
        ]


def _statutory_number(text: str) -> Styled:
    """The printed number as a number with the decimals it is printed with; words stay words."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Styled(text, "center")
    return Styled(number, f"center|{_grouped_format(number).replace('#,##0', '0')}")


def _statutory_cell(table: StatutoryTable, cell: FormCell) -> Styled:
    if cell.figure is not None:
        return _statutory_number(table.printed[cell.figure])
    return Styled(cell.label, "" if cell.role in (Role.ROW_HEADER, Role.CORNER) else "label center")


def _statutory(book: Book, sheet: Worksheet, table: StatutoryTable) -> None:
    """The table as the form draws it, merged, one title row above."""
    form = table.form
    whole = sum(form.widths)
    if len(form.widths) <= UPRIGHT_COLUMNS:
        sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    for column, width in enumerate(form.widths):
        sheet.set_column(column, column, width * FORM_WIDTH_CHARACTERS / whole)
    sheet.merge_range(0, 0, 0, len(form.widths) - 1, "", book.format("title"))
    book.put(sheet, 0, 0, Styled(form.title, "title"))
    sheet.set_row(0, HEADER_POINTS)
    for row in range(form.row_total):
        sheet.set_row(row + 1, FORM_ROW_POINTS)
    for cell in form.cells:
        content = _statutory_cell(table, cell)
        row, column = cell.row + 1, cell.column
        if cell.row_span * cell.column_span > 1:
            last = (row + cell.row_span - 1, column + cell.column_span - 1)
            sheet.merge_range(row, column, *last, "", book.format(content.style))
        book.put(sheet, row, column, content)
    if form.header_rows:
        sheet.freeze_panes(form.header_rows + 1, 0)
        sheet.repeat_rows(0, form.header_rows)


def _notes(report: Report) -> list[list[Styled]]:
    year = ReportYear(report.year)
    facts = [
        ("名称", report.title_line),
        ("发布机构", report.body.name),
        ("统计期限", f"{year.start.isoformat()}（含）至{year.end.isoformat()}（不含）"),
        ("修约规则", f"{ROUNDING_POLICY_TEXT}（{ROUNDING_POLICY}）"),
        ("贡献", "分项的增减除以总量的上年数，单位为百分点；各分项之和等于总量的增减百分比，修约差除外"),
        ("上年无可比数", "上年没有同口径的数，不计算增减"),
        ("上年为零", "上年数为零，只列增减数，不计算百分比"),
    ]
    facts += [("声明", report.body.notice)] if report.body.notice else []
    seen: dict[str, Figure] = {}
    for figure in report.figures.values():
        seen.setdefault(figure.indicator, figure)
    for figure in seen.values():
        words = f"{figure.definition}依据：{figure.basis}。印刷：{POLICY_TEXT[figure.wording]}。"
        facts.append((figure.name.partition("·")[0], words))
    return [[Styled(term, "bold"), Styled(words, "")] for term, words in facts]


def write_workbook(report: Report) -> bytes:
    """The workbook; the same report gives the same bytes."""
    book = Book(report)
    figures = report.figures
    findings = open_rules(report)
    rows = (_overview_row(figure, figures, findings[code]) for code, figure in figures.items())
    listing(
        book,
        book.sheet("汇总", f"{report.title_line} 数据汇总"),
        dict(zip(OVERVIEW, OVERVIEW_WIDTHS, strict=True)),
        rows,
        2,
    )
    for table in report.tables():
        _statutory(book, book.sheet(NUMBERS_FOR_TABLES[table.form.number], report.title_line), table)
    listing(
        book,
        book.sheet("数据质量", f"{report.title_line} 规则结论"),
        VERDICTS,
        _verdict_rows(report),
        1,
    )
    notes = book.sheet("说明", f"{report.title_line} 说明")
    listing(book, notes, {"项目": 30, "内容": 110}, _notes(report), 1)
    return book.bytes()
