"""News of money: whatever the order, the number and the delay, each booking stands as the card company says."""

import itertools
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.jobs import RetryLater
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import PaymentStatus
from holdfast.domain.money import Money
from holdfast.payments import actions, inbox, looking
from holdfast.payments.errors import GatewayUnavailable
from holdfast.payments.gateway import Order
from holdfast.payments.models import InboxEvent, InboxOutcome, LedgerEntry
from holdfast.stripe_standin.endpoints import signature
from tests.asking import http
from tests.payments.conftest import PRICE, Shop
from tests.stripe_receiver import Received
from tests.stripe_standin.conftest import KEY

S = PaymentStatus


def kind_of(notice: Received) -> str:
    return str(json.loads(notice.payload)["type"])


def test_a_payment_is_known_by_its_notice_and_the_customer_need_not_come_back(shop: Shop) -> None:
    _, intent = shop.begin()
    assert shop.standing().status == S.PENDING
    shop.confirm(intent)
    assert {shop.post(each) for each in shop.notices()} == {200}
    shop.apply_all()
    seen = shop.standing()
    assert (seen.status, seen.received, seen.outstanding) == (S.PAID, PRICE, Money(0, "EUR"))
    assert seen.fees == Money(175, "EUR")
    assert shop.told() == ["received"]


def refunded_in_the_dashboard(shop: Shop) -> None:
    _, intent = shop.begin()
    shop.confirm(intent)
    shop.gateway.refund(payment=intent.id, amount=Money(4000, "EUR"), metadata={}, key="by hand")


def declined_and_then_paid(shop: Shop) -> None:
    _, intent = shop.begin()
    shop.confirm(intent, "4000000000000002")
    shop.confirm(intent)


def held_and_captured_in_part(shop: Shop) -> None:
    _, intent = shop.begin(hold=True)
    shop.confirm(intent)
    shop.gateway.capture(payment=intent.id, amount=Money(9000, "EUR"), key="capture")


def disputed_and_lost(shop: Shop) -> None:
    _, intent = shop.begin()
    shop.confirm(intent, "4000000000000259")
    (dispute,) = shop.gateway.disputes_of(intent.id)
    http.post(f"{shop.standin.url}/v1/disputes/{dispute.id}/close", auth=(KEY, ""))


Story = Callable[[Shop], None]
STORIES: list[tuple[Story, PaymentStatus, int, int]] = [
    (refunded_in_the_dashboard, S.PARTLY_REFUNDED, 10_000, 0),
    (declined_and_then_paid, S.PAID, 10_000, 0),
    (held_and_captured_in_part, S.PARTLY_PAID, 9000, 1000),
    (disputed_and_lost, S.REFUNDED, 10_000, 10_000),
]


@pytest.mark.parametrize(("story", "status", "received", "outstanding"), STORIES)
@pytest.mark.parametrize("order", ["oldest", "newest", "shuffled"])
@pytest.mark.parametrize("copies", [1, 2])
def test_any_order_and_any_number_of_notices_end_the_same(
    shop: Shop, story: Story, status: PaymentStatus, received: int, outstanding: int, order: str, copies: int
) -> None:
    story(shop)
    for each in shop.notices(order=order, copies=copies, seed=7):
        assert shop.post(each) == 200
        shop.apply_all()
    seen = shop.standing()
    assert (seen.status, seen.received.amount, seen.outstanding.amount) == (status, received, outstanding)
    assert len(shop.told()) == len(set(shop.told()))


def test_every_order_of_the_first_four_notices_of_a_hold_ends_the_same_and_tells_nothing_twice(shop: Shop) -> None:
    held_and_captured_in_part(shop)
    notices = [each for each in shop.notices() if kind_of(each).startswith("payment_intent")]
    assert len(notices) == 3
    for order in itertools.permutations(notices):
        for each in order:
            shop.post(each)
        shop.apply_all()
        assert (shop.standing().status, shop.standing().received.amount) == (S.PARTLY_PAID, 9000)
    assert shop.told() == ["received"]


def test_news_that_is_applied_between_the_steps_says_each_step(shop: Shop) -> None:
    _, intent = shop.begin(hold=True)
    shop.confirm(intent)
    for each in shop.notices():
        shop.post(each)
    shop.apply_all()
    assert shop.standing().status == S.HELD
    shop.gateway.cancel_payment(payment=intent.id, key="release")
    for each in shop.notices():
        shop.post(each)
    shop.apply_all()
    seen = shop.standing()
    assert (seen.status, seen.held, seen.received, seen.refunded) == (S.UNPAID, *[Money(0, "EUR")] * 3)
    assert shop.told() == ["held", "cancelled"]


