"""Whether the stops of a wish are ones: for being asked about, for being priced, for being booked."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from holdfast.bookings.errors import NoPriceHere
from holdfast.bookings.stops.stop import LONGEST_ADDRESS, Stop, place_of
from holdfast.core.errors import ValidationError
from holdfast.core.fields import in_language
from holdfast.core.words import is_one_line
from holdfast.domain.pricing.conditions import InputMissing, NoPriceForWay
from holdfast.domain.pricing.effects import KILOMETRES
from holdfast.pricing.geography import NOWHERE, ONE, Geography
from holdfast.web.phones import in_groups

# By the API's names: pickup and dropoff.
Stops = Mapping[str, Stop | None]


def check_said(geography: Geography, stops: Stops) -> None:
    """What is said must be understood. Raises ValidationError for an unknown place, or one that is not asked for."""
    errors = [
        {"field": name, "message": message}
        for name, stop in stops.items()
        if stop is not None and stop.point is None and (message := _wrong(geography, name, stop))
    ]
    if errors:
        raise ValidationError(errors=errors)


def _wrong(geography: Geography, name: str, stop: Stop) -> str:
    if geography.asks == NOWHERE:
        return _("This service does not ask where.")
    if geography.asks == ONE and name == "dropoff":
        return _("This service has one place only: it is the pick-up.")
    if len(stop.address) > LONGEST_ADDRESS or not is_one_line(stop.address):
        return _("Please write the address on one line, without invisible characters.")
    if stop.place and place_of(geography, stop) is None:
        return _("This place is not known. Use one of the named places, or latitude and longitude: 48.8566, 2.3522")
    return ""


def unpriced(geography: Geography, stops: Stops) -> list[dict[str, str]]:
    """The errors of a price by the way: what is not said, or is no more than an address."""
    found = []
    for name in geography.ends:
        stop = stops[name]
        if place_of(geography, stop) is None:
            missing = stop is None or not stop.address
            message = (
                _("Please say where: the price depends on it.")
                if missing
                else _("An address cannot be looked up here: add the nearest named place, or latitude and longitude.")
            )
            found.append({"field": name, "message": message})
    return found


def check_complete(geography: Geography, stops: Stops) -> None:
    """Before it is booked: everything that is asked for is said, by a place or an address. Raises ValidationError."""
    missing = [
        {"field": name, "message": _("Please say where.")}
        for name in geography.ends
        if (stop := stops[name]) is None or not (stop.place or stop.address)
    ]
    if missing:
        raise ValidationError(errors=missing)


def refused(
    why: NoPriceForWay | InputMissing, geography: Geography, organization: Mapping[str, Any]
) -> ValidationError | NoPriceHere:
    """Why there is no price, in words, and what can be done."""
    if isinstance(why, InputMissing):
        known = why.unit == KILOMETRES
        message = _("The way's length is not known.") if known else _("It must be said how many.")
        return ValidationError(errors=[{"field": "dropoff" if known else why.unit, "message": message}])
    outside = [name for name, zones in (("pickup", why.origin), ("dropoff", why.destination)) if not zones]
    served = [in_language(dict(geography.zone_names[zone.id])) for zone in geography.zones]
    facts = {"zones": ", ".join(served), "phone": in_groups(organization["phone"]) if organization["phone"] else ""}
    return NoPriceHere(_no_price_words(outside, facts), stops=outside or list(geography.ends), zones=served)


def _no_price_words(outside: list[str], facts: Mapping[str, str]) -> str:
    if outside == ["pickup"]:
        what = _("The pick-up is outside the area where prices are fixed (%(zones)s).")
    elif outside == ["dropoff"]:
        what = _("The drop-off is outside the area where prices are fixed (%(zones)s).")
    elif outside:
        what = _("This is outside the area where prices are fixed (%(zones)s).")
    else:
        what = _("There is no fixed price from there to there.")
    way_out = (
        _("Please choose another place, or call %(phone)s.") if facts["phone"] else _("Please choose another place.")
    )
    return f"{what % facts} {way_out % facts}"
