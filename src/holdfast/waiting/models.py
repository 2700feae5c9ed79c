"""Who waits for what, and what was offered to whom. The database itself keeps a person from being offered two."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Resource, Service
from holdfast.core.models import TenantModel
from holdfast.domain.hours import DAY


class WaitingState(models.TextChoices):
    """The states of `domain/waiting.py`, with their names for people."""

    WAITING = "waiting", _("Waiting")
    OFFERED = "offered", _("Offered a time")
    CLAIMED = "claimed", _("Booked")
    LEFT = "left", _("Left")
    REMOVED = "removed", _("Removed")
    EXPIRED = "expired", _("Dates are over")


class OfferOutcome(models.TextChoices):
    """How an offer ended; none while it stands."""

    CLAIMED = "claimed", _("Booked")
    EXPIRED = "expired", _("Not answered in time")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNDELIVERABLE = "undeliverable", _("Mail could not be delivered")


class WaitingEntry(TenantModel):
    """One person's place in the line: a service on local dates, at times of day in minutes of the local day."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+", verbose_name=_("service"))
    chosen_resource = models.ForeignKey(Resource, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    party_size = models.PositiveSmallIntegerField(_("party"), default=1)
    duration_minutes = models.PositiveIntegerField()
    first_date = models.DateField()
    last_date = models.DateField()
    since_minute = models.PositiveSmallIntegerField(default=0)
    until_minute = models.PositiveSmallIntegerField(default=DAY)
    # The extras that a time must have room for: entries as `bookings/details/extras.py` writes them.
    extras = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True)
    # Where it is to begin and end, as a booking keeps it (`bookings/stops/stop.py`).
    pickup = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    dropoff = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)

    customer_name = models.CharField(_("name"), max_length=120)
    customer_email = models.EmailField(_("email"))
    customer_phone = models.CharField(_("phone"), max_length=32, blank=True)
    customer_locale = models.CharField(max_length=8, default="en")
    customer_time_zone = models.CharField(max_length=64, blank=True)

    state = models.CharField(_("state"), max_length=16, choices=WaitingState.choices, default=WaitingState.WAITING)
    joined_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["joined_at", "id"]
        constraints = [
            models.UniqueConstraint(
                F("organization"),
                F("service"),
                Lower("customer_email"),
                F("first_date"),
                F("last_date"),
                condition=Q(state__in=["waiting", "offered"]),
                name="waiting_once_for_these_dates",
            ),
            models.CheckConstraint(condition=Q(last_date__gte=F("first_date")), name="waiting_dates_in_order"),
            models.CheckConstraint(
                condition=Q(until_minute__gt=F("since_minute")) & Q(until_minute__lte=DAY),
                name="waiting_times_in_order",
            ),
            models.CheckConstraint(condition=Q(party_size__gte=1), name="waiting_has_a_party"),
        ]
        indexes = [
            models.Index(fields=["organization", "joined_at"], name="waiting_line", condition=Q(state="waiting")),
            models.Index(F("organization"), Lower("customer_email"), name="waiting_by_customer"),
            models.Index(fields=["organization", "state", "-joined_at"], name="waiting_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_name}: {self.first_date} – {self.last_date}"


class WaitingOffer(TenantModel):
    """A time held for one person on the list. The hold is the booking; it ends by itself at `expires_at`."""

    entry = models.ForeignKey(WaitingEntry, on_delete=models.CASCADE, related_name="offers")
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=OfferOutcome.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["offered_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(outcome=""), name="waiting_one_offer_at_a_time"),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True) | (~Q(outcome="") & Q(ended_at__isnull=False)),
                name="waiting_offer_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%F %R} {self.outcome}"
