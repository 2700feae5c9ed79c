"""Every write of payments that is not the ledger's or the inbox's: the account, its secrets, attempts to be paid."""

import re
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings.models import Booking
from holdfast.core import clock
from holdfast.core.errors import ValidationError
from holdfast.core.sealing import seal
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind
from holdfast.domain.money import Money
from holdfast.payments import ledger
from holdfast.payments.errors import AnotherWayOpen, NothingOwed, PaymentUnderWay
from holdfast.payments.facts import Fact
from holdfast.payments.gateways import SECRET_KEY, WEBHOOK_SECRET
from holdfast.payments.models import Consent, LedgerEntry, Payment, PaymentKind, StripeAccount, WebhookSecret

# Ways to ask for money, of which one at a time is open.
ASKING = (PaymentKind.PREPAID, PaymentKind.CHECKOUT, PaymentKind.CARD_HOLD)
ENDED = (EntryKind.RECEIVED, EntryKind.CANCELLED)
# What asks for money, or for a card that would let a booking stand again.
OPEN = (*ASKING, PaymentKind.KEPT_CARD)
OVERLAP = timedelta(hours=24)
_PUBLISHABLE = re.compile(r"pk_(live|test)_\w{8,240}")
_SECRET = re.compile(r"(?:sk|rk)_(live|test)_\w{8,240}")
_WEBHOOK = re.compile(r"whsec_\w{8,240}")


def check_keys(publishable_key: str, secret_key: str) -> None:
    """Raises ValidationError for what cannot be a pair of keys; its words never repeat them.

    The two keys must be of the same mode: a live page with a test account would take bookings and no money.
    """
    public, secret = _PUBLISHABLE.fullmatch(publishable_key), _SECRET.fullmatch(secret_key)
    wrong = [
        *([] if public else [("publishable_key", _("A publishable key begins with pk_live_ or pk_test_."))]),
        *([] if secret else [("secret_key", _("A secret key begins with sk_ or rk_, then live_ or test_."))]),
    ]
    if public and secret and public[1] != secret[1]:
        wrong = [("secret_key", _("One key is for tests and the other for real money; use two of the same kind."))]
    if wrong:
        raise ValidationError(errors=[{"field": field, "message": message} for field, message in wrong])


def connect_stripe(
    *, organization_id: UUID, publishable_key: str, secret_key: str, gateway_account: str = ""
) -> StripeAccount:
    """Take cards through this account from now on, or through it with new keys. Raises ValidationError.

    `gateway_account` is its id at the company; with another one than before, what signed notices no longer does.
    """
    check_keys(publishable_key, secret_key)
    sealed = seal(secret_key, organization_id=organization_id, purpose=SECRET_KEY)
    now = clock.now()
    with transaction_for(organization_id):
        changed = {
            "publishable_key": publishable_key,
            "sealed_secret_key": sealed,
            "gateway_account": gateway_account,
            "updated_at": now,
        }
        former = WebhookSecret.objects.exclude(account__gateway_account__in=("", gateway_account))
        former.filter(ends_at__isnull=True).update(ends_at=now)
        account, _created = StripeAccount.objects.update_or_create(
            organization_id=organization_id, defaults=changed, create_defaults={**changed, "created_at": now}
        )
    return account


def use_webhook_secret(*, organization_id: UUID, secret: str, overlap: timedelta = OVERLAP, endpoint: str = "") -> None:
    """Believe notices signed with this secret; the one before goes on for `overlap`. Raises ValidationError.

    `endpoint`: the company's id of what signs with it, where we made it.
    """
    if not _WEBHOOK.fullmatch(secret):
        raise ValidationError(errors=[{"field": "secret", "message": _("A signing secret begins with whsec_.")}])
    sealed = seal(secret, organization_id=organization_id, purpose=WEBHOOK_SECRET)
    now = clock.now()
    with transaction_for(organization_id):
        account = StripeAccount.objects.get()
        account.webhook_secrets.filter(ends_at__isnull=True).update(ends_at=now + overlap)
        WebhookSecret.objects.create(
            organization_id=organization_id, account=account, sealed=sealed, endpoint=endpoint, created_at=now
        )


def begin_payment(*, booking: Booking, kind: PaymentKind, amount: Money) -> Payment:
    """Write that somebody is about to be asked for money. It is committed before the card company hears of it, under
    the payment's id as its key, so that asking again after a crash asks for the same.
    """
    with transaction_for(booking.organization_id):
        locked = ledger.lock_booking(booking.id)
        payment = Payment.objects.create(
            organization_id=booking.organization_id,
            booking=locked,
            kind=kind,
            amount=amount.amount,
            currency=amount.currency,
            created_at=clock.now(),
        )
        ledger.add(booking=locked, payment=payment, facts=[Fact(EntryKind.STARTED, str(payment.id), amount)])
    return payment


