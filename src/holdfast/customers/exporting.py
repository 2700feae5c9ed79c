"""Everything kept of an address, as plain JSON (GDPR, articles 15 and 20). In the organization's transaction."""

from typing import Any

from holdfast.bookings.models import Booking
from holdfast.bookings.queries import booking_document
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.customers.models import CustomerAccount, ErasureRequest
from holdfast.customers.queries import attended_by, entries_of, everything_of
from holdfast.waiting.queries import entry_document


def collected(account: CustomerAccount, organization: Organization) -> dict[str, Any]:
    """Times are RFC 3339; money is minor units with a currency. What opens something (hashes, keys) is left out."""
    email = account.email
    bookings = everything_of(email).select_related("service", "chosen_resource", "organization")
    return {
        "organization": {"name": organization.name, "address": organization.address, "email": organization.email},
        "made_at": _time(clock.now()),
        "account": _account(account),
        "bookings": [_booking(organization, each) for each in bookings.order_by("created_at", "id")],
        "attending": [_attending(each, email) for each in attended_by(email)],
        "waiting_list": [entry_document(organization, each, signed=False) for each in entries_of(email)],
        "erasure_requests": [
            {"asked_at": _time(each.asked_at), "confirmed_at": _time(each.confirmed_at)}
            for each in ErasureRequest.objects.filter(email=email)
        ],
    }


def _account(account: CustomerAccount) -> dict[str, Any]:
    return {
        "email": account.email,
        "language": account.locale,
        "created_at": _time(account.created_at),
        "signed_in_at": _time(account.signed_in_at),
        "has_password": bool(account.password),
        "passkeys": [
            {"name": each.name, "added_at": _time(each.created_at), "used_at": _time(each.used_at)}
            for each in account.passkeys.all()
        ],
        "sessions": [
            {"began_at": _time(each.created_at), "by": each.way, "ends_at": _time(each.expires_at)}
            for each in account.sessions.all()
        ],
    }


def _booking(organization: Organization, booking: Booking) -> dict[str, Any]:
    return {
        **booking_document(organization, booking, signed=False),
        "history": [
            {"at": _time(each.at), "action": each.action, "by": each.actor_kind, "reason": each.reason}
            for each in booking.transitions.all()
        ],
        "money": [
            {"at": _time(each.at), "kind": each.kind, "amount": each.amount, "currency": each.currency}
            | {"card": each.details.get("card", "")}
            for each in booking.ledger.all()
        ],
        "consents": [{"at": _time(each.at), "text": each.text} for each in booking.consents.all()],
        "notes": [{"at": _time(each.at), "text": each.text} for each in booking.notes.all()],
    }


def _attending(booking: Booking, email: str) -> dict[str, Any]:
    """What somebody else's booking says of them, and nothing of the others."""
    named = [each for each in booking.attendees if each.get("email", "").lower() == email]
    return {"reference": booking.reference, "starts_at": _time(booking.starts_at), "as": named}


def _time(at: Any) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
