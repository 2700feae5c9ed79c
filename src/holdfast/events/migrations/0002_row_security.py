"""Events belong to one organization, and are only ever added."""

from django.db import migrations

from holdfast.core.row_security import ProtectTable

APPEND_ONLY = """
CREATE FUNCTION holdfast_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE ON events_event FOR EACH ROW EXECUTE FUNCTION holdfast_append_only();
"""
UNDO = "DROP TRIGGER append_only ON events_event; DROP FUNCTION holdfast_append_only();"


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial"), ("core", "0003_row_security")]
    operations = [ProtectTable("events_event"), migrations.RunSQL(APPEND_ONLY, UNDO)]
