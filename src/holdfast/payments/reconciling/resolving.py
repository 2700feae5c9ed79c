"""What people decide about a difference: give back, put to a booking, take the company's word, or know of it.

Each looks at the company again, acts under a key, and writes facts and the decision in one transaction; cut off, it may
be decided again. Outside of transactions. All raise DifferenceResolved, and the gateway's errors.
"""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.core import clock
from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.domain.money import Money, total_of
from holdfast.domain.reconciling import DifferenceKind, Here, What, taken_at_their_word
from holdfast.payments import ledger, looking, settling
from holdfast.payments.errors import DifferenceResolved, NotThisWay
from holdfast.payments.facts import Fact
from holdfast.payments.gateway import Gateway, PaymentIntent, RefundState, Window
from holdfast.payments.gateways import gateway_of
from holdfast.payments.models import Difference, HowResolved, Payment, PaymentKind
from holdfast.payments.reconciling import differences, mending
from holdfast.payments.reconciling.belief import believe
from holdfast.payments.reconciling.company import SUBJECTS, Company, Seen

ORPHANS_REFUND = "holdfast_difference"
_WITH_WORD = {DifferenceKind.AMOUNT, DifferenceKind.STATE, DifferenceKind.MISSING_THERE}
_CAME_TO_NOTHING = {RefundState.FAILED, RefundState.CANCELLED}


class Way(StrEnum):
    """What may be decided."""

    GIVE_BACK = "give_back"
    ADOPT = "adopt"
    TAKE_WORD = "take_word"
    KNOW = "know"


def ways_out(difference: Difference) -> Sequence[Way]:
    """Those that this difference has, in the order in which they are offered."""
    found = []
    if difference.kind == DifferenceKind.ORPHAN:
        is_paid = difference.what == What.PAYMENT and difference.amount_there
        found = [Way.GIVE_BACK, Way.ADOPT] if is_paid else [Way.GIVE_BACK]
    elif difference.kind in _WITH_WORD and difference.booking_id and _is_of_one_currency(difference):
        found = [Way.TAKE_WORD]
    return [*found, Way.KNOW]


def know(*, difference: Difference, reason: str, actor: Actor) -> None:
    """Nothing is done about it. It is listed again when something else is seen of it."""
    with transaction_for(difference.organization_id):
        _resolve(difference, HowResolved.KNOWN, actor, reason)


def give_back(*, difference: Difference, reason: str, actor: Actor) -> None:
    """An orphan: let nobody pay by it, let go of what is held, refund what was taken and is still there."""
    _need(difference, Way.GIVE_BACK)
    gateway = _gateway(difference.organization_id)
    was_paid = False
    if difference.what == What.CHECKOUT or gateway.payment(difference.object_id).received.amount == 0:
        mending.close(gateway, What(difference.what), difference.object_id)
    if difference.what == What.PAYMENT:
        was_paid = _refund_rest(gateway, difference)
    with transaction_for(difference.organization_id):
        _resolve(difference, HowResolved.REFUNDED if was_paid else HowResolved.CLOSED, actor, reason)


def _refund_rest(gateway: Gateway, difference: Difference) -> bool:
    """Whether it had been paid. All that is left goes back, so the company refuses it a second time."""
    received = gateway.payment(difference.object_id).received
    back = [each for each in gateway.refunds_of(difference.object_id) if each.state not in _CAME_TO_NOTHING]
    left = received - total_of((each.amount for each in back if each.gives_back), received.currency)
    if left.amount > 0:
        metadata = {ORPHANS_REFUND: str(difference.id)}
        gateway.refund(payment=difference.object_id, amount=left, metadata=metadata, key=str(uuid7()))
    return received.amount > 0


