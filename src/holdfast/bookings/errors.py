"""Why a booking can be refused. Codes are those of the API contract."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from holdfast.core.errors import HoldfastError
from holdfast.web.phones import in_groups


class SlotTaken(HoldfastError):
    """`alternatives`: up to five nearby starts that are still free, RFC 3339."""

    code, status, title = "slot_taken", 409, _("This time has just been taken")


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
    code, status, title = "promotion_invalid", 422, _("This promotion code is not valid")


class TooLateToChange(HoldfastError):
    code, status, title = "too_late_to_change", 403, _("It is too late to change this booking online; please call us")


REFUSALS: dict[str, type[HoldfastError]] = {
    error.code: error for error in (SlotTaken, OutsideHours, TooSoon, TooFar, PartyTooLarge)
}


def refusal(code: str, **extra: Any) -> HoldfastError:
    """The error of a `domain.slots.Refused` code."""
    return REFUSALS[code](**extra)
