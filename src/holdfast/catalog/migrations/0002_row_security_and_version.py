"""Row security, and the version number that every change of the catalog raises."""

from django.db import migrations

from holdfast.core.row_security import ProtectTable

TABLES = ["team", "resource", "service", "requirement", "question", "workinghours", "hoursexception", "closure"]

VERSION_FUNCTIONS = """
CREATE FUNCTION holdfast_catalog_lock() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT hashtextextended('catalog ' || coalesce(holdfast_tenant()::text, ''), 0) $$;
CREATE FUNCTION holdfast_raise_catalog_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog_organization SET catalog_version = catalog_version + 1 WHERE id = holdfast_tenant();
    RETURN NULL;
END $$;
CREATE FUNCTION holdfast_organization_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Bookings keep the catalog they were decided by until they commit (core/locking.py): wait for them.
    PERFORM pg_advisory_xact_lock(holdfast_catalog_lock());
    IF NEW.catalog_version <= OLD.catalog_version THEN
        NEW.catalog_version = OLD.catalog_version + 1;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER raise_catalog_version BEFORE UPDATE ON catalog_organization
    FOR EACH ROW EXECUTE FUNCTION holdfast_organization_changed();
"""
UNDO_FUNCTIONS = """
DROP TRIGGER raise_catalog_version ON catalog_organization;
DROP FUNCTION holdfast_organization_changed();
DROP FUNCTION holdfast_raise_catalog_version();
DROP FUNCTION holdfast_catalog_lock();
"""


def version_trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER raise_catalog_version AFTER INSERT OR UPDATE OR DELETE ON catalog_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION holdfast_raise_catalog_version();",
        f"DROP TRIGGER raise_catalog_version ON catalog_{table};",
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial"), ("core", "0003_row_security")]
    operations = [
        migrations.RunSQL(VERSION_FUNCTIONS, UNDO_FUNCTIONS),
        # The directory of organizations is public (an address must be found before its tenant is known).
        ProtectTable("catalog_organization", column="id", readable="true"),
        *[ProtectTable(f"catalog_{table}") for table in TABLES],
        *[version_trigger(table) for table in TABLES],
    ]
