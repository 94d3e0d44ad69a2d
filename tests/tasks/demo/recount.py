"""Count the figures back out of the built files, by the rules alone and without the builder's code."""

import csv
import sqlite3
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook

Figures = dict[str, int | Decimal]

APPLICANTS = {
    "自然人": "natural_person",
    "商业企业": "commercial",
    "科研机构": "research",
    "社会公益组织": "public_interest",
    "法律服务机构": "legal_service",
    "其他": "other",
}
RESULTS = {
    "予以公开": "granted",
    "部分公开": "partly_granted",
    "属于国家秘密": "refused_state_secret",
    "其他法律行政法规禁止公开": "refused_prohibited_by_law",
    "危及“三安全一稳定”": "refused_three_securities",
    "保护第三方合法权益": "refused_third_party",
    "属于三类内部事务信息": "refused_internal",
    "属于四类过程性信息": "refused_process",
    "属于行政执法案卷": "refused_enforcement_file",
    "属于行政查询事项": "refused_query",
    "本机关不掌握相关政府信息": "unavailable_not_held",
    "没有现成信息需要另行制作": "unavailable_to_be_made",
    "补正后申请内容仍不明确": "unavailable_unclear",
    "信访举报投诉类申请": "unprocessed_petition",
    "重复申请": "unprocessed_repeated",
    "要求提供公开出版物": "unprocessed_publication",
    "无正当理由大量反复申请": "unprocessed_excessive",
    "要求行政机关确认或重新出具已获取信息": "unprocessed_confirmation",
    "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": "other_not_corrected",
    "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": "other_fee_unpaid",
    "其他": "other_misc",
}
COLUMNS = {
    "概况信息": "overview",
    "机构职能": "functions",
    "法规": "regulations",
    "规范性文件": "normative_documents",
    "政务动态信息": "news",
    "公示公告": "notices",
    "财经信息": "finance",
    "年度报告": "annual_report",
}
ROUTES = {
    "行政复议": "reconsideration",
    "未经复议直接起诉": "direct_suit",
    "复议后起诉": "suit_after_reconsideration",
}
OUTCOMES = {"结果维持": "upheld", "结果纠正": "corrected", "其他结果": "other"}
VEHICLE_CODES = {
    "A": "initial_registration",
    "B": "transfer",
    "D": "amendment",
    "E": "mortgage",
    "G": "deregistration",
    "I": "transfer_in",
    "P": "inspection",
}
LICENCE_CODES = {
    "A": "application",
    "B": "application",
    "C": "replacement",
    "F": "replacement",
    "M": "full_mark_study",
    "G": "cancellation",
    "T": "transfer_out",
}

ENTITY_KINDS = {"1": "enterprise", "2": "individual", "3": "cooperative"}
REGISTRATION_CODES = {
    "1": "establishment",
    "2": "alteration",
    "3": "closure",
    "4": "record_filing",
    "5": "other",
    "6": "other",
}


def recount(directory: Path, year: int, body: str) -> Figures:
    """Every figure of the plan, counted from the files."""
    counts: Counter[str] = Counter()
    own = {"vehicles": _vehicles, "incidents": _incidents, "enforcement": _enforcement, "market": _market}
    for name, count in own.items():
        if (directory / f"{name}.sqlite").exists():
            with sqlite3.connect(directory / f"{name}.sqlite") as database:
                count(database, year, counts)
    with sqlite3.connect(directory / "licensing.sqlite") as database:
        for at, state in database.execute("SELECT JDSJ, ZT FROM XZXK_DECISION"):
            counts["licensing_decisions.total"] += at.startswith(str(year)) and state == "1"
    _portal(directory / f"portal_{year}.csv", year, body, counts)
    _register(directory / f"register_{year}.xlsx", year, counts)
    return {**counts, **_fees(directory / f"fees_{year}.xlsx", year)}


def _vehicles(database: sqlite3.Connection, year: int, counts: Counter[str]) -> None:
    kinds = dict.fromkeys(["01", "02", "16", "23", "51", "52"], "car")
    kinds |= {"07": "motorcycle", "08": "motorcycle", "13": "low_speed", "15": "trailer"}
    end = f"{year + 1}-01-01"
    for plate_class, first, left, state in database.execute("SELECT HPZL, CCDJRQ, ZXRQ, ZT FROM VEHICLE"):
        assert (left is not None) == bool(set(state) & set("BEMP"))
        if first < end and (left is None or left >= end):
            counts[f"motor_vehicles.{kinds[plate_class]}"] += 1
    for permit, first, left in database.execute("SELECT ZJCX, CCLZRQ, ZXRQ FROM DRIVINGLICENSE"):
        if first < end and (left is None or left >= end):
            counts[f"drivers.{'automobile' if permit[0] in 'ABCMNP' else 'motorcycle'}"] += 1
    for table, group, codes in (
        ("VEH_FLOW", "vehicle_business", VEHICLE_CODES),
        ("DRV_FLOW", "licence_business", LICENCE_CODES),
    ):
        for code, done, state in database.execute(f"SELECT YWLX, BJRQ, LSZT FROM {table}"):
            if state == "2" and done.startswith(str(year)):
                counts[f"{group}.{codes.get(code.strip(), 'other')}"] += 1


