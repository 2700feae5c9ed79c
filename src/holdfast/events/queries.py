"""Reading the event log without losing a row (Law 5)."""

from typing import Any
from uuid import UUID

from django.db import connection

from holdfast.events.following import STANDING, STANDING_COLUMNS, UNSEEN, Place, Standing
from holdfast.events.models import Event

NEWS = f"""
SELECT {STANDING}, (SELECT array_agg(id) FROM events_event WHERE organization_id = %(organization)s AND {UNSEEN})
"""  # noqa: S608 - put together from constants


def read_unseen(*, organization_id: UUID, place: Place) -> tuple[list[Event], Place]:
    """The organization's events that became visible since `place`, in order of their ids, and the place to go on from.

    Inside the tenant's transaction. Begin with `following.BEGINNING`.
    """
    parameters: dict[str, Any] = {"organization": organization_id, "low": place.low, "seen": place.seen}
    with connection.cursor() as cursor:
        cursor.execute(NEWS, parameters)
        row = cursor.fetchone()
    assert row is not None  # noqa: S101 - an aggregate has a row
    ids = row[STANDING_COLUMNS] or []
    events = list(Event.objects.filter(id__in=ids).order_by("id")) if ids else []
    return events, place.moved(Standing(*row[:STANDING_COLUMNS]))


def of_subject(subject: UUID) -> list[Event]:
    """All events of one subject, oldest first."""
    return list(Event.objects.filter(subject=subject).order_by("id"))
