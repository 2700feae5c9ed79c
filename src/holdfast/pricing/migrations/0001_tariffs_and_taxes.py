"""Tariffs, their rules, and tax rates."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import holdfast.core.fields
import holdfast.core.keys
from django.db import migrations, models

from holdfast.core.row_security import ProtectTable

# What decides a price is part of the catalog: a change raises its version, and plans are made anew.
TABLES = ["tariff", "tariffrule", "taxrate"]

class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0010_what_fits'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tariff',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('in_force', models.BooleanField(default=False, verbose_name='in force')),
                ('tax_included', models.BooleanField(default=True, verbose_name='prices include tax')),
                ('rounding', models.CharField(choices=[('half_up', 'to the nearest, a half up'), ('half_even', 'to the nearest, a half to the even one'), ('half_down', 'to the nearest, a half down'), ('down', 'down'), ('up', 'up')], default='half_up', help_text='A price is rounded once, as a whole.', max_length=16, verbose_name='rounded')),
                ('coin', models.PositiveIntegerField(default=1, help_text='In cents or whatever the smallest unit is: 5 makes 12.33 into 12.35.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='smallest coin')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization')),
            ],
            options={
                'verbose_name': 'tariff',
                'verbose_name_plural': 'tariffs',
                'ordering': ['-in_force', 'name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='TariffRule',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField(default=10, help_text='Rules apply in this order; a percentage is of what stands before it.', verbose_name='position')),
                ('name', holdfast.core.fields.LocalizedField(default=dict, verbose_name='name')),
                ('effect', models.CharField(choices=[('base', 'An amount for the booking'), ('per_hour', 'An amount an hour'), ('per_person', 'An amount a person'), ('percent', 'A percentage more or less'), ('add', 'An amount more or less'), ('minimum', 'At least'), ('maximum', 'At most')], max_length=16, verbose_name='effect')),
                ('amount', models.BigIntegerField(blank=True, null=True, verbose_name='amount')),
                ('percent', models.DecimalField(blank=True, decimal_places=3, max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(-100)], verbose_name='percent')),
                ('minimum_minutes', models.PositiveIntegerField(default=0, help_text='For an amount an hour.', verbose_name='shortest time charged (minutes)')),
                ('instead', models.BooleanField(default=False, help_text='Otherwise it is charged besides. Of several for the same minute the last counts.', verbose_name="in place of the service's price")),
                ('covers', models.CharField(choices=[('part', 'for the minutes within it'), ('any', 'for the whole stay, if any minute is within it'), ('start', 'for the whole stay, if its start is within it')], default='part', max_length=8, verbose_name='counts')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')]), blank=True, default=list, size=None, verbose_name='weekdays')),
                ('from_time', models.TimeField(blank=True, null=True, verbose_name='from (time)')),
                ('until_time', models.TimeField(blank=True, help_text='At or before the start means the next day.', null=True, verbose_name='until (time)')),
                ('from_date', models.DateField(blank=True, null=True, verbose_name='from (date)')),
                ('until_date', models.DateField(blank=True, null=True, verbose_name='until (date)')),
                ('holidays', models.CharField(blank=True, choices=[('', 'on any day'), ('only', 'on public holidays only'), ('not', 'not on public holidays')], default='', max_length=8, verbose_name='public holidays')),
                ('type', models.CharField(blank=True, choices=[('', 'any booking'), ('standard', 'ordinary bookings'), ('emergency', 'emergencies')], default='', max_length=16, verbose_name='for')),
                ('shortest_notice', models.PositiveIntegerField(blank=True, null=True, verbose_name='booked at least so long before (minutes)')),
                ('longest_notice', models.PositiveIntegerField(blank=True, null=True, verbose_name='booked less than so long before (minutes)')),
                ('shortest', models.PositiveIntegerField(blank=True, null=True, verbose_name='lasting at least (minutes)')),
                ('longest', models.PositiveIntegerField(blank=True, null=True, verbose_name='lasting at most (minutes)')),
                ('smallest_party', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='smallest party')),
                ('largest_party', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='largest party')),
                ('is_active', models.BooleanField(default=True, verbose_name='applies')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization')),
                ('service', models.ForeignKey(blank=True, help_text='Left empty: all.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.service', verbose_name='service')),
                ('tariff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='pricing.tariff', verbose_name='tariff')),
            ],
            options={
                'verbose_name': 'rule',
                'verbose_name_plural': 'rules',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='TaxRate',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', holdfast.core.fields.LocalizedField(default=dict, verbose_name='name')),
                ('percent', models.DecimalField(decimal_places=3, max_digits=6, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='percent')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization')),
                ('service', models.ForeignKey(blank=True, help_text='Left empty: all that have no rate of their own.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.service', verbose_name='service')),
            ],
            options={
                'verbose_name': 'tax rate',
                'verbose_name_plural': 'tax rates',
                'ordering': ['service', 'valid_from', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='tariff',
            constraint=models.UniqueConstraint(condition=models.Q(('in_force', True)), fields=('organization',), name='tariff_one_in_force'),
        ),
        migrations.AddConstraint(
            model_name='tariff',
            constraint=models.CheckConstraint(condition=models.Q(('coin__gte', 1)), name='tariff_coin'),
        ),
        migrations.AddConstraint(
            model_name='tariffrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount', None), ('effect', 'percent'), ('percent__gte', -100), ('percent__isnull', False)), models.Q(('amount__isnull', False), ('effect', 'add'), ('percent', None)), models.Q(models.Q(('effect__in', ['percent', 'add']), _negated=True), ('amount__gte', 0), ('amount__isnull', False), ('percent', None)), _connector='OR'), name='rule_has_what_its_effect_needs'),
        ),
        migrations.AddConstraint(
            model_name='tariffrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('from_time', None), ('until_time', None)), models.Q(('from_time__isnull', False), ('until_time__isnull', False)), _connector='OR'), name='rule_has_both_times_or_none'),
        ),
        migrations.AddConstraint(
            model_name='tariffrule',
            constraint=models.CheckConstraint(condition=models.Q(('minimum_minutes', 0), ('effect', 'per_hour'), _connector='OR'), name='rule_shortest_time_is_of_hours'),
        ),
        migrations.AddConstraint(
            model_name='tariffrule',
            constraint=models.CheckConstraint(condition=models.Q(('instead', False), ('effect__in', ['base', 'per_hour', 'per_person']), _connector='OR'), name='rule_in_place_is_a_price'),
        ),
        migrations.AddConstraint(
            model_name='taxrate',
            constraint=models.CheckConstraint(condition=models.Q(('percent__gte', 0), ('percent__lte', 100)), name='tax_rate_is_a_share'),
        ),
        *[ProtectTable(f"pricing_{table}") for table in TABLES],
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER raise_catalog_version AFTER INSERT OR UPDATE OR DELETE ON pricing_{table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION holdfast_raise_catalog_version();",
                f"DROP TRIGGER raise_catalog_version ON pricing_{table};",
            )
            for table in TABLES
        ],
    ]
