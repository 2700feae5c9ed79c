"""Several bookings at once: one's failure is not the others'."""

from collections.abc import Callable
from html import unescape

from django.test import Client

from holdfast.bookings import actions
from holdfast.bookings.models import Transition
from holdfast.bookings.steps import CUSTOMER
from holdfast.core.tenancy import transaction_for
from tests.desk.conftest import World

SignIn = Callable[..., Client]
ADDRESS = "/desk/bookings/bulk/"


def test_what_can_be_confirmed_is_and_the_rest_says_why(signed_in: SignIn, world: World) -> None:
    fresh, stale, gone = (world.book(3, hour, approve=True) for hour in (9, 11, 13))
    actions.reschedule(
        organization=world.organization, booking_id=stale.id, starts_at=stale.starts_at, version=1, actor=CUSTOMER
    )
    actions.cancel(organization=world.organization, booking_id=gone.id, version=1, actor=CUSTOMER)
    chosen = [f"{fresh.reference}:1", f"{stale.reference}:1", f"{gone.reference}:2"]
    body = unescape(signed_in(world).post(ADDRESS, {"action": "confirm", "booking": chosen}).content.decode())
    assert [world.again(each).state for each in (fresh, stale, gone)] == ["confirmed", "requested", "cancelled"]
    assert "1 done, 2 not" in body
    assert body.count("Somebody changed this booking in the meantime; look again first") == 1
    assert body.count("This booking cannot be changed in that way any more") == 1


def test_cancelling_several_asks_first_and_names_everybody(signed_in: SignIn, world: World) -> None:
    bookings = [world.book(hour=hour) for hour in (9, 11)]
    browser, chosen = signed_in(world), [f"{each.reference}:{each.version}" for each in bookings]
    asked = browser.post(ADDRESS, {"action": "cancel", "booking": chosen}).content.decode()
    assert "Cancel 2 bookings?" in asked
    assert asked.count("ana@example.com") == 2
    assert [world.again(each).state for each in bookings] == ["confirmed", "confirmed"]
    sent = {"action": "cancel", "booking": chosen, "sure": "1", "reason": "Flood"}
    done = browser.post(ADDRESS, sent).content.decode()
    assert "2 bookings done" in done
    assert [world.again(each).state for each in bookings] == ["cancelled", "cancelled"]
    with transaction_for(world.organization.id):
        reasons = Transition.objects.filter(action="cancel").values_list("reason", flat=True)
        assert list(reasons) == ["Flood", "Flood"]


def test_nothing_chosen_is_said_in_words(signed_in: SignIn, world: World) -> None:
    answer = signed_in(world).post(ADDRESS, {"action": "confirm"})
    assert answer.status_code == 422
    assert "No booking was chosen" in answer.content.decode()


def test_only_confirming_and_cancelling_are_done_in_bulk(signed_in: SignIn, world: World) -> None:
    booking = world.book()
    for action in ("complete", "no-show", "delete", ""):
        answer = signed_in(world).post(ADDRESS, {"action": action, "booking": f"{booking.reference}:1"})
        assert answer.status_code == 404
