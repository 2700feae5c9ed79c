"""One booking: every step, its timeline, and what happens when somebody else was faster."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from holdfast.bookings import actions
from holdfast.bookings.models import Note, Transition
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.notifications.models import Message, MessageState
from tests import factories
from tests.desk.conftest import World

SignIn = Callable[..., Client]
STAFF = Actor("staff", "Louis")


def told(body: str) -> list[str]:
    """What the timeline says, newest first."""
    return [unescape(words) for words in re.findall(r'timeline-body"><p>([^<]*)</p>', body)]


def test_every_step_is_a_form_away_and_told_in_the_timeline(signed_in: SignIn, world: World) -> None:
    booking = world.book(approve=True)
    browser, address = signed_in(world), f"/desk/bookings/{booking.reference}/"
    for number, step in enumerate(("confirm", "start", "complete")):
        answer = browser.post(f"{address}{step}/", {"version": booking.version + number})
        assert answer.headers["Location"] == address
    page = browser.get(address).content.decode()
    assert told(page) == [
        "Completed by Sam Owner",
        "Started by Sam Owner",
        "Confirmed by Sam Owner",
        "Requested by the customer",
    ]
    assert "Completed." in page


def test_cancelling_keeps_the_reason_and_frees_the_time(signed_in: SignIn, world: World) -> None:
    booking = world.book(hour=10, resource="ines")
    browser, address = signed_in(world), f"/desk/bookings/{booking.reference}/"
    browser.post(f"{address}cancel/", {"version": booking.version, "reason": "Inés is ill"})
    page = browser.get(address).content.decode()
    assert (world.again(booking).state, told(page)[0]) == ("cancelled", "Cancelled by Sam Owner")
    assert '<p class="timeline-quote">Inés is ill</p>' in page
    assert world.book(hour=10, resource="ines").state == "confirmed"


def test_the_question_says_what_happens_to_whom_before_it_happens(signed_in: SignIn, world: World) -> None:
    booking = world.book(hour=10)
    browser = signed_in(world)
    for address in ("", "cancel/"):
        body = unescape(browser.get(f"/desk/bookings/{booking.reference}/{address}").content.decode())
        assert "Ana Reyes loses Massage on" in body
        assert "and is told at ana@example.com. The time becomes free for others at once." in body
        assert "Nothing has been charged, so there is nothing to refund." in body
    assert world.again(booking).state == "confirmed"


def test_declining_a_request_is_called_declining(signed_in: SignIn, world: World) -> None:
    booking = world.book(approve=True)
    browser, address = signed_in(world), f"/desk/bookings/{booking.reference}/"
    assert "Decline this request?" in browser.get(f"{address}cancel/").content.decode()
    browser.post(f"{address}cancel/", {"version": booking.version})
    assert told(browser.get(address).content.decode())[0] == "Declined by Sam Owner"


def test_a_no_show_is_closed_when_it_is_time(signed_in: SignIn, world: World) -> None:
    booking = world.book(hour=10)
    browser, address = signed_in(world), f"/desk/bookings/{booking.reference}/"
    assert "no-show" not in browser.get(address).content.decode()
    with clock.stopped(factories.local(world.organization, 1, 10, 20)):
        assert "no-show" in browser.get(address).content.decode()
        browser.post(f"{address}no-show/", {"version": booking.version})
    assert world.again(booking).state == "no_show"


def test_whoever_was_slower_sees_what_changed_and_changes_nothing(signed_in: SignIn, world: World) -> None:
    booking = world.book()
    actions.reschedule(
        organization=world.organization,
        booking_id=booking.id,
        starts_at=factories.local(world.organization, 1, 15),
        version=booking.version,
        actor=STAFF,
    )
    answer = signed_in(world).post(f"/desk/bookings/{booking.reference}/cancel/", {"version": booking.version})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed this booking in the meantime" in body
    assert "Last: Moved by Louis." in body
    assert f'name="version" value="{booking.version + 1}"' in body
    assert world.again(booking).state == "confirmed"


def test_a_step_that_no_longer_leads_anywhere_is_explained(signed_in: SignIn, world: World) -> None:
    booking = world.book(days=3)
    gone = actions.cancel(organization=world.organization, booking_id=booking.id, version=1, actor=CUSTOMER)
    answer = signed_in(world).post(f"/desk/bookings/{booking.reference}/start/", {"version": gone.version})
    assert answer.status_code == 409
    assert "This cannot be done any more" in answer.content.decode()
    moved = signed_in(world).get(f"/desk/bookings/{booking.reference}/move/")
    assert (moved.status_code, "This cannot be done any more" in moved.content.decode()) == (409, True)


@pytest.mark.parametrize("version", ["", "x", "1.5", None])
def test_a_form_without_its_version_changes_nothing(signed_in: SignIn, world: World, version: str | None) -> None:
    booking = world.book(approve=True)
    sent = {} if version is None else {"version": version}
    answer = signed_in(world).post(f"/desk/bookings/{booking.reference}/confirm/", sent)
    assert answer.status_code in (200, 422)
    assert world.again(booking).state == "requested"


def test_notes_are_in_the_timeline_and_escaped(signed_in: SignIn, world: World) -> None:
    booking = world.book()
    browser, address = signed_in(world), f"/desk/bookings/{booking.reference}/"
    browser.post(f"{address}note/", {"text": "  Two suitcases <b>& a dog</b>  "})
    page = browser.get(address).content.decode()
    assert told(page)[0] == "Note by Sam Owner"
    assert "Two suitcases &lt;b&gt;&amp; a dog&lt;/b&gt;</p>" in page


def test_an_empty_note_is_refused_at_its_field(signed_in: SignIn, world: World) -> None:
    booking = world.book()
    answer = signed_in(world).post(f"/desk/bookings/{booking.reference}/note/", {"text": "  "})
    assert answer.status_code == 422
    assert "The note is empty. Write something first." in answer.content.decode()
    with transaction_for(world.organization.id):
        assert Note.objects.count() == 0


def test_mails_are_in_the_timeline_with_what_became_of_them(signed_in: SignIn, world: World) -> None:
    booking = world.book()
    sent_at = clock.now()
    with transaction_for(world.organization.id):
        for number, state in enumerate((MessageState.SENT, MessageState.QUEUED, MessageState.FAILED)):
            Message.objects.create(
                organization=world.organization,
                reason=f"r{number}",
                message_id=f"<{number}@x>",
                kind="booking.confirmed.customer",
                booking_id=booking.id,
                recipient=f"{state}@example.com",
                language="en",
                subject="Confirmed: Massage",
                text="",
                html="",
                state=state,
                created_at=clock.now(),
                sent_at=sent_at if state == MessageState.SENT else None,
            )
    page = signed_in(world).get(f"/desk/bookings/{booking.reference}/").content.decode()
    assert told(page)[:3] == [
        "Mail to failed@example.com could not be delivered",
        "Mail to queued@example.com is on its way",
        "Mail sent to sent@example.com",
    ]


def test_a_step_taken_twice_at_once_is_taken_once(signed_in: SignIn, world: World) -> None:
    booking = world.book(approve=True)
    browser, address = signed_in(world), f"/desk/bookings/{booking.reference}/confirm/"
    answers = [browser.post(address, {"version": booking.version}).status_code for _ in range(2)]
    assert answers == [302, 409]
    with transaction_for(world.organization.id):
        assert Transition.objects.filter(booking_id=booking.id, action="confirm").count() == 1


def test_references_are_read_in_small_letters_too(signed_in: SignIn, world: World) -> None:
    booking = world.book()
    assert signed_in(world).get(f"/desk/bookings/{booking.reference.lower()}/").status_code == 200


@pytest.mark.parametrize("address", ["XXXXXXXX/", "XXXXXXXX/cancel/", "XXXXXXXX/move/"])
def test_an_unknown_reference_is_a_page_with_a_way_out(signed_in: SignIn, world: World, address: str) -> None:
    answer = signed_in(world).get(f"/desk/bookings/{address}")
    assert answer.status_code == 404
    assert "Search the bookings" in answer.content.decode()


def test_an_unknown_action_is_not_there(signed_in: SignIn, world: World) -> None:
    booking = world.book()
    assert signed_in(world).post(f"/desk/bookings/{booking.reference}/delete/", {"version": 1}).status_code == 404


def test_next_after_a_step_stays_on_this_site(signed_in: SignIn, world: World) -> None:
    booking = world.book(approve=True)
    sent = {"version": booking.version, "next": "https://evil.example/"}
    answer = signed_in(world).post(f"/desk/bookings/{booking.reference}/confirm/", sent)
    assert answer.headers["Location"] == "/desk/"
