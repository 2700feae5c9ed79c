"""The one write of the wizard: booking what was chosen, once, however often it is sent."""

from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from holdfast.bookings import actions
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Details
from holdfast.bookings.details.terms import fingerprint
from holdfast.bookings.errors import HoldExpired
from holdfast.bookings.models import Booking
from holdfast.bookings.repeats import answer_settled, patiently
from holdfast.bookings.stops.fields import with_addresses
from holdfast.catalog.models import Organization
from holdfast.core.idempotency import Answer
from holdfast.domain.pricing.paying import Tip
from holdfast.series import actions as series_actions
from holdfast.series import repeat_page
from holdfast.series.choices import Choices
from holdfast.wizard.errors import PriceChanged
from holdfast.wizard.flow import Flow


def book(
    *,
    organization: Organization,
    flow: Flow,
    details: Details,
    addresses: dict[str, str],
    shown_amount: int,
    shown_terms: str,
    tip: Tip | None = None,
) -> Answer:
    """Book the flow's selection: its hold, or the same time anew if the hold has run out.

    `addresses`: by end of the way.

    The answer's body has the `reference` when its status is 201, else it is a problem document that will not change.
    Raises PriceChanged when the price, or what cancelling costs, is not what was shown (`terms.fingerprint`), and what
    `actions.book` raises.
    """
    attempt = _book_series if flow.series else partial(_book_one, tip)
    request = {
        "selection": asdict(flow.selection),
        "series": flow.series,
        "details": asdict(details),
        "addresses": addresses,
        "amount": shown_amount,
        **({"tip": [tip.amount, int(tip.percent)]} if tip else {}),
    }
    wish = with_addresses(flow.selection.wish(), addresses)

    def work() -> Answer:
        try:
            booked = attempt(organization, flow, wish, details, flow.hold_id)
        except HoldExpired:
            booked = attempt(organization, flow, wish, details, None)
        total, terms = sum(booking.price_amount for booking in booked), fingerprint(booked[0].terms)
        if (total, terms) != (shown_amount, shown_terms):
            raise PriceChanged
        return Answer(201, {"reference": booked[0].reference})

    return patiently(
        lambda: answer_settled(
            organization_id=organization.id, key=flow.key, operation="wizard.book", request=request, work=work
        )
    )


def _book_one(
    tip: Tip | None, organization: Organization, flow: Flow, wish: Wish, details: Details, hold_id: UUID | None
) -> list[Booking]:
    booked = actions.book_once(
        organization=organization,
        wish=replace(wish, tip=tip),
        starts_at=_starts_at(flow),
        details=details,
        hold_id=hold_id,
    )
    return [booked]


def _book_series(
    organization: Organization, flow: Flow, wish: Wish, details: Details, hold_id: UUID | None
) -> list[Booking]:
    """All dates, the first of them first."""
    wanted = repeat_page.asked_for(organization, wish, Choices.of(flow.series or {}), _starts_at(flow))
    return series_actions.book_once(organization=organization, asked=wanted, details=details, hold_id=hold_id).bookings


def _starts_at(flow: Flow) -> datetime:
    starts_at = flow.selection.starts_at
    assert starts_at is not None  # noqa: S101 - nothing is booked without a hold
    return starts_at
