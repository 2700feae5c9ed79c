"""What customers agreed to, kept: added to, never changed or removed, and no other organization's."""

import django.db.models.deletion
from django.db import migrations, models

import holdfast.core.keys
from holdfast.core.row_security import ProtectTable

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON payments_consent
    FOR EACH ROW EXECUTE FUNCTION holdfast_append_only();
CREATE TRIGGER append_only_as_a_whole BEFORE TRUNCATE ON payments_consent
    FOR EACH STATEMENT EXECUTE FUNCTION holdfast_append_only();
"""
UNDO = """
DROP TRIGGER append_only ON payments_consent;
DROP TRIGGER append_only_as_a_whole ON payments_consent;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0014_paying'),
        ('catalog', '0011_public_attributes'),
        ('payments', '0003_too_late'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(default=holdfast.core.keys.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('language', models.CharField(max_length=8)),
                ('at', models.DateTimeField()),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='bookings.booking')),
                ('organization', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.organization')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='payments.payment')),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('payment', 'language', 'text'), name='consent_once')],
            },
        ),
        ProtectTable("payments_consent"),
        migrations.RunSQL(APPEND_ONLY, UNDO),
    ]