def open_payment(*, booking: Booking, kind: PaymentKind, amount: Money) -> Payment:
    """The attempt of this kind and amount that is still open, else a new one: whoever asks again goes on with it.

    One way to pay at a time: raises AnotherWayOpen for one that has to be closed at the card company first, and
    PaymentUnderWay while a kept card is being charged. Raises NothingOwed for a new one of more than is owed.
    """
    with transaction_for(booking.organization_id):
        locked = ledger.lock_booking(booking.id)
        attempts = Payment.objects.filter(booking=booking, kind=kind, amount=amount.amount, currency=amount.currency)
        found, wanted = attempts.exclude(ledger__kind__in=ENDED).last(), _wanted(locked)
        if found and (amount > wanted or not found.ledger.filter(kind=EntryKind.HELD).exists()):
            return found  # else that much is held, and as much again is owed besides
        if amount > wanted:
            raise NothingOwed(outstanding=wanted.amount)
        if kind in ASKING:
            for other in open_payments(booking=booking):
                if other.kind in ASKING:
                    _withdraw_unasked(locked, other)
        return begin_payment(booking=booking, kind=kind, amount=amount)


def open_payments(*, booking: Booking) -> list[Payment]:
    """Attempts that somebody could still pay or leave a card by, but for those with money held, or a card kept."""
    with transaction_for(booking.organization_id):
        attempts = Payment.objects.filter(booking=booking, kind__in=OPEN)
        return list(attempts.exclude(ledger__kind__in=[*ENDED, EntryKind.HELD, EntryKind.CARD_KEPT]))


def end_unasked(*, payment: Payment) -> None:
    """Of what the company has not done, and will not do by this key: the payment ends here."""
    with transaction_for(payment.organization_id):
        booking = ledger.lock_booking(payment.booking_id)
        ledger.add(booking=booking, payment=payment, facts=[Fact(EntryKind.CANCELLED, str(payment.id))])


def _withdraw_unasked(booking: Booking, payment: Payment) -> None:
    """Of what the company may not know yet, nobody has been told how to pay it: it ends here (note_gateway_id)."""
    if payment.gateway_id:
        raise AnotherWayOpen
    if payment.kind == PaymentKind.CARD_HOLD:
        raise PaymentUnderWay
    ledger.add(booking=booking, payment=payment, facts=[Fact(EntryKind.CANCELLED, str(payment.id))])


def _wanted(booking: Booking) -> Money:
    """What is still owed and not held either."""
    seen = ledger.standing_of(booking)
    return seen.outstanding - seen.held


def open_kept_card(*, booking: Booking, another: bool) -> Payment:
    """The latest attempt to keep a card, unless it was given up; `another`: one by which none is kept yet."""
    with transaction_for(booking.organization_id):
        locked = ledger.lock_booking(booking.id)
        over = [*ENDED, EntryKind.CARD_KEPT] if another else ENDED
        attempts = Payment.objects.filter(booking=booking, kind=PaymentKind.KEPT_CARD).exclude(ledger__kind__in=over)
        nothing = Money(0, booking.price_currency)
        return attempts.last() or begin_payment(booking=locked, kind=PaymentKind.KEPT_CARD, amount=nothing)


def keep_consent(*, payment: Payment, text: str, language: str) -> None:
    """Keep the words with which a customer lets us keep the card of this payment, and when; once for each text."""
    with transaction_for(payment.organization_id):
        Consent.objects.get_or_create(
            organization_id=payment.organization_id,
            booking_id=payment.booking_id,
            payment=payment,
            text=text,
            language=language,
            defaults={"at": clock.now()},
        )


def note_gateway_id(*, payment: Payment, gateway_id: str) -> bool:
    """Keep the company's id of a payment, when its answer came; it never changes afterwards, so of two that were asked
    for at the same moment `payment` has the first.

    False when another way to pay was opened meanwhile: then nobody may hear of this one, and it is to be released.
    """
    with transaction_for(payment.organization_id):
        ledger.lock_booking(payment.booking_id)
        Payment.objects.filter(id=payment.id, gateway_id="").update(gateway_id=gateway_id)
        wanted = not LedgerEntry.objects.filter(payment=payment, kind=EntryKind.CANCELLED).exists()
        payment.refresh_from_db(fields=["gateway_id"])
    return wanted


def owe(*, booking: Booking, reason: str, amount: Money) -> None:
    """Add to what a booking costs besides its price (negative: take from it), once for a reason: `no_show`, `tip`."""
    with transaction_for(booking.organization_id):
        locked = ledger.lock_booking(booking.id)
        ledger.add(booking=locked, payment=None, facts=[Fact(EntryKind.OWED, str(booking.id), amount, part=reason)])
