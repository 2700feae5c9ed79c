import django.db.models.deletion
import holdfast.core.keys
from django.db import migrations, models
from holdfast.core.row_security import ProtectTable

# For the table's owner, too, no row is there outside a tenant's transaction: while they are copied they are.
KEEP_WHAT_THERE_IS = """
    ALTER TABLE pricing_promotion NO FORCE ROW LEVEL SECURITY;
    INSERT INTO pricing_promotionservice (id, organization_id, promotion_id, service_id)
        SELECT gen_random_uuid(), organization_id, id, service_id FROM pricing_promotion WHERE service_id IS NOT NULL;
    ALTER TABLE pricing_promotion FORCE ROW LEVEL SECURITY;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0013_named_places'),
        ('pricing', '0008_hold_within_the_banks_days'),
    ]

    operations = [
        migrations.CreateModel(
            name='PromotionService',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalog.organization')),
                ('promotion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meant_for', to='pricing.promotion')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='catalog.service', verbose_name='service')),
            ],
            options={
                'verbose_name': 'service it is for',
                'verbose_name_plural': 'services it is for',
                'constraints': [models.UniqueConstraint(fields=('promotion', 'service'), name='promotion_meant_once')],
            },
        ),
        # Before the table is protected, and before its changes count as the catalog's.
        migrations.RunSQL(KEEP_WHAT_THERE_IS, migrations.RunSQL.noop),
        ProtectTable("pricing_promotionservice"),
        migrations.RunSQL(
            "CREATE TRIGGER raise_catalog_version AFTER INSERT OR UPDATE OR DELETE ON pricing_promotionservice "
            "FOR EACH STATEMENT EXECUTE FUNCTION holdfast_raise_catalog_version();",
            "DROP TRIGGER raise_catalog_version ON pricing_promotionservice;",
        ),
        migrations.RemoveField(model_name='promotion', name='service'),
    ]