def _incidents(database: sqlite3.Connection, year: int, counts: Counter[str]) -> None:
    first, end = f"{year - 1}-12-31 16:00:00", f"{year}-12-31 16:00:00"
    calls = database.execute("SELECT JJSJ, JQLB, CLQD, CLCX, JQZT FROM ACD_CALL")
    for at, kind, channel, procedure, state in calls:
        if first <= at < end and (kind, state) == ("01", "1"):
            counts["incidents.received"] += 1
            counts["incidents.by_app"] += channel == "3"
            counts["incidents.summary_procedure"] += procedure == "1"
            counts["incidents.ordinary_procedure"] += procedure == "2"


def _enforcement(database: sqlite3.Connection, year: int, counts: Counter[str]) -> None:
    first, end = f"{year - 1}-12-31 16:00:00", f"{year}-12-31 16:00:00"
    for at, kind, state in database.execute("SELECT JDSJ, CFZL, ZT FROM XZCF_DECISION"):
        counts["penalty_decisions.total"] += first <= at < end and kind != "5" and state == "1"
    for at, state in database.execute("SELECT QZSJ, ZT FROM XZQZ_MEASURE"):
        counts["compulsion_measures.total"] += first <= at < end and state == "1"


def _market(database: sqlite3.Connection, year: int, counts: Counter[str]) -> None:
    end = f"{year + 1}-01-01"
    for kind, first, left, state in database.execute("SELECT ZTLX, CLRQ, ZXRQ, DJZT FROM SCZT_ENTITY"):
        assert (left is not None) == (state in "345")
        if first < end and (left is None or left >= end) and kind.strip() != "41":
            counts[f"market_entities.{ENTITY_KINDS[kind[0]]}"] += 1
    for code, done, state in database.execute("SELECT YWLX, BJSJ, LSZT FROM DJYW_FLOW"):
        if state == "2" and done.startswith(str(year)):
            counts[f"registration_business.{REGISTRATION_CODES[code[0]]}"] += 1
    for kind, at, done, state in database.execute("SELECT LB, DJSJ, BJSJ, ZT FROM TSJB_RECORD"):
        assert (done is not None) == (state == "2")
        if kind != "3" and state != "9" and at.startswith(str(year)):
            counts["complaints.complaint" if kind == "1" else "complaints.report"] += 1
            counts["complaints.concluded"] += done is not None and done < end


def _portal(path: Path, year: int, body: str, counts: Counter[str]) -> None:
    end = f"{year + 1}-01-01"
    with path.open(encoding="gb18030", newline="") as file:
        for row in csv.DictReader(file):
            if row["状态"] == "已发布" and row["发布时间"].startswith(str(year)):
                counts[f"published_items.{COLUMNS[row['栏目']]}"] += 1
            kind = {"规章": "rules", "行政规范性文件": "normative"}.get(row["文件种类"])
            if kind is None or row["制发机关"] != body:
                continue
            made, gone = row["成文日期"], row["废止日期"]
            counts[f"documents.{kind}.made"] += made.startswith(str(year))
            counts[f"documents.{kind}.abolished"] += gone.startswith(str(year))
            counts[f"documents.{kind}.valid"] += made < end and (not gone or gone >= end)


def _register(path: Path, year: int, counts: Counter[str]) -> None:
    start, end = datetime.fromisoformat(f"{year}-01-01"), datetime.fromisoformat(f"{year + 1}-01-01")
    book = load_workbook(path)
    for row in book["依申请公开"].iter_rows(min_row=4, values_only=True):
        received, applicant, answered, result = row[1], APPLICANTS[row[2]], row[6], row[7]
        assert isinstance(row[4], str)
        counts[f"applications_received.{applicant}"] += start <= received < end
        counts[f"applications_carried_in.{applicant}"] += received < start and (not answered or answered >= start)
        counts[f"applications_carried_out.{applicant}"] += received < end and (not answered or answered >= end)
        if answered and start <= answered < end:
            counts[f"applications_results.{RESULTS[result]}.{applicant}"] += 1
    for _, route, accepted, closed, outcome in book["复议诉讼"].iter_rows(min_row=4, values_only=True):
        counts[f"cases.{ROUTES[route]}.pending"] += accepted < end and (not closed or closed >= end)
        if closed and start <= closed < end:
            counts[f"cases.{ROUTES[route]}.{OUTCOMES[outcome]}"] += 1


def _fees(path: Path, year: int) -> dict[str, Decimal]:
    names = {"行政事业性收费": "administrative_fees.total", "信息处理费": "processing_fees.total"}
    totals = dict.fromkeys(names.values(), Decimal(0))
    *rows, last = load_workbook(path)["收费台账"].iter_rows(min_row=2, values_only=True)
    overall = Decimal(0)
    for day, _, category, pieces, price, amount in rows:
        exact = Decimal(str(amount))
        assert exact == Decimal(str(price)) * pieces
        overall += exact
        if category in names and day.year == year:
            totals[names[category]] += exact
    assert last[0] == "合计"
    assert Decimal(str(last[5])).quantize(Decimal("0.01")) == overall
    return totals
