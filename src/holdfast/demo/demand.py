"""Who asks for what, when, and how long before: drawn day by day from a service's Demand.

Every local date has its own seed, so the wishes for next Tuesday are the same whenever the demo is started; only
those already made by then (`created`) become bookings. That is why the coming weeks thin out by themselves, and why
a demo started again days later goes on where it would have been.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from holdfast.bookings.availability.extras import Chosen, chosen_of
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.question import Wish
from holdfast.demo.chance import chance, poisson, weighted
from holdfast.demo.people import Customer, someone
from holdfast.demo.spec import Demand, OrganizationSpec, ServiceSpec
from holdfast.domain import hours
from holdfast.domain.hours import DAY

LEAD_SPREAD = 0.9  # sigma of the log-normal time between booking and start
GROWTH = (0.82, 0.3)  # business in the first week, and what a year adds
WAKING = 7  # few people book between midnight and seven


@dataclass(frozen=True, slots=True)
class Asked:
    """One customer's wish: minutes in UTC. `rng` decides all that follows from it."""

    spec: ServiceSpec
    plan: ServicePlan
    wish: Wish
    customer: Customer
    start: int
    created: int
    rng: Random


@dataclass(frozen=True)
class Market:
    """All that wishes are drawn from."""

    spec: OrganizationSpec
    plans: dict[str, ServicePlan]
    customers: list[Customer]
    opened: date

    def asked_on(self, day: date) -> Iterator[Asked]:
        """The wishes for a local date, whenever they are made."""
        for service in self.spec.services:
            rng = chance(self.spec.slug, service.slug, day)
            for number in range(poisson(rng, self._expected(service.demand, day))):
                yield self.draw(service, day, chance(self.spec.slug, service.slug, day, number))

    def draw(self, service: ServiceSpec, day: date, rng: Random) -> Asked:
        """One wish for a start on that date."""
        plan, demand = self.plans[service.slug], service.demand
        step = int(plan.service["step_minutes"])
        minute = 60 * weighted(rng, demand.hours) + step * rng.randrange(max(1, 60 // step))
        start = hours.to_minute(plan.time_zone, datetime.combine(day, time(*divmod(minute, 60))))
        wish = Wish(
            service=service.slug,
            resource=_member(plan, rng) if rng.random() < demand.chooses_member else None,
            party_size=weighted(rng, demand.parties),
            duration=weighted(rng, demand.durations) if demand.durations else None,
            extras=self._taken_besides(service, plan, start),
        ).between(service.way(chance("way", self.spec.slug, service.slug, start, minute)))
        return Asked(
            spec=service,
            plan=plan,
            wish=wish,
            customer=someone(rng, self.customers),
            start=start,
            created=start - _lead(plan, demand, start, rng),
            rng=rng,
        )

    def _taken_besides(self, service: ServiceSpec, plan: ServicePlan, start: int) -> Chosen:
        """By a chance of its own: whoever takes nothing asks for what they would have asked for anyway."""
        rng = chance(self.spec.slug, service.slug, start, "extras")
        sold = {slug: extra for slug, extra in plan.extras.items() if extra.is_offered}
        return chosen_of(
            {
                each.slug: rng.randint(1, min(2, sold[each.slug].largest))
                for each in self.spec.extras
                if each.slug in sold and rng.random() < each.share
            }
        )

    def _expected(self, demand: Demand, day: date) -> float:
        growth = GROWTH[0] + GROWTH[1] * min(1.0, (day - self.opened) / timedelta(days=365))
        return demand.per_day * demand.weekdays[day.weekday()] * demand.months[day.month - 1] * growth


def _member(plan: ServicePlan, rng: Random) -> str | None:
    """Somebody a customer may choose."""
    slugs = [each.slug for need in plan.needs if need.is_choosable for each in need.pool if each.is_public]
    return rng.choice(sorted(slugs)) if slugs else None


def _lead(plan: ServicePlan, demand: Demand, start: int, rng: Random) -> int:
    """How many minutes before the start it is booked: within notice and horizon, and seldom at night."""
    most = (int(plan.service["horizon_days"]) - 1) * DAY
    lead = int(rng.lognormvariate(math.log(demand.lead_days * DAY), LEAD_SPREAD))
    lead = min(max(lead, int(plan.service["notice_minutes"]) + rng.randrange(5, 90)), most)
    local = hours.from_minute(plan.time_zone, start - lead)
    if local.hour < WAKING and rng.random() < 0.9:
        lead += (local.hour + 1) * 60 + rng.randrange(300)
    return lead
