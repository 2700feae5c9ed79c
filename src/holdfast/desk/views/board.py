"""The day of every resource side by side, and why an empty cell of it can or cannot be booked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponseBase

from holdfast.bookings.availability import explanation
from holdfast.bookings.availability.explanation import Explanation
from holdfast.bookings.availability.plan_cache import plan_for
from holdfast.bookings.availability.question import Wish, ask
from holdfast.catalog import members
from holdfast.catalog.models import Resource, Service
from holdfast.core import clock
from holdfast.core.errors import NotFound
from holdfast.desk import times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.board import board_of
from holdfast.desk.reasons import ResourceReasons, reason, resource_reasons
from holdfast.desk.views.profile import serving_told
from holdfast.desk.views.today import read_day
from holdfast.domain import hours


@dataclass(frozen=True, slots=True)
class Answer:
    """What one service says of one resource at one time."""

    service: Service
    found: Explanation
    rules: list[object]
    resource: ResourceReasons


@desk_view()
def board(desk: Desk) -> HttpResponseBase:
    """`?day=YYYY-MM-DD`, a date of the organization; today without it."""
    present = times.today(desk.organization)
    day = read_day(desk.request.GET.get("day"), present)
    shown, now = board_of(desk.organization, day), clock.now()
    next_half_hour = clock.from_minute(-(-clock.to_minute(now) // 30) * 30)
    context = {
        "board": shown,
        "day": day,
        "is_today": day == present,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "now": now,
        "ask_at": next_half_hour if day == present else shown.hours[0],
    }
    return desk.page("desk/board.html", context, section="board")


@desk_view()
def cell(desk: Desk) -> HttpResponseBase:
    """`?resource=<slug>&time=<wall clock>`: each service that the resource could serve, with every rule about it, and
    what the others of its kind ask for that it lacks.
    """
    resource = Resource.objects.filter(slug=desk.request.GET.get("resource", "")).first()
    at = _wall_clock(desk.request)
    if resource is None or at is None:
        raise NotFound
    start = hours.to_minute(desk.zone, at)
    context = {"resource": resource, "starts_at": clock.from_minute(start), "answers": _answers(desk, resource, start)}
    context["unserved"] = [serving_told(each) for each in members.servings_of(resource) if not each.fits]
    return desk.page("desk/cell.html", context, section="board")


def _wall_clock(request: HttpRequest) -> datetime | None:
    try:
        at = datetime.fromisoformat(request.GET.get("time", ""))
    except ValueError:
        return None
    return at if at.tzinfo is None and times.in_reach(at) else None


def _answers(desk: Desk, resource: Resource, start: int) -> list[Answer]:
    """What customers meet: their notice is not waived for staff who ask."""
    found = []
    for service in Service.objects.filter(is_active=True):
        plan = plan_for(desk.organization.id, desk.organization.catalog_version, service.slug)
        if not any(each.id == resource.pk for each in plan.resources):
            continue
        question = ask(plan, Wish(service=service.slug, resource=resource.slug, by_staff=True), clock.now())
        said = explanation.explain(question.as_customers(clock.now()), start)
        own = next(each for each in said.resources if each.resource.id == resource.pk)
        found.append(
            Answer(service, said, [reason(each, desk.zone) for each in said.verdicts], resource_reasons(own, desk.zone))
        )
    return found
