"""An organization's account at the card company: connected, asked, listened to, and let go.

What is shown of it never holds a key: the last four letters, and whether it is for tests. Network calls stand outside
of transactions; nothing here logs.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from holdfast.catalog.models import Organization
from holdfast.core import clock, locking
from holdfast.core.errors import ValidationError
from holdfast.core.sealing import CannotOpen, unseal
from holdfast.core.tenancy import transaction_for
from holdfast.domain.ledger import EntryKind
from holdfast.events import actions as events
from holdfast.payments import actions
from holdfast.payments.errors import (
    AddressRefused,
    GatewayError,
    GatewayNotSetUp,
    KeysRefused,
    PaymentsOpen,
    RequestRefused,
)
from holdfast.payments.gateway import Account, Gateway
from holdfast.payments.gateways import SECRET_KEY, gateway_of, gateway_with
from holdfast.payments.models import InboxEvent, InboxOutcome, LedgerEntry, Payment, PaymentKind, StripeAccount
from holdfast.payments.stripe_answers import NOTICES

CHANGED = "payments.account_changed"
_OVER = (EntryKind.RECEIVED, EntryKind.CANCELLED)
# A card that was kept may still be charged while its booking is not over.
_STANDS = Q(booking__state__in=("held", "pending_payment", "requested", "confirmed", "in_progress"))


@dataclass(frozen=True, slots=True)
class Secret:
    """A signing secret; `ends_at`: until when the one before goes on."""

    since: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Connected:
    """What may be shown. `secret_end` is "" when the key cannot be opened any more; `mode` is live or test."""

    mode: str
    publishable_key: str
    secret_end: str
    account: str
    since: datetime
    changed_at: datetime
    secrets: list[Secret]

    @property
    def listens(self) -> bool:
        return any(each.ends_at is None for each in self.secrets)


@dataclass(frozen=True, slots=True)
class Heard:
    """Notices: when the last one came, how many wait to be applied, and since when the first of those."""

    last: datetime | None
    waiting: int
    oldest: datetime | None


def connected() -> Connected | None:
    """The account as it is; None where cards are not taken. Inside the tenant's transaction."""
    found = StripeAccount.objects.first()
    if found is None:
        return None
    now = clock.now()
    good = found.webhook_secrets.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now)).order_by("-created_at")
    return Connected(
        mode="live" if found.publishable_key.startswith("pk_live_") else "test",
        publishable_key=found.publishable_key,
        secret_end=_end_of(found),
        account=found.gateway_account,
        since=found.created_at,
        changed_at=found.updated_at,
        secrets=[Secret(each.created_at, each.ends_at) for each in good],
    )


def heard() -> Heard:
    """Inside the tenant's transaction."""
    waiting = InboxEvent.objects.filter(outcome=InboxOutcome.WAITING)
    last = InboxEvent.objects.order_by("-received_at").values_list("received_at", flat=True).first()
    oldest = waiting.order_by("received_at").values_list("received_at", flat=True).first()
    return Heard(last, waiting.count(), oldest)


def address_of(organization: Organization) -> str:
    """Where the company sends its notices."""
    return settings.BASE_URL.rstrip("/") + reverse("payments:stripe-notices", args=[organization.slug])


def open_payments() -> QuerySet[Payment]:
    """What only this account can still bring to an end: asked and not paid, held and not taken, kept for a booking to
    come. Inside the tenant's transaction.
    """
    facts = LedgerEntry.objects.filter(payment=OuterRef("pk"))
    asked = Q(kind__in=actions.ASKING) & ~Exists(facts.filter(kind__in=_OVER))
    kept = Q(kind=PaymentKind.KEPT_CARD) & _STANDS & Exists(facts.filter(kind=EntryKind.CARD_KEPT))
    return Payment.objects.filter(asked | kept).select_related("booking").order_by("created_at", "id")


def connect(*, organization_id: UUID, publishable_key: str, secret_key: str, by: str) -> Account:
    """Ask the company whose key it is, and take cards through that account from now on.

    Nothing is kept unless the company knows the key. Raises ValidationError (keys), KeysRefused, PaymentsOpen for
    another account than the one that payments are under way at, and the gateway's errors.
    """
    actions.check_keys(publishable_key, secret_key)
    try:
        seen = gateway_with(secret_key).account()
    except GatewayNotSetUp:
        raise KeysRefused from None
    with transaction_for(organization_id):
        before = StripeAccount.objects.first()
        if before is not None and before.gateway_account not in ("", seen.id):
            _refuse_while_open()
    actions.connect_stripe(
        organization_id=organization_id, publishable_key=publishable_key, secret_key=secret_key, gateway_account=seen.id
    )
    _note(organization_id, "connected" if before is None else "keys_changed", by, account=seen.id)
    return seen


