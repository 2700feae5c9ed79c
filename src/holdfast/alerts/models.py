"""An alert, and everybody who was told of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from holdfast.accounts.models import User
from holdfast.bookings.models import Booking
from holdfast.core.models import TenantModel
from holdfast.domain.escalation import Rung
from holdfast.payments.models import LedgerEntry


class AlertKind(models.TextChoices):
    """Emergencies climb the ladder; those about money (alerts/money.py) are seen at the desk."""

    EMERGENCY = "emergency", _("Emergency")
    PAYMENT_FAILED = "payment_failed", _("Payment failed")
    FEE_UNPAID = "fee_unpaid", _("Fee not charged")
    REFUND_FAILED = "refund_failed", _("Refund failed")
    DISPUTE = "dispute", _("Dispute")


class Channel(models.TextChoices):
    """How somebody is told. Each has a handler of `alert.raised` and `alert.escalated` that delivers its own."""

    MAIL = "mail", _("Email")


class Alert(TenantModel):
    """Somebody must know at once. It is open until it is acknowledged, or over because its booking is.

    `due_at`: when it goes to the next rung unless somebody takes care of it; None when nobody is left, or it ended.
    """

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=16, choices=AlertKind.choices, default=AlertKind.EMERGENCY)
    # Of one about money, the ledger's entry.
    about = models.CharField(max_length=64, blank=True, default="", db_default="")
    rung = models.PositiveSmallIntegerField(choices=[(int(rung), rung.name.lower()) for rung in Rung])
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=160, blank=True)
    # Who that is, whatever they are called: `user:<id>`, `key:<id>`, `mail:<address>`; "" where only a name is known.
    acknowledged_who = models.CharField(max_length=260, blank=True, default="", db_default="")
    closed_at = models.DateTimeField(null=True, blank=True)

    # Not a column: the ledger's entry that one about money is about, where it was read (alerts/queries.py).
    entry: "LedgerEntry | None" = None

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "kind", "about"], name="alert_once_about_the_same"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by="")
                | (Q(acknowledged_at__isnull=False) & ~Q(acknowledged_by="")),
                name="alert_acknowledged_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(acknowledged_at=None, closed_at=None), name="alert_over_is_not_due"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None) | Q(acknowledged_at__gte=F("raised_at")), name="alert_raised_first"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "raised_at"], name="alert_by_time"),
            models.Index(
                fields=["organization"],
                name="alert_open",
                condition=Q(acknowledged_at=None, closed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.booking_id}"

    @property
    def told_names(self) -> str:
        """Everybody who was told, in the order they were."""
        return ", ".join(notice.name for notice in self.notices.all())

    def is_taken_by(self, who: str, name: str) -> bool:
        """Whether this very person takes care of it; by name only where that is all that is known of one of the two."""
        if who and self.acknowledged_who:
            return who == self.acknowledged_who
        return name == self.acknowledged_by

    @property
    def is_open(self) -> bool:
        return self.acknowledged_at is None and self.closed_at is None


class AlertNotice(TenantModel):
    """One person told of one alert by one channel, once. Its key is what the signed link in the mail names."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="notices")
    rung = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=16, choices=Channel.choices, default=Channel.MAIL)
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=160)
    language = models.CharField(max_length=8)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["told_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "channel", "address"], name="alert_notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.channel})"

    @property
    def who(self) -> str:
        """Who was told, as `Alert.acknowledged_who` says it."""
        return f"user:{self.user_id}" if self.user_id else f"mail:{self.address}"
