"""A booking of a series, for the bearer of its link: all its dates, and how many of them a change is about."""

from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from holdfast.bookings import actions
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from holdfast.portal.move_price import amount_in
from holdfast.series import changes
from holdfast.series.affected import Kept
from holdfast.series.queries import dates_of, place_of, price_of


@dataclass(frozen=True, slots=True)
class Scope:
    """One way to say which dates: how many stay as they are, and why."""

    value: str
    words: str
    kept: int = 0
    kept_words: str = ""


def context(organization: Organization, booking: Booking, *, offers: bool) -> dict[str, Any]:
    """What the pages show of the series; nothing for a booking of none. `offers`: with the scopes of a cancellation."""
    if booking.series_id is None:
        return {}
    with transaction_for(organization.id):
        dates = dates_of(booking)
        shown: dict[str, Any] = {"dates": dates, "dates_price": price_of(dates), "place": place_of(booking)}
        if not offers:
            return shown
        following, kept_of_following = _looked(organization, booking, "following")
        whole, kept_of_all = _looked(organization, booking, "all")
    found = [Scope("this", _("Only this date"))]
    if following > 1:
        found.append(_scope("following", _("This and the following dates"), kept_of_following))
    if whole > following:
        found.append(_scope("all", _("All dates that can still be changed"), kept_of_all))
    moved = any(each.reason == "moved" for each in kept_of_all)
    return shown | {"scopes": found if len(found) > 1 else [], "has_moved": moved}


def cancel(request: HttpRequest, organization: Organization, booking: Booking, version: int) -> None:
    """As the page's form says. Raises what `bookings.actions.cancel` and `series.changes.cancel` raise."""
    scope = request.POST.get("scope", "this")
    if booking.series_id is None or scope not in ("following", "all"):
        actions.cancel(
            organization=organization,
            booking_id=booking.id,
            version=version,
            actor=CUSTOMER,
            accept_fee=amount_in(request, "accept_fee"),
        )
        return
    changes.cancel(
        organization=organization,
        booking_id=booking.id,
        version=version,
        scope="following" if scope == "following" else "all",
        actor=CUSTOMER,
        with_moved="with_moved" in request.POST,
    )


def _looked(organization: Organization, booking: Booking, scope: Literal["following", "all"]) -> tuple[int, list[Kept]]:
    found, _moves = changes.look_ahead(organization=organization, booking_id=booking.id, scope=scope, actor=CUSTOMER)
    return len(found.bookings), [each for each in found.kept if each.reason != "over"]


def _scope(value: str, words: str, kept: list[Kept]) -> Scope:
    return Scope(value, words, len(kept), "; ".join(dict.fromkeys(each.words for each in kept)))
