"""Places that have a name, and which services ask where."""

import django.core.validators
import django.db.models.deletion
import holdfast.core.fields
import holdfast.core.keys
from django.db import migrations, models

from holdfast.core.row_security import ProtectTable

# What decides a price is part of the catalog: a change raises its version, and plans are made anew.
TABLES = ["catalog_namedplace"]


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0012_extras'),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='detour_percent',
            field=models.PositiveSmallIntegerField(db_default=30, default=30, help_text='For prices by distance between places whose distance is not written down.', validators=[django.core.validators.MaxValueValidator(200)], verbose_name='roads are longer than the straight line by (percent)'),
        ),
        migrations.AddField(
            model_name='service',
            name='asks_places',
            field=models.CharField(choices=[('none', 'Nowhere: at the business, or said otherwise'), ('one', 'One place, where it is done'), ('way', 'A pick-up and a drop-off')], db_default='none', default='none', max_length=8, verbose_name='asks where'),
        ),
        migrations.CreateModel(
            name='NamedPlace',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('slug', models.CharField(max_length=50, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(-[a-z0-9]+)*$', 'Use small letters, digits and single hyphens.')], verbose_name='slug')),
                ('name', holdfast.core.fields.LocalizedField(default=dict, verbose_name='name')),
                ('latitude', models.DecimalField(decimal_places=7, help_text='North is positive: 48.8566 for Paris.', max_digits=9, validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)], verbose_name='latitude')),
                ('longitude', models.DecimalField(decimal_places=7, help_text='East is positive: 2.3522 for Paris.', max_digits=10, validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)], verbose_name='longitude')),
                ('position', models.SmallIntegerField(default=0, verbose_name='position')),
                ('is_active', models.BooleanField(default=True, verbose_name='can be chosen')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization')),
            ],
            options={
                'verbose_name': 'place',
                'verbose_name_plural': 'places',
                'ordering': ['position', 'slug'],
            },
        ),
        migrations.AddField(
            model_name='service',
            name='usual_dropoff',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalog.namedplace', verbose_name='usual drop-off'),
        ),
        migrations.AddField(
            model_name='service',
            name='usual_pickup',
            field=models.ForeignKey(blank=True, help_text='Chosen already when the page opens.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalog.namedplace', verbose_name='usual pick-up, or place'),
        ),
        migrations.AddConstraint(
            model_name='namedplace',
            constraint=models.UniqueConstraint(fields=('organization', 'slug'), name='place_slug_once'),
        ),
        migrations.AddConstraint(
            model_name='namedplace',
            constraint=models.CheckConstraint(condition=models.Q(('latitude__gte', -90), ('latitude__lte', 90), ('longitude__gte', -180), ('longitude__lte', 180)), name='place_is_on_earth'),
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
