"""The short way in: on the organization's page, what most people know already; the rest is asked where times are shown.

Both forms, the compact one and the full one of the dialog, lead to the page of times with the fields of `Selection`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from holdfast.bookings.availability import plan_cache
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.stops.telling import label_of
from holdfast.catalog.models import AsksPlaces, Organization
from holdfast.core import clock
from holdfast.core.fields import in_language
from holdfast.core.words import in_reading_order
from holdfast.domain import hours
from holdfast.wizard.offers import Offer


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose, and the slugs of the services that offer it, separated by spaces."""

    value: str
    name: str
    services: str


@dataclass(frozen=True, slots=True)
class End:
    """Where from or where to: (slug, name) of each named place."""

    name: str
    label: str
    places: list[tuple[str, str]]
    services: str


@dataclass(frozen=True, slots=True)
class QuickForm:
    """`parties`, `durations` (minutes) and `ends` are those that any service has; `first` and `last` are days."""

    services: list[tuple[str, str]]
    members: list[Choice]
    durations: list[Choice]
    parties: list[Choice]
    ends: list[End]
    first: date
    last: date

    def is_first(self, services: str) -> bool:
        """Whether the service that is chosen at first is among them."""
        return bool(self.services) and self.services[0][0] in services.split()

    @property
    def asks_party(self) -> bool:
        """Whether the first service takes more than one person."""
        return sum(self.is_first(each.services) for each in self.parties) > 1

    @property
    def first_ends(self) -> set[str]:
        """Names of the ends that the first service asks for."""
        return {end.name for end in self.ends if self.is_first(end.services)}


def quick_form(organization: Organization, offers: Iterable[Offer], now: datetime) -> QuickForm:
    """Of what is on offer, from the plans in memory. Inside the tenant's transaction."""
    plans = [plan_cache.plan_for(organization.id, organization.catalog_version, offer.service.slug) for offer in offers]
    today = hours.date_of(organization.time_zone, clock.to_minute(now))
    return QuickForm(
        services=[(plan.service["slug"], in_language(plan.service["name"])) for plan in plans],
        members=_members(plans),
        durations=_numbers((plan, plan.durations()) for plan in plans),
        parties=_numbers((plan, range(1, int(plan.service["largest_party"]) + 1)) for plan in plans),
        ends=_ends(plans),
        first=today,
        last=today + timedelta(days=max((int(plan.service["horizon_days"]) for plan in plans), default=0)),
    )


def _members(plans: list[ServicePlan]) -> list[Choice]:
    found: dict[str, tuple[str, list[str]]] = {}
    for plan in plans:
        for member in plan.choosable():
            found.setdefault(member.slug, (member.name, []))[1].append(plan.service["slug"])
    choices = [Choice(slug, name, " ".join(dict.fromkeys(services))) for slug, (name, services) in found.items()]
    return sorted(choices, key=lambda choice: in_reading_order(choice.name))


def _numbers(offered: Iterable[tuple[ServicePlan, Iterable[int]]]) -> list[Choice]:
    found: dict[int, list[str]] = {}
    for plan, numbers in offered:
        for number in numbers:
            found.setdefault(number, []).append(plan.service["slug"])
    return [Choice(str(number), str(number), " ".join(services)) for number, services in sorted(found.items())]


def _ends(plans: list[ServicePlan]) -> list[End]:
    """Each end of the way that any price asks for, with the services whose price does."""
    found: dict[str, list[ServicePlan]] = {}
    for plan in plans:
        for end in plan.geography.ends if plan.terms.is_of_way else ():
            found.setdefault(end, []).append(plan)
    result = []
    for name, asking in found.items():
        geography = asking[0].geography
        ways = any(plan.geography.asks == AsksPlaces.WAY for plan in asking)
        named = [(slug, in_language(dict(each.name))) for slug, each in geography.places.items()]
        label = label_of(name, AsksPlaces.WAY if ways else AsksPlaces.ONE)
        result.append(End(name, label, named, " ".join(plan.service["slug"] for plan in asking)))
    return result
