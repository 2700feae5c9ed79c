"""The one write of the wizard: booking what was chosen, once, however often it is sent."""

from dataclasses import asdict

from holdfast.bookings import actions
from holdfast.bookings.details.columns import Details
from holdfast.bookings.errors import HoldExpired
from holdfast.bookings.models import Booking
from holdfast.bookings.repeats import answer_settled, patiently
from holdfast.catalog.models import Organization
from holdfast.core.idempotency import Answer
from holdfast.series import actions as series_actions
from holdfast.series import repeat_page
from holdfast.series.choices import Choices
from holdfast.wizard.errors import PriceChanged
from holdfast.wizard.flow import Flow


def book(*, organization: Organization, flow: Flow, details: Details, shown_amount: int) -> Answer:
    """Book the flow's selection: its hold, or the same time anew if the hold has run out.

    The answer's body has the `reference` when its status is 201, else it is a problem document that will not change.
    Raises PriceChanged when the price is not the one that was shown, and what `actions.book` raises.
    """
    selection = flow.selection
    starts_at = selection.starts_at
    assert starts_at is not None  # noqa: S101 - nothing is booked without a hold

    def attempt(hold: bool) -> Booking:
        return actions.book_once(
            organization=organization,
            wish=selection.wish(),
            starts_at=starts_at,
            details=details,
            hold_id=flow.hold_id if hold else None,
        )

    def series(hold: bool) -> Answer:
        wanted = repeat_page.asked_for(organization, selection.wish(), Choices.of(flow.series or {}), starts_at)
        booked = series_actions.book_once(
            organization=organization, asked=wanted, details=details, hold_id=flow.hold_id if hold else None
        )
        if sum(booking.price_amount for booking in booked.bookings) != shown_amount:
            raise PriceChanged
        return Answer(201, {"reference": booked.bookings[0].reference})

    def work() -> Answer:
        if flow.series:
            try:
                return series(hold=True)
            except HoldExpired:
                return series(hold=False)
        try:
            booking = attempt(hold=True)
        except HoldExpired:
            booking = attempt(hold=False)
        if booking.price_amount != shown_amount:
            raise PriceChanged
        return Answer(201, {"reference": booking.reference})

    request = {
        "selection": asdict(selection),
        "series": flow.series,
        "details": asdict(details),
        "amount": shown_amount,
    }
    return patiently(
        lambda: answer_settled(
            organization_id=organization.id, key=flow.key, operation="wizard.book", request=request, work=work
        )
    )
