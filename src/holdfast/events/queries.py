"""Reading the event log without losing a row (Law 5)."""

from uuid import UUID

from holdfast.events.models import Event

# Every transaction older than this snapshot's horizon has ended, so nothing below it can still appear.
BELOW_HORIZON = "xid < pg_snapshot_xmin(pg_current_snapshot())"


def read_after(*, last_id: int, limit: int = 500) -> list[Event]:
    """Events with `id > last_id`, in order, up to the horizon; call again with the last id returned.

    A reader by id alone loses rows: ids are given before commit, so a slower transaction's lower id appears later.
    """
    return list(Event.objects.extra(where=[BELOW_HORIZON]).filter(id__gt=last_id).order_by("id")[:limit])  # noqa: S610


def of_subject(subject: UUID) -> list[Event]:
    """All events of one subject, oldest first."""
    return list(Event.objects.filter(subject=subject).order_by("id"))
