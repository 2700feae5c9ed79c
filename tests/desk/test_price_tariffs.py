"""Tariffs, their rules, tax rates and exchange rates at the desk: edited in words, tried, ordered, put in force."""

from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.models import Role
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.desk.views import price_rules
from holdfast.events.models import Event
from holdfast.pricing import history
from holdfast.pricing.models import ExchangeRate, Tariff, TariffRule, TaxRate
from tests import factories
from tests.desk.conftest import World

SignIn = Callable[..., Client]
HOME = "/desk/prices/tariffs/"
NIGHT: dict[str, Any] = {
    "do": "save", "name_en": "Night", "effect": "per_hour", "amount": "90.50", "percent": "",
    "minimum_minutes": "1", "minimum_minutes_unit": "60", "instead": "on", "covers": "part", "weekdays": ["4", "5"],
    "from_time": "22:00", "until_time": "06:00", "holidays": "", "type": "", "longest_notice": "2",
    "longest_notice_unit": "1440", "is_active": "on",
}  # fmt: skip


@pytest.fixture
def staff(signed_in: SignIn, world: World) -> Client:
    return signed_in(world, Role.MANAGER)


def in_order(world: World) -> list[str]:
    with transaction_for(world.organization.id):
        return [rule.name["en"] for rule in TariffRule.objects.all()]


def trial(world: World, hour: int = 10) -> dict[str, str]:
    day = factories.local(world.organization, 3, hour)
    return {"do": "try", "try-service": "massage", "try-day": f"{day:%Y-%m-%d}", "try-at": f"{day:%H:%M}",
            "try-party": "1", "try-lasting": "2", "try-lasting_unit": "60"}  # fmt: skip


