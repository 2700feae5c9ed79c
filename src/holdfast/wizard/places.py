"""Where from and where to, as the customer chooses it: named places, or a position. No address is looked up here."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.question import Question
from holdfast.bookings.errors import NoPriceHere
from holdfast.bookings.stops.stop import Stop, coordinates_of, place_of, said_in_a_word
from holdfast.bookings.stops.telling import label_of
from holdfast.core.fields import in_language
from holdfast.domain.positions import is_link, position_of

# What a list of places is set to by who wants none of them; the position is then said beside it, in a field so named.
ELSEWHERE, TYPED = "elsewhere", "_at"
# Why the page of times is shown again: it was not said where.
NOT_SAID = "where"


@dataclass(frozen=True, slots=True)
class End:
    """An end of the way to choose: (slug, name) of each place; `at`: the position, or what was typed instead of one;
    `problem`: why that is none, or that nothing is said.
    """

    name: str
    label: str
    places: list[tuple[str, str]]
    chosen: str
    at: str
    problem: str


def fitting(plan: ServicePlan, chosen: dict[str, str]) -> dict[str, str]:
    """By end: what was chosen where it is a place, else the service's usual one. Nothing where no price asks."""
    geography = plan.geography
    if not plan.terms.is_of_way:
        return dict.fromkeys(chosen, "")
    usual = {"pickup": geography.usual_pickup, "dropoff": geography.usual_dropoff}
    return {
        name: (text if text == ELSEWHERE or place_of(geography, said_in_a_word(text)) else usual[name])
        if name in geography.ends
        else ""
        for name, text in chosen.items()
    }


def said(chosen: str, typed: str) -> str:
    """What a form says of an end: a place of its list, or the position that was typed as people copy it from maps."""
    point = position_of(typed) if chosen == ELSEWHERE else None
    return coordinates_of(point) if point else chosen


def stop_of(chosen: str) -> Stop | None:
    return None if chosen == ELSEWHERE else said_in_a_word(chosen)


def ends(plan: ServicePlan, chosen: dict[str, str], sent: Mapping[str, str]) -> list[End]:
    """What the page of times asks; nothing where no price depends on it. `sent`: the address of the page."""
    if not plan.terms.is_of_way:
        return []
    geography = plan.geography
    places = [(slug, in_language(dict(each.name))) for slug, each in geography.places.items()]
    return [_end(name, label_of(name, geography.asks), places, chosen[name], sent) for name in geography.ends]


def _end(name: str, label: str, places: list[tuple[str, str]], chosen: str, sent: Mapping[str, str]) -> End:
    if chosen not in {"", ELSEWHERE, *(slug for slug, _name in places)}:
        return End(name, label, places, ELSEWHERE, chosen, "")
    typed = sent.get(name + TYPED, "").strip() if chosen == ELSEWHERE else ""
    problem = ""
    if typed:
        problem = _unread(typed)
    elif chosen in {"", ELSEWHERE} and sent.get("why") == NOT_SAID:
        problem = _("Please say where: the price depends on it.")
    return End(name, label, places, chosen, typed, problem)


def _unread(typed: str) -> str:
    if is_link(typed):
        return _(
            "This link does not say where it leads; short links never do. Open it and copy the position that the map "
            "shows, or choose the nearest place of the list."
        )
    return _("No position can be read from this, and addresses are not looked up here. Please copy it from a map.")


def no_price(question: Question) -> str:
    """Why there is no price for the way that is chosen; "" where there is one, or where something is not yet said."""
    if question.unpriced:
        return ""
    try:
        question.price(question.reach[0])
    except NoPriceHere as refused:
        return str(refused.detail)
    return ""
