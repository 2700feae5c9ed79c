"""Reconciling with the card company: whatever was lost on the way is found, repaired where it is safe, and once."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from uuid import uuid4

import pytest
from pytest_django import Settings

from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind, PaymentStatus
from holdfast.payments import ledger, paying
from holdfast.payments.errors import GatewayUnavailable, ReconciliationUnderWay
from holdfast.payments.facts import Fact
from holdfast.payments.gateway import Order
from holdfast.payments.models import LedgerEntry, Payment, Reconciliation
from holdfast.payments.reconciling import resolving, running
from tests.payments.conftest import PRICE, Shop
from tests.payments.losses import (
    STAFF,
    book,
    captured_elsewhere,
    card_notice_lost,
    disputed_weeks_later,
    eur,
    forget_jobs,
    lose,
    orphan,
    page_left_open,
    paid_by_an_answer_that_was_lost,
    payment_notice_lost,
    refund_job_lost,
    refunded_in_the_dashboard,
    refusal_notice_lost,
    rows,
)
from tests.payments.reconciled import differing, later, reconcile
from tests.payments.stories import Killed, Reaper

S = PaymentStatus

# What went wrong, the class of each difference, the status of the booking in the end, what is kept.
Story = Callable[[Shop], Shop]
STORIES: list[tuple[Story, dict[str, int], PaymentStatus, int]] = [
    (payment_notice_lost, {"missing_here": 1}, S.PAID, 10_000),
    (card_notice_lost, {"missing_here": 1}, S.CARD_KEPT, 0),
    (refusal_notice_lost, {"state": 1}, S.FAILED, 0),
    (refunded_in_the_dashboard, {"missing_here": 1}, S.PARTLY_REFUNDED, 6000),
    (disputed_weeks_later, {"missing_here": 1}, S.DISPUTED, 10_000),
    (captured_elsewhere, {"missing_here": 1}, S.PAID, 10_000),
    (page_left_open, {"stale": 1}, S.NOTHING_DUE, 0),
    (paid_by_an_answer_that_was_lost, {"stale": 1}, S.PENDING, 0),
    (refund_job_lost, {"missing_there": 1}, S.PARTLY_REFUNDED, 9000),
]


@pytest.mark.parametrize(("story", "found", "status", "kept"), STORIES)
def test_what_was_lost_is_found_and_repaired_by_itself_and_a_second_run_finds_nothing(
    shop: Shop, story: Story, found: dict[str, int], status: PaymentStatus, kept: int
) -> None:
    one = story(shop)
    first = reconcile(one)
    seen = one.standing()
    assert (differing(first), seen.status, seen.kept) == (found, status, eur(kept))
    assert [each.how for each in rows(one)] == ["by_itself"]
    lose(one)
    again = reconcile(one, 30)
    assert (again.stage, differing(again), len(rows(one))) == ("done", {}, 1)


def test_what_another_installation_asked_for_is_counted_and_left_alone(shop: Shop) -> None:
    orphan(shop, organization=str(uuid4()))
    shop.gateway.create_payment(order=Order(PRICE, "another program", {}), key="theirs")
    run = reconcile(shop)
    assert (run.counts, rows(shop)) == ({"elsewhere": 2, "settled": 0}, [])


def test_what_is_younger_than_a_few_minutes_waits_for_the_next_run(shop: Shop) -> None:
    one = payment_notice_lost(shop)
    run = reconcile(one, 0)
    assert (run.counts, rows(one), one.standing().status) == ({"later": 1, "settled": 0}, [], S.PENDING)
    assert differing(reconcile(one)) == {"missing_here": 1}


def test_an_old_payment_with_lost_news_is_found_by_the_news_and_not_by_its_age(shop: Shop) -> None:
    one = book(shop, "card")
    intent = paying.ask_to_pay(booking=one.now, amount=PRICE)
    shop.wish("clock", advance=9 * 24 * 3600)
    one.confirm(intent)
    lose(one)
    assert differing(reconcile(one, 9 * 24 * 60 + 10)) == {"missing_here": 1}
    assert one.standing().received == PRICE


def written_wrong(shop: Shop, by: int) -> Shop:
    """The ledger says another amount than the company, by a mistake of ours."""
    one = book(shop, "card")
    one.pay()
    lose(one)
    with transaction_for(one.organization.id):
        payment = Payment.objects.get(booking=one.booking)
        facts = [Fact(EntryKind.RECEIVED, payment.gateway_id, eur(10_000 + by))]
        ledger.add(booking=ledger.lock_booking(one.booking.id), payment=payment, facts=facts)
    one.work()
    return one


@pytest.mark.parametrize(("by", "status"), [(-1000, S.PAID), (1000, S.PAID)])
def test_amounts_that_differ_are_never_changed_by_themselves_and_a_person_takes_the_companys_word(
    shop: Shop, by: int, status: PaymentStatus
) -> None:
    one = written_wrong(shop, by)
    forget_jobs(one)
    assert differing(reconcile(one))["amount"] == 1
    row = rows(one, kind="amount")[0]
    assert (row.amount_here, row.amount_there, row.booking_id) == (10_000 + by, 10_000, one.booking.id)
    resolving.take_word(difference=row, reason="the bank's statement says so", actor=STAFF)
    assert one.standing().received == PRICE
    with transaction_for(one.organization.id):
        entry = LedgerEntry.objects.get(kind="corrected")
    assert (entry.amount, entry.actor_name) == (-by, "Sam Owner")


def test_what_was_marked_as_known_is_listed_no_more_until_something_else_is_seen_of_it(shop: Shop) -> None:
    intent = orphan(shop)
    reconcile(shop)
    resolving.know(difference=rows(shop)[0], reason="a test of ours", actor=STAFF)
    reconcile(shop, 30)
    assert [each.how for each in rows(shop)] == ["known"]
    shop.gateway.refund(payment=intent, amount=eur(4000), metadata={}, key="by hand")
    lose(shop)
    reconcile(shop, 60)
    assert [(each.how, each.amount_there) for each in rows(shop)] == [("known", 10_000), ("", 6000)]


def test_what_is_no_longer_there_is_closed_by_itself(shop: Shop) -> None:
    intent = orphan(shop, pay=False)
    reconcile(shop)
    shop.gateway.cancel_payment(payment=intent, key="by hand")
    lose(shop)
    reconcile(shop, 30)
    assert [each.how for each in rows(shop)] == ["gone"]


def test_a_booking_whose_job_was_lost_is_settled(shop: Shop) -> None:
    one = book(shop, "card")
    one.pay()
    for each in one.notices():
        one.post(each)
    one.apply_all()
    forget_jobs(one)
    assert (one.now.state, one.standing().status) == ("pending_payment", S.PAID)
    assert differing(reconcile(one)) == {"settled": 1}
    assert one.now.state == "confirmed"
    assert differing(reconcile(one, 30)) == {}


def test_one_run_at_a_time_and_one_that_was_cut_off_does_not_stay_in_the_way(shop: Shop) -> None:
    now = clock.now()
    begin = partial(running.begin, organization_id=shop.organization.id, since=now, until=now, job=False)
    first = begin()
    with pytest.raises(ReconciliationUnderWay):
        begin()
    with later(21):
        begin()
    with transaction_for(shop.organization.id):
        first.refresh_from_db()
    assert (first.stage, first.trouble) == ("failed", "cut_off")


def test_a_company_that_does_not_answer_leaves_the_run_waiting_for_the_next_try(shop: Shop, settings: Settings) -> None:
    settings.STRIPE_RETRIES = 0
    one = payment_notice_lost(shop)
    shop.wish("fault", do="500", match="v1/refunds")
    with later():
        now = clock.now()
        run = running.begin(organization_id=shop.organization.id, since=now - running.NIGHTLY, until=now)
        with pytest.raises(GatewayUnavailable):
            running.perform(organization_id=shop.organization.id, run_id=run.id)
        with transaction_for(shop.organization.id):
            assert Reconciliation.objects.get().trouble == "payments_unavailable"
        running.perform(organization_id=shop.organization.id, run_id=run.id)
    with transaction_for(shop.organization.id):
        run = Reconciliation.objects.get()
    assert (run.stage, run.trouble, one.standing().received) == ("done", "", PRICE)


TO_REPAIR = [payment_notice_lost, paid_by_an_answer_that_was_lost, refund_job_lost]


@pytest.mark.parametrize("story", TO_REPAIR)
def test_a_run_that_is_killed_between_any_two_steps_leaves_nothing_that_running_again_does_not_mend(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, story: Story
) -> None:
    """Before and after each call of the company, and after each commit; reading leaves nothing behind, so from its end
    on. Each time with a new loss.
    """
    wanted = {each: (status, kept) for each, _found, status, kept in STORIES}[story]
    undisturbed = Reaper()
    story(shop)
    killed(shop, monkeypatch, undisturbed)
    shop.work()
    points = list(undisturbed.seen)[list(undisturbed.seen).index("run: after notices") :]
    assert len(points) > 8
    for point in points:
        one = story(shop)
        reaper = Reaper({point})
        killed(shop, monkeypatch, reaper)
        assert list(reaper.seen)[-1] == point, "it was killed there"
        reconcile(one, 40)
        assert (one.standing().status, one.standing().kept.amount) == wanted, point
        lose(one)
    assert differing(reconcile(shop, 70)) == {}
    assert {each.how for each in rows(shop)} == {"by_itself"}


def killed(shop: Shop, monkeypatch: pytest.MonkeyPatch, reaper: Reaper) -> None:
    """A run that is cut off there, and of which nobody hears any more."""
    with later():
        now = clock.now()
        run = running.begin(organization_id=shop.organization.id, since=now - running.NIGHTLY, until=now, job=False)
        with suppress(Killed), reaper.watching(monkeypatch, "run"):
            running.perform(organization_id=shop.organization.id, run_id=run.id)
