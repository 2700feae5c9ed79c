"""Limits at the desk: the day says so, staff may go beyond with a reason, and the report tells."""

import csv
from collections.abc import Callable
from html import unescape
from io import StringIO
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client

from holdfast.accounts.models import Role
from holdfast.bookings.models import Booking, LimitOverride
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.desk.conftest import World

SignIn = Callable[..., Client]
CUSTOMER = {"name": "Omar Haddad", "email": "omar@example.com", "phone": "", "locale": "en", "note": ""}


@pytest.fixture
def full(world: World) -> World:
    """The day after tomorrow has the one massage it may have."""
    factories.make_limit(world.organization, kind="service", service=world.massage, most=1)
    world.book(days=2, hour=10)
    return world


def new(world: World, hour: int, **more: str) -> str:
    at = factories.local(world.organization, 2, hour).isoformat()
    return f"/desk/bookings/new/?{urlencode({'service': 'massage', 'at': at, **more})}"


def details(**more: str) -> dict[str, str]:
    return {**CUSTOMER, "key": str(uuid4()), **more}


def text(response: object) -> str:
    return unescape(response.content.decode())  # type: ignore[attr-defined]


def test_a_full_day_names_its_limit_and_leads_to_the_times_beyond_it(signed_in: SignIn, full: World) -> None:
    browser, day = signed_in(full), factories.local(full.organization, 2, 0).date()
    page = text(browser.get(f"/desk/bookings/new/?service=massage&day={day}"))
    assert "A limit is reached on this day" in page
    assert "Massage: at most 1 booking a day" in page
    assert "1 of 1 used" in page
    assert "No free time on this day" in page
    beyond = text(browser.get(f"/desk/bookings/new/?service=massage&day={day}&beyond=1"))
    assert "No free time on this day" not in beyond
    assert "beyond=1&at=" in beyond


def test_staff_book_beyond_a_limit_and_the_booking_says_why(signed_in: SignIn, full: World) -> None:
    browser = signed_in(full)
    refused = browser.post(new(full, 14), details())
    assert refused.status_code == 422
    assert "Massage: at most 1 booking a day" in text(refused)
    assert 'name="override"' in text(refused)
    silent = browser.post(new(full, 14), details(beyond="1", override="  "))
    assert silent.status_code == 422
    assert "Please say why this booking is made beyond the limit." in text(silent)
    booked = browser.post(new(full, 14), details(beyond="1", override="Wedding, agreed with Inés"))
    assert booked.status_code == 302
    page = text(browser.get(booked.headers["Location"]))
    assert "Beyond a limit" in page
    assert "Wedding, agreed with Inés" in page
    assert "Made beyond a limit" in page
    with transaction_for(full.organization.id):
        assert Booking.objects.filter(starts_at=factories.local(full.organization, 2, 14)).count() == 1
        assert LimitOverride.objects.get().actor_name == "Sam Owner"


def test_a_booking_is_moved_beyond_a_limit(signed_in: SignIn, full: World) -> None:
    browser, booking = signed_in(full), full.book(days=3, hour=10)
    address = f"/desk/bookings/{booking.reference}/move/"
    wanted = factories.local(full.organization, 2, 15)
    sent = {"version": str(booking.version), "starts_at": wanted.isoformat(), "day": str(wanted.date())}
    refused = browser.post(address, sent)
    assert refused.status_code == 422
    assert "Massage: at most 1 booking a day" in text(refused)
    assert f'value="{wanted.isoformat()}" required checked' in text(refused)
    moved = browser.post(address, {**sent, "beyond": "1", "override": "Storm on Thursday"})
    assert moved.status_code == 302
    assert full.again(booking).starts_at == wanted


def test_the_report_lists_them_by_day_and_kind_and_as_a_file(signed_in: SignIn, full: World) -> None:
    browser = signed_in(full)
    browser.post(new(full, 14), details(beyond="1", override="=HYPERLINK(1)"))
    day = factories.local(full.organization, 2, 0).date()
    assert "Omar Haddad" in text(browser.get("/desk/reports/overrides/"))
    assert "Omar Haddad" in text(browser.get(f"/desk/reports/overrides/?from={day}&to={day}&kind=service"))
    assert "Nothing went beyond a limit then" in text(browser.get("/desk/reports/overrides/?kind=team"))
    assert "Nothing went beyond a limit then" in text(
        browser.get(f"/desk/reports/overrides/?to={day.replace(year=2020)}")
    )
    answer = browser.get("/desk/reports/overrides.csv")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["Day", "Limit", "Used before", "At most"]
    assert rows[1][:4] == [day.isoformat(), "Massage: at most 1 booking a day", "1", "1"]
    assert rows[1][7:9] == ["'=HYPERLINK(1)", "Sam Owner"]


def test_the_report_is_empty_in_words_and_shows_nothing_of_others(signed_in: SignIn, full: World, rival: World) -> None:
    signed_in(full).post(new(full, 14), details(beyond="1", override="Ours"))
    page = text(signed_in(rival).get("/desk/reports/overrides/"))
    assert "No limit was exceeded" in page
    assert "Ours" not in page


def test_who_may_only_look_sees_the_report_and_goes_beyond_nothing(signed_in: SignIn, full: World) -> None:
    browser = signed_in(full, Role.READ_ONLY)
    assert browser.get("/desk/reports/overrides/").status_code == 200
    assert browser.post(new(full, 14), details(beyond="1", override="me")).status_code == 403


def test_why_names_the_limit_at_the_desk(signed_in: SignIn, full: World) -> None:
    time = factories.local(full.organization, 2, 14).strftime("%Y-%m-%dT%H:%M")
    page = text(signed_in(full).get(f"/desk/bookings/why/?service=massage&time={time}"))
    assert "A limit is reached: Massage: at most 1 booking a day (1 of 1 used on" in page
