"""What a booking occupies: the database itself refuses overlap."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from holdfast.bookings.models.bookings import Booking
from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES, Requirement, Resource
from holdfast.core.models import TenantModel


class ToTimestamp(Func):
    """`to_timestamp(minute * 60)`: immutable, so a generated column may use it."""

    function = "to_timestamp"
    template = "%(function)s(%(expressions)s * 60.0::double precision)"
    output_field = models.DateTimeField()


class Allocation(TenantModel):
    """A lane of a resource, occupied for a period with its buffers. Minutes count from the Unix epoch in UTC.

    `active` and the exclusion constraint decide; `expires_at` (a hold's) is a column of its own so that confirming
    touches no index. Written only by `bookings/places/allocations.py`, never by `save()` (Law 1).
    """

    # Inserted on the busiest path: the booking's own reference to the organization is check enough.
    organization = models.ForeignKey(
        "catalog.Organization",
        on_delete=models.CASCADE,
        editable=False,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="allocations")
    requirement = models.ForeignKey(
        Requirement, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False, db_index=False
    )
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="allocations", db_index=False)
    lane = models.SmallIntegerField()
    start_minute = models.IntegerField()
    end_minute = models.IntegerField()
    period = models.GeneratedField(
        expression=Func(
            ToTimestamp(F("start_minute")),
            ToTimestamp(F("end_minute")),
            Value("[)"),
            function="tstzrange",
            output_field=DateTimeRangeField(),
        ),
        output_field=DateTimeRangeField(),
        db_persist=True,
    )
    active = models.BooleanField(default=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="allocation_no_overlap",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    ("lane", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(active=True),
            ),
            models.CheckConstraint(
                condition=Q(end_minute__gt=F("start_minute"))
                & Q(end_minute__lte=F("start_minute") + LONGEST_OCCUPATION_MINUTES),
                name="allocation_bounded",
            ),
            models.CheckConstraint(condition=Q(lane__gte=0), name="allocation_lane_positive"),
        ]
        indexes = [
            models.Index(
                fields=["resource", "start_minute"],
                include=["end_minute", "lane", "expires_at", "organization"],
                condition=Q(active=True),
                name="allocation_busy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id}/{self.lane}"