def test_a_notice_is_kept_once_exactly_as_it_came_and_leaves_one_job(shop: Shop) -> None:
    shop.begin()
    (notice,) = shop.notices()
    assert [shop.post(notice) for _ in range(3)] == [200, 200, 200]
    with transaction_for(shop.organization.id):
        kept = InboxEvent.objects.get()
        assert (bytes(kept.payload), kept.kind, kept.outcome) == (notice.payload, "payment_intent.created", "waiting")
    jobs = ProcrastinateJob.objects.filter(task_name=inbox.APPLY)
    assert [job.args["inbox_id"] for job in jobs] == [str(kept.id)]


@pytest.mark.parametrize("spoil", ["signature", "payload", "nothing signed"])
def test_what_nobody_of_ours_signed_is_not_kept(shop: Shop, spoil: str) -> None:
    shop.begin()
    (notice,) = shop.notices()
    wrong = {
        "signature": Received(notice.payload, "t=1,v1=00"),
        "payload": Received(notice.payload.replace(b"created", b"succeeded"), notice.signature),
        "nothing signed": Received(notice.payload, ""),
    }
    assert shop.post(wrong[spoil]) == 400
    with transaction_for(shop.organization.id):
        assert not InboxEvent.objects.exists()


def test_after_a_rotation_both_secrets_are_believed_until_the_overlap_ends(shop: Shop) -> None:
    shop.begin()
    (old,) = shop.notices()
    new_secret = shop.wish("roll", endpoint=shop.endpoint, overlap=0)
    actions.use_webhook_secret(organization_id=shop.organization.id, secret=new_secret, overlap=timedelta(minutes=1))
    assert shop.post(old) == 200
    shop.begin()
    (new,) = shop.notices()
    with clock.stopped(clock.now() + timedelta(seconds=61)):
        assert (shop.post(old), shop.post(new)) == (400, 200)


def test_each_organization_has_an_address_of_its_own(shop: Shop, other_organization: Organization) -> None:
    shop.begin()
    (notice,) = shop.notices()
    elsewhere = Shop(**{**vars(shop), "organization": other_organization})
    assert elsewhere.post(notice) == 404  # takes no cards
    actions.connect_stripe(
        organization_id=other_organization.id, publishable_key="pk_test_another01", secret_key="sk_test_another01"
    )
    actions.use_webhook_secret(organization_id=other_organization.id, secret="whsec_of_another")
    assert elsewhere.post(notice) == 400
    assert shop.post(notice) == 200
    with transaction_for(other_organization.id):
        assert not InboxEvent.objects.exists()
        assert not LedgerEntry.objects.exists()


def test_what_another_program_does_with_the_same_account_is_none_of_ours(shop: Shop) -> None:
    shop.gateway.create_payment(order=Order(PRICE, "Something else", {}), key="theirs")
    shop.gateway.create_customer(name="Ana", email="ana@example.com", metadata={}, key="customer")
    for each in shop.notices():
        shop.post(each)
    assert sorted(shop.apply_all()) == [InboxOutcome.IGNORED, InboxOutcome.NOT_OURS]
    assert shop.standing().status == S.UNPAID


def test_a_notice_of_a_payment_that_is_not_here_waits_an_hour_and_is_then_given_up(shop: Shop) -> None:
    metadata = looking.metadata_of(shop.organization.id, uuid4(), "K7MQ2XPD")
    shop.gateway.create_payment(order=Order(PRICE, "Massage", metadata), key="lost")
    (notice,) = shop.notices()
    shop.post(notice)
    with pytest.raises(RetryLater):
        shop.apply_all()
    with clock.stopped(clock.now() + timedelta(minutes=61)):
        assert shop.apply_all() == [InboxOutcome.NOT_OURS]


def test_while_the_company_does_not_answer_the_notice_waits(shop: Shop) -> None:
    _, intent = shop.begin()
    shop.confirm(intent)
    for each in shop.notices():
        shop.post(each)
    shop.wish("fault", do="500", match="GET", times=3)
    with pytest.raises(GatewayUnavailable):
        shop.apply_all()
    assert shop.standing().status == S.PENDING
    shop.apply_all()
    assert shop.standing().status == S.PAID


def test_the_content_of_a_notice_is_never_believed(shop: Shop) -> None:
    """Signed, and telling of money: what counts is what the company says when asked."""
    _, intent = shop.begin()
    secret = "whsec_known_to_an_attacker"
    actions.use_webhook_secret(organization_id=shop.organization.id, secret=secret)
    body: dict[str, Any] = {"id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "created": 1}
    body["data"] = {"object": {"id": intent.id, "object": "payment_intent", "amount_received": 10_000}}
    payload = json.dumps(body).encode()
    signed = Received(payload, signature([secret], payload, int(clock.now().timestamp())))
    assert shop.post(signed) == 200
    shop.apply_all()
    assert shop.standing().status == S.PENDING
