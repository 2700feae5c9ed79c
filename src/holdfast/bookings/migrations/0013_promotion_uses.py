"""Who used a promotion; a use counts as long as its booking is not cancelled."""

import django.db.models.deletion
import holdfast.core.keys
from django.db import migrations, models

from holdfast.core.row_security import ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0012_room_for_a_rules_end'),
        ('catalog', '0011_public_attributes'),
        ('pricing', '0002_promotions_and_rates'),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='promo_code',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=40),
        ),
        migrations.CreateModel(
            name='PromotionUse',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('taken_off', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promotion_uses', to='bookings.booking')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization')),
                ('promotion', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='uses_made', to='pricing.promotion')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'constraints': [models.UniqueConstraint(fields=('promotion', 'booking'), name='promotion_used_once_by_a_booking')],
            },
        ),
        ProtectTable("bookings_promotionuse"),
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE ON bookings_promotionuse "
            "FOR EACH ROW EXECUTE FUNCTION holdfast_append_only();",
            "DROP TRIGGER append_only ON bookings_promotionuse;",
        ),
    ]
