"""What the register of applications and cases holds: one continuous history over the years."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tasks.demo.columns import generator
from tasks.demo.people import people
from tasks.demo.plan import (
    APPLICANTS,
    MARKET_SUPERVISION,
    OUTCOMES,
    RESULTS,
    ROUTES,
    TRAFFIC_POLICE,
    Plan,
)

APPLICANT_LABELS = dict(
    zip(
        APPLICANTS,
        ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"),
        strict=True,
    )
)
RESULT_LABELS = dict(
    zip(
        RESULTS,
        (
            "予以公开",
            "部分公开",
            "属于国家秘密",
            "其他法律行政法规禁止公开",
            "危及“三安全一稳定”",
            "保护第三方合法权益",
            "属于三类内部事务信息",
            "属于四类过程性信息",
            "属于行政执法案卷",
            "属于行政查询事项",
            "本机关不掌握相关政府信息",
            "没有现成信息需要另行制作",
            "补正后申请内容仍不明确",
            "信访举报投诉类申请",
            "重复申请",
            "要求提供公开出版物",
            "无正当理由大量反复申请",
            "要求行政机关确认或重新出具已获取信息",
            "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
            "其他",
        ),
        strict=True,
    )
)
ROUTE_LABELS = dict(zip(ROUTES, ("行政复议", "未经复议直接起诉", "复议后起诉"), strict=True))
OUTCOME_LABELS = dict(zip(OUTCOMES[:3], ("结果维持", "结果纠正", "其他结果"), strict=True))

_ORGANISATIONS = {
    "commercial": "样例商贸有限公司", "research": "样例{field}研究所", "public_interest": "样例公益服务中心",
    "legal_service": "样例律师事务所", "other": "样例联合会",
}  # fmt: skip
_FIELDS = {TRAFFIC_POLICE: "交通", MARKET_SUPERVISION: "质量"}
_CONTENTS = {
    TRAFFIC_POLICE: (
    "某路口交通信号灯的设置依据", "某路段限行措施的论证材料", "上一年度事故多发路段名单",
    "停车泊位的规划与收费依据", "电子监控设备的检定证书",
    ),
    MARKET_SUPERVISION: (
    "某商场电梯的检验报告", "某批次食品的抽检结果", "上一年度投诉较多的行业统计",
    "计量器具检定的收费依据", "某小区特种设备的使用登记资料",
    ),
}  # fmt: skip


# the position of the case that is closed on the very last day of its year
_CLOSED_LAST = 6


@dataclass
class Application:
    """One application: who, when, and how it was dealt with in the end."""

    applicant: str
    received: date
    answered: date | None = None
    result: str = ""
    name: str = ""
    identity: str = ""
    content: str = ""


@dataclass
class Case:
    """One reconsideration or lawsuit."""

    route: str
    accepted: date
    closed: date | None = None
    outcome: str = ""


def applications(plan: Plan) -> list[Application]:
    """All applications, in the order received.

    Args:
        plan: the counts wanted.

    Returns:
        The history; it goes some weeks beyond the last year.
    """
    rng = generator(plan.seed, 41)
    rows = [_old_application(rng, plan, n) for n in range(plan.old_applications)]
    for applicant in APPLICANTS:
        first = plan.years[0]
        waiting = plan.counts[first][f"applications_carried_in.{applicant}"]
        opened = [Application(applicant, _late(rng, first - 1, n)) for n in range(waiting)]
        rows += opened
        for year in plan.years:
            results = [
                result
                for result in RESULTS
                for _ in range(plan.counts[year][f"applications_results.{result}.{applicant}"])
            ]
            carried = plan.counts[year][f"applications_carried_out.{applicant}"]
            new, opened = _year(rng, year, applicant, opened=opened, results=results, carried=carried)
            rows += new
        _finish(rng, plan, opened)
        if plan.counts[plan.years[-1]][f"applications_carried_out.{applicant}"]:
            rows.append(Application(applicant, date(plan.years[-1] + 1, 1, 1)))
    rows.sort(key=lambda row: row.received)
    _describe(rng, plan, rows)
    return rows


def cases(plan: Plan) -> list[Case]:
    """All cases, in the order accepted.

    Args:
        plan: the counts wanted.

    Returns:
        The history.
    """
    rng = generator(plan.seed, 42)
    rows: list[Case] = []
    for number in range(plan.old_cases):
        day = date(plan.years[0] - 3, 5, 6) + timedelta(days=40 * number)
        rows.append(Case(ROUTES[number % 3], day, day + timedelta(days=58), "upheld"))
    for route in ROUTES:
        opened: list[Case] = []
        for year in plan.years:
            wanted = plan.group(year, f"cases.{route}")
            outcomes = [outcome for outcome in OUTCOMES[:3] for _ in range(wanted[outcome])]
            for number, position in enumerate(rng.permutation(len(outcomes))):
                if number < len(opened):
                    case = opened[number]
                else:
                    case = Case(route, _between(rng, date(year, 1, 1), date(year, 9, 30)))
                    rows.append(case)
                case.closed = _closing_day(rng, year, number, case.accepted)
                case.outcome = outcomes[position]
            opened = opened[len(outcomes) :]
            more = wanted["pending"] - len(opened)
            new = [Case(route, _late(rng, year, number)) for number in range(more)]
            rows += new
            opened += new
    rows.sort(key=lambda row: row.accepted)
    return rows


def _year(
    rng: np.random.Generator,
    year: int,
    applicant: str,
    *,
    opened: list[Application],
    results: Sequence[str],
    carried: int,
) -> tuple[list[Application], list[Application]]:
    """Deal with one year: what was open first, then what came.

    Returns:
        The applications received in the year, and those open at its end.
    """
    new: list[Application] = []
    for number, position in enumerate(rng.permutation(len(results))):
        if number < len(opened):
            row = opened[number]
            answered = date(year, 1, 1) + timedelta(days=int(rng.integers(0, 38)))
        else:
            # the first one new is received on 1 January, the last one answered on 31 December
            first, last = number == len(opened), number == len(results) - 1
            begin = date(year, 12, 2) if last else date(year, 1, 1)
            row = Application(applicant, begin if first else _between(rng, begin, date(year, 12, 3)))
            answered = row.received + timedelta(days=int(rng.integers(0, 29)))
            answered = date(year, 12, 31) if last else answered
            new.append(row)
        row.answered, row.result = answered, results[position]
    still = opened[len(results) :]
    arrived = [Application(applicant, _late(rng, year, n)) for n in range(carried - len(still))]
    return new + arrived, still + arrived


def _finish(rng: np.random.Generator, plan: Plan, opened: list[Application]) -> None:
    """Answer what the last year left open, some of it before the register is exported."""
    for number, row in enumerate(opened):
        days = 0 if number == 0 else int(rng.integers(1, 38))
        row.answered = date(plan.years[-1] + 1, 1, 1) + timedelta(days=days)
        row.result = "granted"


def _old_application(rng: np.random.Generator, plan: Plan, number: int) -> Application:
    received = date(plan.years[0] - 3 + number % 2, 3, 1) + timedelta(days=11 * number)
    answered = received + timedelta(days=int(rng.integers(3, 28)))
    return Application(APPLICANTS[number % 3 // 2], received, answered, RESULTS[number % 2])


def _describe(rng: np.random.Generator, plan: Plan, rows: list[Application]) -> None:
    contents = _CONTENTS[plan.kind]
    persons = people(rng.integers(0, 500_000, len(rows)))
    for number, row in enumerate(rows):
        row.content = contents[number % len(contents)]
        row.name, row.identity = str(persons.name[number]), str(persons.identity[number])
        if row.applicant != "natural_person":
            row.name = f"{_ORGANISATIONS[row.applicant].format(field=_FIELDS[plan.kind])}（{number % 97 + 1:02d}）"
            row.identity = f"91360799MA{number:08d}"


def _between(rng: np.random.Generator, first: date, last: date) -> date:
    return first + timedelta(days=int(rng.integers(0, (last - first).days + 1)))


def _late(rng: np.random.Generator, year: int, number: int) -> date:
    """A day so late in the year that the matter stays open; the first one is the last day."""
    day = _between(rng, date(year, 12, 5), date(year, 12, 31))
    return date(year, 12, 31) if number == 0 else day


def _closing_day(rng: np.random.Generator, year: int, number: int, accepted: date) -> date:
    if accepted.year < year:
        return date(year, 1, 1) + timedelta(days=0 if number == 0 else int(rng.integers(1, 90)))
    if number == _CLOSED_LAST:
        return date(year, 12, 31)
    return accepted + timedelta(days=int(rng.integers(20, 90)))
