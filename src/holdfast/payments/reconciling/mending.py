"""Repairs what is safe, by the one way there is: facts are added to the ledger, and a job settles the booking.

Each repair is one transaction after looking at the company again, so it may be cut off anywhere and run again.
"""

from contextlib import suppress
from typing import Any

from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind
from holdfast.domain.reconciling import DifferenceKind, Finding, What
from holdfast.payments import ledger, looking, refunding, settling
from holdfast.payments.actions import ENDED
from holdfast.payments.errors import RequestRefused, StateChanged
from holdfast.payments.facts import Fact
from holdfast.payments.gateway import Gateway
from holdfast.payments.models import LedgerEntry, Payment, PaymentKind, Reconciliation
from holdfast.payments.reconciling import differences
from holdfast.payments.reconciling.company import SUBJECTS


def mend(*, gateway: Gateway, run: Reconciliation, finding: Finding, payment: Payment, is_there: bool) -> None:
    """A safe finding. Outside of transactions; raises the gateway's errors for which it may be asked again."""
    try:
        if is_there:
            _as_the_company_says(gateway, run, finding, payment)
        elif finding.what == What.REFUND:
            _send_refund(run, finding, payment)
        else:
            _write_off(run, finding, payment)
    except RequestRefused as refused:
        leave(run=run, finding=finding, payment=payment, refused=refused.said[:200])


def leave(*, run: Reconciliation, finding: Finding, payment: Payment | None, **details: Any) -> None:
    """To people."""
    with transaction_for(run.organization_id):
        differences.note_open(run=run, finding=finding, payment=payment, details=details)


def close(gateway: Gateway, what: What, identifier: str) -> None:
    """Let nobody pay by it any more, and let go of what is held; what was paid meanwhile stays. The company does this
    once by itself, and a key would only remember its failures.
    """
    key = str(uuid7())
    with suppress(StateChanged):  # looking says how
        if what == What.CHECKOUT:
            gateway.expire_checkout(checkout=identifier, key=key)
        else:
            gateway.cancel_payment(payment=identifier, key=key)


def _as_the_company_says(gateway: Gateway, run: Reconciliation, finding: Finding, payment: Payment) -> None:
    if finding.kind == DifferenceKind.STALE:
        close(gateway, finding.what, finding.id)
    sight = looking.see(gateway, SUBJECTS[finding.what], finding.id)
    with transaction_for(run.organization_id):
        booking = ledger.lock_booking(payment.booking_id)
        keep_id(payment, finding)
        ledger.add(booking=booking, payment=payment, facts=sight.facts if sight else ())
        if finding.differs:
            differences.note_repair(run=run, finding=finding, payment=payment)
            settling.soon(run.organization_id, booking.id)


def keep_id(payment: Payment, finding: Finding) -> None:
    """The company's id of a payment, where the answer that brought it was lost."""
    own = {PaymentKind.CHECKOUT: What.CHECKOUT, PaymentKind.KEPT_CARD: What.CARD}
    if finding.what == own.get(PaymentKind(payment.kind), What.PAYMENT):
        Payment.objects.filter(id=payment.id, gateway_id="").update(gateway_id=finding.id)


def _send_refund(run: Reconciliation, finding: Finding, payment: Payment) -> None:
    """It was decided, and its job was lost."""
    with transaction_for(run.organization_id):
        asked = LedgerEntry.objects.get(payment=payment, kind=EntryKind.REFUND_ASKED, subject=finding.name)
    refunding.send_refund(organization_id=run.organization_id, entry_id=asked.id)
    with transaction_for(run.organization_id):
        differences.note_repair(run=run, finding=finding, payment=payment)


def _write_off(run: Reconciliation, finding: Finding, payment: Payment) -> None:
    """Nobody can pay by what the company does not have."""
    with transaction_for(run.organization_id):
        booking = ledger.lock_booking(payment.booking_id)
        payment.refresh_from_db()
        if payment.gateway_id != finding.id or LedgerEntry.objects.filter(payment=payment, kind__in=ENDED).exists():
            return  # somebody went on with it meanwhile
        ledger.add(booking=booking, payment=payment, facts=[Fact(EntryKind.CANCELLED, finding.id or str(payment.id))])
        differences.note_repair(run=run, finding=finding, payment=payment)
        settling.soon(run.organization_id, booking.id)
