"""Joining the waiting list where no time suits, and booking what is offered: in forms alone, by the mails' links."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Question, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.waiting.links import entry_token, offer_token
from holdfast.waiting.models import WaitingEntry, WaitingOffer
from tests.waiting.conftest import Shop, make_shop

JOIN = "/salon/booking/waiting"


@pytest.fixture
def shop(db: None) -> Shop:
    shop = make_shop(slug="salon", name="Salon")
    shop.fill()
    return shop


def form(shop: Shop, **more: str) -> dict[str, str]:
    day = shop.day().isoformat()
    given = {"first": day, "last": day, "since": "", "until": "", "name": "Maria Reyes", "email": "maria@example.com"}
    return given | {"phone": "", "phone_country": "FR", "key": "once"} | more


def join(client: Client, shop: Shop, **more: str) -> Any:
    return client.post(f"{JOIN}?service={shop.service.slug}&date={shop.day()}", form(shop, **more))


def only_entry(shop: Shop) -> WaitingEntry:
    with transaction_for(shop.organization.id):
        return WaitingEntry.objects.get()


def offer_of(shop: Shop) -> WaitingOffer:
    shop.cancel(shop.booked[0])
    return shop.offers()[-1]


def link(offer: WaitingOffer) -> str:
    return f"/salon/booking/offer/{offer_token(offer.id)}/"


def test_the_times_page_leads_to_the_list_with_the_day_that_was_looked_at(client: Client, shop: Shop) -> None:
    times = client.get("/salon/booking", {"service": shop.service.slug, "date": shop.day().isoformat()})
    assert f'formaction="{JOIN}" name="date" value="{shop.day()}"' in times.content.decode()
    page = client.get(JOIN, {"service": shop.service.slug, "date": shop.day().isoformat()})
    assert page.context["form"].initial["first"] == shop.day()


def test_joining_leads_to_ones_place_and_the_same_form_again_to_the_same(client: Client, shop: Shop) -> None:
    first, again = join(client, shop), join(client, shop)
    entry = only_entry(shop)
    place = f"/salon/waiting/{entry_token(entry.id)}/"
    assert (first.headers["Location"], again.headers["Location"]) == (place, place)
    page = client.get(place).content.decode()
    assert "You are on the waiting list" in page
    assert "kept for you for 30\u00a0min" in page


def test_another_form_of_the_same_person_is_refused_kindly(client: Client, shop: Shop) -> None:
    join(client, shop)
    page = join(client, shop, key="other", name="Ana R.")
    assert page.status_code == 409
    assert "You are on the waiting list for these dates already" in page.content.decode()
    assert only_entry(shop).customer_name == "Maria Reyes"


def test_what_is_free_is_shown_instead_of_being_waited_for(client: Client, shop: Shop) -> None:
    page = join(client, shop, last=shop.day(4).isoformat(), since="10:30")
    assert page.status_code == 409
    assert page.context["alternatives"] == [shop.start(10, 30, days=4), shop.start(11, days=4)]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"first": ""}, "Please choose a day."),
        ({"since": "14:00", "until": "12:00"}, "This is not after the earliest time."),
        ({"last": "2020-01-01"}, "This is before the first day."),
        ({"email": "ana"}, "This is not a whole email address"),
    ],
)
def test_what_cannot_be_meant_is_marked(client: Client, shop: Shop, wrong: dict[str, str], words: str) -> None:
    page = join(client, shop, **wrong)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_an_offer_is_looked_at_and_booked_by_one_button(client: Client, shop: Shop) -> None:
    join(client, shop)
    offer = offer_of(shop)
    for _ in range(2):  # a mail scanner, then the person
        page = client.get(link(offer))
        assert (page.status_code, shop.state(only_entry(shop))) == (200, "offered")
    assert "maria@example.com" in page.content.decode()
    booked = client.post(link(offer), {}, follow=True)
    assert "You are booked" in booked.content.decode()
    again = client.post(link(offer), {}, follow=True)
    with transaction_for(shop.organization.id):
        booking = Booking.objects.get(id=offer.booking_id)
        assert Booking.objects.filter(customer_email="maria@example.com", state="confirmed").count() == 1
    assert (booking.state, booking.customer_name, booking.starts_at) == ("confirmed", "Maria Reyes", shop.start(10))
    assert booking.reference in again.content.decode()


def test_required_questions_are_asked_on_the_offer(client: Client, shop: Shop) -> None:
    with transaction_for(shop.organization.id):
        Question.objects.create(
            organization=shop.organization, service=shop.service, key="size", kind="text", label={"en": "Size"},
            is_required=True,
        )  # fmt: skip
    join(client, shop)
    offer = offer_of(shop)
    refused = client.post(link(offer), {"answer_size": ""})
    assert refused.status_code == 422
    client.post(link(offer), {"answer_size": "M", "note": "Second floor"})
    with transaction_for(shop.organization.id):
        booking = Booking.objects.get(id=offer.booking_id)
    assert (booking.state, booking.answers, booking.customer_note) == ("confirmed", {"size": "M"}, "Second floor")


def test_whoever_comes_too_late_is_told_and_shown_what_is_free(client: Client, shop: Shop) -> None:
    join(client, shop)
    offer = offer_of(shop)
    with clock.stopped(clock.now() + timedelta(minutes=31)):
        for page in (client.get(link(offer)), client.post(link(offer), {})):
            assert page.status_code == 410
            assert "This time is no longer kept for you" in page.content.decode()
            assert "You are still on the waiting list" in page.content.decode()


def test_declining_keeps_the_place_and_leaving_gives_it_up(client: Client, shop: Shop) -> None:
    join(client, shop)
    offer = offer_of(shop)
    declined = client.post(f"{link(offer)}decline", follow=True)
    assert "You are still on the waiting list." in declined.content.decode()
    entry = only_entry(shop)
    assert entry.state == "waiting"
    left = client.post(f"/salon/waiting/{entry_token(entry.id)}/", follow=True)
    assert "You have left the waiting list." in left.content.decode()
    assert only_entry(shop).state == "left"


def test_links_open_only_their_own_door(client: Client, shop: Shop) -> None:
    join(client, shop)
    offer, entry = offer_of(shop), only_entry(shop)
    make_shop(slug="rival")
    for path in (
        f"/salon/booking/offer/{entry_token(entry.id)}/",
        f"/salon/waiting/{offer_token(offer.id)}/",
        f"/rival/waiting/{entry_token(entry.id)}/",
        f"/rival/booking/offer/{offer_token(offer.id)}/",
        f"/salon/waiting/{entry_token(entry.id)}x/",
    ):
        assert client.get(path).status_code == 404, path
        assert client.post(path).status_code == 404, path
    assert shop.state(entry) == "offered"


def test_midnight_at_the_end_of_a_day_is_the_end_of_it(client: Client, shop: Shop) -> None:
    join(client, shop, since="10:00", until="00:00")
    entry = only_entry(shop)
    assert (entry.since_minute, entry.until_minute) == (600, 1440)


def test_who_comes_is_asked_on_the_offer_where_the_service_asks(client: Client, shop: Shop) -> None:
    with transaction_for(shop.organization.id):
        Service.objects.update(attendees="required")
    join(client, shop)
    offer = offer_of(shop)
    assert 'name="attendee_name_1"' in client.get(link(offer)).content.decode()
    assert client.post(link(offer), {"note": "Hello"}).status_code == 422
    assert "You are booked" in client.post(link(offer), {"attendee_name_1": "Lea"}, follow=True).content.decode()
    with transaction_for(shop.organization.id):
        assert Booking.objects.get(id=offer.booking_id).attendees == [{"name": "Lea", "email": ""}]
