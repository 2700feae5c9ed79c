"""What clients of the older system send to `/api/bookings`, in the words of `POST /api/v1/{org}/bookings`.

docs/algorithms/legacy-import.md is the specification. Nothing is looked up here but the clock of a zone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from holdfast.core import clock
from holdfast.domain import hours

# Theirs → ours, where the value stays as it is.
SAME = {
    "customer_name": "customer.name",
    "customer_email": "customer.email",
    "customer_phone": "customer.phone",
    "passengers": "party_size",
}
NAMED = {"service_type": "service", "vehicle_id": "resource"}
TIMES = {"pickup_datetime": "starts_at", "dropoff_datetime": "duration_minutes"}
# Answers where the service asks for them under that name (or the one the operator said), else lines of the note.
TOLD = ("pickup_location", "dropoff_location", "flight_number", "luggage")
OLD_FIELDS = frozenset({*SAME, *NAMED, *TIMES, *TOLD, "payment_type", "total_amount", "currency"})


@dataclass(frozen=True, slots=True)
class Translated:
    """A body in our words, and how refusals are told in theirs: our field → theirs."""

    body: dict[str, Any]
    theirs: Mapping[str, str]
    errors: tuple[dict[str, str], ...] = ()

    def in_their_words(self, errors: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [
            {**each, "field": self.theirs.get(str(each.get("field", "")), each.get("field", ""))} for each in errors
        ]


def is_old(body: Mapping[str, Any]) -> bool:
    """Whether this is the older system's body: it never had `customer` or `starts_at`."""
    return not {"customer", "starts_at"} & set(body) and bool(OLD_FIELDS & set(body))


def translate(body: Mapping[str, Any], *, zone: str, names: Mapping[str, str], asked: Iterable[str]) -> Translated:
    """The body in our words. `names`: what the operator said of old names; `asked`: keys of the service's questions."""
    said = {name: body[name] for name in OLD_FIELDS if body.get(name) not in (None, "")}
    customer = {ours.removeprefix("customer."): said[old] for old, ours in SAME.items() if old in said and "." in ours}
    made: dict[str, Any] = {"customer": customer, "payment_method": "on_site"}
    if "passengers" in said:
        made["party_size"] = said["passengers"]
    made |= {ours: renamed(str(said[old]), names) for old, ours in NAMED.items() if old in said}
    times, errors = _times(said, zone)
    made |= times
    keys = {old: names.get(old, old) for old in TOLD}
    asked = set(asked)
    made["answers"] = {keys[old]: said[old] for old in TOLD if old in said and keys[old] in asked}
    made["note"] = "\n".join(f"{old}: {said[old]}" for old in TOLD if old in said and keys[old] not in asked)
    if str(said.get("payment_type", "flexible")).lower() != "flexible":
        errors.append({"field": "payment_type", "message": _("only “flexible” is offered: payment is on site")})
    theirs = {ours: old for old, ours in {**SAME, **NAMED, **TIMES, "payment_type": "payment_method"}.items()}
    theirs |= {f"answers.{key}": old for old, key in keys.items()}
    return Translated(made, {**theirs, "customer": "customer_email", "note": "pickup_location"}, tuple(errors))


def renamed(old: str, names: Mapping[str, str]) -> str:
    """What the operator said the old name means, else the slug it spells: `Airport_Transfer` is airport-transfer."""
    return names.get(old) or old.lower().replace("_", "-")


def _times(said: Mapping[str, Any], zone: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    made: dict[str, Any] = {}
    errors: list[dict[str, str]] = []
    minutes: dict[str, int] = {}
    for old in TIMES:
        if old in said:
            try:
                minutes[old] = _minute(said[old], zone)
            except (TypeError, ValueError, OverflowError, OSError):
                errors.append({"field": old, "message": _("no date and time, such as 2026-03-29 14:30")})
    if "pickup_datetime" in minutes:
        made["starts_at"] = hours.from_minute(zone, minutes["pickup_datetime"]).isoformat()
        if "dropoff_datetime" in minutes:
            made["duration_minutes"] = minutes["dropoff_datetime"] - minutes["pickup_datetime"]
            if made["duration_minutes"] <= 0:
                errors.append({"field": "dropoff_datetime", "message": _("not after the pickup")})
    return made, errors


def _minute(text: Any, zone: str) -> int:
    """Without an offset it is the wall clock of the zone, by the rules of `domain/hours.py`; seconds are dropped."""
    if not isinstance(text, str):
        raise TypeError
    written = datetime.fromisoformat(text.strip())
    minute = hours.to_minute(zone, written) if written.tzinfo is None else int(written.timestamp() // 60)
    if not clock.to_minute(clock.FIRST) <= minute < clock.to_minute(clock.LAST):
        raise ValueError
    return minute
