"""Periodic tidying. Nothing depends on it: expired holds block nobody and old answers are never given (Law 2)."""

from procrastinate import JobContext

from holdfast.bookings.holds import expiring
from holdfast.catalog.queries import organization_ids
from holdfast.core import idempotency


def release_expired_holds(context: JobContext, timestamp: int) -> None:
    """Periodic: expire what has run out, so that lists and live pages say so."""
    for organization_id in organization_ids():
        expiring.release_expired_holds(organization_id=organization_id)


def forget_old_answers(context: JobContext, timestamp: int) -> None:
    """Periodic: forget the answers remembered for keys older than a day."""
    for organization_id in organization_ids():
        idempotency.forget_old_answers(organization_id=organization_id)
