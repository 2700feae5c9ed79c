"""Which resources fit a requirement: said once, for the compiled catalog, the configuration and the bookings to come.

As everywhere in migrations, a later change is a new migration that replaces the functions.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION catalog_has(has jsonb, asked jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    -- A number asks for at least as much, anything else for exactly that. What is not there is not enough.
    SELECT coalesce(bool_and(CASE jsonb_typeof(each.value)
        WHEN 'number' THEN coalesce(jsonb_typeof(has -> each.key) = 'number' AND has -> each.key >= each.value, false)
        ELSE coalesce(has -> each.key = each.value, false)
    END), true) FROM jsonb_each(asked) each
$$;
CREATE FUNCTION catalog_fits(resource catalog_resource, requirement catalog_requirement) RETURNS boolean
    LANGUAGE sql STABLE AS $$
    SELECT resource.kind = requirement.kind AND resource.skills @> requirement.skills
        AND (requirement.team_id IS NULL OR requirement.team_id IS NOT DISTINCT FROM resource.team_id)
        AND (requirement.attributes = '{}' OR catalog_has(resource.attributes, requirement.attributes))
$$;
ALTER TABLE catalog_resource ADD CONSTRAINT resource_attributes_named CHECK (jsonb_typeof(attributes) = 'object');
ALTER TABLE catalog_requirement ADD CONSTRAINT requirement_attributes_named CHECK (jsonb_typeof(attributes) = 'object');
"""
UNDO = """
ALTER TABLE catalog_requirement DROP CONSTRAINT requirement_attributes_named;
ALTER TABLE catalog_resource DROP CONSTRAINT resource_attributes_named;
DROP FUNCTION catalog_fits(catalog_resource, catalog_requirement);
DROP FUNCTION catalog_has(jsonb, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0009_counts_attributes_and_own_rules")]
    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
