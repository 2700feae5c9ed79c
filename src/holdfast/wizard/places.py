"""Where from and where to, as the customer chooses it: named places, or coordinates. No address is looked up here."""

from dataclasses import dataclass

from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.question import Question
from holdfast.bookings.errors import NoPriceHere
from holdfast.bookings.stops.stop import Stop, place_of, said_in_a_word
from holdfast.bookings.stops.telling import label_of
from holdfast.core.fields import in_language

# What a list of places is set to by who wants none of them; coordinates are then typed beside it.
ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class End:
    """An end of the way to choose: (slug, name) of each place; `at`: coordinates that were typed."""

    name: str
    label: str
    places: list[tuple[str, str]]
    chosen: str
    at: str


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


def stop_of(chosen: str) -> Stop | None:
    return None if chosen == ELSEWHERE else said_in_a_word(chosen)


def ends(plan: ServicePlan, chosen: dict[str, str]) -> list[End]:
    """What the page of times asks; nothing where no price depends on it."""
    if not plan.terms.is_of_way:
        return []
    geography = plan.geography
    places = [(slug, in_language(dict(each.name))) for slug, each in geography.places.items()]
    return [_end(name, label_of(name, geography.asks), places, chosen[name]) for name in geography.ends]


def _end(name: str, label: str, places: list[tuple[str, str]], chosen: str) -> End:
    typed = chosen not in {"", ELSEWHERE, *(slug for slug, _name in places)}
    return End(name, label, places, ELSEWHERE if typed else chosen, chosen if typed else "")


def no_price(question: Question) -> str:
    """Why there is no price for the way that is chosen; "" where there is one, or where something is not yet said."""
    if question.unpriced:
        return ""
    try:
        question.price(question.reach[0])
    except NoPriceHere as refused:
        return str(refused.detail)
    return ""
