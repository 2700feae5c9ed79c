"""From a question about a service to the domain's answer: the page, the API, the desk and the commit all come here.

Pure but for the plan cache and the two loaders at the end; `live/` brings rows of its own and uses the same functions.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from holdfast.bookings import counting, limits
from holdfast.bookings.busy import busy_lanes, look, seen
from holdfast.bookings.errors import EmergencyNotOffered, PartyTooLarge, PromotionInvalid
from holdfast.bookings.free_times import FreeTimes
from holdfast.bookings.limits import Known, Seen
from holdfast.bookings.plan import PlanCache, PlannedNeed, PlannedResource, ServicePlan, compile_plan
from holdfast.bookings.pools import that_can_be_occupied, with_chosen
from holdfast.catalog import queries as catalog
from holdfast.catalog.models import Organization
from holdfast.core import clock, locking, statements
from holdfast.core.errors import NotFound, ValidationError
from holdfast.domain import hours, slots
from holdfast.domain.calendar_bits import Window
from holdfast.domain.hours import DAY
from holdfast.domain.pricing import Price, price

MOST_DAYS = 92
ALTERNATIVES = 5
# How far from a wished time alternatives are looked for.
ALTERNATIVE_DAYS = 14

plans = PlanCache()
_tentative: ContextVar[PlanCache | None] = ContextVar("tentative_plans", default=None)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of a service. `resource` is a slug; `duration` None means the service's own."""

    service: str
    resource: str | None = None
    party_size: int = 1
    duration: int | None = None
    type: str = "standard"
    # Staff may choose any resource and book at any notice; customers only what is public, with notice.
    by_staff: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A wish judged against a plan: everything the engine needs but the busy calendars.

    `own`: the rules of the resources that do not keep the service's. `chosen`: one that must serve, whichever of the
    needs it fills; None also where the chosen one is the whole pool of a need.
    """

    plan: ServicePlan
    wish: Wish
    duration: int
    needs: tuple[PlannedNeed, ...]
    rules: slots.Rules
    own: Mapping[UUID, slots.Rules]
    chosen: UUID | None = None

    @property
    def resources(self) -> tuple[PlannedResource, ...]:
        """Every resource that may serve, once."""
        return tuple({resource.id: resource for need in self.needs for resource in need.pool}.values())

    @property
    def all_rules(self) -> tuple[slots.Rules, ...]:
        """The service's first, then those that resources have of their own."""
        return (self.rules, *self.own.values())

    @property
    def reach(self) -> tuple[int, int]:
        """The first and the last minute at which anybody could start."""
        return min(each.earliest for each in self.all_rules), max(each.latest for each in self.all_rules)

    def window(self, start: int, end: int) -> Window:
        """What the engine must see to judge every start in [start, end) minutes."""
        return slots.padded_window(start, end, *self.all_rules)

    def with_rules(self, change: Callable[[slots.Rules], slots.Rules]) -> "Question":
        """The same with all rules changed: the service's and those that resources have of their own."""
        own = {resource: change(rules) for resource, rules in self.own.items()}
        return replace(self, rules=change(self.rules), own=own)

    def as_customers(self, now: datetime) -> "Question":
        """The same with the notice that customers must give: staff's is waived."""
        emergency = self.wish.type == "emergency"
        rules = self.plan.rules(duration=self.duration, now=now, emergency=emergency)
        return replace(self, rules=rules, own=self.plan.own_rules(self.needs, rules, now, emergency=emergency))

    def price(self) -> Price:
        service = self.plan.service
        return price(
            service["price_amount"],
            service["price_unit"],
            self.duration,
            self.wish.party_size,
            self.plan.organization["currency"],
            surcharge=self.plan.emergency_surcharge if self.wish.type == "emergency" else None,
        )


def ask(plan: ServicePlan, wish: Wish, now: datetime) -> Question:
    """Check a wish against the service. Raises ValidationError, EmergencyNotOffered or NotFound (the resource)."""
    emergency = wish.type == "emergency"
    if emergency and not plan.service["offers_emergency"]:
        raise EmergencyNotOffered.by(plan.organization)
    durations = plan.durations()
    duration = wish.duration or durations[0]
    if duration not in durations:
        raise ValidationError(
            errors=[
                {
                    "field": "duration_minutes",
                    "message": _("one of %(choices)s") % {"choices": ", ".join(map(str, durations))},
                }
            ]
        )
    if wish.party_size < 1:
        raise ValidationError(errors=[{"field": "party_size", "message": _("at least 1")}])
    if wish.party_size > int(plan.service["largest_party"]) and not wish.by_staff:
        raise PartyTooLarge(largest_party=int(plan.service["largest_party"]))
    needs, chosen = plan.emergency_needs if emergency else plan.needs, None
    if wish.resource is not None:
        needs, chosen = with_chosen(needs, wish.resource, by_staff=wish.by_staff)
    rules = plan.rules(duration=duration, now=now, notice_waived=wish.by_staff, emergency=emergency)
    own = plan.own_rules(needs, rules, now, notice_waived=wish.by_staff, emergency=emergency)
    return Question(plan, wish, duration, that_can_be_occupied(needs, own), rules, own, chosen)


