"""Moving a booking: pick a day, then one of the times that the same engine offers."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from holdfast.bookings import actions
from holdfast.bookings.availability import plan_cache
from holdfast.bookings.errors import TransitionNotAllowed, VersionConflict
from holdfast.bookings.models import Booking
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.core.tenancy import transaction_for
from holdfast.desk import times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.beyond import asks_for_reason, goes_beyond, override_of
from holdfast.desk.forms import MoveForm, resource_choices
from holdfast.desk.queries import booking_by_reference
from holdfast.desk.views.booking import found_at, refused
from holdfast.desk.views.series_move import preview_at
from holdfast.desk.views.today import read_day, row_of
from holdfast.domain import hours
from holdfast.domain.lifecycle import MOVABLE
from holdfast.series.move_page import Wanted
from holdfast.web import formats


@desk_view(may="change", transaction=False)
def move(desk: Desk, reference: str) -> HttpResponseBase:
    """`?day=` and `?resource=` (a slug) choose what is shown; POST `starts_at` moves."""
    with transaction_for(desk.organization.id):
        found = booking_by_reference(reference)
        if found.state not in MOVABLE:
            return refused(desk, reference, TransitionNotAllowed())
        if desk.request.method != "POST":
            return _page(desk, found)
        form = MoveForm(desk.request.POST)
        if not form.is_valid():
            return _page(desk, found, problem=_first_error(form), status=422)
        wanted = _for_more_dates(desk, found, form)
        if wanted:
            return redirect(preview_at(reference, wanted, form.cleaned_data["reason"]))
        if asks_for_reason(desk.request.POST):
            return _page(desk, found, status=422, reason_missing=True, wanted=form.cleaned_data["starts_at"])
    given = form.cleaned_data
    try:
        moved = actions.reschedule(
            organization=desk.organization,
            booking_id=found.id,
            starts_at=given["starts_at"],
            version=given["version"],
            actor=desk.actor,
            resource=given["resource"] or None,
            reason=given["reason"].strip(),
            override=override_of(desk.request.POST),
        )
    except (VersionConflict, TransitionNotAllowed) as error:
        return refused(desk, reference, error)
    except HoldfastError as error:
        with transaction_for(desk.organization.id):
            found = booking_by_reference(reference)
            return _page(
                desk,
                found,
                problem=str(error.detail),
                status=error.status,
                limit=error.extra.get("limit"),
                wanted=given["starts_at"],
                alternatives=[datetime.fromisoformat(each) for each in error.extra.get("alternatives", [])],
            )
    when = formats.moment(moved.starts_at, moved.time_zone)
    messages.success(desk.request, _("Moved to %(when)s.") % {"when": when})
    return redirect(found_at(moved))


def _for_more_dates(desk: Desk, found: Booking, form: MoveForm) -> Wanted | None:
    """The move of several dates of a series, if that is what the form says."""
    given, scope = form.cleaned_data, desk.request.POST.get("scope")
    if found.series_id is None or scope not in ("following", "all"):
        return None
    return Wanted("following" if scope == "following" else "all", given["starts_at"], given["resource"] or None)


def _scopes(found: Booking) -> list[tuple[str, str]]:
    """Which dates a move can be about; none to choose from for a booking of no series."""
    if found.series_id is None:
        return []
    return [
        ("this", _("Only this date")),
        ("following", _("This and the following dates")),
        ("all", _("All dates that can still be changed")),
    ]


def _page(desk: Desk, found: Booking, *, problem: str = "", status: int = 200, **more: Any) -> HttpResponseBase:
    """Inside the tenant's transaction. A service that is not sold any more has no times; that is said."""
    now = clock.now()
    sent = desk.request.POST or desk.request.GET
    resource = sent.get("resource", "")[:50]
    scope = sent.get("scope") if found.series_id and sent.get("scope") in ("following", "all") else "this"
    context: dict[str, Any] = {
        "booking": found,
        "row": row_of(found, now),
        "resource": resource,
        "problem": problem,
        "reason": sent.get("reason", "")[:500],
        "scopes": _scopes(found),
        "scope": scope,
        "beyond": goes_beyond(desk.request) or bool(more.get("limit")),
        "override_reason": desk.request.POST.get("override", "")[:500],
        **more,
    }
    try:
        wish = actions.wish_of(found, resource or None, desk.actor)
        question = plan_cache.question_of(desk.organization, wish, now)
    except HoldfastError as error:
        context["impossible"] = str(error.detail)
        return desk.page("desk/move.html", context, status=status)
    day = _day_to_show(desk, found, sent.get("day"))
    week = times.week(question, day, now, but_for=found.id, beyond_limits=context["beyond"])
    shown = next(each for each in week if each.date == day)
    chosen = found.chosen_resource.name if found.chosen_resource else None
    context |= {
        "resources": resource_choices(
            question.plan, empty=_("As chosen: %(name)s") % {"name": chosen} if chosen else ""
        ),
        **day_context(desk, week, shown),
        "kept_query": _kept_query(resource, scope or "this", beyond=context["beyond"]),
        "next_free": None if shown.starts else times.next_free(question, day, now, but_for=found.id),
    }
    return desk.page("desk/move.html", context, status=status)


def _kept_query(resource: str, scope: str, *, beyond: bool) -> str:
    named = {"resource": resource, "scope": "" if scope == "this" else scope, "beyond": "1" if beyond else ""}
    kept = {name: value for name, value in named.items() if value}
    return f"?{urlencode(kept)}&" if kept else "?"


def day_context(desk: Desk, week: list[times.Day], shown: times.Day) -> dict[str, Any]:
    """What the strip of days and the times of one of them need."""
    today = times.today(desk.organization)
    return {
        "week": week,
        "shown": shown,
        "present": today,
        "week_before": date.fromordinal(week[0].date.toordinal() - 1),
        "week_after": date.fromordinal(week[-1].date.toordinal() + 1),
        "has_week_before": week[0].date > today,
    }


def _day_to_show(desk: Desk, found: Booking, wanted: str | None) -> date:
    """The day asked for, else the booking's own; never one that is over."""
    own = hours.date_of(desk.zone, clock.to_minute(found.starts_at))
    return max(read_day(wanted, own), times.today(desk.organization))


def _first_error(form: MoveForm) -> str:
    return str(next(iter(form.errors.values()))[0])
