"""Every message sent or to be sent, and in the demo the mailbox that catches them."""

from django.db import models
from django.db.models import Q

from holdfast.core.models import TenantModel


class MessageState(models.TextChoices):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Message(TenantModel):
    """One mail to one person for one reason, worded once. `reason` is unique: no reason is worded twice.

    `message_id` is derived from the reason, so a mail sent again after a crash is the same mail to whoever receives it.
    While somebody is sending it, `leased_until` says until when nobody else may (docs/adr/0007).
    """

    reason = models.CharField(max_length=120)
    message_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    booking_id = models.UUIDField(null=True)
    recipient = models.EmailField()
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()
    calendar = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=MessageState.choices, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "reason"], name="message_once_per_reason"),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="message_sent_has_time"),
        ]
        indexes = [models.Index(fields=["booking_id", "created_at"], name="message_of_booking")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"


class CaughtMail(models.Model):
    """A mail the demo caught instead of sending, readable at /demo/mail. Never used in production."""

    message_id = models.CharField(max_length=200, unique=True)
    organization_slug = models.CharField(max_length=50, blank=True)
    sender = models.CharField(max_length=320)
    recipient = models.CharField(max_length=320)
    subject = models.CharField(max_length=250)
    source = models.BinaryField()
    caught_at = models.DateTimeField()

    class Meta:
        ordering = ["-caught_at", "-id"]

    def __str__(self) -> str:
        return self.subject