def adopt(*, difference: Difference, reference: str, reason: str, actor: Actor) -> Booking:
    """An orphan becomes a payment of this booking, which is then settled: confirmed, or given back what is too much.

    Raises NotThisWay for a booking that is not there, or of another currency.
    """
    _need(difference, Way.ADOPT)
    gateway = _gateway(difference.organization_id)
    seen = gateway.payment(difference.object_id)
    sight = looking.see(gateway, SUBJECTS[What.PAYMENT], seen.id)
    with transaction_for(difference.organization_id):
        found = Booking.objects.filter(reference=reference).first()
        if found is None:
            raise NotThisWay(_("There is no booking with this reference."))
        if found.price_currency != seen.amount.currency:
            raise NotThisWay(_("The booking is in another currency."))
        booking = ledger.lock_booking(found.id)
        _resolve(difference, HowResolved.ADOPTED, actor, reason)
        Difference.objects.filter(pk=difference.pk).update(booking=booking)
        payment = _payment_of(difference, booking, seen)
        ledger.add(booking=booking, payment=payment, facts=sight.facts if sight else (), actor=actor)
        settling.soon(difference.organization_id, booking.id)
    return booking


def _payment_of(difference: Difference, booking: Booking, seen: PaymentIntent) -> Payment:
    """The payment that the orphan names; another orphan of the same may have brought it here already.

    Raises NotThisWay where that belongs to another booking: all news of it goes there.
    """
    known = Payment.objects.select_related("booking").filter(id=str(difference.payment)).first()
    if known is None:
        return Payment.objects.create(
            id=difference.payment,
            organization_id=difference.organization_id,
            booking=booking,
            kind=PaymentKind.PREPAID,
            amount=seen.amount.amount,
            currency=seen.amount.currency,
            gateway_id=seen.id,
            created_at=seen.created_at,
        )
    if known.booking_id != booking.id:
        words = _("The payment that it belongs to is already one of the booking %(reference)s.")
        raise NotThisWay(words % {"reference": known.booking.reference})
    return known


def take_word(*, difference: Difference, reason: str, actor: Actor) -> None:
    """From now on the ledger says of it what the company says. Raises NotThisWay where no fact can say so."""
    _need(difference, Way.TAKE_WORD)
    company = Company(_gateway(difference.organization_id))
    company.ask_for(What(difference.what), difference.object_id)
    seen = company.seen.get(difference.object_id)
    with transaction_for(difference.organization_id):
        payment = Payment.objects.get(pk=str(difference.payment))
        booking = ledger.lock_booking(payment.booking_id)
        here = _believed(difference, payment, seen)
        _resolve(difference, HowResolved.TOOK_WORD, actor, reason)
        facts = _in_their_words(difference, payment, seen, here)
        ledger.add(booking=booking, payment=payment, facts=facts, actor=actor)
        settling.soon(difference.organization_id, booking.id)


def _believed(difference: Difference, payment: Payment, seen: Seen | None) -> Here | None:
    now = clock.now()
    belief = believe(seen=[seen] if seen else [], window=Window(now, now), also=[payment.id])
    return next((each for each in belief.here if difference.object_id in {each.id, each.name}), None)


def _in_their_words(difference: Difference, payment: Payment, seen: Seen | None, here: Here | None) -> list[Fact]:
    says = here.says if here else ()
    there = seen.there(payment.organization_id, currency=payment.currency, kind=payment.kind).says if seen else ()
    added = taken_at_their_word(there, says)
    if added is None:
        raise NotThisWay
    facts = list(seen.facts) if seen else []
    about = next((each.key.partition(":")[0] for each in says), difference.object_id)
    of_payment = difference.what not in {What.REFUND, What.DISPUTE}
    subject = "" if of_payment else next((each.subject for each in (*says, *there)), "")
    why, part = {"why": "company’s word"}, str(difference.id)
    return facts + [
        Fact(kind, about, Money(amount, payment.currency), part, of_payment, subject, why)
        for kind, amount in added.items()
    ]


def _is_of_one_currency(difference: Difference) -> bool:
    return difference.currency_there in {"", difference.currency_here} or not difference.currency_here


def _need(difference: Difference, way: Way) -> None:
    if way not in ways_out(difference):
        raise NotThisWay


def _resolve(difference: Difference, how: HowResolved, actor: Actor, reason: str) -> None:
    if not differences.resolve(difference=difference, how=how, by=actor.name, reason=reason):
        raise DifferenceResolved


def _gateway(organization_id: UUID) -> Gateway:
    with transaction_for(organization_id):
        return gateway_of(organization_id)
