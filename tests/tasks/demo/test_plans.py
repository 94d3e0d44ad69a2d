"""What the committed plans promise, without building anything."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from tasks.demo import parse
from tests.tasks.demo import plans
from tests.tasks.demo.recount import APPLICANTS, RESULTS, ROUTES

STOCKS = ("motor_vehicles", "drivers", "vehicle_business", "licence_business", "published_items")


def _sum(body: str, year: int, group: str) -> int:
    return int(sum(plans.group(body, year, group).values()))


@pytest.mark.parametrize(
    ("group", "this", "last", "percent"),
    [("vehicle_business", 154279, 157862, "-2.27"), ("licence_business", 25443, 20607, "23.47")],
)
def test_business_of_the_demo_changes_as_published(group: str, this: int, last: int, percent: str) -> None:
    assert (_sum("demo", 2023, group), _sum("demo", 2022, group)) == (this, last)
    change = Decimal(this - last) * 100 / last
    assert change.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(percent)


def test_totals_of_the_demo() -> None:
    assert _sum("demo", 2023, "motor_vehicles") == 358855
    assert _sum("demo", 2023, "published_items") == 60
    assert _sum("demo", 2022, "published_items") == 57
    for year in (2022, 2023):
        for group in ("documents", "applications", "cases"):
            assert not any(v for k, v in plans.figures("demo", year).items() if k.startswith(group))


def _with_total(row: list[int]) -> list[int]:
    return [*row, sum(row)]


def _tables_of(body: str) -> list[int | Decimal]:
    """The 10 + 175 + 15 cells of the three tables of the report."""
    wanted = plans.figures(body, 2023)
    fees = (Decimal(wanted["administrative_fees.total"]) / 10000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    two = [wanted[f"documents.{k}.{f}"] for k in ("rules", "normative") for f in ("made", "abolished", "valid")]
    two += [wanted[f"{k}.total"] for k in ("licensing_decisions", "penalty_decisions", "compulsion_measures")]

    def row(group: str) -> list[int]:
        return [int(wanted[f"{group}.{applicant}"]) for applicant in APPLICANTS.values()]

    results = [row(f"applications_results.{result}") for result in RESULTS.values()]
    done = [sum(column) for column in zip(*results, strict=True)]
    came_in, went_out = row("applications_carried_in"), row("applications_carried_out")
    received = [d + o - i for d, o, i in zip(done, went_out, came_in, strict=True)]
    three = [cell for r in (received, came_in, *results, done, went_out) for cell in _with_total(r)]
    cases = [list(plans.group(body, 2023, f"cases.{route}").values()) for route in ROUTES.values()]
    return [*two, fees, *three, *(int(cell) for r in cases for cell in _with_total(r))]


def test_no_two_cells_of_yunlu_are_alike() -> None:
    cells = _tables_of("yunlu")
    assert len(cells) == 200
    assert all(cell > 0 for cell in cells)
    assert len(set(cells)) == 200


def test_no_other_figure_of_yunlu_is_like_a_cell() -> None:
    others = [value for group in STOCKS for value in plans.group("yunlu", 2023, group).values()]
    others += [_sum("yunlu", 2023, group) for group in STOCKS]
    others += plans.group("yunlu", 2023, "incidents").values()
    everything = [*_tables_of("yunlu"), *others]
    assert len(set(everything)) == len(everything)


def test_no_two_numbers_of_the_body_of_another_kind_are_alike() -> None:
    """But for the three cells of rules, which such a body cannot make."""
    cells = _tables_of("qinghe")
    assert cells.count(0) == 3
    groups = ("market_entities", "registration_business", "complaints", "published_items")
    others = [value for group in groups for value in plans.group("qinghe", 2023, group).values()]
    others += [_sum("qinghe", 2023, group) for group in groups if group != "complaints"]
    everything = [cell for cell in cells if cell] + others
    assert len(everything) == 197 + 3 + 5 + 3 + 8 + 3
    assert len(set(everything)) == len(everything)


def test_yunlu_follows_from_its_last_year() -> None:
    last, this = plans.figures("yunlu", 2022), plans.figures("yunlu", 2023)
    for applicant in APPLICANTS.values():
        assert last[f"applications_carried_out.{applicant}"] == this[f"applications_carried_in.{applicant}"]
    for kind in ("documents.rules", "documents.normative"):
        assert this[f"{kind}.valid"] == last[f"{kind}.valid"] + this[f"{kind}.made"] - this[f"{kind}.abolished"]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("received = 19465", "received = -1", "years.2023.incidents.received"),
        ("received = 19465", "received = true", "years.2023.incidents.received"),
        ("received = 19465", "received = 100", "years.2023.incidents.received"),
        ("received = 19465", "", "years.2023.incidents.received"),
        ("received = 19465", "recieved = 19465", "years.2023.incidents.recieved"),
        ('total = "5169385.00"', "total = 5169385.0", "years.2023.administrative_fees.total"),
        ('total = "5169385.00"', 'total = "5169385.001"', "years.2023.administrative_fees.total"),
        ('code = "demo"', 'code = ""', "body.code"),
        ('kind = "traffic_police"', 'kind = "fire_brigade"', "body.kind"),
        ('kind = "traffic_police"', 'kind = "market_supervision"', "years.2022.drivers.automobile"),
        ('plate_prefix = "赣B"', "", "body.plate_prefix"),
        ("seed = 20231231", "", "body.seed"),
        ("[years.2023.", "[years.2024.", "years"),
        ("[body]", "[bodies]", "body"),
        ("[body]", "[body", "plan"),
    ],
)
def test_a_malformed_plan_names_its_key(old: str, new: str, key: str) -> None:
    broken = plans.text("demo").replace(old, new)
    assert broken != plans.text("demo")
    with pytest.raises(ValueError, match=rf"^{key}: "):
        parse(broken)


def test_the_years_of_a_plan_must_follow_from_each_other() -> None:
    row = "natural_person = {}".format
    carried = plans.figures("yunlu", 2023)["applications_carried_in.natural_person"]
    broken = plans.text("yunlu").replace(row(carried), row(int(carried) - 1), 1)
    with pytest.raises(ValueError, match=r"^years\.2023\.applications_carried_in\.natural_person: "):
        parse(broken)
