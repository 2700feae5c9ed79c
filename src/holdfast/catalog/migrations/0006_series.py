"""Whether customers may repeat a service, and how far ahead."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0005_waiting_offer_minutes"),
    ]

    operations = [
        migrations.AddField(
            model_name='service',
            name='allows_series',
            field=models.BooleanField(db_default=False, default=False, help_text='Weekly, monthly and so on, in one go. Staff always may.', verbose_name='customers may repeat it'),
        ),
        migrations.AddField(
            model_name='service',
            name='series_horizon_days',
            field=models.PositiveSmallIntegerField(db_default=366, default=366, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1826)], verbose_name="days ahead a customer's series may reach"),
        ),
    ]
