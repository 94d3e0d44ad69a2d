"""The figures as a workbook for the people who check them: overview, forms, charts, verdicts, notes.

Every number is a number; what follows from other cells is a formula of them; a missing base is a word, never a zero.
"""

from collections.abc import Iterable

from yearbook.figure import Figure
from yearbook.period import ReportYear
from yearbook.quantity import ROUNDING_POLICY, ROUNDING_POLICY_TEXT
from yearbook.report.model import Report
from yearbook.report.sheets import Book, Styled, listing
from yearbook.report.verdicts import attention, fitting, impacts_words, tone
from yearbook.report.workbook_charts import charts_of, charts_sheet, listings_of, listings_sheet
from yearbook.report.workbook_forms import statutory
from yearbook.report.workbook_overview import NONE, OVERVIEW, overview_rows
from yearbook.wording import POLICY_TEXT

# What a reader of the printed sheet needs stands first; the rest is for the screen.
VERDICTS = {
    "规则": 9,
    "内容": 32,
    "级别": 6,
    "结论": 8,
    "位置": 22,
    "应为": 12,
    "实为": 12,
    "差额": 10,
    "说明": 26,
    "处理办法": 26,
    "类别": 9,
    "评估数": 9,
    "不符数": 8,
    "影响的数字": 32,
    "负责人": 12,
}
PRINTED_VERDICTS = 10
REST_IN = "figures.json"
NUMBERS_FOR_TABLES = {2: "表二", 3: "表三", 4: "表四"}


def _verdict_rows(report: Report) -> Iterable[list[Styled]]:
    for verdict in sorted(report.verdicts, key=attention):
        yield [
            Styled(verdict.code, ""),
            Styled(verdict.say, ""),
            Styled(verdict.severity.label, ""),
            Styled(verdict.status.label, tone(verdict)),
            Styled(fitting(verdict.place, rest_in=REST_IN), ""),
            *(
                Styled(fitting(text or NONE, rest_in=REST_IN), "right")
                for text in (verdict.expected, verdict.found, verdict.difference)
            ),
            Styled(fitting(verdict.detail, rest_in=REST_IN), ""),
            Styled(verdict.do, ""),
            Styled(verdict.category.label, ""),
            Styled(verdict.evaluated, "|#,##0"),
            Styled(verdict.failed, "|#,##0"),
            Styled(fitting(impacts_words(verdict.impact, rest_in=REST_IN), rest_in=REST_IN), ""),
            Styled(verdict.owner, ""),
        ]


def _notes(report: Report) -> list[list[Styled]]:
    year = ReportYear(report.year)
    facts = [
        ("名称", report.title_line),
        ("发布机构", report.body.name),
        ("统计期限", f"{year.start.isoformat()}（含）至{year.end.isoformat()}（不含）"),
        ("修约规则", f"{ROUNDING_POLICY_TEXT}（{ROUNDING_POLICY}）"),
        ("贡献", "分项的增减除以总量的上年数，单位为百分点；各分项之和等于总量的增减百分比，修约差除外"),
        ("上年无可比数", "上年没有同口径的数，不计算增减"),
        ("公式", "增减、增减百分比、贡献和表三、表四的总计是公式，由旁边的格算出；与印刷的数不一致时写数，不写公式"),
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
    title = report.title_line
    listing(book, book.sheet("汇总", f"{title} 数据汇总"), OVERVIEW, overview_rows(report), 2)
    for table in report.tables():
        statutory(book, book.sheet(NUMBERS_FOR_TABLES[table.form.number], title), table)
    if charts := charts_of(report):
        charts_sheet(book, book.sheet("图", f"{title} 图"), charts)
    if listings := listings_of(report):
        listings_sheet(book, book.sheet("附表", f"{title} 附表"), listings)
    verdicts = book.sheet("数据质量", f"{title} 规则结论")
    listing(book, verdicts, VERDICTS, _verdict_rows(report), 1, on_paper=PRINTED_VERDICTS)
    listing(book, book.sheet("说明", f"{title} 说明"), {"项目": 30, "内容": 110}, _notes(report), 1)
    return book.bytes()
