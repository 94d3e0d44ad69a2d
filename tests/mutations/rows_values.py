"""Values that are of the right kind and wrong: amounts, identity numbers, plates, answers, documents."""

from collections.abc import Iterator

from tests.mutations.fault import Fault
from tests.mutations.rows_cells import one, replaced

ADMINISTRATIVE = "category = '行政事业性收费' and year(paid_on) = 2023"


def faults() -> Iterator[Fault]:
    """Every fault of these families."""
    yield from _amounts()
    yield from _identities()
    yield from _plates()
    yield from _applications()
    yield from _documents()
    yield from _misjudged()


def _line(offset: int, count: int = 1) -> str:
    return f"n in (select n from rows where {ADMINISTRATIVE} order by n limit {count} offset {offset})"


def _fees(words: str, where: str, **changes: str) -> Fault:
    cells = ", ".join(f"case when {where} then {value} else {name} end as {name}" for name, value in changes.items())
    return one("金额", "fee_line", words, f"select * replace ({cells}) from rows")


def _money(column: str, factor: str) -> str:
    return f"({column} {factor})::decimal(18, 2)"


def _amounts() -> Iterator[Fault]:
    """元 for 万元 and 分, slips of a key, what was paid back, lines that are no fees."""
    scales = (("误以万元为单位", "/ 10000"), ("误乘一万", "* 10000"), ("误以分为单位", "* 100"), ("多写一个 0", "* 10"))
    for words, factor in scales:
        amount, price = _money("amount_yuan", factor), _money("unit_price_yuan", factor)
        for at, lines in ((40, "一行"), (700, "另一行")):
            yield _fees(f"{lines}的金额{words}", _line(at), amount_yuan=amount)
            yield _fees(f"{lines}的单价和金额{words}", _line(at), amount_yuan=amount, unit_price_yuan=price)
        yield _fees(f"全部行的金额{words}", "true", amount_yuan=amount)
        yield _fees(f"全部行的单价和金额{words}", "true", amount_yuan=amount, unit_price_yuan=price)
    for at in (12, 345, 890):
        yield _fees(f"第 {at} 笔金额多 1 元", _line(at), amount_yuan="amount_yuan + 1")
        yield _fees(f"第 {at} 笔金额少 1 分", _line(at), amount_yuan="amount_yuan - 0.01")
        yield _fees(f"第 {at} 笔数量多 1，金额未改", _line(at), quantity="quantity + 1")
        yield _fees(f"第 {at} 笔金额写成负数", _line(at), amount_yuan="-amount_yuan")
        yield _fees(f"第 {at} 笔数量和金额写成负数", _line(at), amount_yuan="-amount_yuan", quantity="-quantity")
        yield _fees(f"第 {at} 笔数量为 0", _line(at), quantity="0", amount_yuan="0::decimal(18, 2)")
    fines = "category = '罚没收入' and n % 4 = 1"
    yield _fees("四分之一的罚没收入误归行政事业性收费", fines, category="'行政事业性收费'")
    yield _fees("全部罚没收入误归行政事业性收费", "category = '罚没收入'", category="'行政事业性收费'")
    charges = "category = '信息处理费'"
    yield _fees("信息处理费误归行政事业性收费", charges, category="'行政事业性收费'")
    yield _fees("40 行收费误归罚没收入", _line(50, 40), category="'罚没收入'")


def _identities() -> Iterator[Fault]:
    number = "identity_number"
    changes = {
        "一位数字错": f"{number}[:9] || ((({number}[10])::int + 1) % 10)::varchar || {number}[11:]",
        "末三位错一位": f"{number}[:15] || ((({number}[16])::int + 3) % 10)::varchar || {number}[17:]",
        "相邻两位颠倒": f"{number}[:14] || {number}[16] || {number}[15] || {number}[17:]",
        "校验码错": f"{number}[:17] || case {number}[18] when '4' then '5' else '4' end",
        "少一位": f"{number}[:17]",
        "成了十五位": f"{number}[:6] || {number}[9:17]",
        "小写 x": f"{number}[:17] || 'x'",
        "成了科学计数法": "'3.60799E+17'",
        "出生月份为 13": f"{number}[:10] || '13' || {number}[13:]",
    }
    for words, value in changes.items():
        for at in (400, 3210):
            differs = f"{number}[15] <> {number}[16]"
            where = f"n in (select n from rows where {differs} and n > {at} order by n limit 1)"
            yield one("证件号码", "licence_register", f"{words}，第 {at} 行后", replaced(number, value, where))
    twice = "(select identity_number from rows where n = 77)"
    yield one("证件号码", "licence_register", "一人两份档案", replaced(number, twice, "n = 1500"))


