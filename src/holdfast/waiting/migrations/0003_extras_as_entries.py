"""The extras that somebody waits for, as bookings keep theirs."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('waiting', '0002_extras'),
    ]

    operations = [
        migrations.AlterField(
            model_name='waitingentry',
            name='extras',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