def build_request(question: Question, window: Window, taken: Seen | None) -> slots.Request:
    """The engine's request over `window`, with what `busy` saw there; None: nothing is booked, nothing limited."""
    plan, resources = question.plan, question.resources
    calendars = {number: plan.open(number, window) for number in {resource.schedule for resource in resources}}
    candidates = [
        candidate(resource, calendars[resource.schedule], lanes)
        for resource, lanes in zip(
            resources, busy_lanes(taken.packed if taken else None, resources, window), strict=True
        )
    ]
    request = request_of(question, window, candidates)
    if not taken or not plan.limits:
        return request
    allowances, teams = limits.allowances(question, window, taken.counted)
    return replace(request, allowances=allowances, teams=teams)


def candidate(
    resource: PlannedResource, open_bits: int, busy: tuple[int, ...], own: slots.Rules | None = None
) -> slots.Candidate:
    """A resource as the engine sees it, with its working hours and, per lane, what is taken of them."""
    return slots.Candidate(
        key=resource.id,
        open=open_bits,
        busy=busy,
        max_party=resource.largest_party,
        rank=resource.rank,
        team=resource.team,
        rules=own,
    )


def request_of(question: Question, window: Window, candidates: Iterable[slots.Candidate]) -> slots.Request:
    """The engine's request over `window`, given a candidate for each of `question.resources`; limits left out.

    A candidate may come with rules of an earlier minute: those of the question are given to it.
    """
    by_key = {each.key: each for each in candidates}
    grid = hours.grid_bits(question.plan.time_zone, question.rules.step, window)
    if question.own:
        by_key = {key: replace(each, rules=question.own.get(_uuid(key))) for key, each in by_key.items()}
        # One with shorter buffers than others could start where the window ends; that is not asked.
        grid &= slots.judged(window, *question.all_rules)
    return slots.Request(
        window=window,
        rules=question.rules,
        grid=grid,
        needs=tuple(
            slots.Need(need.id, tuple(by_key[each.id] for each in need.pool), need.per_person, need.count)
            for need in question.needs
        ),
        party=question.wish.party_size,
        chosen=question.chosen,
    )


def _uuid(key: object) -> UUID:
    assert isinstance(key, UUID)  # noqa: S101 - the engine's keys are the ones we gave it
    return key


@dataclass(frozen=True, slots=True)
class Span:
    """The local dates an availability answer is for, in the zone it is shown in."""

    first: date
    days: int
    zone: str

    def minutes(self) -> tuple[int, int]:
        """[start, end) in minutes of UTC."""
        return (
            hours.day_start(self.zone, self.first),
            hours.day_start(self.zone, self.first + timedelta(days=self.days)),
        )


def span_of(plan: ServicePlan, *, first: date | None, days: int, zone: str | None, now: datetime) -> Span:
    """Check and complete the dates asked for. Raises ValidationError."""
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError(errors=[{"field": "days", "message": _("1 to %(most)d") % {"most": MOST_DAYS}}])
    zone = zone or plan.time_zone
    try:
        today = now.astimezone(ZoneInfo(zone)).date()
    except (KeyError, ValueError, OSError):
        raise ValidationError(
            errors=[{"field": "time_zone", "message": _("not an IANA time zone, such as Europe/Paris")}]
        ) from None
    first = first or today
    if not date(2000, 1, 1) <= first <= date(2100, 1, 1):
        raise ValidationError(errors=[{"field": "from", "message": _("not a date that can be booked")}])
    return Span(first, days, zone)


def check_commerce(plan: ServicePlan, *, currency: str | None, promo_code: str | None) -> None:
    """Refuse what no price can be given in. Raises ValidationError or PromotionInvalid."""
    own = plan.organization["currency"]
    if currency and currency.upper() != own:
        raise ValidationError(
            errors=[{"field": "currency", "message": _("prices are in %(currency)s") % {"currency": own}}]
        )
    if promo_code:
        raise PromotionInvalid


