"""The plan of a demonstration body: exactly which counts its source systems hold."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

APPLICANTS: tuple[str, ...] = (
    "natural_person", "commercial", "research", "public_interest", "legal_service", "other",
)  # fmt: skip
RESULTS: tuple[str, ...] = (
    "granted", "partly_granted",
    "refused_state_secret", "refused_prohibited_by_law", "refused_three_securities",
    "refused_third_party", "refused_internal", "refused_process", "refused_enforcement_file",
    "refused_query",
    "unavailable_not_held", "unavailable_to_be_made", "unavailable_unclear",
    "unprocessed_petition", "unprocessed_repeated", "unprocessed_publication",
    "unprocessed_excessive", "unprocessed_confirmation",
    "other_not_corrected", "other_fee_unpaid", "other_misc",
)  # fmt: skip
ROUTES: tuple[str, ...] = ("reconsideration", "direct_suit", "suit_after_reconsideration")
OUTCOMES: tuple[str, ...] = ("upheld", "corrected", "other", "pending")
MONEY: tuple[str, ...] = ("administrative_fees.total", "processing_fees.total")

_VEHICLES = ("car", "motorcycle", "low_speed", "trailer")
_DRIVERS = ("automobile", "motorcycle")
_ENTITIES = ("enterprise", "individual", "cooperative")
TRAFFIC_POLICE, MARKET_SUPERVISION = "traffic_police", "market_supervision"
_STATUTORY: Mapping[str, tuple[str, ...]] = {
    "published_items": (
        "overview", "functions", "regulations", "normative_documents",
        "news", "notices", "finance", "annual_report",
    ),
    "documents.rules": ("made", "abolished", "valid"),
    "documents.normative": ("made", "abolished", "valid"),
    "licensing_decisions": ("total",),
    "penalty_decisions": ("total",),
    "compulsion_measures": ("total",),
    "applications_carried_in": APPLICANTS,
    "applications_carried_out": APPLICANTS,
    **{f"applications_results.{result}": APPLICANTS for result in RESULTS},
    **{f"cases.{route}": OUTCOMES for route in ROUTES},
}  # fmt: skip
_TRAFFIC: Mapping[str, tuple[str, ...]] = {
    "motor_vehicles": _VEHICLES,
    "vehicle_arrivals": _VEHICLES,
    "drivers": _DRIVERS,
    "licence_arrivals": _DRIVERS,
    "vehicle_business": (
        "initial_registration", "transfer", "amendment", "mortgage",
        "deregistration", "transfer_in", "inspection", "other",
    ),
    "licence_business": (
        "application", "replacement", "full_mark_study", "cancellation", "transfer_out", "other",
    ),
    "incidents": ("received", "by_app", "summary_procedure", "ordinary_procedure"),
}  # fmt: skip
_MARKET: Mapping[str, tuple[str, ...]] = {
    "market_entities": _ENTITIES,
    "entity_arrivals": _ENTITIES,
    "registration_business": ("establishment", "alteration", "closure", "record_filing", "other"),
    "complaints": ("complaint", "report", "concluded"),
}
KINDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {TRAFFIC_POLICE: _TRAFFIC, MARKET_SUPERVISION: _MARKET}
"""The groups of counts that only bodies of one kind have."""
COUNTS: Mapping[str, tuple[str, ...]] = {**_STATUTORY, **_TRAFFIC, **_MARKET}
"""Every group of counts there is, with its codes in the order of the report."""


@dataclass(frozen=True)
class Plan:
    """A checked plan.

    Attributes:
        code: short code of the body.
        kind: what kind of body it is, one of ``KINDS``.
        name: full name of the body, as it signs.
        region: the four digits every decision's number begins with.
        plate_prefix: the two characters every number plate begins with; only of traffic police.
        office: code of the managing office that every record carries; only of traffic police.
        seed: seed of all random draws.
        old_applications: rows in the register that were finished years ago.
        old_cases: cases in the register that were closed years ago.
        counts: for each year the whole numbers by dotted code.
        money: for each year the amounts in yuan by dotted code.
    """

    code: str
    kind: str
    name: str
    region: str
    plate_prefix: str
    office: str
    seed: int
    old_applications: int
    old_cases: int
    counts: Mapping[int, Mapping[str, int]]
    money: Mapping[int, Mapping[str, Decimal]]

    @property
    def years(self) -> list[int]:
        """The years of the plan, ascending."""
        return sorted(self.counts)

    def group(self, year: int, group: str) -> dict[str, int]:
        """The counts of one group in one year, by code."""
        return {code: self.counts[year][f"{group}.{code}"] for code in COUNTS[group]}

    def yearly(self, group: str) -> dict[int, list[int]]:
        """The counts of one group for every year, in the order of its codes."""
        return {year: list(self.group(year, group).values()) for year in self.years}


def parse(text: str) -> Plan:
    """Read and check a plan.

    Args:
        text: the TOML of the plan.

    Returns:
        The plan.

    Raises:
        ValueError: naming the key that is missing, unknown, ill-typed or contradictory.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"plan: not TOML: {error}") from error
    years = _years(_table(raw, "years"))
    kind = _kind(_text(raw, "body", "kind"))
    plan = Plan(
        code=_text(raw, "body", "code"),
        kind=kind,
        name=_text(raw, "body", "name"),
        region=_text(raw, "body", "region"),
        plate_prefix=_text(raw, "body", "plate_prefix") if kind == TRAFFIC_POLICE else "",
        office=_text(raw, "body", "office") if kind == TRAFFIC_POLICE else "",
        seed=_count(_table(raw, "body").get("seed"), "body.seed"),
        old_applications=_count(_table(raw, "history").get("applications"), "history.applications"),
        old_cases=_count(_table(raw, "history").get("cases"), "history.cases"),
        counts={year: _counts(kind, year, flat) for year, flat in years.items()},
        money={year: _money(year, flat) for year, flat in years.items()},
    )
    _check_within_years(plan)
    _check_between_years(plan)
    return plan


