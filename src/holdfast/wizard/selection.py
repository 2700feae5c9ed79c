"""What a customer is choosing, as it stands in the address: reload, back and a shared link keep it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict

from holdfast.bookings.availability import extras as choices
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.models import BookingType
from holdfast.core import clock
from holdfast.domain import positions
from holdfast.wizard import places

# What begins the names of fields for extras.
EXTRA = "extra-"
EMERGENCY = BookingType.EMERGENCY.value


@dataclass(frozen=True, slots=True)
class Selection:
    """`type` is "emergency" or nothing; `date` is a day or a month; `at` the start that was taken, as RFC 3339.

    `extras`: as `bookings/availability/extras.py:read` has them. `pickup` and `dropoff`: as in `wizard/places.py`.
    """

    service: str = ""
    type: str = ""
    resource: str = ""
    duration: int | None = None
    party: int = 1
    date: str = ""
    at: str = ""
    extras: str = ""
    pickup: str = ""
    dropoff: str = ""

    @classmethod
    def read(cls, sent: QueryDict | dict[str, Any]) -> "Selection":
        """From an address, a form or the session; what cannot be read counts as not said."""
        return cls(
            service=_word(sent, "service", 50),
            type=EMERGENCY if _word(sent, "type", 16) == EMERGENCY else "",
            resource=_word(sent, "resource", 50),
            duration=_number(sent, "duration"),
            party=_number(sent, "party") or 1,
            date=_word(sent, "date", 10),
            at=_word(sent, "at", 40),
            extras=_extras(sent),
            pickup=_place(sent, "pickup"),
            dropoff=_place(sent, "dropoff"),
        )

    def fitting(self, plan: ServicePlan) -> "Selection":
        """The same with a type, duration, party and resource that the service offers; its own where they do not fit."""
        durations = plan.durations()
        choosable = {each.slug for each in plan.choosable()}
        return replace(
            self,
            type=self.type if plan.service["offers_emergency"] else "",
            duration=self.duration if self.duration in durations else durations[0],
            party=max(1, min(self.party, int(plan.service["largest_party"]))),
            resource=self.resource if self.resource in choosable else "",
            extras=choices.text_of(choices.as_offered(plan.extras, self.chosen_extras)),
            **places.fitting(plan, self.places),
        )

    @property
    def places(self) -> dict[str, str]:
        """By end of the way."""
        return {"pickup": self.pickup, "dropoff": self.dropoff}

    @property
    def chosen_extras(self) -> choices.Chosen:
        """Slugs and how many of each; nothing where that cannot be read."""
        try:
            return choices.read(self.extras)
        except ValueError:
            return ()

    @property
    def starts_at(self) -> datetime | None:
        """None when no time, or none that can be read, was chosen."""
        return clock.read(self.at)

    def day_in(self, zone: str) -> str:
        """The day or month to show: the one asked for, else that of the chosen time on the business's calendar."""
        if self.date or self.starts_at is None:
            return self.date
        return self.starts_at.astimezone(ZoneInfo(zone)).date().isoformat()

    def wish(self) -> Wish:
        return Wish(
            service=self.service,
            resource=self.resource or None,
            party_size=self.party,
            duration=self.duration,
            type=self.type or BookingType.STANDARD,
            extras=self.chosen_extras,
            pickup=places.stop_of(self.pickup),
            dropoff=places.stop_of(self.dropoff),
        )

    def fields(self) -> dict[str, str]:
        """What a form or an address carries; what has its usual value is left out."""
        given = {
            "service": self.service,
            "type": self.type,
            "resource": self.resource,
            "duration": str(self.duration or ""),
            "party": str(self.party) if self.party > 1 else "",
            "extras": self.extras,
            **self.places,
            "date": self.date,
            "at": self.at,
        }
        return {name: value for name, value in given.items() if value}

    def query(self, **more: str) -> str:
        """`?service=massage&…`"""
        fields = {name: value for name, value in {**self.fields(), **more}.items() if value}
        return f"?{urlencode(fields)}" if fields else ""


def _word(sent: QueryDict | dict[str, Any], name: str, most: int) -> str:
    return str(sent.get(name) or "").replace("\0", "").strip()[:most]  # PostgreSQL has no place for U+0000


def _place(sent: QueryDict | dict[str, Any], end: str) -> str:
    return places.said(_word(sent, end, 50), _word(sent, end + places.TYPED, positions.LONGEST))


def _extras(sent: QueryDict | dict[str, Any]) -> str:
    """From the address, with what the form's own fields say in its place: each is named for its extra."""
    named = {name.removeprefix(EXTRA): _number(sent, name) or 0 for name in sent if name.startswith(EXTRA)}
    text = _word(sent, "extras", 1000)
    if not named:
        return text
    before = dict(Selection(extras=text).chosen_extras)
    return choices.text_of(choices.chosen_of({**before, **named}))


def _number(sent: QueryDict | dict[str, Any], name: str) -> int | None:
    text = _word(sent, name, 6)
    return int(text) if text.isascii() and text.isdigit() and int(text) > 0 else None