def check(*, organization_id: UUID) -> Account:
    """Ask the company who we are to it. Raises KeysRefused, CannotOpen and the gateway's errors."""
    with transaction_for(organization_id):
        gateway = gateway_of(organization_id)
    try:
        seen = gateway.account()
    except GatewayNotSetUp:
        raise KeysRefused from None
    with transaction_for(organization_id):  # connected before it was asked, as by a program
        StripeAccount.objects.filter(gateway_account="").update(gateway_account=seen.id)
    return seen


def listen(*, organization: Organization, by: str) -> None:
    """Have the company send its notices here, signed with a new secret, and stop where it sent them before.

    After a crash in between, asking again is answered as the first time: the key is made of what is known here.
    Raises AddressRefused and the gateway's errors.
    """
    url = address_of(organization)
    with transaction_for(organization.id):
        gateway = gateway_of(organization.id)
        account = StripeAccount.objects.get()
        count = account.webhook_secrets.count()
        former = account.webhook_secrets.filter(ends_at__isnull=True).exclude(endpoint="").first()
    key = f"listen-{account.pk}-{count}-{hashlib.blake2b(url.encode(), digest_size=8).hexdigest()}"
    try:
        endpoint, secret = gateway.listen(url=url, kinds=NOTICES, key=key)
    except RequestRefused:
        words = _(
            "Stripe does not accept the address %(url)s. It must be reachable from the internet and begin with https://."
        )
        raise AddressRefused(words % {"url": url}) from None
    actions.use_webhook_secret(organization_id=organization.id, secret=secret, endpoint=endpoint)
    _note(organization.id, "listens", by)
    if former is not None and former.endpoint != endpoint:
        with suppress(GatewayError):  # then both send for a while, and each notice is kept once
            gateway.stop_listening(former.endpoint)


def rotate(*, organization_id: UUID, secret: str, by: str) -> None:
    """Believe a signing secret that was made at the company's own pages; the one before goes on for a day.

    Raises ValidationError.
    """
    with transaction_for(organization_id):
        if not StripeAccount.objects.exists():
            raise GatewayNotSetUp
    actions.use_webhook_secret(organization_id=organization_id, secret=secret)
    _note(organization_id, "secret_changed", by)


def disconnect(*, organization_id: UUID, by: str) -> None:
    """Take no more cards, and forget the keys. Raises PaymentsOpen, ValidationError where there is no account."""
    with transaction_for(organization_id):
        account = StripeAccount.objects.first()
        if account is None:
            raise ValidationError(_("No card account is connected."))
        gateway = _gateway_left(organization_id)
        endpoint = account.webhook_secrets.exclude(endpoint="").filter(ends_at__isnull=True).first()
        locking.lock_row(StripeAccount, pk=account.pk)
        _refuse_while_open()
        account.delete()
        events.record(
            organization_id=organization_id, kind=CHANGED, subject=organization_id, payload=_payload("disconnected", by)
        )
    if endpoint is not None and gateway is not None:
        with suppress(GatewayError):
            gateway.stop_listening(endpoint.endpoint)


def _refuse_while_open() -> None:
    if count := open_payments().count():
        raise PaymentsOpen(count=count)


def _gateway_left(organization_id: UUID) -> Gateway | None:
    """None where its key cannot be opened any more."""
    try:
        return gateway_of(organization_id)
    except (GatewayNotSetUp, CannotOpen):
        return None


def _end_of(account: StripeAccount) -> str:
    try:
        return unseal(account.sealed_secret_key, organization_id=account.organization_id, purpose=SECRET_KEY)[-4:]
    except CannotOpen:
        return ""


def _note(organization_id: UUID, what: str, by: str, **more: str) -> None:
    with transaction_for(organization_id):
        events.record(
            organization_id=organization_id, kind=CHANGED, subject=organization_id, payload=_payload(what, by, **more)
        )


def _payload(what: str, by: str, **more: str) -> dict[str, str]:
    return {"what": what, "by": by, **more}
