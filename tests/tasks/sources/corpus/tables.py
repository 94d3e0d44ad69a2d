"""Tables that are whole and readable and not as agreed: headers, years, totals; in every form."""

from datetime import date

from tests.tasks.sources.corpus.case import Kind
from tests.tasks.sources.corpus.formats import PAGE, TEXT, TYPED
from tests.tasks.sources.corpus.ledger import (
    CANARY,
    HEADER,
    TITLE,
    Ledger,
    columns,
    cut_row,
    dated,
    insert_column,
    insert_row,
    put,
    rows,
    steps,
    valid,
)

HEADERS_DIFFER = "表头与约定不符："
NO_TOTAL = "最后一行不是“合计”，文件可能不完整"
BESIDE = "在最后一列表头的右边还有内容"
SUBTOTAL = "行是合计或小计行，会被当作数据重复计算"


def wide_header(found: Ledger) -> Ledger:
    for number in range(1, 91):
        found = insert_column(found.width + 1, f"经办人{number}", CANARY)(found)
    return found


HEADERS = (
    Kind("header renamed", put((1, 3, "收费类别")), HEADERS_DIFFER + "缺少 类别（疑改名为 收费类别）；多出 收费类别"),
    Kind(
        "header with other brackets",
        put((1, 6, "金额(元)")),
        HEADERS_DIFFER + "缺少 金额（元）（疑改名为 金额(元)）；多出 金额(元)",
    ),
    Kind(
        "two headers renamed",
        put((1, 1, "日期"), (1, 6, "实收")),
        HEADERS_DIFFER + "缺少 收款日期（疑改名为 日期）；缺少 金额（元）（疑改名为 实收）；多出 日期；多出 实收",
    ),
    Kind("column missing", columns(1, 2, 3, 5, 6), HEADERS_DIFFER + "缺少 数量"),
    Kind("column added at the end", insert_column(7, "经办人", CANARY), HEADERS_DIFFER + "多出 经办人"),
    Kind("column added within", insert_column(3, "经办人", CANARY), HEADERS_DIFFER + "多出 经办人"),
    Kind("column doubled", columns(1, 2, 3, 4, 5, 6, 6), HEADERS_DIFFER + "重复 金额（元）"),
    Kind(
        "columns swapped",
        columns(1, 2, 3, 5, 4, 6),
        HEADERS_DIFFER + "次序不同，第 4 列应为 数量，实为 单价（元）",
    ),
    Kind("header blank", put((1, 4, None)), HEADERS_DIFFER + "缺少 数量；多出 （空白表头）"),
    Kind("last header blank", put((1, 6, None)), "第 2 行" + BESIDE),
    # what stands where a header should be may be personal
    Kind("no header", rows(2, 3, 4, 5, 6), ("", "表头")),
    Kind("header of two rows agreed", valid, ("", "表头"), change={"header_rows": 2}),
    # a sign that nobody sees, and signs that a terminal obeys
    Kind("header with a sign of no width", put((1, 3, "类别\u200b")), (HEADERS_DIFFER, "缺少 类别")),
    Kind("header that turns the direction", put((1, 3, "\u202e别类")), (HEADERS_DIFFER, "缺少 类别")),
    Kind("header as long as a page", put((1, 3, "类别" * 4000)), (HEADERS_DIFFER, "缺少 类别")),
    Kind("header of many columns", wide_header, (HEADERS_DIFFER, "多出 经办人1", "处不同")),
    Kind("title that was not agreed", insert_row(1, TITLE), "第 2 行" + BESIDE),
    Kind("nothing but a title", steps(insert_row(1, TITLE), rows(1)), "没有表头", change={"title_rows": 1}),
)
YEARS = (
    Kind(
        "title of another year",
        insert_row(1, f"收费台账（2022年度）{CANARY}"),
        "标题写的是 2022 年，不是 2023 年",
        change={"title_rows": 1},
    ),
    Kind(
        "unit in the title",
        insert_row(1, TITLE, "单位：万元"),
        ("", "表中写明单位是万元", "契约没有写列"),
        change={"title_rows": 1, "units": {}},
    ),
    Kind(
        "another year",
        dated(*(date(2022, 3, day) for day in (3, 4, 5, 6))),
        "按列 paid_on 没有 2023 年的行，文件里是 2022 年 4 行，交错了年度",
    ),
    Kind(
        "the year to come",
        dated(*(date(2024, 1, day) for day in (3, 4, 5, 6))),
        "按列 paid_on 没有 2023 年的行，文件里是 2024 年 4 行，交错了年度",
        change={"one_year": True},
    ),
    Kind(
        "several years",
        dated(date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2), date(2024, 1, 1)),
        "按列 paid_on 混有几个年度的行：2022 年 1 行、2023 年 2 行、2024 年 1 行；第 2、5 行不是 2023 年",
        change={"one_year": True},
    ),
)
TOTALS = (
    Kind("header and total only", steps(rows(1, 6), put((2, 6, 0))), "只有表头，没有数据行"),
    Kind("header only", rows(1), NO_TOTAL),
    Kind("no total row", rows(1, 2, 3, 4, 5), NO_TOTAL),
    Kind("remark below the total", insert_row(7, f"制表人：{CANARY}"), NO_TOTAL),
    Kind("total wrong", put((6, 6, 2232.8)), "第 6 行合计 2232.80 与各行之和 2232.90 不符，相差 -0.10"),
    Kind("row lost", rows(1, 2, 3, 5, 6), "第 5 行合计 2232.90 与各行之和 2232.10 不符，相差 0.80"),
    Kind("row doubled", rows(1, 2, 2, 3, 4, 5, 6), "第 7 行合计 2232.90 与各行之和 2264.40 不符，相差 -31.50"),
    Kind("subtotal", insert_row(4, "小计", None, None, None, None, 31.6), "第 4 " + SUBTOTAL),
    Kind("total twice", rows(1, 2, 3, 4, 5, 6, 6), "第 6 " + SUBTOTAL),
    Kind("total blank", put((6, 6, None)), "第 6 行合计“金额（元）”为空，契约要求必填"),
    Kind(
        "total in words",
        put((6, 6, f"见 {CANARY}")),
        "第 6 行合计“金额（元）”的值不是 两位小数以内的金额",
    ),
    Kind("no control", valid, "没有随文件交来控制数（行数或合计）", change={"control": True}),
)
SHAPES = (
    Kind("cell beside the table", put((3, 8, CANARY)), "第 3 行" + BESIDE, TYPED),
    Kind("row too long", put((3, 8, CANARY)), "第 3 行有 8 列，表头有 6 列", TEXT),
    Kind("row too long", put((3, 8, CANARY)), "第 1 行有 6 列，表格有 8 列", PAGE),
    Kind("row too short", cut_row(3, 5), "第 3 行有 5 列，表头有 6 列", TEXT),
    Kind("row too short", cut_row(3, 5), "第 3 行有 5 列，表格有 6 列", PAGE),
    Kind(
        "header again within",
        insert_row(4, *HEADER),
        "第 4 行“收款日期”，列 paid_on 的值不是 日期（年-月-日）；"
        "“类别”，列 category 有代码表以外的值 1 种、1 处（第 4 行）；"
        "第 4 行“数量”，列 quantity 的值不是 整数；"
        "第 4 行“单价（元）”，列 unit_price_yuan 的值不是 两位小数以内的金额；"
        "第 4 行“金额（元）”，列 amount_yuan 的值不是 两位小数以内的金额",
    ),
)
KINDS = (*HEADERS, *YEARS, *TOTALS, *SHAPES)
