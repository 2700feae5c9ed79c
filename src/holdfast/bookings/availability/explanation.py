"""Why a time is on offer or not: every rule asked, by the code that decides (AV7).

The decision is `domain.slots.decide`, the facts are `domain.slots.explain`; here they get names, dates and bookings.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings import queries
from holdfast.bookings.availability import engine, reading
from holdfast.bookings.availability.closing import closings
from holdfast.bookings.availability.planned import PlannedResource
from holdfast.bookings.availability.question import Question
from holdfast.bookings.errors import REFUSALS, ExtraNotAvailable, foretold
from holdfast.bookings.limits import allowances as limits
from holdfast.bookings.limits import counting
from holdfast.core import clock
from holdfast.core.fields import in_language
from holdfast.domain import hours, slots
from holdfast.domain.limits import Allowance


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule and whether it speaks for the time; `because` names what is responsible, in plain JSON."""

    rule: str
    holds: bool
    because: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResourceVerdicts:
    """What the rules say of one resource that could serve one requirement."""

    need: UUID
    resource: PlannedResource
    verdicts: tuple[Verdict, ...]

    @property
    def could_serve(self) -> bool:
        return all(verdict.holds for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class Explanation:
    """`code` is the refusal a booking would get now, None when it would be taken; `sentence` is for customers."""

    start: int
    code: str | None
    sentence: str
    alternatives: list[str]
    verdicts: tuple[Verdict, ...]
    resources: tuple[ResourceVerdicts, ...]


def explain(question: Question, start: int) -> Explanation:
    """Judge the start at a minute, inside the tenant's transaction."""
    now = clock.now()
    window = question.window(start, start + 1)
    _version, packed = reading.busy(question, window, now)
    request = engine.build_request(question, window, packed)
    decision = slots.decide(request, start)
    code, sentence = _said(question, decision)
    counts = _Counts(question, start, now)
    return Explanation(
        start=start,
        code=code,
        sentence=sentence,
        alternatives=reading.nearby(question, start, now) if code else [],
        verdicts=(
            *_of_the_service(question, request, start),
            *_of_limits(request.allowances, counts),
            *_of_extras(question, request, start, now),
        ),
        resources=_of_resources(question, request, start, now),
    )


def _said(question: Question, decision: slots.Decision) -> tuple[str | None, str]:
    """The refusal that a booking would get, and the sentence for customers."""
    if not isinstance(decision, slots.Refused):
        return None, _("This time is free.")
    if extra := question.extra_held_as(decision.need_key):
        return ExtraNotAvailable.code, foretold(ExtraNotAvailable.of(extra))
    return decision.code, foretold(REFUSALS[decision.code])


def of_resources(question: Question, start: int, *, but_for: UUID) -> tuple[ResourceVerdicts, ...]:
    """What the rules say of each resource at a start, as if one booking were not; inside the tenant's transaction."""
    now = clock.now()
    window = question.window(start, start + 1)
    _version, packed = reading.busy(question, window, now, but_for)
    request = engine.build_request(question, window, packed)
    return _of_resources(question, request, start, now, but_for)


def _of_the_service(question: Question, request: slots.Request, start: int) -> tuple[Verdict, ...]:
    rules, zone = question.rules, question.plan.time_zone

    def at(minute: int) -> str:
        return hours.from_minute(zone, minute).isoformat(timespec="seconds")

    on_grid = bool(hours.grid_bits(zone, rules.step, request.window) >> (start - request.window.origin) & 1)
    # How many resources have another one of their own: for them, what is said here of the service does not hold.
    own_notice = {"with_their_own": sum(each.earliest != rules.earliest for each in question.own.values())}
    own_horizon = {"with_their_own": sum(each.latest != rules.latest for each in question.own.values())}
    return (
        Verdict("notice", start >= rules.earliest, {"earliest": at(rules.earliest), **own_notice}),
        Verdict("horizon", start <= rules.latest, {"latest": at(rules.latest), **own_horizon}),
        Verdict("grid", on_grid, {"step_minutes": rules.step}),
    )


def _of_resources(
    question: Question, request: slots.Request, start: int, now: datetime, but_for: UUID | None = None
) -> tuple[ResourceVerdicts, ...]:
    resources = {resource.id: resource for resource in question.resources}
    occupants, closed = _occupants(question, start, now, but_for), closings(question, start)
    counts = _Counts(question, start, now, but_for)
    found: dict[tuple[UUID, UUID], ResourceVerdicts] = {}
    for fact in slots.explain(request, start):
        if question.extra_held_as(fact.resource_key):
            continue
        need, resource = _uuid(fact.need_key), resources[_uuid(fact.resource_key)]
        team = request.teams.get(resource.team, ()) if resource.team else ()
        wanted = next(each for each in request.needs if each.key == need).lanes_for(request.party)
        found[need, resource.id] = ResourceVerdicts(
            need=need,
            resource=resource,
            verdicts=(
                Verdict("party", fact.fits_party, {"largest_party": resource.largest_party}),
                *_own_reach(question, resource, fact),
                Verdict("hours", fact.open, closed.get(resource.id, {})),
                Verdict(
                    "free",
                    len(fact.free_lanes) >= wanted,
                    {
                        "places": fact.lanes,
                        "free": len(fact.free_lanes),
                        "wanted": wanted,
                        "taken_by": occupants.get(resource.id, []),
                        **_own_buffers(resource),
                    },
                ),
                *_of_limits(team, counts),
            ),
        )
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Counts:
    """What counts towards the limits of a start's day; a limit's bookings are asked for once."""

    question: Question
    start: int
    now: datetime
    but_for: UUID | None = None
    _found: dict[UUID, list[dict[str, Any]]] = field(default_factory=dict)

    def taken_by(self, limit: limits.PlannedLimit) -> list[dict[str, Any]]:
        if limit.id not in self._found:
            self._found[limit.id] = counting.counted_bookings(self.question, limit, self.start, self.now, self.but_for)
        return self._found[limit.id]


def _of_limits(allowances: Iterable[Allowance], counts: _Counts) -> tuple[Verdict, ...]:
    """Each limit with its words, the local day, and how much of it is used; a reached one with the bookings that do."""
    found = []
    for each in allowances:
        met = limits.exceeded_by(counts.question, each, counts.start)
        holds = each.allows(counts.start)
        because = {"limit": met.limit.words, "day": met.day.isoformat(), "used": met.used, "most": met.most}
        responsible = {} if holds else {"taken_by": counts.taken_by(met.limit)}
        found.append(Verdict("limit", holds, {**because, **responsible}))
    return tuple(found)


def _of_extras(question: Question, request: slots.Request, start: int, now: datetime) -> list[Verdict]:
    """Each chosen extra that is counted: how many are left, and which bookings have the others."""
    if not question.stocks:
        return []
    first = start - question.rules.buffer_before
    taken = queries.occupants([each.id for each in question.stocks], first, first + question.rules.occupied, now)
    found = []
    for fact in slots.explain(request, start):
        if extra := question.extra_held_as(fact.resource_key):
            wanted = next(each.count for each in question.extras if each.extra is extra)
            because = {
                "extra": extra.slug,
                "name": in_language(extra.name),
                "places": fact.lanes,
                "free": len(fact.free_lanes),
                "wanted": wanted,
            }
            holds = len(fact.free_lanes) >= wanted
            by = {} if holds else {"taken_by": taken.get(_uuid(fact.resource_key), [])}
            found.append(Verdict("extra", holds, {**because, **by}))
    return found


def _own_reach(question: Question, resource: PlannedResource, fact: slots.Fact) -> list[Verdict]:
    """What a notice and a horizon of its own say; nothing where the service's hold."""
    zone, found = question.plan.time_zone, list[Verdict]()
    if fact.own and resource.notice is not None:
        earliest = hours.from_minute(zone, fact.own.earliest).isoformat(timespec="seconds")
        found.append(Verdict("own_notice", fact.in_time, {"earliest": earliest, "notice_minutes": resource.notice}))
    if fact.own and resource.horizon is not None:
        latest = hours.from_minute(zone, fact.own.latest).isoformat(timespec="seconds")
        found.append(Verdict("own_horizon", fact.in_reach, {"latest": latest, "horizon_days": resource.horizon}))
    return found


def _own_buffers(resource: PlannedResource) -> dict[str, int]:
    own = {"own_buffer_before": resource.buffer_before, "own_buffer_after": resource.buffer_after}
    return {name: minutes for name, minutes in own.items() if minutes is not None}


def _occupants(question: Question, start: int, now: datetime, but_for: UUID | None) -> dict[UUID, list[dict[str, Any]]]:
    """Per resource, the bookings that stand in the way, each resource's own buffers included."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    alike: dict[slots.Rules, list[UUID]] = {}
    for resource in question.resources:
        alike.setdefault(question.own.get(resource.id, question.rules), []).append(resource.id)
    for rules, resources in alike.items():
        first = start - rules.buffer_before
        found |= queries.occupants(resources, first, first + rules.occupied, now, but_for)
    return found


def _uuid(key: object) -> UUID:
    assert isinstance(key, UUID)  # noqa: S101 - the engine's keys are the ones we gave it
    return key


def document(explanation: Explanation, question: Question, *, in_full: bool) -> dict[str, Any]:
    """The explanation as plain JSON: a polite sentence for everybody, rules and bookings only `in_full` for staff."""
    zone = question.plan.time_zone
    said: dict[str, Any] = {
        "service": question.plan.service["slug"],
        "starts_at": hours.from_minute(zone, explanation.start).isoformat(timespec="seconds"),
        "time_zone": zone,
        "offered": explanation.code is None,
        "code": explanation.code,
        "sentence": explanation.sentence,
        "alternatives": explanation.alternatives,
    }
    if in_full:
        said["rules"] = [plain(verdict) for verdict in explanation.verdicts]
        said["resources"] = [
            {
                "requirement": str(each.need),
                "slug": each.resource.slug,
                "name": each.resource.name,
                "could_serve": each.could_serve,
                "rules": [plain(verdict) for verdict in each.verdicts],
            }
            for each in explanation.resources
        ]
    return said


def plain(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the API gives it."""
    return {"rule": verdict.rule, "holds": verdict.holds, **verdict.because}
