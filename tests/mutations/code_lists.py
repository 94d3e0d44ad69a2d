"""Code lists that say the wrong thing of a code, or lack one."""

import csv
import io
from collections.abc import Callable, Iterator
from random import Random

from tests.mutations.fault import LISTS, Fault, ListChanged
from tests.mutations.material import Clean

# Lists, and the pairs whose groups somebody could confuse; the pairs are codes of different groups.
CONFUSED = {
    "vehicle_business": (("A", "B"), ("D", "E"), ("K", "P")),
    "licence_business": (("A", "C"), ("G", "T"), ("S", "M")),
    "plate_class": (("01", "07"), ("13", "15"), ("51", "14")),
    "licence_class": (("D", "C1"), ("E", "B2")),
    "incident_channel": (("3", "1"), ("3", "4")),
    "incident_procedure": (("1", "2"), ("0", "1")),
    "incident_category": (("01", "02"),),
    "incident_status": (("1", "9"),),
    "transaction_status": (("2", "3"),),
    "enforcement_status": (("1", "0"),),
    "licensing_status": (("1", "0"),),
    "penalty_kind": (("5", "2"),),
    "portal_section": (("法规", "规范性文件"), ("公示公告", "财经信息")),
    "document_kind": (("规章", "行政规范性文件"),),
    "applicant_kind": (("自然人", "其他"), ("商业企业", "科研机构")),
    "application_result": (("予以公开", "部分公开"), ("重复申请", "信访举报投诉类申请")),
    "case_route": (("未经复议直接起诉", "复议后起诉"),),
    "case_outcome": (("结果维持", "结果纠正"),),
    "fee_category": (("行政事业性收费", "罚没收入"), ("行政事业性收费", "信息处理费")),
}
# A code that somebody stopped or began to count: code and its new treatment.
TREATED = {
    "plate_class": (("16", "not_counted"), ("52", "not_counted")),
    "penalty_kind": (("1", "not_counted"), ("5", "counted")),
    "compulsion_kind": (("3", "not_counted"),),
    "licensing_result": (("2", "not_counted"),),
    "incident_category": (("02", "counted"),),
    "transaction_status": (("3", "counted"),),
    "enforcement_status": (("0", "counted"),),
    "licence_business": (("D", "application"),),
    "vehicle_business": (("C", "transfer_in"),),
    "fee_category": (("罚没收入", "administrative_fees"),),
}


def faults(clean: Clean) -> Iterator[Fault]:
    """Every fault of these families."""
    random = Random(301)
    lists = clean.run.library.codes
    for name, pairs in CONFUSED.items():
        group = {code.code: code.counts_as for code in lists[name]}
        for first, second in pairs:
            yield _fault("归类对换", name, f"{first} 与 {second}", {first: group[second], second: group[first]})
    for name, changes in TREATED.items():
        for code, wrong in changes:
            yield _fault("归类改变", name, f"{code} 归入 {wrong}", {code: wrong})
    for name, codes in sorted(lists.items()):
        lost = random.choice(codes[:5]).code
        yield _fault("代码表缺行", name, f"没有 {lost}", {lost: None})


def _fault(family: str, name: str, words: str, groups: dict[str, str | None]) -> Fault:
    return Fault(LISTS, family, f"{name}，{words}", ListChanged(name, _regrouped(groups)))


def _regrouped(groups: dict[str, str | None]) -> Callable[[str], str]:
    """Gives codes another group in the list's text; None takes the row away."""

    def edit(text: str) -> str:
        table = csv.DictReader(io.StringIO(text, newline=""))
        written = io.StringIO(newline="")
        writer = csv.DictWriter(written, table.fieldnames or (), lineterminator="\n")
        writer.writeheader()
        for row in table:
            group = groups.get(row["code"], row["counts_as"])
            if group is not None:
                writer.writerow({**row, "counts_as": group})
        return written.getvalue()

    return edit
