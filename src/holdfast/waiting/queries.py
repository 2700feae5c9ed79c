"""Reading the waiting list, inside the tenant's transaction."""

from uuid import UUID

from django.conf import settings

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core.errors import NotFound
from holdfast.waiting.links import entry_token, offer_token
from holdfast.waiting.models import WaitingEntry, WaitingOffer


def entry_by_id(entry_id: UUID) -> WaitingEntry:
    """Raises NotFound."""
    found = WaitingEntry.objects.select_related("service", "chosen_resource").filter(id=entry_id).first()
    if found is None:
        raise NotFound
    return found


def offer_by_id(offer_id: UUID) -> WaitingOffer:
    """With its entry. Raises NotFound."""
    offers = WaitingOffer.objects.select_related("entry", "entry__service", "entry__chosen_resource")
    found = offers.filter(id=offer_id).first()
    if found is None:
        raise NotFound
    return found


def offer_of_booking(booking_id: UUID) -> WaitingOffer | None:
    """The offer that stands and holds this booking's time, with its entry."""
    offers = WaitingOffer.objects.select_related("entry", "entry__service", "entry__chosen_resource")
    return offers.filter(booking_id=booking_id, outcome="").first()


def open_offer(entry: WaitingEntry) -> WaitingOffer | None:
    """What the entry is offered now, if anything, with the booking that holds it."""
    return WaitingOffer.objects.select_related("booking").filter(entry=entry, outcome="").first()


def booking_of(offer: WaitingOffer) -> Booking:
    return Booking.objects.select_related("service", "chosen_resource", "organization").get(id=offer.booking_id)


def entry_url(organization: Organization, entry: WaitingEntry) -> str:
    """The signed page on which its bearer sees their place in the line and gives it up."""
    return f"{settings.BASE_URL}/{organization.slug}/waiting/{entry_token(entry.id)}/"


def offer_url(organization: Organization, offer: WaitingOffer) -> str:
    """The signed page on which its bearer books the offered time."""
    return f"{settings.BASE_URL}/{organization.slug}/booking/offer/{offer_token(offer.id)}/"
