"""The ways to pay that an organization offers."""

import django.db.models.deletion
import holdfast.core.keys
from django.db import migrations, models

from holdfast.core.row_security import ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0011_public_attributes'),
        ('pricing', '0002_promotions_and_rates'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaymentOption',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('method', models.CharField(choices=[('card', 'Card, in advance'), ('checkout', 'Payment page'), ('card_on_file', 'Card kept, charged later'), ('on_site', 'On site')], max_length=16, verbose_name='payment method')),
                ('position', models.PositiveSmallIntegerField(default=10, verbose_name='position')),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization')),
            ],
            options={
                'verbose_name': 'payment option',
                'verbose_name_plural': 'payment options',
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('organization', 'method'), name='payment_option_once')],
            },
        ),
        ProtectTable("pricing_paymentoption"),
        migrations.RunSQL(
            "CREATE TRIGGER raise_catalog_version AFTER INSERT OR UPDATE OR DELETE ON pricing_paymentoption "
            "FOR EACH STATEMENT EXECUTE FUNCTION holdfast_raise_catalog_version();",
            "DROP TRIGGER raise_catalog_version ON pricing_paymentoption;",
        ),
    ]
