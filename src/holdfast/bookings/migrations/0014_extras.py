"""What a booking took besides."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0013_promotion_uses'),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='extras',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
