"""Repeating a booking that staff make: the customer's own choices, limits that staff may go beyond, one form."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Customer
from holdfast.bookings.limits.allowances import CODES
from holdfast.bookings.limits.overrides import Override
from holdfast.bookings.models import BookingType
from holdfast.catalog.models import Organization
from holdfast.desk.beyond import override_of_series
from holdfast.series import repeat_page
from holdfast.series.asked import Asked
from holdfast.series.choices import Choices


@dataclass(frozen=True, slots=True)
class Repeat:
    """How a wish at a time is repeated, as the form says."""

    organization: Organization
    wish: Wish
    starts_at: datetime
    choices: Choices
    seen: str = ""
    shows: bool = False
    override: Override | None = None

    @classmethod
    def read(cls, organization: Organization, wish: Wish, starts_at: datetime, sent: QueryDict) -> "Repeat":
        return cls(
            organization=organization,
            wish=wish,
            starts_at=starts_at,
            choices=Choices.read(sent) if sent and wish.type == BookingType.STANDARD else Choices(),
            seen=sent.get("seen", ""),
            shows=sent.get("next") == "show",
            override=override_of_series(sent),
        )

    @property
    def is_series(self) -> bool:
        return self.choices.how != "once"

    @property
    def is_to_be_shown(self) -> bool:
        """Whether its dates are asked for, or are others than those shown: nobody books what they have not seen."""
        return self.is_series and (self.shows or self.seen != self._rule())

    def asked(self) -> Asked:
        """Raises ValidationError in words."""
        return repeat_page.asked_for(self.organization, self.wish, self.choices, self.starts_at)

    def context(self, customer: Customer | None) -> dict[str, Any]:
        """What the form shows of it; nothing for an emergency, which is booked once. Inside the transaction."""
        if self.wish.type != BookingType.STANDARD:
            return {}
        shown = repeat_page.context(
            self.organization,
            self.wish,
            self.starts_at,
            self.choices,
            customer=customer,
            beyond_limits=self.override is not None,
        )
        dates = shown.get("preview", {}).get("dates", [])
        meets_limit = any(each["exceeded"] or each["code"] in CODES.values() for each in dates)
        return {"repeat": {**shown, "seen": self._rule(), "meets_limit": meets_limit}}

    def _rule(self) -> str:
        return self.choices.rrule(repeat_page.first_of(self.starts_at, self.organization.time_zone))
