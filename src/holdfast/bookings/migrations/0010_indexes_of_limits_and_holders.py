"""Indexes that counting needs, built while bookings go on (no transaction around them)."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

ONE_HOLD = """
CREATE UNIQUE INDEX CONCURRENTLY booking_one_hold_of_a_holder ON bookings_booking (service_id, holder, holder_place)
WHERE state = 'held' AND NOT (holder = '')
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("bookings", "0009_limits_and_holders")]

    operations = [
        AddIndexConcurrently(
            model_name='booking',
            index=models.Index(fields=['service', 'starts_at'], name='booking_of_service'),
        ),
        AddIndexConcurrently(
            model_name='booking',
            index=models.Index(condition=models.Q(('customer_phone', ''), _negated=True), fields=['organization', 'customer_phone'], name='booking_by_phone'),
        ),
        AddIndexConcurrently(
            model_name='booking',
            index=models.Index(condition=models.Q(('held_from', ''), _negated=True), fields=['organization', 'held_from', 'created_at'], name='booking_held_from'),
        ),
        # The index above begins with the service, too: the one of the foreign key alone is not needed any more.
        migrations.AlterField(
            model_name='booking',
            name='service',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='catalog.service', verbose_name='service'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(ONE_HOLD, "DROP INDEX CONCURRENTLY booking_one_hold_of_a_holder")
            ],
            state_operations=[
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'held'), models.Q(('holder', ''), _negated=True)), fields=('service', 'holder', 'holder_place'), name='booking_one_hold_of_a_holder'),
        ),
            ],
        ),
    ]
