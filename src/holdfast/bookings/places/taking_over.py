"""A held time whose customer becomes known: whoever served them last takes it over, if free."""

from holdfast.bookings.assignment.assigning import Chooser
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Customer
from holdfast.bookings.models import Booking
from holdfast.bookings.places import placing
from holdfast.bookings.places.among import Among
from holdfast.bookings.places.placing import Placement
from holdfast.catalog.models import Organization
from holdfast.core.errors import HoldfastError
from holdfast.domain.assignment import Policy


def by_who_knows(
    organization: Organization, held: Booking, wish: Wish, customer: Customer, among: Among | None = None
) -> Placement | None:
    """Where a hold goes: to who served the customer last, where the service asks for that and they are free.

    None where it stays: nobody did, its resource was chosen by name, or the time itself could not be chosen anew.
    Nothing is claimed yet: that comes after the limits' and the promotion's locks, of which this takes its part.
    """
    if held.service.assign_by != Policy.LAST_SEEN or held.chosen_resource_id:
        return None
    # With the telephone number, too: all locks of the customer's limits are taken at once, in their order.
    chooser = Chooser(held.id, customer.email, customer.phone, moving=held, stays=False)
    try:
        placement = placing.place(organization, wish, held.starts_at, chooser, among=among)
    except HoldfastError:
        return None
    return placement if any(entry["code"] == Policy.LAST_SEEN for entry in placement.assigned) else None
