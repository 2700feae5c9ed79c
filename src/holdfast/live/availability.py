"""`GET availability` without the ORM: the same plan, engine and answer as everywhere, from calendars in memory.

While an organization's calendars are being loaded, and for a question they do not cover, the busy time is read from
the database in one round trip.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.bookings.availability import engine, extras
from holdfast.bookings.availability.busy import look
from holdfast.bookings.availability.busy import seen as seen_in
from holdfast.bookings.availability.document import DOCUMENT
from holdfast.bookings.availability.free_times import Part, dated
from holdfast.bookings.availability.plan import ServicePlan, compile_plan
from holdfast.bookings.availability.plan_cache import PlanCache
from holdfast.bookings.availability.question import Question, Wish, ask, check_currency
from holdfast.bookings.availability.span import Span, span_of, window_of
from holdfast.bookings.limits.allowances import by_day
from holdfast.bookings.stops.stop import said_in_a_word
from holdfast.core import clock
from holdfast.core.errors import NotFound, ValidationError
from holdfast.domain import slots
from holdfast.domain.calendar_bits import Window
from holdfast.live.answers import Answer, Answers, revisions
from holdfast.live.calendars import Calendars
from holdfast.live.database import Database
from holdfast.live.days import Days
from holdfast.live.kept import Kept
from holdfast.live.memory import Memory, Seen
from holdfast.live.prepared import Prepared

ORGANIZATION = "SELECT id FROM catalog_organization WHERE slug = %(slug)s"
MOST_PREPARED_BYTES = 64 * 1024 * 1024

KINDS = {"standard": "standard", "emergency": "emergency"}
SWITCH = {"true": True, "1": True, "false": False, "0": False}
# What a parameter should have been. Translated for who got it wrong only: translating all took a fifth of an answer.
A_NUMBER, MINUTES = gettext_lazy("a whole number"), gettext_lazy("a whole number of minutes")
A_KIND, A_SWITCH = gettext_lazy("standard or emergency"), gettext_lazy("true or false")
EXTRAS = gettext_lazy("extras with their number, such as child-seat:2,projector:1")
A_DATE = gettext_lazy("a date such as 2026-03-29")


@dataclass(frozen=True, slots=True)
class Asked:
    """The query of a request, in its types."""

    wish: Wish
    first: date | None
    days: int
    zone: str | None
    currency: str | None
    pricing: bool
    after: int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """The body with its ETag; `event_id`: all events up to it are in the answer. None when it was not looked for."""

    etag: str
    body: bytes
    event_id: int | None = None


class Availability:
    """Answers questions about free times; keeps compiled plans and, in `memory`, calendars."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.memory = Memory(database)
        self._plans = PlanCache()
        self._organizations: dict[str, UUID] = {}
        self._prepared: Kept[Any, Prepared] = Kept(MOST_PREPARED_BYTES)
        self._days = Days()
        self._answers = Answers()

    async def answer(self, slug: str, query: dict[str, str], as_asked: str) -> Answered:
        """`as_asked`: the query as text. Raises HoldfastError for everything that cannot be answered."""
        asked = parse(query)
        plan = await self.plan_of(slug, asked.wish.service)
        while True:
            seen = await self.memory.seen(plan.organization_id, asked.after)
            if seen is None:
                found = await self._from_database(plan, asked)
            elif seen.calendars.version == plan.version:
                found = self._from_memory(plan, asked, as_asked, seen) or await self._from_database(plan, asked)
            else:
                found = None
                if seen.calendars.version < plan.version:
                    self.memory.distrust()  # the plan is newer: look again
                    continue
            if found is not None:
                return found
            plan = await self._load(slug, asked.wish.service)

    async def plan_of(self, slug: str, service: str, *, anew: bool = False) -> ServicePlan:
        """A service's plan, as it is remembered or read `anew`. Raises NotFound."""
        plan = None if anew else self._remembered(slug, service)
        return plan or await self._load(slug, service)

    async def organization_of(self, slug: str) -> UUID:
        """Raises NotFound."""
        found = self._organizations.get(slug)
        if found is None:
            row = await self._database.read(None, ORGANIZATION, {"slug": slug})
            if row is None:
                raise NotFound
            found = self._organizations[slug] = row[0]
        return found

    def _from_memory(self, plan: ServicePlan, asked: Asked, as_asked: str, seen: Seen) -> Answered | None:
        """None for a question that the calendars do not cover, or that limits have a say in: they count bookings."""
        now, calendars = clock.now(), seen.calendars
        answer = self._answers.find(plan.organization_id, as_asked, calendars, now)
        if answer is None or answer.plan is not plan:
            question, span, window = _judge(plan, asked, now)
            if by_day(question) or not calendars.covers(window):
                return None
            answer = self._make(question, span, asked.pricing, calendars, now)
            self._answers.put(plan.organization_id, as_asked, answer)
        return Answered(answer.etag, dated(answer.lasting, seen.as_of), calendars.place.last_id)

    def _make(self, question: Question, span: Span, pricing: bool, calendars: Calendars, now: datetime) -> Answer:
        def make(days: Span) -> tuple[list[Part], datetime]:
            window = window_of(question, days)
            prepared = self._preparation(question, window)
            request = engine.request_of(question, window, prepared.candidates(question, calendars, now))
            found = engine.times_of(question, days, slots.offered(request, prepared.able), pricing=pricing)
            return found.parts(), prepared.until(question.occupied)

        parts, until = self._days.of(question, span, calendars, now, make, pricing=pricing)
        etag, lasting = engine.times_of(question, span, None, pricing=pricing).joined(parts)
        return Answer(
            plan=question.plan,
            minute=clock.to_minute(now),
            until=until,
            revisions=revisions(question.occupied, calendars),
            etag=etag,
            lasting=lasting,
        )

    def _preparation(self, question: Question, window: Window) -> Prepared:
        plan = question.plan
        # Whoever asks for one resource, or for more people, asks the same of each resource.
        alike = Wish(question.wish.service, None, 1, question.duration, question.wish.type)
        key = (plan.organization_id, plan.version, plan.compiled_on, alike, window)
        found = self._prepared.get(key)
        if found is None:
            found = Prepared(plan, window, question.rules)
            self._prepared.put(key, found, 3 * len(plan.resources) * (window.length // 8 + 200))
        return found

    async def _from_database(self, plan: ServicePlan, asked: Asked) -> Answered | None:
        """None when the plan is not the catalog's any more."""
        now = clock.now()
        question, span, window = _judge(plan, asked, now)
        statement, parameters = look(question, window, now)
        row = await self._database.read(plan.organization_id, statement, parameters)
        if row is None or row[0] != plan.version:
            return None
        found = engine.free_times(question, span, window, seen_in(question, window, row), pricing=asked.pricing)
        return Answered(*found.encode(as_of=now))

    def _remembered(self, slug: str, service: str) -> ServicePlan | None:
        organization_id = self._organizations.get(slug)
        return None if organization_id is None else self._plans.newest(organization_id, service, clock.now().date())

    async def _load(self, slug: str, service: str) -> ServicePlan:
        self._organizations.pop(slug, None)
        organization_id = await self.organization_of(slug)
        row = await self._database.read(organization_id, DOCUMENT, {"service": service})
        if row is None or row[0]["service"] is None:
            raise NotFound
        plan = compile_plan(row[0], clock.now().date())
        self._plans.put(organization_id, service, plan)
        return plan


def _judge(plan: ServicePlan, asked: Asked, now: datetime) -> tuple[Question, Span, Window]:
    check_currency(plan, asked.currency)
    question = ask(plan, asked.wish, now)
    span = span_of(plan, first=asked.first, days=asked.days, zone=asked.zone, now=now)
    return question, span, window_of(question, span)


def parse(query: dict[str, str]) -> Asked:
    """Raises ValidationError naming every parameter that cannot be read."""
    errors: list[dict[str, str]] = []

    def read(name: str, convert: Any, message: Any, default: Any = None) -> Any:
        text = query.get(name)
        if text is None:
            return default
        try:
            return convert(text)
        except (ValueError, KeyError):
            errors.append({"field": name, "message": str(message)})
            return default

    asked = Asked(
        wish=Wish(
            service=query.get("service", ""),
            resource=query.get("resource"),
            party_size=read("party_size", int, A_NUMBER, 1),
            duration=read("duration", int, MINUTES),
            type=read("type", KINDS.__getitem__, A_KIND, "standard"),
            promo_code=query.get("promo_code", "").strip(),
            pickup=said_in_a_word(query.get("pickup")),
            dropoff=said_in_a_word(query.get("dropoff")),
            extras=read("extras", extras.read, EXTRAS, ()),
        ),
        first=read("from", date.fromisoformat, A_DATE),
        days=read("days", int, A_NUMBER, 7),
        zone=query.get("time_zone") or None,
        currency=query.get("currency") or None,
        pricing=read("pricing", SWITCH.__getitem__, A_SWITCH, True),
        after=read("after", int, A_NUMBER),
    )
    if "service" not in query:
        errors.append({"field": "service", "message": _("is needed")})
    if errors:
        raise ValidationError(errors=errors)
    return asked