def _plates() -> Iterator[Fault]:
    """A plate in two files, and plates typed in another width or case."""
    live = "select n from rows where left_on is null and plate_class = '02' order by n"
    for at in (100, 555, 900):
        other = f"(select plate_number from rows where n = ({live} limit 1 offset {at}))"
        where = f"n in ({live} limit 1 offset {at + 7})"
        yield one("号牌", "vehicle_register", f"第 {at} 辆的号牌另有一份档案", replaced("plate_number", other, where))
    again = f"select * replace (serial || '9' as serial) from rows where n in ({live} limit 15 offset 300)"
    yield one("号牌", "vehicle_register", "15 辆建了两份档案", f"select * from rows union all {again}")
    shapes = {
        "小写": "lower(plate_number)",
        "带空格": "plate_number[:2] || ' ' || plate_number[3:]",
        "全角": "'云ＹＡ１２３４'",
    }
    for words, value in shapes.items():
        yield one("号牌", "vehicle_register", f"号牌{words}", replaced("plate_number", value, "n in (1200, 1201)"))


def _applications() -> Iterator[Fault]:
    """What goes wrong in a register that is kept by hand."""
    carried = "received_on < date '2023-01-01' and (answered_on is null or answered_on >= date '2023-01-01')"
    first = f"n in (select n from rows where {carried} order by n limit 1 offset 20)"
    for words, where in (("结转来的少登 1 件", first), ("结转来的全部漏登", carried)):
        yield one("登记簿", "application", words, f"select * from rows where not ({where})")
    for at in (5, 60):
        where = f"n in (select n from rows where {carried} order by n limit 1 offset {at})"
        yield one(
            "登记簿", "application", f"结转来的第 {at} 件改了申请人类别",
            replaced("applicant_kind", "case applicant_kind when '自然人' then '其他' else '自然人' end", where),
        )  # fmt: skip
        yield one(
            "登记簿", "application", f"结转来的第 {at} 件收到日期错登到本年",
            replaced("received_on", "date '2023-01-02'", where),
        )  # fmt: skip
        yield one(
            "登记簿", "application", f"结转来的第 {at} 件答复日期错登到上年",
            replaced("answered_on", "date '2022-12-30'", where),
        )  # fmt: skip
    pending = "concluded_on is not null and accepted_on < date '2023-01-01' and concluded_on >= date '2023-01-01'"
    yield one("登记簿", "review_case", "上年尚未审结的全部漏登", f"select * from rows where not ({pending})")
    kept = "year(accepted_on) >= 2023 or concluded_on < date '2023-01-01'"
    yield one("登记簿", "review_case", "只登了本年受理的", f"select * from rows where {kept}")
    yield one("登记簿", "application", "只登了本年收到的", "select * from rows where year(received_on) >= 2023")


def _documents() -> Iterator[Fault]:
    """Documents made, abolished and in force have to agree with last year's."""
    own = "issuer = '云麓市交通管理局' and document_kind = '{}'"
    for kind in ("规章", "行政规范性文件"):
        mine = own.format(kind)
        made = f"n in (select n from rows where {mine} and year(dated_on) = 2023 order by n limit 1 offset 9)"
        ended = f"n in (select n from rows where {mine} and year(abolished_on) = 2023 order by n limit 1 offset 4)"
        standing = f"n in (select n from rows where {mine} and abolished_on is null order by n limit 2 offset 30)"
        earlier = f"{mine} and abolished_on is null and year(dated_on) < 2022"
        old = f"n in (select n from rows where {earlier} order by n limit 2)"
        for words, sql in (
            ("漏登废止日期 1 件", replaced("abolished_on", "null", ended)),
            ("废止日期错到上年 1 件", replaced("abolished_on", "(abolished_on - interval 1 year)::date", ended)),
            ("往年的 2 件没有列出", f"select * from rows where not ({old})"),
            ("往年的 2 件制发机关错写", replaced("issuer", "'云麓市交管局'", old)),
            ("2 件种类错填为其他", replaced("document_kind", "'其他'", standing)),
            ("成文日期错到上年 1 件", replaced("dated_on", "(dated_on - interval 1 year)::date", made)),
            ("成文日期没有填 1 件", replaced("dated_on", "null", made)),
            (
                "同一件列了两次",
                f"select * from rows union all select * replace (90001 as row_number) from rows where {made}",
            ),
        ):
            yield one("文件件数", "published_item", f"{kind}，{words}", sql)


def _misjudged() -> Iterator[Fault]:
    """A person chose another valid entry: nothing in the material contradicts it."""
    for extract, column, was, now in (
        ("application", "result", "予以公开", "部分公开"),
        ("application", "applicant_kind", "商业企业", "其他"),
        ("review_case", "outcome", "结果维持", "其他结果"),
        ("vehicle_transaction", "kind_code", "B", "D"),
        ("licence_transaction", "kind_code", "A", "C"),
        ("incident_call", "procedure_code", "1", "0"),
        ("published_item", "section", "政务动态信息", "公示公告"),
    ):
        where = f"n in (select n from rows where {column} = '{was}' and n > 300 order by n desc limit 2 offset 40)"
        words = f"2 行的 {column} 由 {was} 错选为 {now}"
        yield one("错选", extract, words, replaced(column, f"'{now}'", where))
