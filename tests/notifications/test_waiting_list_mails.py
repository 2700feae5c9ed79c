"""Who waits is told at once, in their language, and what cannot be told passes on."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from holdfast.bookings.details.columns import Customer
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.notifications.models import Message, MessageState
from holdfast.waiting import actions
from holdfast.waiting.actions import Times
from holdfast.waiting.matching import wish_of
from holdfast.waiting.models import WaitingEntry
from tests.notifications.conftest import Postbox
from tests.waiting.conftest import STAFF, Shop, make_shop

RunJobs = Callable[[], None]


@pytest.fixture
def shop(committed_db: str) -> Shop:
    shop = make_shop(slug="salon", name="Salon")
    shop.fill()
    return shop


def subjects(box: Postbox, address: str) -> list[str]:
    return [str(mail["Subject"]) for mail in box.to(address)]


def text_of(box: Postbox, address: str) -> str:
    part = box.to(address)[-1].get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_joining_and_an_offer_are_mailed_with_links_and_until_when(
    shop: Shop, postbox: Postbox, run_jobs: RunJobs
) -> None:
    entry = shop.join("Maria", since=600)
    run_jobs()
    assert len(postbox.to("maria@example.com")) == 1
    assert "On the waiting list: Massage" in subjects(postbox, "maria@example.com")[0]
    assert "Starting at 10:00" in text_of(postbox, "maria@example.com")
    assert "https://book.example/salon/waiting/" in text_of(postbox, "maria@example.com")
    shop.cancel(shop.booked[0])
    run_jobs()
    offer = shop.offered(entry)
    assert offer is not None
    words = text_of(postbox, "maria@example.com")
    assert "A time is free for you" in words
    assert "https://book.example/salon/booking/offer/" in words
    assert "€100.00" in words
    assert postbox.to("hello@example.com") != [], "the business hears of the cancellation as ever"
    with transaction_for(shop.organization.id):
        assert Message.objects.get(kind="waiting.offered.customer").booking_id == offer.booking_id


def test_it_is_told_in_the_persons_language(shop: Shop, postbox: Postbox, run_jobs: RunJobs) -> None:
    wish = wish_of(shop.join("Maria"))
    customer = Customer(name="Chloé", email="chloe@example.com", locale="fr")
    times = Times(shop.day(), shop.day())
    actions.join(organization=shop.organization, wish=wish, times=times, customer=customer)
    run_jobs()
    assert "liste d’attente" in text_of(postbox, "chloe@example.com")


def test_an_offer_that_ended_before_its_mail_was_written_is_not_mailed(
    shop: Shop, postbox: Postbox, run_jobs: RunJobs
) -> None:
    entry = shop.join("Maria")
    shop.cancel(shop.booked[0])
    offer = shop.offered(entry)
    assert offer is not None
    actions.decline(organization=shop.organization, offer_id=offer.id)
    run_jobs()
    assert len(postbox.to("maria@example.com")) == 1


def test_letting_an_offer_pass_is_told_and_that_the_place_is_kept(
    shop: Shop, postbox: Postbox, run_jobs: RunJobs
) -> None:
    shop.join("Maria")
    shop.cancel(shop.booked[0])
    run_jobs()
    with clock.stopped(clock.now() + timedelta(minutes=31)):
        shop.sweep()
    run_jobs()
    assert "You are still on the waiting list" in text_of(postbox, "maria@example.com")


def test_an_address_that_takes_no_mail_loses_its_offer_and_its_place(
    shop: Shop, postbox: Postbox, run_jobs: RunJobs
) -> None:
    first = shop.join("Maria")
    run_jobs()
    second = shop.join("Ben")
    postbox.refused = "550 no such person"
    shop.cancel(shop.booked[0])
    run_jobs()
    assert [shop.state(each) for each in (first, second)] == ["removed", "removed"]
    with transaction_for(shop.organization.id):
        failed = Message.objects.filter(kind="waiting.offered.customer", state=MessageState.FAILED)
        assert failed.count() == 2
        assert "cannot be delivered" in WaitingEntry.objects.get(id=first.id).closed_reason


def test_being_removed_by_staff_is_told(shop: Shop, postbox: Postbox, run_jobs: RunJobs) -> None:
    entry = shop.join("Maria")
    actions.remove(organization=shop.organization, entry_id=entry.id, actor=STAFF, reason="Asked by telephone")
    run_jobs()
    assert "Salon has taken you off the list" in text_of(postbox, "maria@example.com")
