"""What the application's role may do: work with rows, and nothing to the schema or to history."""

from django.db import connection
from psycopg import sql

# History is added to, never rewritten; the rules of transitions are read.
APPEND_ONLY = (
    "events_event",
    "bookings_transition",
    "bookings_keptbooking",
    "bookings_limitoverride",
    "payments_ledgerentry",
    "payments_consent",
    "bookings_promotionuse",
)
READ_ONLY = ("bookings_legal_transition", "django_migrations")


def grant_to(role: str) -> None:
    """Give `role` its rights on every table of the schema; run by the owner after each migration."""
    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
        ):
            cursor.execute(sql.SQL(statement).format(role=name))
        for table in APPEND_ONLY:
            cursor.execute(sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(table), name))
        for table in READ_ONLY:
            cursor.execute(sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(table), name))
