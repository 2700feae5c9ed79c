"""What the database itself refuses: other organizations' rows, illegal transitions, lost updates, rewritten history."""

from django.db import migrations

from holdfast.core.row_security import ProtectTable

# `domain/lifecycle.py` as it was at this migration; tests/bookings/test_database_guards.py compares the two.
# An empty source is a new row.
LEGAL = [
    ("", "held"), ("", "requested"), ("", "confirmed"), ("", "pending_payment"),
    ("held", "pending_payment"), ("held", "requested"), ("held", "confirmed"), ("held", "expired"),
    ("pending_payment", "confirmed"),
    ("pending_payment", "cancelled"), ("pending_payment", "expired"),
    ("requested", "confirmed"), ("requested", "cancelled"),
    ("confirmed", "in_progress"), ("confirmed", "completed"), ("confirmed", "cancelled"), ("confirmed", "no_show"),
    ("in_progress", "completed"), ("in_progress", "no_show"),
]  # fmt: skip

RULES = f"""
CREATE TABLE bookings_legal_transition (
    from_state varchar(16) NOT NULL, to_state varchar(16) NOT NULL, PRIMARY KEY (from_state, to_state)
);
INSERT INTO bookings_legal_transition VALUES {", ".join(f"('{source}', '{target}')" for source, target in LEGAL)};

CREATE FUNCTION holdfast_guard_booking() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    source varchar := CASE WHEN TG_OP = 'INSERT' THEN '' ELSE OLD.state END;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION 'booking % changed from version % to %: every change raises it by one', OLD.id, OLD.version, NEW.version
            USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_version_rises';
    END IF;
    IF source IS DISTINCT FROM NEW.state AND NOT EXISTS (
        SELECT FROM bookings_legal_transition WHERE from_state = source AND to_state = NEW.state
    ) THEN
        RAISE EXCEPTION 'a booking cannot go from "%" to "%"', source, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_transition_legal';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_booking BEFORE INSERT OR UPDATE ON bookings_booking
    FOR EACH ROW EXECUTE FUNCTION holdfast_guard_booking();
CREATE TRIGGER append_only BEFORE UPDATE ON bookings_transition
    FOR EACH ROW EXECUTE FUNCTION holdfast_append_only();
"""
UNDO = """
DROP TRIGGER append_only ON bookings_transition;
DROP TRIGGER guard_booking ON bookings_booking;
DROP FUNCTION holdfast_guard_booking();
DROP TABLE bookings_legal_transition;
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial"), ("core", "0003_row_security"), ("events", "0002_row_security")]
    operations = [
        ProtectTable("bookings_booking"),
        ProtectTable("bookings_allocation"),
        ProtectTable("bookings_transition"),
        ProtectTable("bookings_note"),
        migrations.RunSQL(RULES, UNDO),
    ]
