"""A booking's money on its page: what is owed and why, what staff can do about it, and what they are told before."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.models import Role
from holdfast.bookings import actions as bookings
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind
from holdfast.domain.ledger import PaymentStatus as S
from holdfast.domain.money import Money
from holdfast.notifications.models import Message, MessageState
from holdfast.payments import actions, ledger
from holdfast.payments.facts import Fact
from holdfast.payments.models import LedgerEntry, PaymentKind
from tests import factories
from tests.desk.conftest import World

SignIn = Callable[..., Client]
STAFF = Actor("staff", "Louis")


def told(body: str) -> list[str]:
    return [unescape(words) for words in re.findall(r'timeline-body"><p>([^<]*)</p>', body)]


def lines(body: str) -> list[tuple[str, str]]:
    part = body.partition('class="lines money-lines"')[2].partition("</dl>")[0]
    return re.findall(r"<dt[^>]*>([^<]*)</dt><dd[^>]*>([^<]*)</dd>", part)


def offered(body: str) -> list[str]:
    return re.findall(r"/money/([\w-]+)/", body)


def received(cents: int = 10_000) -> Fact:
    return Fact(EntryKind.RECEIVED, "pi_1", Money(cents, "EUR"), details={"card": "visa 4242"})


def standing(booking: Booking) -> Any:
    with transaction_for(booking.organization_id):
        return ledger.standing_of(Booking.objects.get(id=booking.id))


def address(booking: Booking, act: str = "") -> str:
    return f"/desk/bookings/{booking.reference}/" + (f"money/{act}/" if act else "")


def sent(browser: Client, booking: Booking, act: str, **fields: Any) -> Any:
    """The form as the page gives it, filled in."""
    body = browser.get(address(booking, act)).content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', body)
    assert seen
    return browser.post(address(booking, act), {"seen": seen[1], **fields})


def test_cash_is_recorded_once_with_its_receipt_and_told_in_the_timeline(signed_in: SignIn, world: World) -> None:
    booking, browser = world.book(), signed_in(world)
    page = browser.get(address(booking)).content.decode()
    assert lines(page) == [("Price", "€100.00"), ("Still to be paid", "€100.00")]
    assert re.search(r'name="receipt" value="1"', browser.get(address(booking, "take")).content.decode())
    form = {"seen": "0", "amount": "30.00", "how": "cash", "receipt": "A-17"}
    assert browser.post(address(booking, "take"), form).headers["Location"] == address(booking)
    page = browser.get(address(booking)).content.decode()
    assert lines(page) == [("Price", "€100.00"), ("Paid", "-€30.00"), ("Still to be paid", "€70.00")]
    assert told(page)[0] == "€30.00 taken in cash by Sam Owner"
    assert "Receipt A-17" in page
    again = browser.post(address(booking, "take"), form)
    assert (again.status_code, "in the meantime" in again.content.decode()) == (422, True)
    used = sent(browser, booking, "take", amount="70.00", how="card", receipt="A-17")
    assert (used.status_code, "This receipt number was used before" in used.content.decode()) == (422, True)
    assert "The next free number is A-18." in used.content.decode()
    assert 'value="A-18"' in browser.get(address(booking, "take")).content.decode()
    assert standing(booking).received == Money(3000, "EUR")


def test_a_refund_says_what_happens_to_whom_before_it_does(signed_in: SignIn, world: World) -> None:
    booking, browser = world.book(), signed_in(world)
    factories.make_payment(booking, received())
    review = sent(browser, booking, "refund", amount="40", reason="Late by an hour")
    body = unescape(review.content.decode())
    assert "€40.00 goes back to Visa ··4242; banks take five to ten days." in body
    assert "Ana Reyes is told at ana@example.com." in body
    assert "The booking then costs €60.00." in body
    assert standing(booking).refunded.amount == 0
    sent(browser, booking, "refund", amount="40", reason="Late by an hour", sure="1")
    now = standing(booking)
    assert (now.status, now.refunded.amount, now.owed.amount, now.outstanding.amount) == (
        S.PARTLY_REFUNDED, 4000, 6000, 0,
    )  # fmt: skip
    page = browser.get(address(booking)).content.decode()
    assert [words for words in told(page) if "€40.00" in words] == ["€40.00 refunded by Sam Owner"]
    assert (page.count("Late by an hour"), "On its way to Visa ··4242" in page) == (1, True)
    assert lines(page) == [
        ("Price", "€100.00"), ("Let off", "-€40.00"), ("Owed", "€60.00"),
        ("Paid", "-€100.00"), ("Given back", "€40.00"), ("Still to be paid", "€0.00"),
    ]  # fmt: skip
    with transaction_for(booking.organization_id):
        asked = LedgerEntry.objects.get(booking=booking, kind=EntryKind.REFUND_ASKED)
        done = Fact(EntryKind.REFUNDED, "re_1", Money(4000, "EUR"), of_payment=False, subject=asked.subject)
        ledger.add(booking=booking, payment=asked.payment, facts=[done])
    page = browser.get(address(booking)).content.decode()
    assert [words for words in told(page) if "€40.00" in words] == ["€40.00 refunded by Sam Owner"]
    assert "Given back to Visa ··4242, " in page


def test_the_same_refund_sent_twice_is_one(signed_in: SignIn, world: World) -> None:
    booking, browser = world.book(), signed_in(world)
    factories.make_payment(booking, received())
    form = {"seen": "2", "amount": "40", "reason": "x", "sure": "1"}
    first, second = (browser.post(address(booking, "refund"), form) for _ in range(2))
    assert (first.status_code, second.status_code, standing(booking).refunded.amount) == (302, 422, 4000)


def test_what_was_paid_too_much_goes_back_first_and_lets_nothing_off(signed_in: SignIn, world: World) -> None:
    booking, browser = world.book(), signed_in(world)
    factories.make_payment(booking, received())
    actions.owe(booking=booking, reason="correction", amount=Money(-3000, "EUR"))
    sent(browser, booking, "refund", amount="30", reason="Paid too much", sure="1")
    now = standing(booking)
    assert (now.owed.amount, now.outstanding.amount) == (7000, 0)


@pytest.mark.parametrize("amount", ["0", "-5", "100.01", "1e3", "", "abc", "10.001"])
def test_no_more_and_no_stranger_amount_is_given_back(signed_in: SignIn, world: World, amount: str) -> None:
    booking, browser = world.book(), signed_in(world)
    factories.make_payment(booking, received())
    answer = sent(browser, booking, "refund", amount=amount, reason="x", sure="1")
    assert (answer.status_code, standing(booking).refunded.amount) == (422, 0)


def test_a_fee_is_waived_with_a_reason(signed_in: SignIn, world: World) -> None:
    booking, browser = world.book(), signed_in(world)
    bookings.cancel(organization=world.organization, booking_id=booking.id, version=booking.version, actor=STAFF)
    actions.owe(booking=booking, reason="late_cancellation", amount=Money(2000, "EUR"))
    page = browser.get(address(booking)).content.decode()
    assert lines(page)[0] == ("Fee for the late cancellation", "€20.00")
    sent(browser, booking, "let-off", amount="20", reason="Her flight was cancelled", sure="1")
    assert standing(booking).status == S.NOTHING_DUE
    page = browser.get(address(booking)).content.decode()
    assert told(page)[0] == "€20.00 let off by Sam Owner"
    assert "Her flight was cancelled" in page


def test_while_the_bank_decides_nothing_is_refunded(signed_in: SignIn, world: World) -> None:
    booking, browser = world.book(), signed_in(world)
    due = {"why": "fraudulent", "answer_until": clock.now().isoformat()}
    disputed = Fact(EntryKind.DISPUTED, "dp_1", Money(10_000, "EUR"), of_payment=False, details=due)
    factories.make_payment(booking, received(), disputed)
    page = browser.get(address(booking)).content.decode()
    assert "refund" not in offered(page)
    assert "This payment is disputed" in page
    assert "The owner says they did not make this payment" in unescape(page)
    assert browser.get(address(booking, "refund")).headers["Location"] == address(booking)


def test_what_is_offered_follows_from_what_is_there(signed_in: SignIn, world: World) -> None:
    booking, browser = world.book(), signed_in(world)

    def now() -> list[str]:
        return offered(browser.get(address(booking)).content.decode())

    assert now() == ["take", "let-off"]
    factories.make_payment(
        booking,
        Fact(EntryKind.CARD_KEPT, "seti_1", details={"card": "pm_1", "customer": "cus_1"}),
        kind=PaymentKind.KEPT_CARD,
    )
    assert now() == ["take", "let-off", "release"]
    held = Fact(EntryKind.HELD, "pi_1", Money(10_000, "EUR"), details={"card": "visa 4242"})
    factories.make_payment(booking, held, kind=PaymentKind.CARD_HOLD)
    assert now() == ["charge", "let-off", "release"]


def test_who_may_not_change_bookings_sees_the_money_and_touches_nothing(signed_in: SignIn, world: World) -> None:
    booking, browser = world.book(), signed_in(world, Role.READ_ONLY)
    factories.make_payment(booking, received())
    page = browser.get(address(booking)).content.decode()
    assert (lines(page)[-1], offered(page)) == (("Still to be paid", "€0.00"), [])
    assert (
        browser.post(address(booking, "refund"), {"seen": "2", "amount": "1", "reason": "x", "sure": "1"}).status_code
        == 403
    )


def test_another_organizations_money_is_not_there(signed_in: SignIn, world: World, rival: World) -> None:
    theirs = rival.book()
    factories.make_payment(theirs, received())
    assert signed_in(world).get(address(theirs, "refund")).status_code == 404
    with transaction_for(world.organization.id):
        assert LedgerEntry.objects.count() == 0


def test_what_leaves_the_house_says_what_was_agreed_and_holds_no_internal_note(signed_in: SignIn, world: World) -> None:
    booking, browser = world.book(), signed_in(world)
    factories.make_payment(booking, received())
    bookings.add_note(organization=world.organization, booking_id=booking.id, text="A difficult man", author="Sam")
    with transaction_for(world.organization.id):
        Message.objects.create(
            organization=world.organization, reason="r", message_id="<r@x>", kind="booking.confirmed.customer",
            booking_id=booking.id, recipient="ana@example.com", language="en", subject="Confirmed: Massage",
            html="", text="It is yours: https://x.example/manage/abc",
             state=MessageState.SENT, created_at=clock.now(), sent_at=clock.now(),
        )  # fmt: skip
    page = browser.get(address(booking) + "evidence/").content.decode()
    assert lines(page)[-1] == ("Price", "€100.00")
    assert "€100.00 paid by Visa ··4242" in told(page)
    assert ("Confirmed: Massage" in page, "It is yours: […]" in page) == (True, True)
    assert "/manage/" not in page  # whoever has the link may change the booking
    assert "A difficult man" not in page
    assert "A difficult man" in browser.get(address(booking)).content.decode()


def test_cancelling_says_what_becomes_of_the_money_before_it_does(signed_in: SignIn, world: World) -> None:
    booking, browser = world.book(), signed_in(world)
    nothing = "Nothing has been charged, so there is nothing to refund."
    assert nothing in browser.get(address(booking) + "cancel/").content.decode()
    factories.make_payment(booking, received())
    for page in ("", "cancel/"):
        body = browser.get(address(booking) + page).content.decode()
        assert "€100.00 goes back to Visa ··4242, less what you charge for it." in body
        assert nothing not in body
