"""Limits by day and period; how many times one customer, and one network address, may hold at once."""

import django.core.validators
import django.db.models.deletion
import holdfast.core.keys
from django.db import migrations, models

from holdfast.core.row_security import ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0007_worked_holidays"),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='holds_from_one_address',
            field=models.PositiveSmallIntegerField(default=30, help_text='Visitors of one household or office share an address.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='times held at once from one network address'),
        ),
        migrations.AddField(
            model_name='service',
            name='holds_per_customer',
            field=models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='times one customer may hold at once'),
        ),
        migrations.CreateModel(
            name='Limit',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('team', 'a team, each day'), ('service', 'a service, each day'), ('customer', 'each customer')], max_length=16, verbose_name='limits')),
                ('most', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='at most')),
                ('counts', models.CharField(choices=[('bookings', 'bookings'), ('people', 'people')], default='bookings', max_length=16, verbose_name='counted are')),
                ('period', models.CharField(choices=[('day', 'a day'), ('week', 'a week, from Monday'), ('month', 'a calendar month'), ('rolling', 'any days in a row')], default='day', max_length=16, verbose_name='in')),
                ('rolling_days', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(366)], verbose_name='days in a row')),
                ('is_active', models.BooleanField(default=True, verbose_name='in force')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization')),
                ('service', models.ForeignKey(blank=True, help_text='For each customer: left empty, all services together.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='limits', to='catalog.service', verbose_name='service')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='limits', to='catalog.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'limit',
                'verbose_name_plural': 'limits',
                'ordering': ['kind', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('counts', 'bookings'), ('kind', 'team'), ('period', 'day'), ('service', None), ('team__isnull', False)), models.Q(('kind', 'service'), ('period', 'day'), ('service__isnull', False), ('team', None)), models.Q(('counts', 'bookings'), ('kind', 'customer'), ('team', None)), _connector='OR'), name='limit_of_a_kind'), models.CheckConstraint(condition=models.Q(('most__gte', 1), ('rolling_days__gte', 1), ('rolling_days__lte', 366)), name='limit_possible')],
            },
        ),
        ProtectTable("catalog_limit"),
        migrations.RunSQL(
            "CREATE TRIGGER raise_catalog_version AFTER INSERT OR UPDATE OR DELETE ON catalog_limit "
            "FOR EACH STATEMENT EXECUTE FUNCTION holdfast_raise_catalog_version();",
            "DROP TRIGGER raise_catalog_version ON catalog_limit;",
        ),
        # The version before this one goes on inserting without the new columns while it is being replaced.
        migrations.RunSQL(
            "ALTER TABLE catalog_organization ALTER COLUMN holds_from_one_address SET DEFAULT 30;"
            "ALTER TABLE catalog_service ALTER COLUMN holds_per_customer SET DEFAULT 1;",
            migrations.RunSQL.noop,
        ),
    ]
