"""An organization's card account, what was asked of whom, the ledger, and what the card company told us."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from holdfast.bookings.models import Booking
from holdfast.core.models import TenantModel
from holdfast.domain.ledger import EntryKind


class StripeAccount(TenantModel):
    """How an organization takes cards. The secret key is sealed (core/sealing.py); the publishable one is public."""

    publishable_key = models.CharField(max_length=255)
    sealed_secret_key = models.TextField()
    # The company's id of the account, as it answered when it was asked whose the key is.
    gateway_account = models.CharField(max_length=255, blank=True, default="", db_default="")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="stripe_account_once")]

    def __str__(self) -> str:
        return self.publishable_key


class WebhookSecret(TenantModel):
    """A secret that signs notices, sealed. After a rotation the old one is good until `ends_at`."""

    account = models.ForeignKey(StripeAccount, on_delete=models.CASCADE, related_name="webhook_secrets")
    sealed = models.TextField()
    # The company's id of the endpoint that signs with it, where we made it.
    endpoint = models.CharField(max_length=255, blank=True, default="", db_default="")
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ends_at__isnull=True), name="webhook_secret_one_is_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.created_at:%Y-%m-%d}"


class PaymentKind(models.TextChoices):
    """How somebody is asked to pay."""

    PREPAID = "prepaid", _("Card, in advance")
    CARD_HOLD = "card_hold", _("Card hold")
    CHECKOUT = "checkout", _("Payment page")
    KEPT_CARD = "kept_card", _("Card kept for later")
    ON_SITE = "on_site", _("On site")


class Payment(TenantModel):
    """One attempt to be paid for a booking: written and committed before the card company hears of it, so that news of
    it always finds this row. How it went is in the ledger alone.

    `gateway_id` is the company's id for it (an intent, a setup intent, a checkout), filled in when its answer came.
    """

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="payments")
    kind = models.CharField(max_length=16, choices=PaymentKind.choices)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    gateway_id = models.CharField(max_length=255, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "gateway_id"], condition=~Q(gateway_id=""), name="payment_of_one_gateway_id"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payment_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"


class LedgerEntry(TenantModel):
    """One fact about a booking's money (domain/ledger.py). Never changed or removed; the same key never twice."""

    organization = models.ForeignKey(
        "catalog.Organization", on_delete=models.PROTECT, editable=False, related_name="+", db_index=False
    )
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="ledger", db_index=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="ledger")
    key = models.CharField(max_length=255)
    kind = models.CharField(max_length=24, choices=[(kind.value, kind.value) for kind in EntryKind])
    subject = models.CharField(max_length=255)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    details = models.JSONField(default=dict)
    actor_kind = models.CharField(max_length=16)
    actor_name = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="ledger_entry_once"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.OWED.value) | Q(amount__gte=0), name="ledger_amount_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["booking", "at"], name="ledger_of_booking")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"


class Consent(TenantModel):
    """What a customer agreed to when they let their card be kept, in the words they read. Never changed or removed."""

    organization = models.ForeignKey(
        "catalog.Organization", on_delete=models.PROTECT, editable=False, related_name="+", db_index=False
    )
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="consents")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="consents")
    text = models.TextField()
    language = models.CharField(max_length=8)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["payment", "language", "text"], name="consent_once")]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.at:%Y-%m-%d}"


class InboxOutcome(models.TextChoices):
    """What became of a notice. NOT_OURS: another use of the same card account."""

    WAITING = "waiting", _("Waiting")
    APPLIED = "applied", _("Applied")
    IGNORED = "ignored", _("Ignored")
    NOT_OURS = "not_ours", _("Not about a booking")


class InboxEvent(TenantModel):
    """A notice of the card company, exactly as it came, once. Its content is never believed: it says where to look."""

    event_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=255)
    payload = models.BinaryField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=InboxOutcome.choices, default=InboxOutcome.WAITING)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "event_id"], name="inbox_event_once"),
            models.CheckConstraint(
                condition=Q(outcome="waiting", applied_at__isnull=True)
                | (~Q(outcome="waiting") & Q(applied_at__isnull=False)),
                name="inbox_event_applied_when_it_is",
            ),
        ]
        indexes = [models.Index(fields=["organization", "received_at"], name="inbox_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
