"""Reading the waiting list, inside the tenant's transaction."""

from typing import Any
from uuid import UUID

from django.conf import settings

from holdfast.bookings.details import extras
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import NotFound
from holdfast.domain.hours import from_minute
from holdfast.domain.waiting import ACTIVE
from holdfast.waiting.links import entry_token, offer_token
from holdfast.waiting.models import WaitingEntry, WaitingOffer, WaitingState


def entry_by_id(entry_id: UUID) -> WaitingEntry:
    """Raises NotFound."""
    found = (
        WaitingEntry.objects.select_related("organization", "service", "chosen_resource").filter(id=entry_id).first()
    )
    if found is None:
        raise NotFound
    return found


def offer_by_id(offer_id: UUID | str) -> WaitingOffer:
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


def last_offer(entry: WaitingEntry) -> WaitingOffer | None:
    """What the entry is offered or was offered last, with its booking."""
    return WaitingOffer.objects.select_related("booking").filter(entry=entry).order_by("-offered_at", "-id").first()


def active() -> list[WaitingEntry]:
    """Everybody in line, the longest waiting first."""
    entries = WaitingEntry.objects.select_related("organization", "service", "chosen_resource")
    return list(entries.filter(state__in=ACTIVE).order_by("joined_at", "id"))


def booking_of(offer: WaitingOffer) -> Booking:
    return Booking.objects.select_related("service", "chosen_resource", "organization").get(id=offer.booking_id)


def language_of(entry: WaitingEntry, organization: Organization) -> str:
    """The language to write to a person in: theirs where we speak it, else the business's own."""
    wanted = entry.customer_locale.split("-")[0].lower()
    return wanted if wanted in dict(settings.LANGUAGES) else str(organization.default_language)


def entry_document(organization: Organization, entry: WaitingEntry, *, signed: bool = True) -> dict[str, Any]:
    """An entry as the API gives it; `signed`: with the link and token that let their bearer change it."""
    offer = open_offer(entry) if entry.state == WaitingState.OFFERED else None
    return {
        "id": str(entry.id),
        "state": entry.state,
        "service": entry.service.slug,
        "from": entry.first_date.isoformat(),
        "until": entry.last_date.isoformat(),
        "earliest": _time(entry.since_minute),
        "latest": _time(entry.until_minute),
        "resource": entry.chosen_resource.slug if entry.chosen_resource else None,
        "party_size": entry.party_size,
        "duration_minutes": entry.duration_minutes,
        "extras": extras.documents_of(entry.extras),
        "joined_at": entry.joined_at.isoformat(timespec="seconds"),
        "customer": {
            "name": entry.customer_name,
            "email": entry.customer_email,
            "phone": entry.customer_phone,
            "locale": entry.customer_locale,
            "time_zone": entry.customer_time_zone,
        },
        "offer": _offer_document(organization, offer) if offer else None,
        "token": entry_token(entry.id) if signed else None,
        "manage_url": entry_url(organization, entry) if signed else None,
    }


def _offer_document(organization: Organization, offer: WaitingOffer) -> dict[str, str]:
    zone = organization.time_zone
    start, end = clock.to_minute(offer.booking.starts_at), clock.to_minute(offer.booking.ends_at)
    return {
        "starts_at": from_minute(zone, start).isoformat(timespec="seconds"),
        "ends_at": from_minute(zone, end).isoformat(timespec="seconds"),
        "expires_at": offer.expires_at.isoformat(timespec="seconds"),
    }


def _time(minute: int) -> str:
    """24:00 is the end of the day (ISO 8601-1, 4.2.3)."""
    return f"{minute // 60:02}:{minute % 60:02}"


def entry_url(organization: Organization, entry: WaitingEntry) -> str:
    """The signed page on which its bearer sees their place in the line and gives it up."""
    return f"{settings.BASE_URL}/{organization.slug}/waiting/{entry_token(entry.id)}/"


def offer_url(organization: Organization, offer: WaitingOffer) -> str:
    """The signed page on which its bearer books the offered time."""
    return f"{settings.BASE_URL}/{organization.slug}/booking/offer/{offer_token(offer.id)}/"