def window_of(question: Question, span: Span) -> Window:
    """What the engine must see to judge every start in the span; empty when no start there could be allowed."""
    start, end = span.minutes()
    # Cut at whole days, so that the grid of one minute ago can be used again (domain.hours keeps the last ones).
    earliest, latest = question.reach
    start, end = max(start, earliest // DAY * DAY), min(end, (latest // DAY + 1) * DAY)
    return question.window(start, max(start, end))


def free_times(question: Question, span: Span, window: Window, taken: Seen, *, pricing: bool = True) -> FreeTimes:
    """The starts on offer in the span; `taken` is what `busy` saw in the window."""
    return times_of(question, span, slots.offered(build_request(question, window, taken)), pricing=pricing)


def times_of(question: Question, span: Span, found: slots.Offered, *, pricing: bool = True) -> FreeTimes:
    """What the engine offers, as the answer to who asked for the span."""
    return FreeTimes(
        service=str(question.plan.service["slug"]),
        zone=span.zone,
        first=span.first,
        days=span.days,
        duration=question.duration,
        step=question.rules.step,
        minutes=found.minutes(),
        remaining=found.remainders(),
        price=question.price().total if pricing else None,
    )


# Loading, for Django. `live/` has its own, without the ORM.


def plan_for(organization_id: UUID, version: int, service: str) -> ServicePlan:
    """The service's plan, from memory if the catalog is unchanged. Inside a tenant's transaction. Raises NotFound."""
    today = clock.now().date()
    kept = _tentative.get() or plans
    plan = kept.get(organization_id, service, version, today)
    if plan is None:
        document = catalog.service_document(service)
        if document is None:
            raise NotFound
        plan = compile_plan(document, today)
        kept.put(organization_id, service, plan)
    return plan


@contextmanager
def tentative_plans() -> Iterator[None]:
    """Around a transaction that changes the catalog and may roll back: its plans are made anew and forgotten after it.

    The version that such a plan was made from goes back with the change, and the next change gets the same number.
    """
    token = _tentative.set(PlanCache())
    try:
        yield
    finally:
        _tentative.reset(token)


def question_of(organization: Organization, wish: Wish, now: datetime) -> Question:
    """A wish judged against the service as it is now. Raises NotFound (the service) and what `ask` raises."""
    return ask(plan_for(organization.id, organization.catalog_version, wish.service), wish, now)


def busy(
    question: Question,
    window: Window,
    now: datetime,
    but_for: UUID | None = None,
    *,
    decides: int | None = None,
    customer: Known | None = None,
) -> tuple[int, Seen]:
    """The catalog's version now, and what is taken in the window: the question's resources, and its limits.

    With `decides` (a start), the catalog stays at that version until the transaction ends: whoever changes it waits for
    this booking and sees it (catalog/guards.py). Nor does anybody else decide about the limits of that start's day, or
    about the customer's. Of the customer, bookings are counted only where a limit asks for it.
    """
    query, parameters = look(question, window, now, but_for)
    if decides is not None:
        locking.keep_catalog()
        if keys := limits.locks(question, [decides], customer):
            locking.lock_limits(keys)
    row = statements.one(query, parameters)
    if row is None:
        raise NotFound
    taken = seen(question, window, row)
    if customer is not None:
        own = counting.counted_of_customer(question, window, customer, now, but_for)
        taken = replace(taken, counted={**taken.counted, **own})
    return row[0], taken


def offered(
    question: Question, span: Span, now: datetime, but_for: UUID | None = None, *, customer: Known | None = None
) -> slots.Offered:
    """The starts on offer in the span; `but_for` is a booking that is being moved, whose time is free for itself.

    With a `customer`, those that their limits allow.
    """
    window = window_of(question, span)
    _version, taken = busy(question, window, now, but_for, customer=customer)
    return slots.offered(build_request(question, window, taken))


def nearby(
    question: Question, start: int, now: datetime, but_for: UUID | None = None, *, customer: Known | None = None
) -> list[str]:
    """Up to five starts nearest to `start` that are free, RFC 3339 in the organization's zone. `but_for` as above.

    With a `customer`, those that their limits allow.
    """
    days = ALTERNATIVE_DAYS * DAY
    earliest, latest = question.reach
    first, last = max(start - days, earliest), min(start + days, latest)
    window = question.window(first, max(first, last) + 1)
    _, taken = busy(question, window, now, but_for, customer=customer)
    zone = question.plan.time_zone
    found = slots.alternatives(build_request(question, window, taken), start, ALTERNATIVES)
    return [hours.from_minute(zone, minute).isoformat(timespec="seconds") for minute in sorted(found)]
