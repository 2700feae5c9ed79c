"""What the bookings of a month would have cost under another tariff: nothing is changed by asking."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from holdfast.bookings.availability import extras, plan_cache
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.details.extras import chosen_in
from holdfast.bookings.details.terms import tip_in
from holdfast.bookings.models import Booking
from holdfast.bookings.stops.stop import kept, place_of
from holdfast.catalog.models import Organization
from holdfast.catalog.public_holidays import public_holidays
from holdfast.core import clock
from holdfast.core.errors import NotFound
from holdfast.domain import hours
from holdfast.domain.pricing import whole
from holdfast.domain.pricing.conditions import Asked, InputMissing, NoPriceForWay
from holdfast.domain.pricing.whole import Choice, Terms
from holdfast.pricing.models import Tariff, TariffRule
from holdfast.pricing.terms import code_key, tried

# What was booked and not taken back.
COUNTED = ("confirmed", "in_progress", "completed", "no_show")


@dataclass(frozen=True, slots=True)
class Replayed:
    """A booking, and what it would have cost: minor units of its currency."""

    booking: Booking
    would_be: int

    @property
    def difference(self) -> int:
        return self.would_be - self.booking.price_amount


@dataclass(frozen=True, slots=True)
class Replay:
    """All of them by start; `left_out`: bookings in another currency, of services that are no longer on offer, or
    whose way has no price under that tariff."""

    bookings: tuple[Replayed, ...]
    left_out: int

    @property
    def was(self) -> int:
        return sum(each.booking.price_amount for each in self.bookings)

    @property
    def would_be(self) -> int:
        return sum(each.would_be for each in self.bookings)

    @property
    def difference(self) -> int:
        return self.would_be - self.was

    def by_day(self, zone: str) -> dict[date, int]:
        """The difference of each local day that has bookings."""
        found: dict[date, int] = {}
        for each in self.bookings:
            day = hours.date_of(zone, clock.to_minute(each.booking.starts_at))
            found[day] = found.get(day, 0) + each.difference
        return found


def replay(organization: Organization, tariff: Tariff, first: date, until: date) -> Replay:
    """The bookings that started on these local days (`until` not included), as if the tariff had been in force.

    Each is priced at its start and at the moment it was booked, with today's prices of its service and its extras,
    today's tax rates and promotions; its code still counts. Inside the tenant's transaction.
    """
    zone = organization.time_zone
    starts = [clock.from_minute(hours.day_start(zone, day)) for day in (first, until)]
    found = Booking.objects.filter(state__in=COUNTED, starts_at__gte=starts[0], starts_at__lt=starts[1])
    rules, plans, priced, left_out = (
        list(tariff.rules.prefetch_related("zone_prices")),
        dict[UUID, ServicePlan | None](),
        list[Replayed](),
        0,
    )
    days = frozenset(
        public_holidays(organization.country, organization.holiday_region, range(first.year - 1, until.year + 2))
    )
    for booking in found.select_related("service", "chosen_resource").order_by("starts_at", "id"):
        if booking.service_id not in plans:
            plans[booking.service_id] = _plan(organization, booking.service.slug)
        plan = plans[booking.service_id]
        would_be = None
        if plan is not None and booking.price_currency == organization.currency:
            would_be = _would_be(booking, plan, tariff, rules, days)
        if would_be is None:
            left_out += 1
        else:
            priced.append(Replayed(booking, would_be))
    return Replay(tuple(priced), left_out)


def _would_be(
    booking: Booking, plan: ServicePlan, tariff: Tariff, rules: list[TariffRule], holidays: frozenset[date]
) -> int | None:
    """None where that tariff has no price for where it went, or something that it took besides is not sold any more."""
    taken = extras.taken(plan.extras, chosen_in(booking.extras), kept=True)
    if len(taken) < len(booking.extras):
        return None
    terms = _with_code(tried(plan.terms, tariff, rules, plan.service_id, plan.geography), plan, booking.promo_code)
    ends = [place_of(plan.geography, kept(each)) for each in (booking.pickup, booking.dropoff)]
    way = plan.geography.way(*ends)
    asked = Asked(
        zone=plan.time_zone,
        start=clock.to_minute(booking.starts_at),
        end=clock.to_minute(booking.ends_at),
        booked=clock.to_minute(booking.created_at),
        service=booking.service.slug,
        type=booking.type,
        party=booking.party_size,
        serving=plan.serving(booking.chosen_resource.slug if booking.chosen_resource else None),
        origin=way.origin,
        destination=way.destination,
        units=way.units,
        holidays=holidays,
    )
    terms = replace(terms, extras=tuple(replace(each.extra.priced, most=None) for each in taken))
    chosen = {each.extra.id: each.count for each in taken}
    choice = Choice(chosen, booking.promo_code, booking.payment_method, tip_in(booking))
    try:
        return whole.quote(terms, asked, choice).price.total.amount
    except (InputMissing, NoPriceForWay):
        return None


def _with_code(terms: Terms, plan: ServicePlan, code: str) -> Terms:
    promotion = plan.codes.get(code_key(code)) if code else None
    return replace(terms, promotions=(*terms.promotions, promotion)) if promotion else terms


def _plan(organization: Organization, service: str) -> ServicePlan | None:
    try:
        return plan_cache.plan_for(organization.id, organization.catalog_version, service)
    except NotFound:
        return None
