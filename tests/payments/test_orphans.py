"""Money at the card company that nobody here knows of: people decide, and each decision is made once."""

from uuid import uuid4

import pytest

from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import PaymentStatus
from holdfast.events.models import Event
from holdfast.notifications.actions import compose_messages
from holdfast.notifications.models import Message
from holdfast.payments import looking
from holdfast.payments.errors import DifferenceResolved, NotThisWay
from holdfast.payments.gateway import Order
from holdfast.payments.reconciling import resolving
from tests.payments.conftest import PRICE, Shop
from tests.payments.losses import STAFF, balance, book, lose, orphan, rows
from tests.payments.reconciled import differing, reconcile

S = PaymentStatus


def test_an_orphan_with_money_is_left_to_people_and_listed_once(shop: Shop) -> None:
    intent = orphan(shop)
    for minutes in (10, 30):
        assert differing(reconcile(shop, minutes)) == {"orphan": 1}
    (row,) = rows(shop)
    assert (row.object_id, row.amount_there, row.resolved_at, row.details) == (
        intent, 10_000, None, {"reference": shop.booking.reference},
    )  # fmt: skip
    with transaction_for(shop.organization.id):
        (event,) = Event.objects.filter(kind="payment.difference_found")
    assert (event.subject, event.payload["amount"]) == (row.id, 10_000)


def test_what_is_newly_left_to_people_is_mailed_to_the_business_once(shop: Shop) -> None:
    with transaction_for(shop.organization.id):
        Organization.objects.update(default_language="fr")
    for minutes, orphans in ((10, 1), (30, 0), (50, 2)):
        for _ in range(orphans):
            orphan(shop)
        reconcile(shop, minutes)
    with transaction_for(shop.organization.id):
        listed = list(Event.objects.filter(kind="reconciliation.listed").order_by("id"))
    assert [event.payload["count"] for event in listed] == [1, 2]
    for event in listed + listed:
        compose_messages(organization_id=shop.organization.id, event_id=event.id)
    with transaction_for(shop.organization.id):
        mails = list(Message.objects.filter(kind="reconciliation.listed.business").order_by("created_at"))
    assert [mail.subject for mail in mails] == [
        "1 écart avec le prestataire de paiement attend votre décision",
        "2 écarts avec le prestataire de paiement attendent votre décision",
    ]
    assert {mail.booking_id for mail in mails} == {None}
    assert "/desk/payments/reconciliation/" in mails[0].text


def test_an_orphan_is_given_back_once(shop: Shop) -> None:
    intent = orphan(shop)
    reconcile(shop)
    (row,) = rows(shop)
    resolving.give_back(difference=row, reason="paid twice", actor=STAFF)
    with pytest.raises(DifferenceResolved):
        resolving.give_back(difference=row, reason="again", actor=STAFF)
    (row,) = rows(shop)
    assert (balance(shop, intent), row.how, row.by, row.reason) == (0, "refunded", "Sam Owner", "paid twice")
    lose(shop)
    assert differing(reconcile(shop, 30)) == {}


def test_an_orphan_that_somebody_could_still_pay_is_closed(shop: Shop) -> None:
    intent = orphan(shop, pay=False)
    reconcile(shop)
    (row,) = rows(shop)
    assert resolving.ways_out(row) == ["give_back", "know"]
    resolving.give_back(difference=row, reason="nobody is there", actor=STAFF)
    assert (shop.gateway.payment(intent).state, rows(shop)[0].how) == ("cancelled", "closed")


def test_an_orphan_becomes_the_payment_of_a_booking_which_is_then_settled(shop: Shop) -> None:
    one = book(shop, "card")
    orphan(one)
    reconcile(one)
    (row,) = rows(one)
    with pytest.raises(NotThisWay):
        resolving.adopt(difference=row, reference="NOBODY", reason="theirs", actor=STAFF)
    resolving.adopt(difference=row, reference=one.booking.reference, reason="theirs", actor=STAFF)
    one.work()
    assert (one.now.state, one.standing().status) == ("confirmed", S.PAID)
    assert differing(reconcile(one, 30)) == {}
    assert rows(one)[0].how == "adopted"


def test_a_second_orphan_of_the_same_payment_joins_the_first_and_goes_to_no_other_booking(shop: Shop) -> None:
    one, other = book(shop, "card"), book(shop, "card")
    metadata = looking.metadata_of(shop.organization.id, uuid4(), one.booking.reference)
    for key in ("first", "again"):
        shop.confirm(shop.gateway.create_payment(order=Order(PRICE, "x", metadata), key=key))
    lose(shop)
    reconcile(one)
    first, second = rows(one)
    resolving.adopt(difference=first, reference=one.booking.reference, reason="theirs", actor=STAFF)
    with pytest.raises(NotThisWay, match=one.booking.reference):
        resolving.adopt(difference=second, reference=other.booking.reference, reason="theirs", actor=STAFF)
    resolving.adopt(difference=second, reference=one.booking.reference, reason="theirs", actor=STAFF)
    one.work()
    assert (one.standing().kept, one.standing().refunded) == (PRICE, PRICE)
