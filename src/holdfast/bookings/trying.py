"""What a booking would cost that nobody makes: under other terms than those in force, or with one more promotion."""

from dataclasses import dataclass, replace
from datetime import date

from holdfast.bookings.availability.plan import ServicePlan
from holdfast.catalog.public_holidays import public_holidays
from holdfast.core import clock
from holdfast.domain import hours
from holdfast.domain.pricing import whole
from holdfast.domain.pricing.conditions import Asked
from holdfast.domain.pricing.promotions import FreeExtra, Promotion, Used
from holdfast.domain.pricing.whole import Choice, Quoted, Terms


@dataclass(frozen=True, slots=True)
class Trial:
    """A booking to be priced: `start` in minutes (UTC), booked now, with nobody in particular."""

    plan: ServicePlan
    start: int
    minutes: int
    party: int = 1
    type: str = "standard"
    # Named places by their slugs; "" is the service's usual one.
    pickup: str = ""
    dropoff: str = ""

    @property
    def asked(self) -> Asked:
        plan, day = self.plan, hours.date_of(self.plan.time_zone, self.start)
        known = plan.geography
        ends = (self.pickup or known.usual_pickup, self.dropoff or known.usual_dropoff)
        way = known.way(*(known.places[slug].place if slug in known.places else None for slug in ends))
        return Asked(
            zone=plan.time_zone,
            start=self.start,
            end=self.start + self.minutes,
            booked=clock.to_minute(clock.now()),
            service=str(plan.service["slug"]),
            type=self.type,
            party=self.party,
            serving=plan.serving(None),
            origin=way.origin,
            destination=way.destination,
            units=way.units,
            holidays=_holidays(plan, day),
        )


def under(trial: Trial, terms: Terms) -> Quoted:
    """What it costs under these terms. Raises InputMissing for a quantity that is not known, NoPriceForWay."""
    return whole.quote(terms, trial.asked)


def without_and_with(trial: Trial, promotion: Promotion, used: int) -> tuple[Quoted, Quoted]:
    """What it costs now, and with a promotion that was used so often; whether it is saved already does not matter.

    An extra that it gives is taken in both.
    """
    terms = trial.plan.terms
    others = tuple(each for each in terms.promotions if each.id != promotion.id)
    before, after = replace(terms, promotions=others), replace(terms, promotions=(*others, promotion))
    extras = _taken_for(promotion, terms)
    choice, counted = Choice(extras, promotion.code), {promotion.id: Used(by_all=used)}
    return whole.quote(before, trial.asked, Choice(extras)), whole.quote(after, trial.asked, choice, counted)


def _taken_for(promotion: Promotion, terms: Terms) -> dict[str, int]:
    """A promotion that gives an extra is tried on a booking that takes it, as often as it may."""
    benefit = promotion.benefit
    if not isinstance(benefit, FreeExtra):
        return {}
    found = next((each for each in terms.extras if each.id == benefit.extra), None)
    return {} if found is None else {found.id: min(benefit.count + found.included, found.most or benefit.count)}


def _holidays(plan: ServicePlan, day: date) -> frozenset[date]:
    organization = plan.organization
    years = range(day.year - 1, day.year + 2)
    return frozenset(public_holidays(organization["country"], organization["holiday_region"], years))