def test_a_draft_is_made_filled_and_put_in_force_with_a_word_on_what_changes(staff: Client, world: World) -> None:
    factories.make_tariff(world.organization, {"effect": "add", "amount": 500}, name="Now")
    made = staff.post(f"{HOME}new/", {"name": "Next", "source": ""}).headers["Location"]
    assert staff.post(f"{made}rules/new/", NIGHT).headers["Location"] == made
    page = staff.get(f"{made}put-in-force/")
    changed = page.context["changed"]
    assert [each.name for each in changed.removed] == ["Rule 0"]
    assert [each.said for each in changed.added] == [
        ("Night", "€90.50 an hour", "in place of the service's price, shortest time charged: 1\xa0hour",
         "On Friday and Saturday, from 10:00\u202fPM to 6:00\u202fAM, booked less than 2\xa0days before"),
    ]  # fmt: skip
    assert "“Now” becomes a draft" in page.content.decode()
    assert staff.post(f"{made}put-in-force/").status_code == 302
    with transaction_for(world.organization.id):
        assert list(Tariff.objects.filter(in_force=True).values_list("name", flat=True)) == ["Next"]
        rule = TariffRule.objects.get(tariff__name="Next")
        told = [(each.payload["of"], each.payload["what"]) for each in Event.objects.filter(kind=history.KIND)]
    assert (rule.amount, rule.minimum_minutes, rule.longest_notice, rule.weekdays) == (9050, 60, 2880, [4, 5])
    assert told == [
        ("tariff", "created"), ("tariffrule", "created"), ("tariff", "put_out_of_force"), ("tariff", "put_in_force"),
    ]  # fmt: skip
    assert "Sam Owner added the rule “Night”" in staff.get(made).content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"effect": "percent", "percent": "-101"}, "percent"),
        ({"until_time": ""}, "until_time"),
        ({"shortest_notice": "3", "shortest_notice_unit": "1440"}, "longest_notice"),
        ({"longest_notice": "99999999"}, "longest_notice"),
        ({"name_en": " "}, "name"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(
    staff: Client, world: World, change: dict[str, Any], field: str
) -> None:
    tariff = factories.make_tariff(world.organization, in_force=False)
    answer = staff.post(f"{HOME}{tariff.pk}/rules/new/", {**NIGHT, **change})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert in_order(world) == []


def test_every_column_of_a_rule_can_be_edited(staff: Client, world: World) -> None:
    columns = {field.name for field in TariffRule._meta.concrete_fields}
    assert set(price_rules.NAMES) == columns - {"id", "organization", "tariff", "position"}
    tariff = factories.make_tariff(world.organization)
    page = staff.get(f"{HOME}{tariff.pk}/rules/new/").content.decode()
    assert [name for name in price_rules.NAMES if f'name="{name}' not in page] == []


def test_rules_change_places_one_at_a_time(staff: Client, world: World) -> None:
    rules = [{"effect": "add", "amount": 100, "name": {"en": name}} for name in "abc"]
    tariff = factories.make_tariff(world.organization, *rules)
    with transaction_for(world.organization.id):
        ids = {rule.name["en"]: rule.pk for rule in TariffRule.objects.all()}
    for name, by, order in (("c", "-1", "acb"), ("a", "1", "cab"), ("c", "-1", "cab"), ("b", "1", "cab")):
        answer = staff.post(f"{HOME}{tariff.pk}/rules/{ids[name]}/move/", {"by": by})
        assert answer.headers["Location"] == f"{HOME}{tariff.pk}/#rule-{ids[name]}"
        assert "".join(in_order(world)) == order


def test_a_rule_is_switched_off_and_deleted(staff: Client, world: World) -> None:
    tariff = factories.make_tariff(world.organization, {"effect": "add", "amount": 100})
    with transaction_for(world.organization.id):
        rule = TariffRule.objects.get()
    here = f"{HOME}{tariff.pk}/rules/{rule.pk}/"
    staff.post(f"{here}switch/")
    assert "Switched off" in staff.get(f"{HOME}{tariff.pk}/").content.decode()
    staff.post(f"{here}delete/")
    assert in_order(world) == []
    assert staff.get(here).status_code == 404


def test_trying_a_rule_or_a_draft_says_what_a_booking_would_cost_and_saves_nothing(staff: Client, world: World) -> None:
    draft = factories.make_tariff(world.organization, {"effect": "add", "amount": 500}, in_force=False)
    under = staff.post(f"{HOME}{draft.pk}/", trial(world)).context["told"]
    assert (under.before, under.after) == (10_000, 10_500)
    rule = {**NIGHT, "weekdays": [], "from_time": "", "until_time": "", "longest_notice": "", "amount": "60"}
    answer = staff.post(f"{HOME}{draft.pk}/rules/new/", {**rule, **trial(world)})
    told = answer.context["told"]
    assert (told.before, told.after) == (10_500, 12_500)
    assert "€60.00 an hour" in answer.content.decode()
    assert in_order(world) == ["Rule 0"]


def test_the_tariff_in_force_cannot_be_deleted_and_a_draft_can(staff: Client, world: World) -> None:
    now = factories.make_tariff(world.organization, name="Now")
    draft = factories.make_tariff(world.organization, {"effect": "add", "amount": 1}, name="Next", in_force=False)
    staff.post(f"{HOME}{now.pk}/delete/")
    assert "1 rule" in staff.get(f"{HOME}{draft.pk}/delete/").content.decode()
    staff.post(f"{HOME}{draft.pk}/delete/")
    with transaction_for(world.organization.id):
        assert [each.name for each in Tariff.objects.all()] == ["Now"]


def test_what_is_said_of_the_whole_is_saved_unless_somebody_was_faster(staff: Client, world: World) -> None:
    tariff = factories.make_tariff(world.organization)
    seen = staff.get(f"{HOME}{tariff.pk}/").context["seen"]
    sent = {"do": "save", "name": "Summer", "rounding": "up", "coin": "5", "seen": seen}
    assert staff.post(f"{HOME}{tariff.pk}/", sent).status_code == 302
    assert staff.post(f"{HOME}{tariff.pk}/", {**sent, "coin": "1"}).status_code == 409
    with transaction_for(world.organization.id):
        kept = Tariff.objects.get()
    assert (kept.tax_included, kept.rounding, kept.coin) == (False, "up", 5)


def test_a_tax_rate_is_added_changed_and_deleted(staff: Client, world: World) -> None:
    sent = {"name_en": "VAT", "percent": "5.5", "service": "", "tax_class": "", "valid_from": "2027-01-01"}
    assert staff.post("/desk/prices/taxes/new/", sent).status_code == 302
    with transaction_for(world.organization.id):
        rate = TaxRate.objects.get()
    listed = staff.get("/desk/prices/taxes/").content.decode()
    for said in ("VAT, 5.5%", "from Friday, January 1, 2027", "Not today"):
        assert said in listed
    here = f"/desk/prices/taxes/{rate.pk}/"
    wrong = staff.post(here, {**sent, "valid_until": "2026-01-01", "seen": staff.get(here).context["seen"]})
    assert list(wrong.context["form"].errors) == ["valid_until"]
    both = {**sent, "service": str(world.massage.pk), "tax_class": "drinks"}
    assert list(staff.post(here, both).context["form"].errors) == ["tax_class"]
    staff.post(f"{here}delete/")
    with transaction_for(world.organization.id):
        assert not TaxRate.objects.exists()


@pytest.mark.parametrize(("age", "old"), [(7, False), (8, True)])
def test_exchange_rates_say_their_day_and_whether_they_are_too_old(
    staff: Client, world: World, age: int, old: bool
) -> None:
    assert "No rates yet" in staff.get("/desk/prices/rates/").content.decode()
    day = clock.now().date() - timedelta(days=age)
    ExchangeRate.objects.create(day=day, currency="USD", per_euro=Decimal("1.0876"))
    page = staff.get("/desk/prices/rates/")
    assert ("1.08760" in page.content.decode(), page.context["too_old"]) == (True, old)


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.MEMBER, Role.READ_ONLY])
def test_those_who_do_not_configure_look_and_change_nothing(signed_in: SignIn, world: World, role: str) -> None:
    tariff = factories.make_tariff(world.organization, {"effect": "add", "amount": 100}, name="Now")
    browser = signed_in(world, role)
    for path in (HOME, f"{HOME}{tariff.pk}/", "/desk/prices/taxes/", "/desk/prices/rates/"):
        assert browser.get(path).status_code == 200, path
    with transaction_for(world.organization.id):
        rule = TariffRule.objects.get()
    paths = ["new/", *(f"{tariff.pk}/{each}" for each in ("", "put-in-force/", "delete/", "rules/new/"))]
    paths += [f"{tariff.pk}/rules/{rule.pk}/{each}" for each in ("", "move/", "switch/", "delete/")]
    for path in [*(HOME + each for each in paths), "/desk/prices/taxes/new/"]:
        refused = browser.post(path, NIGHT)
        assert (refused.status_code, "needs a manager or owner" in refused.content.decode()) == (403, True), path
    with transaction_for(world.organization.id):
        assert not Event.objects.filter(kind=history.KIND).exists()


