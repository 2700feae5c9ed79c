"""Overrides of limits, who holds a time, and the locks under which limits are counted."""

import django.db.models.deletion
import holdfast.core.keys
from django.db import migrations, models

from holdfast.core.row_security import ProtectTable

# One after the other, in the order of their numbers: nobody can wait in a circle (core/locking.py).
LOCKS = """
CREATE FUNCTION holdfast_lock_limits(keys bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    key bigint;
BEGIN
    FOR key IN SELECT DISTINCT unnest(keys) ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(key);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("bookings", "0008_kept_bookings"),
        ("catalog", "0008_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name='LimitOverride',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=32)),
                ('words', models.JSONField()),
                ('day', models.DateField()),
                ('most', models.PositiveIntegerField()),
                ('used', models.PositiveIntegerField()),
                ('actor_name', models.CharField(max_length=160)),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='booking',
            name='held_from',
            field=models.CharField(blank=True, default='', editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='booking',
            name='holder',
            field=models.CharField(blank=True, default='', editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='booking',
            name='holder_place',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='limitoverride',
            name='booking',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='overrides', to='bookings.booking'),
        ),
        migrations.AddField(
            model_name='limitoverride',
            name='limit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalog.limit'),
        ),
        migrations.AddField(
            model_name='limitoverride',
            name='organization',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization'),
        ),
        migrations.AddIndex(
            model_name='limitoverride',
            index=models.Index(fields=['organization', 'at'], name='override_by_time'),
        ),
        # The version before this one goes on inserting without the new columns while it is being replaced.
        migrations.RunSQL(
            "ALTER TABLE bookings_booking ALTER COLUMN held_from SET DEFAULT '', ALTER COLUMN holder SET DEFAULT '', "
            "ALTER COLUMN holder_place SET DEFAULT 0;",
            migrations.RunSQL.noop,
        ),
        ProtectTable("bookings_limitoverride"),
        migrations.RunSQL(LOCKS, "DROP FUNCTION holdfast_lock_limits(bigint[]);"),
    ]
