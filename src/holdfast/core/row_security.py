"""Migration operations for row-level security: every table of an organization gets the same lock on its door."""

from django.db.migrations.operations import RunSQL

TENANT_FUNCTIONS = """
CREATE OR REPLACE FUNCTION holdfast_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT NULLIF(current_setting('holdfast.organization', true), '')::uuid $$;
CREATE OR REPLACE FUNCTION holdfast_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT NULLIF(current_setting('holdfast.user', true), '')::uuid $$;
"""


class CreateTenantFunctions(RunSQL):
    """What policies ask: for whom does this transaction work?"""

    def __init__(self) -> None:
        super().__init__(TENANT_FUNCTIONS, "DROP FUNCTION holdfast_tenant(); DROP FUNCTION holdfast_user();")


class ProtectTable(RunSQL):
    """Show and accept only rows of the transaction's organization, for the table's owner too (FORCE).

    `(SELECT holdfast_tenant())` is evaluated once for a statement and not once for a row.
    `readable` widens what may be read, never what may be written.
    """

    def __init__(self, table: str, *, column: str = "organization_id", readable: str | None = None) -> None:
        own = f"{column} = (SELECT holdfast_tenant())"
        forward = f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY own_rows ON {table} USING ({own}) WITH CHECK ({own});
        """
        if readable:
            forward += f"CREATE POLICY readable ON {table} FOR SELECT USING ({readable});"
        backward = f"""
            DROP POLICY own_rows ON {table}; DROP POLICY IF EXISTS readable ON {table};
            ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """
        super().__init__(forward, backward)
