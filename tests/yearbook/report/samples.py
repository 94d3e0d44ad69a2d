"""One invented report that exercises whatever a writer can get wrong; all writer tests draw it.

Every number cell of the three statutory tables holds a number of its own, so a misplaced cell shows.
"""

from dataclasses import replace
from decimal import Decimal

from tests.yearbook.report.sample_verdicts import GUARDS, sample_verdicts
from yearbook.figure import Figure, Figures
from yearbook.form.edition_2021 import SECTIONS, TABLES
from yearbook.form.table import FormCell
from yearbook.quantity import Exact, Unit
from yearbook.report.model import (
    Aspect,
    Block,
    Body,
    Heading,
    Inline,
    Number,
    Paragraph,
    Report,
    Section,
    StatutoryTable,
    Text,
)

YEAR = 2023
BODY_NAME = "云麓市交通管理局"
NOTICE = "演示数据：云麓市为虚构城市，数字均由程序生成。"
FIRST_UNIQUE = 1001
# Long and fractional numbers at places where the column is narrow.
SPECIAL_CELLS = {
    "administrative_fees": "67.89",
    "applications_received.natural_person": "1234567",
    "applications_results.total.legal_service": "2345678",
    "cases.suit_after_reconsideration.pending": "7654321",
}

# code, name, label, value, unit, base, wording
_TEXT_FIGURES: tuple[tuple[str, str, str, Exact, Unit, Exact | None, str], ...] = (
    ("disclosed_information.total", "主动公开政府信息数·总计", "总计", 60, Unit.ITEM, 48, "exact"),
    ("disclosed_information.news", "主动公开政府信息数·政务动态信息", "政务动态信息", 48, Unit.ITEM, 40, "exact"),
    ("disclosed_information.rare", "主动公开政府信息数·生僻<&>字", "生僻<&>字", 12, Unit.ITEM, None, "exact"),
    ("motor_vehicles.total", "机动车保有量·总计", "总计", 356_789, Unit.VEHICLE, 331_002, "truncated_wan"),
    ("motor_vehicles.trailer", "机动车保有量·挂车", "挂车", 1254, Unit.VEHICLE, 1254, "exact"),
    ("drivers.total", "驾驶人保有量·总计", "总计", 813_004, Unit.PERSON, 790_551, "truncated_wan"),
    ("vehicle_business.total", "机动车业务量·总计", "总计", 150_806, Unit.PIECE, 154_309, "truncated_wan"),
    ("licence_business.total", "驾驶证业务量·总计", "总计", 25_678, Unit.PIECE, 20_797, "truncated_wan"),
    ("licence_business.new_kind", "驾驶证业务量·新设业务", "新设业务", 645, Unit.PIECE, 0, "exact"),
    ("accident_calls.total", "接处交通事故类警情·总计", "总计", 19_465, Unit.CASE, 18_002, "exact"),
    ("accident_calls.app", "接处交通事故类警情·手机处理", "手机处理", 3072, Unit.CASE, 2048, "exact"),
)


def _printed_text(cell: FormCell, place: int) -> str:
    return SPECIAL_CELLS.get(cell.figure or "", str(FIRST_UNIQUE + place))


def _printed() -> dict[int, dict[str, str]]:
    """Unique numbers for every number cell, by table and figure code."""
    place = 0
    printed: dict[int, dict[str, str]] = {}
    for number, form in TABLES.items():
        printed[number] = {}
        for cell in form.number_cells():
            printed[number][cell.figure or ""] = _printed_text(cell, place)
            place += 1
    return printed


PRINTED = _printed()

# (table, row, column) of every number cell → what a reader must find there.
EXPECTED_CELLS: dict[tuple[int, int, int], str] = {
    (number, cell.row, cell.column): PRINTED[number][cell.figure or ""]
    for number, form in TABLES.items()
    for cell in form.number_cells()
}


def _figure(
    code: str, name: str, label: str, value: Exact, unit: Unit, base: Exact | None, wording: str = "exact"
) -> Figure:
    return Figure(
        code=code,
        name=name,
        label=label,
        value=value,
        unit=unit,
        wording=wording,
        definition=f"{name}：按业务系统登记日期在统计年度内的记录计数",
        basis="《中华人民共和国政府信息公开条例》第五十条",
        sql_name=f"{code.partition('.')[0]}.sql",
        sql_digest="a" * 64,
        snapshots=("b" * 64, "c" * 64),
        row_count=int(value),
        base=base,
        base_row_count=None if base is None else int(base),
        rules=("T3-01", "K-02"),
        open_findings=("K-02",) if code == "vehicle_business.total" else (),
    )


