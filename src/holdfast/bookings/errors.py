"""Why a booking can be refused. Codes are those of the API contract."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from holdfast.bookings.availability.planned import PlannedExtra
from holdfast.core.errors import HoldfastError
from holdfast.core.fields import in_language
from holdfast.pricing.promotion_words import refusal_words
from holdfast.web.phones import in_groups


class SlotTaken(HoldfastError):
    """`alternatives`: up to five nearby starts that are still free, RFC 3339."""

    code, status, title = "slot_taken", 409, _("This time has just been taken")


class ExtraNotAvailable(SlotTaken):
    """The time is free, but not with what was chosen besides. `extra`: its slug; `alternatives`: starts with it."""

    code, status, title = "extra_not_available", 409, _("Something that you chose besides is not free at this time")

    @classmethod
    def of(cls, extra: PlannedExtra, **more: Any) -> "ExtraNotAvailable":
        words = gettext("At this time there are not so many left of “%(extra)s”. The time itself is free.")
        return cls(words % {"extra": in_language(extra.name)}, extra=extra.slug, name=in_language(extra.name), **more)


class HoldExpired(HoldfastError):
    code, status, title = "hold_expired", 409, _("The time is no longer held for you; please choose it again")


class VersionConflict(HoldfastError):
    """`current`: the booking's version and state now."""

    code, status, title = "version_conflict", 409, _("Somebody changed this booking in the meantime; look again first")


class TransitionNotAllowed(HoldfastError):
    code, status, title = "transition_not_allowed", 409, _("This booking cannot be changed in that way any more")


class OutsideHours(HoldfastError):
    code, status, title = "outside_hours", 422, _("This time is not one of the times on offer")


class TooSoon(HoldfastError):
    code, status, title = "too_soon", 422, _("This time is too soon to be booked")


class TooFar(HoldfastError):
    code, status, title = "too_far", 422, _("This time is too far ahead to be booked")


class PartyTooLarge(HoldfastError):
    code, status, title = "party_too_large", 422, _("This service cannot take so many people at once")


class TeamDayLimit(HoldfastError):
    """`limit` in words, the local `day`, its `most`, and `alternatives`: up to five nearby starts on other days."""

    code, status, title = "team_day_limit", 422, _("This day is fully booked")


class ServiceDayLimit(HoldfastError):
    """As TeamDayLimit."""

    code, status, title = "service_day_limit", 422, _("This day is fully booked for this service")


class CustomerLimit(HoldfastError):
    """As TeamDayLimit; `alternatives` are starts that this customer may still book."""

    code, status, title = "customer_limit", 422, _("You have reached the number of bookings that one customer may make")


class RequestWithdrawn(HoldfastError):
    """Remembered under the request's key: whenever the request itself arrives, it books nothing."""

    code, status, title = "request_withdrawn", 410, _("This request was withdrawn; nothing is booked by it")


class HoldExists(HoldfastError):
    """`hold`: the id of the hold that the same person has on this service; `expires_at`: until when."""

    code, status, title = "hold_exists", 409, _("Another time of this service is already held for you")


class TooManyHolds(HoldfastError):
    """With Retry-After: when the first of the address's holds has run out."""

    code, status, title = (
        "too_many_holds",
        429,
        _("Too many times are held from your network; please try again shortly"),
    )


class EmergencyNotOffered(HoldfastError):
    code, status, title = "emergency_not_offered", 422, _("This service does not take emergency bookings")

    @classmethod
    def by(cls, organization: Mapping[str, Any]) -> "EmergencyNotOffered":
        """With the way out: its ordinary times, and the telephone where there is one."""
        if not organization["phone"]:
            return cls(gettext("This service does not take emergency bookings. Please choose one of its usual times."))
        words = gettext(
            "This service does not take emergency bookings. Please choose one of its usual times, or call %(phone)s."
        )
        return cls(words % {"phone": in_groups(organization["phone"])})


class PromotionInvalid(HoldfastError):
    """`reason`: one of docs/algorithms/pricing.md, with what it depends on."""

    code, status, title = "promotion_invalid", 422, _("This promotion code is not valid")

    @classmethod
    def because(cls, reason: str, params: Mapping[str, Any] | None = None) -> "PromotionInvalid":
        return cls(refusal_words(reason, params or {}), reason=reason, params=dict(params or {}))


class NoPriceHere(HoldfastError):
    """`stops`: which of them (pickup, dropoff) are outside, both where only the way between has no price; `zones`:
    the names of those that prices are fixed for."""

    code, status, title = "no_price_here", 422, _("There is no price for this way")


class QuoteExpired(HoldfastError):
    """`price` and `price_lines`: what it costs now. `reason`: "expired", or why its promotion is not given any more."""

    code, status, title = "quote_expired", 422, _("The price that you were given is no longer good; please look again")


class ResourceNotFree(HoldfastError):
    """`rules`: what speaks against it, as the explanation of a time says it."""

    code, status, title = "resource_not_free", 409, _("This one cannot serve at that time")


class TooLateToChange(HoldfastError):
    code, status, title = "too_late_to_change", 403, _("It is too late to change this booking online; please call us")


class CancellationFee(HoldfastError):
    """`fee`: what it costs. Cancelling names it as accepted (`accept_fee`)."""

    code, status, title = "cancellation_fee", 409, _("Cancelling costs a fee by now; please look at it first")


class AnotherPrice(HoldfastError):
    """`price` and `price_lines`: what it costs there. Moving names it as accepted (`accept_price`)."""

    code, status, title = "another_price", 409, _("At the new time it costs more; please look at the price first")


LIMITS = (TeamDayLimit, ServiceDayLimit, CustomerLimit)
REFUSALS: dict[str, type[HoldfastError]] = {
    error.code: error for error in (SlotTaken, ExtraNotAvailable, OutsideHours, TooSoon, TooFar, PartyTooLarge, *LIMITS)
}


def refusal(code: str, **extra: Any) -> HoldfastError:
    """The error of a `domain.slots.Refused` code."""
    return REFUSALS[code](**extra)


def foretold(refusal: HoldfastError | type[HoldfastError]) -> str:
    """Why a time cannot be had, told before anybody tried: only who lost a race is told that it was taken just now."""
    if refusal.code == SlotTaken.code:
        return gettext("This time is taken")
    return str(refusal.detail if isinstance(refusal, HoldfastError) else refusal.title)
