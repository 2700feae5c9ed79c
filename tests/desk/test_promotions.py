"""Promotions at the desk: made, changed, tried, counted, switched off; by whom, and never unseen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.models import Role
from holdfast.bookings import actions as bookings
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.steps import Actor
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from holdfast.pricing import history
from holdfast.pricing.models import Promotion
from tests import factories
from tests.desk.conftest import World

SignIn = Callable[..., Client]
STAFF = Actor("staff", "Sam")
HOME = "/desk/prices/promotions/"
SENT: dict[str, Any] = {
    "do": "save", "name_en": "Spring", "name_fr": "Printemps", "name_es": "", "code": "SPRING", "benefit": "percent",
    "percent": "12.5", "amount": "", "most": "15", "position": "10", "minimum": "80.00", "weekdays": ["0", "4"],
    "uses": "100", "uses_each": "1", "is_active": "on",
}  # fmt: skip


@pytest.fixture
def staff(signed_in: SignIn, world: World) -> Client:
    return signed_in(world, Role.MANAGER)


def only(world: World) -> Promotion:
    with transaction_for(world.organization.id):
        return Promotion.objects.get()


def told(world: World) -> list[tuple[str, str]]:
    with transaction_for(world.organization.id):
        events = Event.objects.filter(kind=history.KIND).order_by("id")
        return [(each.payload["what"], each.payload["by"]) for each in events]


def book(world: World, email: str, hour: int = 10) -> Any:
    details = Details(customer=Customer(name=email.partition("@")[0].capitalize(), email=email, locale="en"))
    return world.book(hour=hour, promo_code="SPRING", details=details)


def test_a_promotion_is_typed_in_the_currency_and_works_at_once(staff: Client, world: World) -> None:
    answer = staff.post(f"{HOME}new/", {**SENT, "weekdays": [], "minimum": "0"})
    made = only(world)
    assert answer.headers["Location"] == f"{HOME}{made.pk}/"
    assert (str(made.percent), made.most, made.uses, made.uses_each) == ("12.500", 1500, 100, 1)
    assert made.name == {"en": "Spring", "fr": "Printemps"}
    world.organization.refresh_from_db()
    assert book(world, "ana@example.com").price_amount == 8750
    assert told(world) == [("created", "Sam Owner")]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"percent": "0"}, "percent"),
        ({"benefit": "amount", "amount": ""}, "amount"),
        ({"served_from": "2027-05-02", "served_until": "2027-05-01"}, "served_until"),
        ({"code": "", "uses": "3"}, "uses"),
        ({"code": "taken"}, "code"),
        ({"name_en": ""}, "name"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field_and_nothing_typed_is_lost(
    staff: Client, world: World, change: dict[str, Any], field: str
) -> None:
    factories.make_promotion(world.organization, code="TAKEN")
    answer = staff.post(f"{HOME}new/", {**SENT, **change})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert 'name="name_fr" value="Printemps"' in answer.content.decode()
    assert only(world).code == "TAKEN"


def test_usage_and_revenue_are_those_of_bookings_that_stand(staff: Client, world: World) -> None:
    factories.make_promotion(world.organization, uses=5)
    book(world, "ana@example.com", 9)
    book(world, "Ana@example.com", 11)
    book(world, "ben@example.com", 13)
    gone = book(world, "cleo@example.com", 15)
    bookings.cancel(organization=world.organization, booking_id=gone.id, version=gone.version, actor=STAFF)
    listed = staff.get(HOME).content.decode()
    for said in ("3 of 5", "€270.00", "€30.00", ">2</td>"):
        assert said in listed
    page = staff.get(f"{HOME}{only(world).pk}/")
    assert [(each.contact, each.times, each.revenue) for each in page.context["customers"]] == [
        ("ana@example.com", 2, 18_000), ("ben@example.com", 1, 9000),
    ]  # fmt: skip
    assert "1 cancelled booking" in page.content.decode()


def test_what_everybody_gets_is_counted_too(staff: Client, world: World) -> None:
    promotion = factories.make_promotion(world.organization, code="")
    world.book()
    page = staff.get(f"{HOME}{promotion.pk}/")
    usage = page.context["row"].usage
    assert (usage.times, usage.customers, usage.revenue, usage.taken_off) == (1, 1, 9000, 1000)


def test_trying_says_what_a_booking_would_cost_and_saves_nothing(staff: Client, world: World) -> None:
    promotion = factories.make_promotion(world.organization)
    day = factories.local(world.organization, 3, 10)
    trial = {"try-service": "massage", "try-day": f"{day:%Y-%m-%d}", "try-at": "10:00", "try-party": "1",
             "try-lasting": "", "try-lasting_unit": "1"}  # fmt: skip
    sent = {**SENT, **trial, "do": "try", "percent": "50", "most": "", "weekdays": [], "minimum": "0"}
    tried = staff.post(f"{HOME}{promotion.pk}/", sent)
    told_ = tried.context["told"]
    assert (tried.status_code, told_.before, told_.after, told_.refused) == (200, 10_000, 5000, "")
    assert str(only(world).percent) == "10.000"
    refused = staff.post(f"{HOME}{promotion.pk}/", {**sent, "minimum": "200"}).context["told"]
    assert (refused.after, refused.refused) == (10_000, "This promotion is for larger bookings.")


def test_a_promotion_is_for_the_services_that_are_ticked_and_its_history_says_so(staff: Client, world: World) -> None:
    promotion = factories.make_promotion(world.organization)
    page = staff.get(f"{HOME}{promotion.pk}/")
    service = factories.make_service(world.organization, slug="facial", name={"en": "Facial"})
    sent = {**SENT, "services": [str(service.pk)], "seen": page.context["seen"]}
    assert staff.post(f"{HOME}{promotion.pk}/", sent).status_code == 302
    page = staff.get(f"{HOME}{promotion.pk}/")
    assert page.context["row"].when.startswith("Facial")
    assert f'value="{service.pk}" ' in page.content.decode()
    assert "Services: every service → Facial" in page.content.decode()
    assert staff.post(f"{HOME}{promotion.pk}/", {**sent, "services": []}).status_code == 409


def test_who_saves_after_somebody_else_is_told_and_overwrites_only_knowingly(staff: Client, world: World) -> None:
    promotion = factories.make_promotion(world.organization)
    seen = staff.get(f"{HOME}{promotion.pk}/").context["seen"]
    with transaction_for(world.organization.id):
        Promotion.objects.update(position=20)
    refused = staff.post(f"{HOME}{promotion.pk}/", {**SENT, "seen": seen})
    assert (refused.status_code, only(world).position) == (409, 20)
    assert staff.post(f"{HOME}{promotion.pk}/", {**SENT, "seen": refused.context["seen"]}).status_code == 302
    assert (only(world).position, told(world)) == (10, [("changed", "Sam Owner")])
    page = staff.get(f"{HOME}{promotion.pk}/").content.decode()
    assert "Sam Owner changed it" in page
    assert "Percent: 10% → 12.5%" in page


def test_what_was_used_is_switched_off_and_never_deleted(staff: Client, world: World) -> None:
    promotion = factories.make_promotion(world.organization)
    gone = book(world, "ana@example.com")
    bookings.cancel(organization=world.organization, booking_id=gone.id, version=gone.version, actor=STAFF)
    assert "cannot be deleted" in staff.get(f"{HOME}{promotion.pk}/delete/").content.decode()
    staff.post(f"{HOME}{promotion.pk}/delete/")
    staff.post(f"{HOME}{promotion.pk}/switch/")
    assert only(world).is_active is False
    staff.post(f"{HOME}{promotion.pk}/switch/", {"on": "1"})
    assert (only(world).is_active, told(world)) == (True, [("switched_off", "Sam Owner"), ("switched_on", "Sam Owner")])


def test_what_nobody_used_can_be_deleted(staff: Client, world: World) -> None:
    promotion = factories.make_promotion(world.organization)
    assert staff.post(f"{HOME}{promotion.pk}/delete/").headers["Location"] == HOME
    with transaction_for(world.organization.id):
        assert not Promotion.objects.exists()


def test_the_list_says_how_each_stands_and_is_searched(staff: Client, world: World) -> None:
    today = clock.now().date()
    make = factories.make_promotion
    make(world.organization, code="NOW")
    make(world.organization, code="OVER", booked_until=today - timedelta(days=2))
    make(world.organization, code="LATER", booked_from=today + timedelta(days=9))
    make(world.organization, code="OFF", is_active=False)
    make(world.organization, code="NEVER", uses=0)
    rows = staff.get(HOME).context["page"]
    assert {each.promotion.code: each.standing for each in rows} == {
        "NOW": "given", "OVER": "over", "LATER": "to_come", "OFF": "off", "NEVER": "never",
    }  # fmt: skip
    assert [each.promotion.code for each in staff.get(f"{HOME}?state=over").context["page"]] == ["OVER"]
    assert [each.promotion.code for each in staff.get(f"{HOME}?q=lat").context["page"]] == ["LATER"]
    assert "No promotion matches" in staff.get(f"{HOME}?q=nothing").content.decode()


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.MEMBER, Role.READ_ONLY])
def test_those_who_do_not_configure_look_and_change_nothing(signed_in: SignIn, world: World, role: str) -> None:
    promotion = factories.make_promotion(world.organization)
    browser = signed_in(world, role)
    assert "Spring" in browser.get(HOME).content.decode()
    for path in ("new/", f"{promotion.pk}/", f"{promotion.pk}/delete/", f"{promotion.pk}/switch/"):
        refused = browser.post(f"{HOME}{path}", SENT)
        assert (refused.status_code, "needs a manager or owner" in refused.content.decode()) == (403, True), path
    assert told(world) == []


def test_a_foreign_promotion_is_not_there(staff: Client, world: World, rival: World) -> None:
    foreign = factories.make_promotion(rival.organization, code="SECRET")
    assert "SECRET" not in staff.get(HOME).content.decode()
    for path in ("", "delete/", "switch/"):
        assert staff.post(f"{HOME}{foreign.pk}/{path}", SENT).status_code == 404
    assert only(rival).code == "SECRET"
