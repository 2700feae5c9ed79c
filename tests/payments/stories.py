"""Stories of a booking and its money, told act by act; any act may be cut off anywhere and is then tried again."""

import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.db.transaction import Atomic

from holdfast.bookings import actions as bookings
from holdfast.bookings.holds.expiring import release_expired_holds
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import PaymentStatus
from holdfast.domain.money import Money
from holdfast.payments import asking, by_staff, ending, gateways, inbox, paying, refunding
from holdfast.payments.errors import GatewayError, NothingOwed
from holdfast.payments.gateway import CheckoutState, DisputeState, IntentState, Window
from holdfast.payments.models import LedgerEntry, Payment
from holdfast.payments.reconciling import examining, resolving, running
from holdfast.payments.tasks import settle_what_is_due
from tests import factories
from tests.asking import http
from tests.payments.conftest import PRICE, Shop
from tests.stripe_standin.conftest import KEY

S = PaymentStatus
STAFF = Actor("staff", "Sam Owner")
FEE = 2_500
Act = Callable[[Shop], None]


@dataclass(frozen=True)
class Story:
    """How the customer pays, what happens, and how it ends: state, status, and what the business has of the money."""

    name: str
    method: str
    acts: tuple[Act, ...]
    state: str
    status: PaymentStatus
    kept: int

    def __str__(self) -> str:
        return self.name


def pays(shop: Shop, number: str = "4242424242424242") -> None:
    try:
        intent = paying.ask_to_pay(booking=shop.now, amount=PRICE)
    except NothingOwed:
        return
    if intent.state != IntentState.SUCCEEDED:
        shop.confirm(intent, number)


def pays_on_the_companys_page(shop: Shop) -> None:
    until = clock.now() + timedelta(minutes=31)
    pages = {"success_url": "https://b.example/ok", "cancel_url": "https://b.example/no"}
    try:
        page = paying.open_checkout(booking=shop.now, amount=PRICE, expires_at=until, **pages)
    except NothingOwed:
        return
    if page.state == CheckoutState.OPEN:
        http.post(page.url, data={"choose": "4242424242424242"})


def leaves_a_card(shop: Shop) -> None:
    intent = paying.ask_for_card(booking=shop.now)
    if intent.state != IntentState.SUCCEEDED:
        shop.confirm(intent)


def news_comes(shop: Shop) -> None:
    shop.hear()


def a_day_before(shop: Shop) -> None:
    with clock.stopped(shop.booking.starts_at - timedelta(hours=20)):
        settle_what_is_due(None, 0)  # type: ignore[arg-type]
        shop.work()


def time_runs_out(shop: Shop) -> None:
    with clock.stopped(clock.now() + timedelta(hours=1)):
        release_expired_holds(organization_id=shop.organization.id)


def somebody_else_books_it(shop: Shop) -> None:
    with transaction_for(shop.organization.id):
        taken = Booking.objects.filter(starts_at=shop.booking.starts_at, state="confirmed").exists()
    if not taken:
        factories.make_booking(shop.organization, shop.booking.service, shop.booking.starts_at)


def staff(action: str, state: str) -> Act:
    def act(shop: Shop) -> None:
        if shop.now.state != state:
            change = bookings.CHANGES[action]
            change(organization=shop.organization, booking_id=shop.booking.id, version=shop.now.version, actor=STAFF)
        shop.work()

    act.__name__ = action
    return act


def cancels_late(shop: Shop) -> None:
    if shop.now.state != "cancelled":
        bookings.cancel(
            organization=shop.organization, booking_id=shop.booking.id, version=shop.now.version, actor=CUSTOMER,
            accept_fee=FEE,
        )  # fmt: skip
    shop.work()


def the_bank_decides(shop: Shop) -> None:
    (dispute,) = shop.gateway.disputes_of(intents_of(shop)[0])
    if dispute.state == DisputeState.OPEN:
        http.post(f"{shop.standin.url}/v1/disputes/{dispute.id}/close", auth=(KEY, ""))
    shop.hear()


def pays_with_a_card_that_is_disputed(shop: Shop) -> None:
    pays(shop, "4000000000000259")


def staff_give_part_back(shop: Shop) -> None:
    with transaction_for(shop.organization.id):
        seen, done = by_staff.size_of(shop.booking.id), _has(shop, "refund_asked")
    if not done:
        by_staff.give_back(booking=shop.now, amount=Money(4_000, "EUR"), reason="Late", seen=seen, actor=STAFF)
    shop.work()


def is_refunded_in_the_dashboard(shop: Shop) -> None:
    (intent,) = intents_of(shop)
    if not list(shop.gateway.refunds_of(intent)):
        shop.gateway.refund(payment=intent, amount=Money(4_000, "EUR"), metadata={}, key=f"by hand {intent}")
    shop.hear()


def is_let_off_in_part(shop: Shop) -> None:
    with transaction_for(shop.organization.id):
        seen, done = by_staff.size_of(shop.booking.id), _has(shop, "owed")
    if not done:
        by_staff.let_off(booking=shop.now, amount=Money(4_000, "EUR"), reason="Late", seen=seen, actor=STAFF)
    shop.work()


def opens_the_companys_page(shop: Shop) -> None:
    until = clock.now() + timedelta(minutes=31)
    pages = {"success_url": "https://b.example/ok", "cancel_url": "https://b.example/no"}
    paying.open_checkout(booking=shop.now, amount=PRICE, expires_at=until, **pages)


def _has(shop: Shop, kind: str) -> bool:
    return LedgerEntry.objects.filter(booking=shop.booking, kind=kind).exists()


