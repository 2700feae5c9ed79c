"""Which booking came from which row of the older system: what makes an import repeatable."""

from django.db import models

from holdfast.bookings.models import Booking
from holdfast.core.models import TenantModel


class LegacyImportedBooking(TenantModel):
    """One imported row. `row` is the whole of it as it was read, payment ids and unknown columns included."""

    source = models.CharField(max_length=16)
    legacy_id = models.CharField(max_length=100)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="+")
    row = models.JSONField()
    imported_at = models.DateTimeField()

    class Meta:
        db_table = "legacy_imported_booking"
        constraints = [
            models.UniqueConstraint(fields=["organization", "source", "legacy_id"], name="legacy_row_imported_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.legacy_id}"
