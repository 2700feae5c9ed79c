"""Whoever sits down next at a shared device sees nothing of who was there before."""

from datetime import timedelta

import pytest
from django.test import Client

from holdfast.core import clock
from tests import factories
from tests.customers.doors import sign_in
from tests.wizard.conftest import Customer

FORGET = "/salon/booking/forget"
PAGES = ("booking/details", "booking/payment", "portal/")
OVER = "Your confirmation is in your mail"


def seen(client: Client, reference: str = "") -> str:
    """All that a browser is shown of a person, whichever page is asked for."""
    confirmation = f"booking/confirmation?reference={reference}" if reference else "booking/confirmation"
    pages = [client.get(f"/salon/{path}", follow=True) for path in (*PAGES, confirmation)]
    return "".join(page.content.decode() for page in pages)


def book(customer: Customer, day: int = 3) -> str:
    customer.take(factories.local(customer.organization, day, 10))
    customer.tell()
    return str(customer.book().headers["Location"]).partition("reference=")[2]


def test_after_clearing_the_next_person_at_the_device_sees_nothing(customer: Customer) -> None:
    reference = book(customer)
    sign_in(customer.client, customer.organization)
    start = factories.local(customer.organization, 4, 10)
    customer.take(start)
    customer.tell(name="Ana Reyes")
    assert customer.states() == ["confirmed", "held"]
    before = seen(customer.client)
    assert all(words in before for words in ("Ana Reyes", "ana@example.com", reference))

    assert "This browser is forgotten" in customer.client.post(FORGET).content.decode()
    after = seen(customer.client, reference)
    assert not any(words in after for words in ("Ana Reyes", "ana@example.com", reference))
    assert customer.states() == ["confirmed", "expired"]
    customer.take(start)
    assert customer.client.get("/salon/booking/details").context["form"]["name"].value() is None
    assert "customer-salon" not in {name for name, kept in customer.client.cookies.items() if kept.value}


def test_clearing_leaves_staff_signed_in_and_other_organizations_as_they_are(customer: Customer) -> None:
    factories.make_organization(slug="rival", name="Rival")
    customer.client.force_login(factories.make_staff(customer.organization))
    book(customer)
    kept = customer.client.session
    kept["wizard"] = {**kept["wizard"], "rival": {"draft": "name=Ben"}}
    kept.save()
    customer.client.post(FORGET)
    assert customer.client.get("/desk/").status_code == 200
    assert customer.client.session["wizard"] == {"rival": {"draft": "name=Ben"}}


def test_clearing_is_asked_before_says_what_it_ends_and_needs_the_pages_token(customer: Customer) -> None:
    book(customer)
    page = customer.client.get(FORGET).content.decode()
    for words in ("a time that is held for you", "your last confirmation", "being signed in", "stays booked"):
        assert words in page
    assert customer.client.get("/salon/booking/confirmation").status_code == 200  # asking ends nothing
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(FORGET).status_code == 403
    answer = strict.get(FORGET, headers={"Accept": "application/json"})
    assert "no-store" in answer.headers["Cache-Control"]
    assert strict.post(FORGET, headers={"X-CSRFToken": answer.json()["token"]}).status_code == 200


def test_the_confirmation_is_shown_for_half_an_hour_and_then_says_how_to_find_it(customer: Customer) -> None:
    reference = book(customer)
    with clock.stopped(clock.now() + timedelta(minutes=29)):
        assert reference in customer.client.get("/salon/booking/confirmation").content.decode()
    with clock.stopped(clock.now() + timedelta(minutes=31)):
        for address in ("/salon/booking/confirmation", f"/salon/booking/confirmation?reference={reference}"):
            page = customer.client.get(address).content.decode()
            assert OVER in page
            assert 'href="/salon/portal/sign-in"' in page
            assert "/manage/" not in page
        after = seen(customer.client, reference)
        assert not any(words in after for words in ("Ana Reyes", "ana@example.com"))
        assert customer.client.get("/salon/booking/details").headers["Location"] == "/salon/booking"


@pytest.mark.parametrize("later", [29, 31])
def test_a_second_tap_finds_the_first_ones_booking_however_late(customer: Customer, later: int) -> None:
    customer.take(factories.local(customer.organization, 3, 10))
    customer.tell()
    sent = customer.price_page()
    first = customer.book(sent)
    with clock.stopped(clock.now() + timedelta(minutes=later)):
        assert customer.book(sent).headers["Location"] == first.headers["Location"]
    assert len(customer.bookings()) == 1
