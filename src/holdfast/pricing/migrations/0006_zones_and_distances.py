"""Zones, prices between them, distances; rules that ask for what serves and for the way."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import holdfast.core.fields
import holdfast.core.keys
from django.db import migrations, models

from holdfast.core.row_security import ProtectTable

# What decides a price is part of the catalog: a change raises its version, and plans are made anew.
TABLES = ["pricing_zone", "pricing_zoneprice", "pricing_knowndistance"]


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0013_named_places'),
        ('pricing', '0005_payment_and_cancellation'),
    ]

    operations = [
        migrations.CreateModel(
            name='KnownDistance',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('metres', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='metres')),
            ],
            options={
                'verbose_name': 'distance',
                'verbose_name_plural': 'distances',
                'ordering': ['origin', 'destination'],
            },
        ),
        migrations.CreateModel(
            name='Zone',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('name', holdfast.core.fields.LocalizedField(default=dict, verbose_name='name')),
                ('area', models.TextField(help_text='GeoJSON: a Polygon or MultiPolygon, or a Feature of one. Longitude comes first.', verbose_name='area')),
                ('position', models.SmallIntegerField(default=0, help_text='Where zones meet, the first counts.', verbose_name='position')),
            ],
            options={
                'verbose_name': 'zone',
                'verbose_name_plural': 'zones',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ZonePrice',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('amount', models.PositiveBigIntegerField(verbose_name='price')),
            ],
            options={
                'verbose_name': 'price by zones',
                'verbose_name_plural': 'prices by zones',
                'ordering': ['origin', 'destination'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='tariffrule',
            name='rule_has_what_its_effect_needs',
        ),
        migrations.RemoveConstraint(
            model_name='tariffrule',
            name='rule_in_place_is_a_price',
        ),
        migrations.AddField(
            model_name='tariffrule',
            name='attributes',
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, help_text='One a line: seats: 6 (at least), fuel: electric (exactly)', verbose_name='attributes'),
        ),
        migrations.AddField(
            model_name='tariffrule',
            name='both_ways',
            field=models.BooleanField(db_default=True, default=True, help_text='Unless the table has a price of its own for it.', verbose_name='the way back costs the same'),
        ),
        migrations.AddField(
            model_name='tariffrule',
            name='included_km',
            field=models.PositiveSmallIntegerField(blank=True, db_default=0, default=0, help_text='The first ones of each way.', verbose_name='kilometres that cost nothing'),
        ),
        migrations.AddField(
            model_name='tariffrule',
            name='resource_kind',
            field=models.CharField(blank=True, choices=[('person', 'Person'), ('vehicle', 'Vehicle'), ('room', 'Room'), ('equipment', 'Equipment')], db_default='', default='', max_length=16, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='tariffrule',
            name='skills',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, db_default=models.Value([], django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)), default=list, size=None, verbose_name='skills'),
        ),
        migrations.AddField(
            model_name='tariffrule',
            name='zones_only',
            field=models.BooleanField(db_default=False, default=False, help_text="Otherwise the rules before this one, or the service's own price, count there.", verbose_name='ways without a price are refused'),
        ),
        migrations.AlterField(
            model_name='tariffrule',
            name='effect',
            field=models.CharField(choices=[('base', 'An amount for the booking'), ('per_hour', 'An amount an hour'), ('per_person', 'An amount a person'), ('per_km', 'An amount a kilometre'), ('by_zones', 'An amount by zones, from a table'), ('percent', 'A percentage more or less'), ('add', 'An amount more or less'), ('minimum', 'At least'), ('maximum', 'At most')], max_length=16, verbose_name='effect'),
        ),
        migrations.AddField(
            model_name='knowndistance',
            name='destination',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.namedplace', verbose_name='to'),
        ),
        migrations.AddField(
            model_name='knowndistance',
            name='organization',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization'),
        ),
        migrations.AddField(
            model_name='knowndistance',
            name='origin',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.namedplace', verbose_name='from'),
        ),
        migrations.AddField(
            model_name='zone',
            name='organization',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization'),
        ),
        migrations.AddField(
            model_name='tariffrule',
            name='from_zone',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pricing.zone', verbose_name='from (zone)'),
        ),
        migrations.AddField(
            model_name='tariffrule',
            name='to_zone',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pricing.zone', verbose_name='to (zone)'),
        ),
        migrations.AddConstraint(
            model_name='tariffrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount', None), ('effect', 'percent'), ('percent__gte', -100), ('percent__isnull', False)), models.Q(('amount__isnull', False), ('effect', 'add'), ('percent', None)), models.Q(('amount', None), ('effect', 'by_zones'), ('percent', None)), models.Q(models.Q(('effect__in', ['percent', 'add', 'by_zones']), _negated=True), ('amount__gte', 0), ('amount__isnull', False), ('percent', None)), _connector='OR'), name='rule_has_what_its_effect_needs'),
        ),
        migrations.AddConstraint(
            model_name='tariffrule',
            constraint=models.CheckConstraint(condition=models.Q(('instead', False), ('effect__in', ['base', 'per_hour', 'per_person', 'per_km', 'by_zones']), _connector='OR'), name='rule_in_place_is_a_price'),
        ),
        migrations.AddConstraint(
            model_name='tariffrule',
            constraint=models.CheckConstraint(condition=models.Q(('included_km', 0), ('effect', 'per_km'), _connector='OR'), name='rule_km_are_of_distance'),
        ),
        migrations.AddConstraint(
            model_name='tariffrule',
            constraint=models.CheckConstraint(condition=models.Q(('zones_only', False), ('effect', 'by_zones'), _connector='OR'), name='rule_refuses_ways_by_its_table'),
        ),
        migrations.AddField(
            model_name='zoneprice',
            name='destination',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pricing.zone', verbose_name='to'),
        ),
        migrations.AddField(
            model_name='zoneprice',
            name='organization',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization'),
        ),
        migrations.AddField(
            model_name='zoneprice',
            name='origin',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pricing.zone', verbose_name='from'),
        ),
        migrations.AddField(
            model_name='zoneprice',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='zone_prices', to='pricing.tariffrule', verbose_name='rule'),
        ),
        migrations.AddConstraint(
            model_name='knowndistance',
            constraint=models.UniqueConstraint(fields=('organization', 'origin', 'destination'), name='distance_once'),
        ),
        migrations.AddConstraint(
            model_name='knowndistance',
            constraint=models.CheckConstraint(condition=models.Q(('metres__gte', 1)), name='distance_is_one'),
        ),
        migrations.AddConstraint(
            model_name='zoneprice',
            constraint=models.UniqueConstraint(fields=('rule', 'origin', 'destination'), name='zone_price_once'),
        ),
        *[ProtectTable(table) for table in TABLES],
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER raise_catalog_version AFTER INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION holdfast_raise_catalog_version();",
                f"DROP TRIGGER raise_catalog_version ON {table};",
            )
            for table in TABLES
        ],
    ]