def _table(raw: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = raw.get(key)
    if not isinstance(value, dict):
        raise ValueError(f"{key}: a table is expected")
    return value


def _text(raw: Mapping[str, Any], table: str, key: str) -> str:
    value = _table(raw, table).get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{table}.{key}: a text is expected")
    return value


def _kind(value: str) -> str:
    if value not in KINDS:
        raise ValueError(f"body.kind: one of {', '.join(KINDS)} is expected")
    return value


def _count(value: object, key: str) -> int:
    # bool is an int in Python, and `true` is no count
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{key}: a whole number of at least 0 is expected")
    return value


def _years(raw: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """The years with their keys flattened to dotted codes."""
    years: dict[int, dict[str, Any]] = {}
    for key in raw:
        if not re.fullmatch(r"[0-9]{4}", key):
            raise ValueError(f"years.{key}: a year of four digits is expected")
        years[int(key)] = dict(_flatten(_table(raw, key)))
    if not years or sorted(years) != list(range(min(years), max(years) + 1)):
        raise ValueError("years: one or more consecutive years are expected")
    return years


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _counts(kind: str, year: int, flat: Mapping[str, Any]) -> dict[str, int]:
    groups = {**_STATUTORY, **KINDS[kind]}
    wanted = [f"{group}.{code}" for group, codes in groups.items() for code in codes]
    unknown = sorted(set(flat) - set(wanted) - set(MONEY))
    if unknown:
        raise ValueError(f"years.{year}.{unknown[0]}: unknown key")
    return {key: _count(flat.get(key), f"years.{year}.{key}") for key in wanted}


def _money(year: int, flat: Mapping[str, Any]) -> dict[str, Decimal]:
    amounts: dict[str, Decimal] = {}
    for key in MONEY:
        value = flat.get(key)
        try:
            amount = Decimal(value) if isinstance(value, str) else Decimal("NaN")
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0 or amount != round(amount, 2):
            raise ValueError(f"years.{year}.{key}: yuan as a text such as '12.50' is expected")
        amounts[key] = amount
    return amounts


def _check_within_years(plan: Plan) -> None:
    for year in plan.years:
        if plan.kind == TRAFFIC_POLICE:
            _check_calls(plan, year)
        else:
            _check_complaints(plan, year)
        for applicant in APPLICANTS:
            results = (plan.counts[year][f"applications_results.{r}.{applicant}"] for r in RESULTS)
            open_at_end = plan.counts[year][f"applications_carried_out.{applicant}"]
            key = f"applications_carried_in.{applicant}"
            if plan.counts[year][key] > sum(results) + open_at_end:
                raise ValueError(f"years.{year}.{key}: more than were dealt with or carried out")


def _check_calls(plan: Plan, year: int) -> None:
    calls = plan.group(year, "incidents")
    handled = calls["summary_procedure"] + calls["ordinary_procedure"]
    # a call that came by the app is never one for the ordinary procedure
    if max(handled, calls["by_app"] + calls["ordinary_procedure"]) > calls["received"]:
        raise ValueError(f"years.{year}.incidents.received: smaller than its parts")


def _check_complaints(plan: Plan, year: int) -> None:
    taken = plan.group(year, "complaints")
    if taken["concluded"] > taken["complaint"] + taken["report"]:
        raise ValueError(f"years.{year}.complaints.concluded: more than were taken down")


def _check_between_years(plan: Plan) -> None:
    for last, this in pairwise(plan.years):
        before, now = plan.counts[last], plan.counts[this]
        for applicant in APPLICANTS:
            key = f"applications_carried_in.{applicant}"
            if now[key] != before[f"applications_carried_out.{applicant}"]:
                raise ValueError(f"years.{this}.{key}: differs from what {last} carried out")
        for kind in ("documents.rules", "documents.normative"):
            made, abolished = now[f"{kind}.made"], now[f"{kind}.abolished"]
            if now[f"{kind}.valid"] != before[f"{kind}.valid"] + made - abolished:
                raise ValueError(f"years.{this}.{kind}.valid: does not follow from {last}")
        for route in ROUTES:
            closed = sum(plan.group(this, f"cases.{route}").values())
            if before[f"cases.{route}.pending"] > closed:
                raise ValueError(f"years.{this}.cases.{route}.pending: too few after {last}")
