"""Notices of the card company: kept as they came, once, and answered at once; a job then looks again and applies.

Any order, any number, any delay: what is applied is what the company says when asked, as facts that count once.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app

from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.jobs import RetryLater
from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.payments import ledger
from holdfast.payments.errors import NotAtGateway
from holdfast.payments.gateway import Notice
from holdfast.payments.gateways import gateway_of, webhook_secrets_of
from holdfast.payments.looking import Sight, see
from holdfast.payments.models import InboxEvent, InboxOutcome, Payment
from holdfast.payments.stripe_gateway import read_notice

logger = logging.getLogger(__name__)

APPLY = "payments.apply_notice"
# A payment of ours is written before the company hears of it. One that is missing was lost, or is another's.
PATIENCE = timedelta(hours=1)
AGAIN = timedelta(minutes=1)

_KEEP = """
INSERT INTO payments_inboxevent
    (id, organization_id, event_id, kind, subject_kind, subject, payload, received_at, outcome)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'waiting')
ON CONFLICT ON CONSTRAINT inbox_event_once DO NOTHING RETURNING id
"""


def receive(*, organization: Organization, payload: bytes, signature: str) -> UUID | None:
    """Keep a notice and leave a job behind, in one transaction; None for one that is here already.

    Raises GatewayNotSetUp when the organization takes no cards, and BadSignature.
    """
    with transaction_for(organization.id):
        notice = read_notice(payload, signature, secrets=webhook_secrets_of(organization.id))
        inbox_id = _keep(organization.id, notice, payload)
        if inbox_id is not None:
            app.configure_task(APPLY).defer(organization_id=str(organization.id), inbox_id=str(inbox_id))
        return inbox_id


def _keep(organization_id: UUID, notice: Notice, payload: bytes) -> UUID | None:
    about = (notice.id, notice.kind, notice.subject_kind, notice.subject)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [uuid7(), organization_id, *about, payload, clock.now()])
        row = cursor.fetchone()
    return row[0] if row else None


def apply(*, organization_id: UUID, inbox_id: UUID) -> InboxOutcome:
    """Look again at what a notice is about, and add what is new to the ledger, under the booking's lock.

    Doing it again changes nothing. Raises the gateway's errors, and RetryLater for a payment that is not here yet.
    """
    with transaction_for(organization_id):
        notice = InboxEvent.objects.get(id=inbox_id)
        gateway = gateway_of(organization_id)
    if notice.outcome != InboxOutcome.WAITING:
        return InboxOutcome(notice.outcome)
    try:
        sight = see(gateway, notice.subject_kind, notice.subject)
    except NotAtGateway:  # it is gone, or belongs to an account that is no longer this organization's
        sight = Sight({}, ())
    with transaction_for(organization_id):
        outcome = _add(notice, sight)
        InboxEvent.objects.filter(id=inbox_id, outcome=InboxOutcome.WAITING).update(
            outcome=outcome, applied_at=clock.now()
        )
    return outcome


def _add(notice: InboxEvent, sight: Sight | None) -> InboxOutcome:
    if sight is None:
        return InboxOutcome.IGNORED
    payment_id = sight.payment_of(notice.organization_id)
    if payment_id is None:
        return InboxOutcome.NOT_OURS
    payment = Payment.objects.filter(id=payment_id).first()
    if payment is None:
        if clock.now() < notice.received_at + PATIENCE:
            raise RetryLater(clock.now() + AGAIN)
        logger.error("%s is about payment %s, which is not here", notice.event_id, payment_id)
        return InboxOutcome.NOT_OURS
    booking = ledger.lock_booking(payment.booking_id)
    ledger.add(booking=booking, payment=payment, facts=sight.facts)
    return InboxOutcome.APPLIED
