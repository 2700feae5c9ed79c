"""Series, and which of its dates a booking is."""

import django.db.models.deletion
import holdfast.core.keys
from django.db import migrations, models

from holdfast.core.row_security import ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ("bookings", "0005_assignment_and_attendees"),
        ("catalog", "0006_series"),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='series_date',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('rule', models.CharField(max_length=200, verbose_name='rule')),
                ('time_zone', models.CharField(max_length=64)),
                ('first_date', models.DateField(verbose_name='first date')),
                ('start_minute', models.PositiveSmallIntegerField()),
                ('created_at', models.DateTimeField()),
                ('continues', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='continued_by', to='bookings.series')),
                ('organization', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.organization')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to='catalog.service', verbose_name='service')),
            ],
            options={
                'verbose_name': 'series',
                'verbose_name_plural': 'series',
            },
        ),
        migrations.AddField(
            model_name='booking',
            name='series',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='bookings.series'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('series__isnull', True), ('series_date__isnull', True)), models.Q(('series__isnull', False), ('series_date__isnull', False)), _connector='OR'), name='booking_of_a_series_has_its_date'),
        ),
        migrations.AddIndex(
            model_name='series',
            index=models.Index(fields=['organization', '-created_at'], name='series_newest'),
        ),
        migrations.AddConstraint(
            model_name='series',
            constraint=models.CheckConstraint(condition=models.Q(('start_minute__lt', 1440)), name='series_starts_within_a_day'),
        ),
        ProtectTable("bookings_series"),
    ]