def test_foreign_tariffs_are_not_there(staff: Client, world: World, rival: World) -> None:
    own = factories.make_tariff(world.organization)
    foreign = factories.make_tariff(rival.organization, {"effect": "add", "amount": 1}, name="Secret plan")
    with transaction_for(rival.organization.id):
        rule = TariffRule.objects.get()
    assert "Secret plan" not in staff.get(HOME).content.decode()
    for path in (f"{foreign.pk}/", f"{foreign.pk}/put-in-force/", f"{own.pk}/rules/{rule.pk}/"):
        assert staff.post(f"{HOME}{path}", NIGHT).status_code == 404, path


def test_the_repeated_words_are_those_of_conditions(staff: Client, world: World) -> None:
    """A rule without a condition says that it always applies."""
    tariff = factories.make_tariff(
        world.organization,
        {"effect": "add", "amount": 100},
        {"effect": "add", "amount": 1, "from_date": date(2027, 1, 1)},
        {"effect": "base", "amount": 1, "from_time": time(9), "until_time": time(10), "covers": "any"},
    )
    rules = staff.get(f"{HOME}{tariff.pk}/").context["rules"]
    assert [each.when for each in rules] == [
        "Always", "From Friday, January 1, 2027", "From 9:00\u202fAM to 10:00\u202fAM",
    ]  # fmt: skip
    assert rules[2].how == ["besides the service's price", "for the whole stay, if any minute is within it"]
