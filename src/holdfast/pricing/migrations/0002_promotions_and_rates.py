"""Promotions, with a code or for everybody; exchange rates, the same for every organization."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import holdfast.core.fields
import holdfast.core.keys
from django.db import migrations, models

from holdfast.core.row_security import ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0011_public_attributes'),
        ('pricing', '0001_tariffs_and_taxes'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExchangeRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('per_euro', models.DecimalField(decimal_places=8, max_digits=20)),
            ],
            options={
                'verbose_name': 'exchange rate',
                'verbose_name_plural': 'exchange rates',
                'ordering': ['-day', 'currency'],
                'constraints': [models.UniqueConstraint(fields=('day', 'currency'), name='exchange_rate_once'), models.CheckConstraint(condition=models.Q(('per_euro__gt', 0)), name='exchange_rate_positive')],
            },
        ),
        migrations.CreateModel(
            name='Promotion',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', holdfast.core.fields.LocalizedField(default=dict, verbose_name='name')),
                ('code', models.CharField(blank=True, default='', help_text='What customers enter; capitals do not matter. Left empty, everybody gets it.', max_length=40, verbose_name='code')),
                ('benefit', models.CharField(choices=[('percent', 'A percentage off'), ('amount', 'An amount off')], max_length=16, verbose_name='takes off')),
                ('percent', models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True, verbose_name='percent')),
                ('amount', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='amount')),
                ('most', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='takes off at most')),
                ('position', models.PositiveSmallIntegerField(default=10, verbose_name='position')),
                ('booked_from', models.DateField(blank=True, null=True, verbose_name='booked from')),
                ('booked_until', models.DateField(blank=True, null=True, verbose_name='booked until')),
                ('served_from', models.DateField(blank=True, null=True, verbose_name='served from')),
                ('served_until', models.DateField(blank=True, null=True, verbose_name='served until')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')]), blank=True, default=list, size=None, verbose_name='weekdays')),
                ('minimum', models.PositiveBigIntegerField(default=0, verbose_name='for prices of at least')),
                ('uses', models.PositiveIntegerField(blank=True, null=True, verbose_name='may be used so often in all')),
                ('uses_each', models.PositiveIntegerField(blank=True, null=True, verbose_name='may be used so often by one customer')),
                ('combinable', models.BooleanField(default=False, verbose_name='together with others')),
                ('is_active', models.BooleanField(default=True, verbose_name='given')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization')),
                ('service', models.ForeignKey(blank=True, help_text='Left empty: all.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.service', verbose_name='service')),
            ],
            options={
                'verbose_name': 'promotion',
                'verbose_name_plural': 'promotions',
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(models.F('organization'), django.db.models.functions.text.Upper('code'), condition=models.Q(('code', ''), _negated=True), name='promotion_code_once'), models.CheckConstraint(condition=models.Q(models.Q(('amount', None), ('benefit', 'percent'), ('percent__gt', 0), ('percent__isnull', False), ('percent__lte', 100)), models.Q(('amount__gt', 0), ('amount__isnull', False), ('benefit', 'amount'), ('most', None), ('percent', None)), _connector='OR'), name='promotion_takes_something_off'), models.CheckConstraint(condition=models.Q(models.Q(('code', ''), _negated=True), models.Q(('uses', None), ('uses_each', None)), _connector='OR'), name='promotion_limited_by_its_code')],
            },
        ),
        ProtectTable("pricing_promotion"),
        migrations.RunSQL(
            "CREATE TRIGGER raise_catalog_version AFTER INSERT OR UPDATE OR DELETE ON pricing_promotion "
            "FOR EACH STATEMENT EXECUTE FUNCTION holdfast_raise_catalog_version();",
            "DROP TRIGGER raise_catalog_version ON pricing_promotion;",
        ),
    ]