def intents_of(shop: Shop) -> list[str]:
    with transaction_for(shop.organization.id):
        return list(Payment.objects.filter(booking=shop.booking, kind="prepaid").values_list("gateway_id", flat=True))


STORIES = (
    Story("paid in advance", "card", (pays, news_comes), "confirmed", S.PAID, 10_000),
    Story("paid on the page", "checkout", (pays_on_the_companys_page, news_comes), "confirmed", S.PAID, 10_000),
    Story("paid late", "card", (pays, time_runs_out, news_comes), "confirmed", S.PAID, 10_000),
    Story(
        "paid too late", "card", (pays, time_runs_out, somebody_else_books_it, news_comes), "expired", S.REFUNDED, 0
    ),
    Story("cancelled by staff", "card", (pays, news_comes, staff("cancel", "cancelled")), "cancelled", S.REFUNDED, 0),
    Story("cancelled late", "card", (pays, news_comes, cancels_late), "cancelled", S.PARTLY_REFUNDED, FEE),
    Story(
        "charged afterwards", "card_on_file", (leaves_a_card, news_comes, a_day_before, staff("complete", "completed")),
        "completed", S.PAID, 10_000,
    ),
    Story(
        "did not come", "card_on_file", (leaves_a_card, news_comes, a_day_before, staff("no-show", "no_show")),
        "no_show", S.PAID, 10_000,
    ),
    Story(
        "let go in time", "card_on_file", (leaves_a_card, news_comes, a_day_before, staff("cancel", "cancelled")),
        "cancelled", S.NOTHING_DUE, 0,
    ),
    Story(
        "disputed and lost", "card", (pays_with_a_card_that_is_disputed, news_comes, the_bank_decides),
        "confirmed", S.REFUNDED, 0,
    ),
    Story(
        "given back in part", "card", (pays, news_comes, staff_give_part_back), "confirmed", S.PARTLY_REFUNDED, 6_000
    ),
    Story(
        "refunded elsewhere", "card", (pays, news_comes, is_refunded_in_the_dashboard), "confirmed", S.PARTLY_REFUNDED,
        6_000,
    ),
    Story(
        "let off in part", "card_on_file",
        (leaves_a_card, news_comes, a_day_before, is_let_off_in_part, staff("complete", "completed")),
        "completed", S.PAID, 6_000,
    ),
    Story("left the page", "checkout", (opens_the_companys_page, time_runs_out), "expired", S.NOTHING_DUE, 0),
)  # fmt: skip


class Killed(BaseException):
    """The process is gone: nothing after this runs."""


class Reaper:
    """Kills at some points: before or after a call of the gateway, or after a commit, wherever in the code that is.

    `seen` are the points that were met, each where it was met first, by name; `killed` are those where it did.
    """

    def __init__(self, at: Collection[str] = ()) -> None:
        self.at, self.seen, self.killed = at, dict[str, None](), set[str]()

    def point(self, name: str) -> None:
        if name not in self.seen:
            self.seen[name] = None
            if name in self.at:
                self.killed.add(name)
                raise Killed

    @contextmanager
    def watching(self, monkeypatch: pytest.MonkeyPatch, act: str) -> Iterator[None]:
        left = Atomic.__exit__

        def leave(atomic: Atomic, kind: Any, value: Any, trace: Any) -> None:
            left(atomic, kind, value, trace)
            if kind is None:
                self.point(f"{act}: committed {_whose_work()}")

        with monkeypatch.context() as patch:
            patch.setattr(Atomic, "__exit__", leave)
            for room in (asking, ending, refunding, inbox, examining, running, resolving):
                patch.setattr(room, "gateway_of", lambda key: _Mortal(gateways.gateway_of(key), self, act))
            yield


def _whose_work() -> str:
    """The function of the product in which a transaction ended."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        code = frame.f_code
        if "/holdfast/" in code.co_filename and "/core/" not in code.co_filename:
            return f"{Path(code.co_filename).stem}.{code.co_name}"
        frame = frame.f_back
    return "elsewhere"


class _Mortal:
    def __init__(self, gateway: Any, reaper: Reaper, act: str) -> None:
        self._of = gateway, reaper, act

    def __getattr__(self, name: str) -> Any:
        gateway, reaper, act = self._of

        def call(*given: Any, **named: Any) -> Any:
            reaper.point(f"{act}: before {name}")
            told = getattr(gateway, name)(*given, **named)
            told = list(told) if name.endswith("_of") else told
            reaper.point(f"{act}: after {name}")
            return told

        return call


def tell(shop: Shop, story: Story, reaper: Reaper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was cut off, or got no answer, does the same again; in the end all news has come."""
    for number, act in enumerate((*story.acts, news_comes)):
        for _ in range(24):
            try:
                with reaper.watching(monkeypatch, f"{number} {act.__name__}"):
                    act(shop)
                break
            except (Killed, GatewayError):
                continue
        else:
            raise AssertionError(f"{act} does not end")


def at_the_company(shop: Shop) -> dict[str, int]:
    """What the card company has taken for each booking and not given back, by reference, as it says itself."""
    window = Window(clock.now() - timedelta(days=1), clock.now() + timedelta(days=1))
    kept = Counter[str]()
    for each in shop.gateway.payments(window):
        back = [refund.amount.amount for refund in shop.gateway.refunds_of(each.id) if refund.gives_back]
        lost = [one.amount.amount for one in shop.gateway.disputes_of(each.id) if one.state == DisputeState.LOST]
        kept[each.metadata.get("booking", "")] += each.received.amount - sum(back) - sum(lost)
    return kept
