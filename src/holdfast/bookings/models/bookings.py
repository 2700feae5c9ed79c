"""The booking itself, its states, and the series it may be of."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from holdfast.catalog.models import Resource, Service
from holdfast.core.models import TenantModel
from holdfast.pricing.models import PaymentMethod


class BookingState(models.TextChoices):
    """The states of `domain/lifecycle.py`, with their names for people."""

    HELD = "held", _("Held")
    PENDING_PAYMENT = "pending_payment", _("Awaiting payment")
    REQUESTED = "requested", _("Awaiting approval")
    CONFIRMED = "confirmed", _("Confirmed")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("No-show")
    EXPIRED = "expired", _("Expired")


class BookingType(models.TextChoices):
    STANDARD = "standard", _("Standard")
    EMERGENCY = "emergency", _("Emergency")


class Series(TenantModel):
    """Bookings from one recurrence rule (`domain/recurrence.py`), each at this minute of its local date.

    The rule is what the customer and the staff read and what a change works from; the bookings are what stands. One
    that was moved, cancelled or left out is an exception and stays one. Changing "this and following" ends the rule
    and begins another series, which `continues` it.
    """

    organization = models.ForeignKey(
        "catalog.Organization", on_delete=models.PROTECT, editable=False, related_name="+", db_index=False
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="series", verbose_name=_("service"))
    # Longer than what may be sent: an end as a moment takes more letters than a count.
    rule = models.CharField(_("rule"), max_length=250)
    time_zone = models.CharField(max_length=64)
    first_date = models.DateField(_("first date"))
    start_minute = models.PositiveSmallIntegerField()
    continues = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="continued_by")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        indexes = [models.Index(fields=["organization", "-created_at"], name="series_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(start_minute__lt=1440), name="series_starts_within_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.first_date}"


class Booking(TenantModel):
    """A hold is a booking in state `held`: same row, same allocations, so confirming it moves nothing."""

    organization = models.ForeignKey(
        "catalog.Organization", on_delete=models.PROTECT, editable=False, related_name="+", db_index=False
    )
    reference = models.CharField(_("reference"), max_length=12)
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("service"), db_index=False
    )
    state = models.CharField(_("state"), max_length=16, choices=BookingState.choices)
    version = models.PositiveIntegerField(default=1)
    type = models.CharField(max_length=16, choices=BookingType.choices, default=BookingType.STANDARD)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(max_length=64)
    party_size = models.PositiveSmallIntegerField(_("party"), default=1)
    # Which resource fills which requirement, and why it: entries as `bookings/assignment/assigning.py` writes them.
    assigned = models.JSONField(default=list, blank=True)
    chosen_resource = models.ForeignKey(Resource, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    # Digests of who made the hold and from which network address; `holder_place` numbers the holds of one holder.
    holder = models.CharField(max_length=64, blank=True, default="", editable=False)
    holder_place = models.PositiveSmallIntegerField(default=0, editable=False)
    held_from = models.CharField(max_length=64, blank=True, default="", editable=False)

    customer_name = models.CharField(_("name"), max_length=120, blank=True)
    customer_email = models.EmailField(_("email"), blank=True)
    customer_phone = models.CharField(_("phone"), max_length=32, blank=True)
    customer_locale = models.CharField(max_length=8, default="en")
    customer_time_zone = models.CharField(max_length=64, blank=True)
    customer_note = models.TextField(_("note"), blank=True)
    answers = models.JSONField(default=dict, blank=True)
    # People of the party, each {"name", "email"}; the email may be "".
    attendees = models.JSONField(default=list, blank=True)
    # Where it begins and ends, as `bookings/stops/keeping.py` writes them; {} where nothing was said.
    pickup = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    dropoff = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    emergency_reason = models.CharField(
        _("reason of the emergency"), max_length=500, blank=True, default="", db_default=""
    )

    price_amount = models.BigIntegerField()
    price_currency = models.CharField(max_length=3)
    price_lines = models.JSONField(default=list)
    # What was taken besides: entries as `bookings/details/extras.py` writes them.
    extras = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True)
    promo_code = models.CharField(max_length=40, blank=True, default="", db_default="", editable=False)
    payment_method = models.CharField(max_length=16, choices=PaymentMethod.choices, default=PaymentMethod.ON_SITE)
    # What was agreed about paying when it was booked (details/paying.py); later settings do not matter to it.
    terms = models.JSONField(default=dict, blank=True, db_default={})

    # The date that the series' rule gave it (RECURRENCE-ID of RFC 5545), wherever it has been moved since.
    series = models.ForeignKey(
        Series, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings", db_index=False
    )
    series_date = models.DateField(null=True, blank=True)
    calendar_sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    # Not a column: the last event that this process recorded of it, for whoever then asks for what is free.
    event_id: int | None = None

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            models.UniqueConstraint(fields=["organization", "reference"], name="booking_reference_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(party_size__gte=1), name="booking_has_a_party"),
            models.CheckConstraint(
                condition=Q(state="held", hold_expires_at__isnull=False) | ~Q(state="held"),
                name="booking_hold_expires",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "expired"]) | ~Q(customer_email=""), name="booking_has_a_customer"
            ),
            # One hold for each place of a holder; one that has expired is released by whoever meets it (Law 2).
            models.UniqueConstraint(
                fields=["service", "holder", "holder_place"],
                condition=Q(state="held") & ~Q(holder=""),
                name="booking_one_hold_of_a_holder",
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True, series_date__isnull=True)
                | Q(series__isnull=False, series_date__isnull=False),
                name="booking_of_a_series_has_its_date",
            ),
            models.CheckConstraint(
                condition=Q(type="standard")
                | Q(state__in=["held", "expired"])
                | (~Q(customer_phone="") & ~Q(emergency_reason="")),
                name="booking_emergency_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "starts_at"], name="booking_by_start"),
            models.Index(fields=["organization", "state", "starts_at"], name="booking_by_state"),
            models.Index(F("organization"), Lower("customer_email"), name="booking_by_customer"),
            models.Index(
                fields=["hold_expires_at"],
                name="booking_to_expire",
                condition=Q(state__in=["held", "pending_payment"]),
            ),
            models.Index(fields=["series", "series_date"], name="booking_of_series", condition=Q(series__isnull=False)),
            models.Index(fields=["service", "starts_at"], name="booking_of_service"),
            models.Index(
                fields=["organization", "customer_phone"], name="booking_by_phone", condition=~Q(customer_phone="")
            ),
            models.Index(
                fields=["organization", "held_from", "created_at"],
                name="booking_held_from",
                condition=~Q(held_from=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def minutes(self) -> int:
        """How long it lasts, without buffers."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60
