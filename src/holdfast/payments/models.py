"""An organization's card account, what was asked of whom, the ledger, what the card company told us, and where the two
differ."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from holdfast.bookings.models import Booking
from holdfast.core.models import TenantModel
from holdfast.domain.ledger import EntryKind
from holdfast.domain.reconciling import DifferenceKind, What


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
                condition=Q(kind__in=[EntryKind.OWED.value, EntryKind.CORRECTED.value]) | Q(amount__gte=0),
                name="ledger_amount_not_negative",
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


class Stage(models.TextChoices):
    """Where a run of the reconciliation is."""

    READING = "reading", _("Reading what the card company has")
    REPAIRING = "repairing", _("Comparing and repairing")
    SETTLING = "settling", _("Settling what was left behind")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Reconciliation(TenantModel):
    """One comparison of the ledger with what the card company made at or after `since` and before `until`.

    `seen_at`: the last sign of life; `done` of `total` objects are compared. `counts`: objects by class of difference,
    and `settled` bookings. `trouble`: the code of what went wrong last, also while it is tried again.
    """

    since = models.DateTimeField()
    until = models.DateTimeField()
    by = models.CharField(max_length=160, blank=True)  # empty: the schedule
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.READING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    trouble = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(ended_at__isnull=True), name="reconciliation_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["done", "failed"], ended_at__isnull=False)
                | (~Q(stage__in=["done", "failed"]) & Q(ended_at__isnull=True)),
                name="reconciliation_ends_when_it_does",
            ),
        ]
        indexes = [models.Index(fields=["organization", "-started_at"], name="reconciliation_newest")]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d} {self.until:%Y-%m-%d}"


class HowResolved(models.TextChoices):
    """GONE: a later run found it no more."""

    BY_ITSELF = "by_itself", _("Repaired by itself")
    GONE = "gone", _("No longer there")
    REFUNDED = "refunded", pgettext_lazy("a difference", "Given back")
    CLOSED = "closed", pgettext_lazy("a difference", "Closed")
    ADOPTED = "adopted", _("Put to a booking")
    TOOK_WORD = "took_word", _("Card company’s word taken")
    KNOWN = "known", _("Marked as known")


class Difference(TenantModel):
    """Something that the card company and the ledger do not say alike: found once, kept, and resolved by somebody.

    `object_id` is the company's id, or our name for what it never knew. `sight` tells apart what was seen at different
    times of one object. The amounts are what each side says of it, in minor units.
    """

    run = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=16, choices=[(each.value, each.value) for each in DifferenceKind])
    what = models.CharField(max_length=16, choices=[(each.value, each.value) for each in What])
    object_id = models.CharField(max_length=255)
    sight = models.CharField(max_length=32)
    payment = models.UUIDField(null=True, blank=True)  # of ours, also one whose row is not there
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="differences")
    amount_here = models.BigIntegerField(null=True, blank=True)
    currency_here = models.CharField(max_length=3, blank=True)
    amount_there = models.BigIntegerField(null=True, blank=True)
    currency_there = models.CharField(max_length=3, blank=True)
    details = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=16, choices=HowResolved.choices, blank=True)
    by = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "object_id", "kind", "sight"], name="difference_found_once"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, how="") | (Q(resolved_at__isnull=False) & ~Q(how="")),
                name="difference_resolved_somehow",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "found_at"], name="difference_open", condition=Q(resolved_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
