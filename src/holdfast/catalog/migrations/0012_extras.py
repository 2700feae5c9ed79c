"""Extras, and the services they are offered with. A change of them is a change of the catalog."""

import django.core.validators
import django.db.models.deletion
import holdfast.core.fields
import holdfast.core.keys
from django.db import migrations, models

from holdfast.core.row_security import ProtectTable

TABLES = ["extra", "extraoffer"]


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0011_public_attributes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Extra',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('slug', models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(-[a-z0-9]+)*$', 'Use small letters, digits and single hyphens.')], verbose_name='slug')),
                ('name', holdfast.core.fields.LocalizedField(default=dict, verbose_name='name')),
                ('about', holdfast.core.fields.LocalizedField(blank=True, default=dict, verbose_name='about')),
                ('amount', models.PositiveBigIntegerField(verbose_name='price')),
                ('per', models.CharField(choices=[('booking', 'for the booking, however many'), ('unit', 'each'), ('hour', 'each, an hour'), ('person', 'each, a person')], default='unit', max_length=16, verbose_name='price is')),
                ('most', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(500)], verbose_name='so many in one booking')),
                ('included', models.PositiveSmallIntegerField(default=0, verbose_name='of which are free')),
                ('tax_class', models.CharField(blank=True, default='', help_text='As a tax rate names it. Left empty, it is taxed as the service.', max_length=40, verbose_name='tax class')),
                ('stock', models.PositiveSmallIntegerField(blank=True, help_text='Never more than these are in use at the same time. Left empty, they are not counted.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(500)], verbose_name='how many there are')),
                ('position', models.SmallIntegerField(default=0, verbose_name='position')),
                ('is_active', models.BooleanField(default=True, verbose_name='on offer')),
                ('held_as', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.resource')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization')),
            ],
            options={
                'verbose_name': 'extra',
                'verbose_name_plural': 'extras',
                'ordering': ['position', 'slug'],
            },
        ),
        migrations.CreateModel(
            name='ExtraOffer',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('extra', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='catalog.extra')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.service', verbose_name='service')),
            ],
            options={
                'verbose_name': 'service it is offered with',
                'verbose_name_plural': 'services it is offered with',
            },
        ),
        migrations.AddConstraint(
            model_name='extra',
            constraint=models.UniqueConstraint(fields=('organization', 'slug'), name='extra_slug_once'),
        ),
        migrations.AddConstraint(
            model_name='extra',
            constraint=models.CheckConstraint(condition=models.Q(('most__gte', 1), ('most__lte', 500)), name='extra_can_be_taken'),
        ),
        migrations.AddConstraint(
            model_name='extra',
            constraint=models.CheckConstraint(condition=models.Q(('stock', None), models.Q(('held_as__isnull', False), ('stock__gte', 1), ('stock__lte', 500)), _connector='OR'), name='extra_stock_is_held'),
        ),
        migrations.AddConstraint(
            model_name='extraoffer',
            constraint=models.UniqueConstraint(fields=('extra', 'service'), name='extra_offered_once'),
        ),
        *[ProtectTable(f"catalog_{table}") for table in TABLES],
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER raise_catalog_version AFTER INSERT OR UPDATE OR DELETE ON catalog_{table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION holdfast_raise_catalog_version();",
                f"DROP TRIGGER raise_catalog_version ON catalog_{table};",
            )
            for table in TABLES
        ],
    ]
