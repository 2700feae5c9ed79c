"""Other organizations' rows are not there, and the ledger is only added to: not even its owner changes or removes."""

from django.db import migrations

from holdfast.core.row_security import ProtectTable

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON payments_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION holdfast_append_only();
CREATE TRIGGER append_only_as_a_whole BEFORE TRUNCATE ON payments_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION holdfast_append_only();
"""
UNDO = """
DROP TRIGGER append_only ON payments_ledgerentry;
DROP TRIGGER append_only_as_a_whole ON payments_ledgerentry;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("core", "0003_row_security"), ("events", "0002_row_security")]
    operations = [
        ProtectTable("payments_stripeaccount"),
        ProtectTable("payments_webhooksecret"),
        ProtectTable("payments_payment"),
        ProtectTable("payments_ledgerentry"),
        ProtectTable("payments_inboxevent"),
        migrations.RunSQL(APPEND_ONLY, UNDO),
    ]
