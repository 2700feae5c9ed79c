"""Built while bookings are made: the table grows."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("bookings", "0006_series")]
    operations = [
        AddIndexConcurrently(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("series__isnull", False)), fields=["series", "series_date"], name="booking_of_series"
            ),
        ),
    ]
