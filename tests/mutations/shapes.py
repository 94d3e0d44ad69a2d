"""What the families need to know of each extract: its key, its moment, its kinds, its status."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """One extract.

    Attributes:
        name: Its name in words.
        key: Column that numbers the rows.
        when: Column that puts a row into a year.
        kinds: Columns with codes that decide where a row counts.
        status: Column that decides whether a row counts; empty where there is none.
        counted: The status that counts, and the one that does not.
        exported: True for a handed-over file.
    """

    name: str
    key: str
    when: str
    kinds: tuple[str, ...]
    status: str = ""
    counted: tuple[str, str] = ("", "")
    exported: bool = False


SHAPES = {
    "vehicle_transaction": Shape("机动车业务流水", "serial", "completed_at", ("kind_code",), "status", ("2", "3")),
    "licence_transaction": Shape("驾驶证业务流水", "serial", "completed_at", ("kind_code",), "status", ("2", "3")),
    "vehicle_register": Shape("机动车登记库", "serial", "first_registered_on", ("plate_class",)),
    "licence_register": Shape("驾驶证登记库", "file_number", "issued_on", ("licence_class",)),
    "incident_call": Shape(
        "接处警记录", "call_number", "received_at", ("category", "channel", "procedure_code"), "status", ("1", "9")
    ),
    "penalty_decision": Shape("行政处罚决定", "decision_number", "decided_at", ("penalty_kind",), "status", ("1", "0")),
    "compulsion_measure": Shape(
        "行政强制措施凭证", "voucher_number", "taken_at", ("measure_kind",), "status", ("1", "0")
    ),
    "licensing_decision": Shape("行政许可决定", "decision_number", "decided_at", ("result",), "status", ("1", "0")),
    "published_item": Shape(
        "发布清单", "row_number", "published_at", ("section", "document_kind"), "status", ("已发布", "已撤下"), True
    ),
    "application": Shape(
        "依申请公开登记簿", "register_number", "received_on", ("applicant_kind", "result"), exported=True
    ),
    "review_case": Shape("复议诉讼登记簿", "case_number", "accepted_on", ("route", "outcome"), exported=True),
    "fee_line": Shape("收费台账", "item", "paid_on", ("category",), exported=True),
}
EXTRACTS = tuple(SHAPES)
YEARLY = tuple(e for e in EXTRACTS if not SHAPES[e].exported and not e.endswith("_register"))
# Extracts with a time of day.
TIMED = (*YEARLY, "published_item")
