"""Which places an imported booking occupies, and what stands there if they are not free.

What is to come is placed by the engine, as if staff booked it, except that the agreed time and length stand: neither
the grid of starts nor the horizon binds them. What is past occupies what its row names and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from holdfast.bookings.availability import engine, plan_cache, reading
from holdfast.bookings.availability.question import Question, Wish, ask
from holdfast.bookings.limits.allowances import Seen
from holdfast.bookings.models import Allocation
from holdfast.bookings.places.allocations import Occupation, Place
from holdfast.bookings.places.placing import places_of
from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES, Organization, Requirement
from holdfast.core import clock
from holdfast.core.errors import HoldfastError, NotFound
from holdfast.domain import slots
from holdfast.domain.calendar_bits import Window, full
from holdfast.legacy.mapping import Draft

WORDS = {
    "party_too_large": "no resource of the service takes so many people",
    "outside_hours": "outside working hours (--outside-hours takes it all the same)",
    "slot_taken": "not free",
    "too_soon": "begins before it could be imported",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a booking has no places: `blocked` are the resources whose other bookings [start, end) would meet."""

    code: str
    message: str
    blocked: tuple[UUID, ...] = ()
    start: int = 0
    end: int = 0


def places_for(organization: Organization, draft: Draft, *, outside_hours: bool) -> Occupation | Refusal:
    """The places for a booking that holds its time; nothing is claimed yet. Inside the tenant's transaction."""
    if draft.is_past:
        return _named_places(draft)
    return _decided_places(organization, draft, outside_hours=outside_hours)


def blockers(resource_ids: Sequence[UUID], start: int, end: int, now: datetime) -> list[Allocation]:
    """The allocations of these resources that meet [start, end) minutes, earliest first; expired holds meet nobody."""
    return list(
        Allocation.objects.filter(
            Q(expires_at=None) | Q(expires_at__gt=now),
            resource__in=resource_ids,
            active=True,
            start_minute__gte=start - LONGEST_OCCUPATION_MINUTES,
            start_minute__lt=end,
            end_minute__gt=start,
        )
        .select_related("booking", "resource")
        .order_by("start_minute", "id")
    )


def _named_places(draft: Draft) -> Occupation | Refusal:
    """Lanes of the named vehicle for exactly the time of the row: history had other buffers, or none."""
    vehicle = draft.vehicle
    if vehicle is None:
        return Occupation(())
    need = Requirement.objects.filter(service=draft.service, kind=vehicle.kind).order_by("position", "id").first()
    if need is None:
        return Refusal("unfit_vehicle", f"“{vehicle.slug}” is nothing that “{draft.service.slug}” needs")
    wanted = draft.party if need.per_person else 1
    taken = {each.lane for each in blockers([vehicle.id], draft.start, draft.end, clock.now())}
    free = [lane for lane in range(vehicle.lanes) if lane not in taken][:wanted]
    if len(free) < wanted:
        return Refusal("vehicle_taken", f"“{vehicle.slug}” is not free", (vehicle.id,), draft.start, draft.end)
    return Occupation(tuple(Place(vehicle.id, lane, need.id, draft.start, draft.end) for lane in free))


def _decided_places(organization: Organization, draft: Draft, *, outside_hours: bool) -> Occupation | Refusal:
    try:
        question, taken, window = _question(organization, draft)
    except NotFound:
        named = f"“{draft.vehicle.slug}” cannot serve “{draft.service.slug}”, or " if draft.vehicle else ""
        return Refusal("unfit_vehicle", f"{named}“{draft.service.slug}” is not on offer")
    except HoldfastError as error:
        return Refusal(error.code, str(error.detail))
    # What was agreed elsewhere is taken over beyond limits, too; from then on it counts.
    request = replace(engine.build_request(question, window, taken).without_limits(), grid=full(window))
    if outside_hours:
        request = _always_open(request)
    # Equals by key and not by lot: the dry run and the import decide the same.
    decision = slots.decide(request, draft.start)
    if isinstance(decision, slots.Refused):
        pool = [r.id for need in question.needs if decision.need_key in (None, need.id) for r in need.pool]
        blocked = tuple(pool) if decision.code == "slot_taken" else ()
        seen = question.window(draft.start, draft.start + 1)
        return Refusal(decision.code, WORDS.get(decision.code, decision.code), blocked, seen.origin, seen.end)
    return Occupation(places_of(decision.assignments, question, draft.start))


def _question(organization: Organization, draft: Draft) -> tuple[Question, Seen, Window]:
    """As `placing.place` asks, for the time and length that were agreed. Raises NotFound and other refusals."""
    now, version = clock.now(), organization.catalog_version
    vehicle = draft.vehicle.slug if draft.vehicle else None
    wish = Wish(service=draft.service.slug, resource=vehicle, party_size=draft.party, by_staff=True)
    while True:
        plan = plan_cache.plan_for(organization.id, version, wish.service)
        asked = ask(plan, wish, now)
        question = _for_the_time_agreed(asked, draft)
        window = question.window(draft.start, draft.start + 1)
        current, taken = reading.busy(question, window, now, decides=draft.start)
        if current == plan.version:
            return question, taken, window
        version = current  # the catalog changed since the organization was read


def _for_the_time_agreed(asked: Question, draft: Draft) -> Question:
    length = draft.end - draft.start
    agreed = asked.with_rules(lambda each: replace(each, duration=length, latest=max(each.latest, draft.start)))
    return replace(agreed, duration=length)


def _always_open(request: slots.Request) -> slots.Request:
    """As if every resource worked day and night."""
    everything = full(request.window)
    needs = tuple(
        replace(need, pool=tuple(replace(candidate, open=everything) for candidate in need.pool))
        for need in request.needs
    )
    return replace(request, needs=needs)
