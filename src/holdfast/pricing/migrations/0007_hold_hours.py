"""How long before the service money is held on a kept card."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0013_named_places'),
        ('pricing', '0006_zones_and_distances'),
    ]

    operations = [
        migrations.AddField(
            model_name='paymentoption',
            name='hold_hours',
            field=models.PositiveSmallIntegerField(db_default=24, default=24, help_text='Of a card that is kept. Banks hold money for seven days.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(144)], verbose_name='money held before the service (hours)'),
        ),
        migrations.AddConstraint(
            model_name='paymentoption',
            constraint=models.CheckConstraint(condition=models.Q(('hold_hours__gte', 1), ('hold_hours__lte', 144)), name='payment_hold_within_days'),
        ),
    ]
