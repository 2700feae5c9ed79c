"""A booking by telephone: the same engine, the same checks, once."""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from django.test import Client

from holdfast.bookings.models import Booking, Transition
from holdfast.catalog.models import Closure, Question
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.desk.conftest import World

SignIn = Callable[..., Client]
PERSON = {
    "name": "Tom Call",
    "email": "tom@example.com",
    "locale": "fr",
    "phone_country": "FR",
    "phone": "01 99 00 12 34",
}


def links(body: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'class="time-link" href="([^"]+)"', body)]


def time_of(link: str) -> datetime:
    return datetime.fromisoformat(parse_qs(urlsplit(link).query)["at"][0])


def bookings(world: World) -> list[Booking]:
    with transaction_for(world.organization.id):
        return list(Booking.objects.order_by("created_at"))


def test_from_the_service_to_the_booking(signed_in: SignIn, world: World) -> None:
    browser = signed_in(world)
    day = factories.local(world.organization, 1, 0).date()
    page = browser.get(f"/desk/bookings/new/?service=massage&resource=ines&day={day}").content.decode()
    link = next(each for each in links(page) if time_of(each) == factories.local(world.organization, 1, 11))
    assert "details-form" in browser.get(f"/desk/bookings/new/{link}").content.decode()
    answer = browser.post(f"/desk/bookings/new/{link}", {**PERSON, "note": "Calls back at noon", "key": uuid4()})
    [made] = bookings(world)
    assert answer.headers["Location"] == f"/desk/bookings/{made.reference}/"
    assert (made.customer_name, made.customer_phone, made.customer_locale, made.customer_note, made.state) == (
        "Tom Call", "+33199001234", "fr", "Calls back at noon", "confirmed",
    )  # fmt: skip
    with transaction_for(world.organization.id):
        assert [(step.actor_kind, step.actor_name) for step in Transition.objects.all()] == [("staff", "Sam Owner")]


def test_a_form_nobody_has_touched_has_no_errors(signed_in: SignIn, world: World) -> None:
    page = signed_in(world).get("/desk/bookings/new/").content.decode()
    assert ("Choose a service" in page, "field-error" in page) == (True, False)


def test_the_same_form_sent_twice_books_once(signed_in: SignIn, world: World) -> None:
    browser, sent = signed_in(world), {**PERSON, "key": uuid4()}
    address = "/desk/bookings/new/?" + f"service=massage&at={factories.local(world.organization, 1, 11).isoformat()}"
    answers = [browser.post(address, sent).headers["Location"] for _ in range(2)]
    assert len(bookings(world)) == 1
    assert answers[0] == answers[1]


def test_a_form_sent_again_with_other_words_books_nothing_more(signed_in: SignIn, world: World) -> None:
    browser, key = signed_in(world), uuid4()
    address = "/desk/bookings/new/?" + f"service=massage&at={factories.local(world.organization, 1, 11).isoformat()}"
    browser.post(address, {**PERSON, "key": key})
    again = browser.post(address, {**PERSON, "name": "Somebody Else", "key": key})
    assert again.status_code == 422
    assert "This form was out of date." in again.content.decode()
    assert len(bookings(world)) == 1


def test_what_is_missing_is_marked_and_what_was_typed_is_kept(signed_in: SignIn, world: World) -> None:
    address = f"/desk/bookings/new/?service=massage&at={factories.local(world.organization, 1, 11).isoformat()}"
    answer = signed_in(world).post(address, {**PERSON, "email": "tom@", "key": uuid4()})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "Enter a whole address, such as name@example.com." in body
    assert 'value="Tom Call"' in body
    assert bookings(world) == []


def test_the_services_own_questions_are_asked_and_checked(signed_in: SignIn, world: World) -> None:
    with transaction_for(world.organization.id):
        asked: list[tuple[str, str, dict[str, Any]]] = [
            ("flight", "text", {"largest": 6}),
            ("bags", "number", {"smallest": 0, "largest": 3, "is_required": True}),
            ("pet", "yes_no", {}),
            ("hall", "choice", {"choices": [{"value": "a", "label": {"en": "Hall A"}}]}),
            ("born", "date", {}),
        ]
        for position, (key, kind, more) in enumerate(asked):
            Question.objects.create(
                organization=world.organization, service=world.massage, key=key, kind=kind, position=position,
                label={"en": key.title()}, **more,
            )  # fmt: skip
    world.organization.refresh_from_db()
    address = f"/desk/bookings/new/?service=massage&at={factories.local(world.organization, 1, 11).isoformat()}"
    browser = signed_in(world)
    answers = {"answers.flight": "AF 123456", "answers.hall": "b", "answers.born": "soon"}
    refused = browser.post(address, {**PERSON, **answers, "key": uuid4()})
    assert refused.status_code == 422
    assert refused.content.decode().count('class="field-error"') == 4
    good = {"answers.flight": "AF 1", "answers.bags": "2", "answers.pet": "no", "answers.hall": "a"}
    assert browser.post(address, {**PERSON, **good, "key": uuid4()}).status_code == 302
    [made] = bookings(world)
    assert made.answers == {"flight": "AF 1", "bags": 2, "pet": False, "hall": "a"}
    page = browser.get(f"/desk/bookings/{made.reference}/").content.decode()
    assert ("Hall A" in page, '<dd class="answer">No</dd>' in page) == (True, True)


def test_a_time_taken_meanwhile_offers_the_nearest_and_keeps_what_was_typed(signed_in: SignIn, world: World) -> None:
    world.book(hour=11, resource="ines")
    at = factories.local(world.organization, 1, 11).isoformat()
    browser = signed_in(world)
    answer = browser.post(f"/desk/bookings/new/?service=massage&resource=ines&at={at}", {**PERSON, "key": uuid4()})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Nothing was booked. What you typed is still here." in body
    assert 'value="Tom Call"' in body
    nearest = unescape(re.findall(r'formaction="([^"]+)"', body)[0])
    assert browser.post(f"/desk/bookings/new/{nearest}", {**PERSON, "key": uuid4()}).status_code == 302


def test_a_day_without_times_leads_to_the_next_one_with_some(signed_in: SignIn, world: World) -> None:
    with transaction_for(world.organization.id):
        today = factories.local(world.organization, 0, 0).date()
        until = factories.local(world.organization, 20, 0).date()
        Closure.objects.create(organization=world.organization, starts_on=today, ends_on=until)
    world.organization.refresh_from_db()
    browser = signed_in(world)
    opened = factories.local(world.organization, 21, 8)
    assert time_of(links(browser.get("/desk/bookings/new/?service=massage").content.decode())[0]) == opened
    body = browser.get(f"/desk/bookings/new/?service=massage&day={today}").content.decode()
    assert ("No free time on this day" in body, f"day={opened.date()}" in body) == (True, True)


def test_strange_addresses_show_the_form(signed_in: SignIn, world: World) -> None:
    browser = signed_in(world)
    for query in (
        "at=soon",
        "day=never",
        "service=massage&at=2026-01-01",
        "service=massage&party_size=0",
        "service=massage&duration=7",
        "service=massage&resource=nobody",
    ):
        assert browser.get(f"/desk/bookings/new/?{query}").status_code == 200, query
