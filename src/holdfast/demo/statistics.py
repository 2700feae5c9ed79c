"""What the planner knows of the tables."""

import psycopg

FILLED_TABLES = ("bookings_booking", "bookings_allocation", "bookings_transition", "bookings_note", "events_event")


def refresh(owner_url: str) -> None:
    """Tell PostgreSQL how much there is, at once, as the tables' owner.

    Autovacuum would within a minute or two; until then it takes thousands of freshly loaded rows for a handful, and
    joins them one by one (a list of the desk then needs half a minute).
    """
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(f"ANALYZE {', '.join(FILLED_TABLES)}")
