"""`GET availability` without the ORM: the same plan, engine and answer as everywhere, read in one round trip."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings import availability
from holdfast.bookings.availability import Wish
from holdfast.bookings.busy import look, seen
from holdfast.bookings.plan import PlanCache, ServicePlan, compile_plan
from holdfast.catalog.queries import SERVICE_DOCUMENT
from holdfast.core import clock
from holdfast.core.errors import NotFound, ValidationError
from holdfast.live.database import Database

ORGANIZATION = "SELECT id FROM catalog_organization WHERE slug = %(slug)s"


@dataclass(frozen=True, slots=True)
class Asked:
    """The query of a request, in its types."""

    wish: Wish
    first: date | None
    days: int
    zone: str | None
    currency: str | None
    promo_code: str | None
    pricing: bool


class Availability:
    """Answers questions about free times; keeps compiled plans in memory."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._plans = PlanCache()
        self._organizations: dict[str, UUID] = {}

    async def answer(self, slug: str, query: dict[str, str]) -> tuple[str, bytes]:
        """The ETag and the body of the answer. Raises HoldfastError for everything that cannot be answered."""
        asked, now = parse(query), clock.now()
        plan = self._remembered(slug, asked.wish.service) or await self._load(slug, asked.wish.service)
        while True:
            availability.check_commerce(plan, currency=asked.currency, promo_code=asked.promo_code)
            question = availability.ask(plan, asked.wish, now)
            span = availability.span_of(plan, first=asked.first, days=asked.days, zone=asked.zone, now=now)
            window = availability.window_of(question, span)
            statement, parameters = look(question, window, now)
            row = await self._database.read(plan.organization_id, statement, parameters)
            if row is not None and row[0] == plan.version:
                taken = seen(question, window, row)
                found = availability.free_times(question, span, window, taken, pricing=asked.pricing)
                return found.encode(as_of=now)
            plan = await self._load(slug, asked.wish.service)

    def _remembered(self, slug: str, service: str) -> ServicePlan | None:
        organization_id = self._organizations.get(slug)
        return None if organization_id is None else self._plans.newest(organization_id, service, clock.now().date())

    async def _load(self, slug: str, service: str) -> ServicePlan:
        found = await self._database.read(None, ORGANIZATION, {"slug": slug})
        if found is None:
            self._organizations.pop(slug, None)
            raise NotFound
        organization_id: UUID = found[0]
        row = await self._database.read(organization_id, SERVICE_DOCUMENT, {"service": service})
        if row is None or row[0]["service"] is None:
            raise NotFound
        plan = compile_plan(row[0], clock.now().date())
        self._organizations[slug] = organization_id
        self._plans.put(organization_id, service, plan)
        return plan


def parse(query: dict[str, str]) -> Asked:
    """Raises ValidationError naming every parameter that cannot be read."""
    errors: list[dict[str, str]] = []

    def read(name: str, convert: Any, message: str, default: Any = None) -> Any:
        text = query.get(name)
        if text is None:
            return default
        try:
            return convert(text)
        except (ValueError, KeyError):
            errors.append({"field": name, "message": message})
            return default

    kinds = {"standard": "standard", "emergency": "emergency"}
    switch = {"true": True, "1": True, "false": False, "0": False}
    asked = Asked(
        wish=Wish(
            service=query.get("service", ""),
            resource=query.get("resource"),
            party_size=read("party_size", int, _("a whole number"), 1),
            duration=read("duration", int, _("a whole number of minutes")),
            type=read("type", kinds.__getitem__, _("standard or emergency"), "standard"),
        ),
        first=read("from", date.fromisoformat, _("a date such as 2026-03-29")),
        days=read("days", int, _("a whole number"), 7),
        zone=query.get("time_zone") or None,
        currency=query.get("currency") or None,
        promo_code=query.get("promo_code") or None,
        pricing=read("pricing", switch.__getitem__, _("true or false"), True),
    )
    if "service" not in query:
        errors.append({"field": "service", "message": _("is needed")})
    if errors:
        raise ValidationError(errors=errors)
    return asked