def _cell_figure(cell: FormCell, text: str) -> Figure:
    code = cell.figure or ""
    name = cell.address.replace(" ", "·")
    if code == "administrative_fees":
        return _figure(code, name, "行政事业性收费", Decimal("678900.00"), Unit.YUAN, Decimal("512300.50"), "wan_yuan")
    bases: tuple[int | None, ...] = (None, 0, int(text) - 7, int(text) + 11, int(text))
    rules, findings = GUARDS[int(text) % len(GUARDS)]
    figure = _figure(code, name, name.rpartition("·")[2], int(text), Unit.PIECE, bases[int(text) % 5])
    return replace(figure, rules=rules, open_findings=findings)


def _figures() -> Figures:
    cells = [
        _cell_figure(cell, PRINTED[number][cell.figure or ""])
        for number, form in TABLES.items()
        for cell in form.number_cells()
    ]
    return Figures([*cells, *(_figure(*fields) for fields in _TEXT_FIGURES)])


def _paragraph(*inlines: str | Inline) -> Paragraph:
    return Paragraph(tuple(Text(inline) if isinstance(inline, str) else inline for inline in inlines))


def _change(text: str, figure: str) -> Number:
    return Number(text, figure, Aspect.CHANGE)


def _general() -> tuple[Block, ...]:
    """Section one, with every character that a file format is known to mangle."""
    return (
        Heading(2, "（一）主动公开政府信息情况"),
        _paragraph(
            "全年累计公开政府信息",
            Number("60", "disclosed_information.total"),
            "条，其中政务动态信息",
            Number("48", "disclosed_information.news"),
            "条、生僻字与符号信息（䶮、<、>、&、{{ 不展开 }}、#不是代码、$也不是$）",
            Number("12", "disclosed_information.rare"),
            "条。依据《中华人民共和国政府信息公开条例》办理，不遗漏、不泛化，该公开的及时公开，不该公开的依法保护。",
        ),
        Heading(2, "（二）各项业务工作情况"),
        Heading(3, "1.驾驶人和车辆保有量情况"),
        _paragraph(
            "截至年底，辖区机动车保有量为",
            Number("35万余", "motor_vehicles.total"),
            "辆，其中挂车",
            Number("1254", "motor_vehicles.trailer"),
            "辆；驾驶人保有量为",
            Number("81万余", "drivers.total"),
            "人。",
        ),
        Heading(3, "2.业务办理情况"),
        _paragraph(
            "共办理各类机动车业务",
            Number("15万余", "vehicle_business.total"),
            "件，比上年减少",
            _change("2.27%", "vehicle_business.total"),
            "；共办理各类驾驶证业务",
            Number("2万余", "licence_business.total"),
            "件，比上年增加",
            _change("23.47%", "licence_business.total"),
            "，其中新设业务",
            Number("645", "licence_business.new_kind"),
            "件，上年无此项业务。",
        ),
        _paragraph(
            "接处交通事故类警情",
            Number("19465", "accident_calls.total"),
            "起，其中手机“12123”APP处理",
            Number("3072", "accident_calls.app"),
            "起；‘互联网+政务’服务“一网通办”，网址：http://www.example.org/?a=1&b=2。",
        ),
    )


def _statutory(number: int) -> StatutoryTable:
    return StatutoryTable(TABLES[number], dict(PRINTED[number]))


def _sections() -> tuple[Section, ...]:
    words = (
        _paragraph(
            "存在的主要问题：一是公开内容的针对性不够强，与群众的期待还有差距；二是政策解读形式较为单一，"
            "图表、音视频等方式运用不足。改进情况：加强业务培训，健全审核发布机制，丰富解读形式。"
        ),
    )
    blocks: tuple[tuple[Block, ...], ...] = (
        _general(),
        (_statutory(2),),
        (_statutory(3),),
        (_statutory(4),),
        words,
        (_paragraph("本年度未收取政府信息公开信息处理费。无其他需要报告的事项。"),),
    )
    return tuple(Section(title, section) for title, section in zip(SECTIONS, blocks, strict=True))


def sample_report() -> Report:
    """The full report of the invented body, the same on every call."""
    return Report(
        body=Body(code="yunlu", name=BODY_NAME, short_name=BODY_NAME, notice=NOTICE),
        year=YEAR,
        title=(BODY_NAME, f"{YEAR}年政府信息公开工作年度报告"),
        preamble=(
            _paragraph(
                "本报告依据《中华人民共和国政府信息公开条例》和国家有关年度报告格式的要求，"
                "由云麓市交通管理局结合有关统计数据编制。本报告的电子版可以从局门户网站下载。"
            ),
        ),
        sections=_sections(),
        figures=_figures(),
        verdicts=sample_verdicts(),
    )
