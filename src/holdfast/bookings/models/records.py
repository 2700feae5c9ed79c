"""What is kept beside a booking: its steps, what was decided about it, and by whom."""

from django.db import models
from django.db.models import Q

from holdfast.bookings.models.bookings import Booking
from holdfast.catalog.models import Service
from holdfast.core.models import TenantModel


class Transition(TenantModel):
    """One step of a booking through its states: who, when, why. Never changed or removed."""

    organization = models.ForeignKey(
        "catalog.Organization",
        on_delete=models.CASCADE,
        editable=False,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="transitions", db_index=False)
    action = models.CharField(max_length=24)
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16)
    actor_kind = models.CharField(max_length=16)
    actor_name = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["booking", "at"], name="transition_of_booking")]

    def __str__(self) -> str:
        return f"{self.action}: {self.from_state} → {self.to_state}"


class LimitOverride(TenantModel):
    """A limit that staff went beyond for a booking: which, by how much, who and why. Never changed or removed.

    What the limit was is kept in words and numbers, because it may be changed or deleted later.
    """

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="overrides")
    # Which it was, also when the limit is gone by now: history is not rewritten for that.
    limit = models.ForeignKey(
        "catalog.Limit", on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    code = models.CharField(max_length=32)
    words = models.JSONField()
    day = models.DateField()
    most = models.PositiveIntegerField()
    used = models.PositiveIntegerField()
    actor_name = models.CharField(max_length=160)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["organization", "at"], name="override_by_time")]

    def __str__(self) -> str:
        return f"{self.code} {self.day}"


class PromotionUse(TenantModel):
    """A booking used a promotion. It counts as long as the booking is not cancelled; never changed or removed."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="promotion_uses")
    # Which it was, also when the promotion is gone by now.
    promotion = models.ForeignKey(
        "pricing.Promotion", on_delete=models.DO_NOTHING, related_name="uses_made", db_constraint=False, db_index=False
    )
    code = models.CharField(max_length=40)
    taken_off = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["promotion", "booking"], name="promotion_used_once_by_a_booking")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.booking_id}"


class Note(TenantModel):
    """Something staff wrote about a booking; customers never see it."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="notes")
    author = models.CharField(max_length=160)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:40]


class Rotation(TenantModel):
    """Whose turn it is at a service that assigns in turns; read and written under `locking.lock_turns` alone."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="rotation")
    # By resource: what it is owed (assignment.after_turn) and how many turns it has had.
    owed = models.JSONField(default=dict)
    turns = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.service_id)


class KeptBooking(TenantModel):
    """A booking that staff kept although the catalog has no room for it any more: what does not fit, who and why.

    Said of the time it had then: moved, it is judged anew. Never changed or removed.
    """

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="kept")
    code = models.CharField(max_length=80)
    words = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    actor_name = models.CharField(max_length=160)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="kept_for_a_reason")]

    def __str__(self) -> str:
        return self.code
