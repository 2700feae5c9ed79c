"""Jobs of the waiting list."""

from uuid import UUID

from procrastinate import JobContext
from procrastinate.contrib.django import app

from holdfast.bookings.holds import expiring
from holdfast.catalog.queries import organization_ids
from holdfast.core.jobs import Backoff
from holdfast.waiting import actions, offering


@app.task(name="waiting.offer_what_is_free", queue="waiting", retry=Backoff())
def offer_what_is_free(organization_id: str) -> None:
    """Right after a place became free whose next holder could not be decided in the transaction that freed it."""
    offering.offer_to_all(organization_id=UUID(organization_id))


def pass_on_waiting_places(context: JobContext, timestamp: int) -> None:
    """Periodic: end what ran out, close what is over, and offer whatever is free, also by new hours."""
    for organization_id in organization_ids():
        expiring.release_expired_holds(organization_id=organization_id)
        actions.expire_entries(organization_id=organization_id)
        offering.offer_to_all(organization_id=organization_id)
