"""What a booking took besides."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0014_paying'),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='extras',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
