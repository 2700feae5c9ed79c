"""The waiting list at the desk: who waits for what since when, what is offered now, and what became of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from holdfast.bookings.availability import plan_cache
from holdfast.catalog.models import Service
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.core.tenancy import transaction_for
from holdfast.desk import times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.views.bookings import Chip
from holdfast.desk.views.move import day_context
from holdfast.desk.views.today import read_day
from holdfast.desk.waiting_forms import AddForm, RemoveForm, WaitingFilters
from holdfast.domain.waiting import ACTIVE
from holdfast.waiting import actions, facts, matching, queries
from holdfast.waiting.models import WaitingEntry, WaitingOffer, WaitingState

PAGE = 50
# An icon, and the booking's state whose color the badge has.
LOOKS = {
    "waiting": ("hourglass", "requested"),
    "offered": ("bell", "held"),
    "claimed": ("check", "confirmed"),
    "left": ("log-out", "cancelled"),
    "removed": ("user-x", "cancelled"),
    "expired": ("calendar-off", "expired"),
}


@desk_view()
def waiting(desk: Desk) -> HttpResponseBase:
    """`?state=`, `?q=`, `?service=`; without a state, those who have a place in line, the longest waiting first."""
    filters = WaitingFilters.read(desk.request.GET)
    matching_ = WaitingEntry.objects.filter(filters.matches())
    counts = dict(matching_.order_by().values_list("state").annotate(Count("id")))
    found = _in_state(matching_, filters.state)
    page = Paginator(found, PAGE).get_page(desk.request.GET.get("page"))
    active = sum(counts.get(state, 0) for state in ACTIVE)
    context = {
        "filters": filters,
        "page": page,
        "rows": [_row(entry) for entry in page.object_list],
        "now": clock.now(),
        "services": list(Service.objects.all()),
        "states": [
            Chip(_("In line"), filters.query(state=""), current=not filters.state, count=active),
            *(
                Chip(str(label), filters.query(state=str(state)), filters.state == state, counts.get(state, 0))
                for state, label in WaitingState.choices
                if counts.get(state) or filters.state == state
            ),
        ],
        "bare": filters == WaitingFilters(),
    }
    return desk.page("desk/waiting.html", context, section="waiting")


@desk_view()
def waiting_entry(desk: Desk, entry_id: UUID) -> HttpResponseBase:
    """One person's wait: what was offered and how it ended, free times to offer, a way off the list."""
    return _entry_page(desk, queries.entry_by_id(entry_id))


@desk_view(may="change", transaction=False)
def offer_waiting(desk: Desk, entry_id: UUID) -> HttpResponseBase:
    """POST `at`: hold that time for the person and write to them."""
    at = clock.read(desk.request.POST.get("at", ""))
    if at is not None:
        try:
            actions.offer_now(organization=desk.organization, entry_id=entry_id, starts_at=at, actor=desk.actor)
        except HoldfastError as refused:
            messages.warning(desk.request, str(refused.detail))
        else:
            messages.success(desk.request, _("Offered. The person gets a mail."))
    return redirect("desk:waiting-entry", entry_id)


@desk_view(may="change", transaction=False)
def remove_waiting(desk: Desk, entry_id: UUID) -> HttpResponseBase:
    """POST `reason`: off the list; the person is told."""
    form = RemoveForm(desk.request.POST)
    if not form.is_valid():
        with transaction_for(desk.organization.id):
            return _entry_page(desk, queries.entry_by_id(entry_id), form=form, status=422)
    reason = form.cleaned_data["reason"]
    actions.remove(organization=desk.organization, entry_id=entry_id, actor=desk.actor, reason=reason)
    messages.success(desk.request, _("Removed from the waiting list."))
    return redirect("desk:waiting-entry", entry_id)


@desk_view(may="change", transaction=False)
def add_waiting(desk: Desk) -> HttpResponseBase:
    """Put a customer on the list, with them on the telephone."""
    sent = desk.request.POST if desk.request.method == "POST" else None
    with transaction_for(desk.organization.id):
        today = times.today(desk.organization)
        asked = {name: desk.request.GET.get(name, "")[:50] for name in ("service", "resource")}
        day = max(read_day(desk.request.GET.get("day"), today), today)
        form = AddForm(desk.organization, sent, first=day, last=day, **asked)
        if sent is None or not form.is_valid():
            return desk.page("desk/waiting_new.html", {"form": form}, section="waiting", status=422 if sent else 200)
    try:
        entry = actions.join(
            organization=desk.organization,
            wish=form.wish(),
            times=form.times(),
            customer=form.customer(),
            actor=desk.actor,
        )
    except HoldfastError as refused:
        with transaction_for(desk.organization.id):
            context = {"form": form, "problem": _said(refused), "alternatives": _alternatives(refused)}
            return desk.page("desk/waiting_new.html", context, section="waiting", status=refused.status)
    messages.success(desk.request, _("On the waiting list. The person gets a mail."))
    return redirect("desk:waiting-entry", entry.id)


def _in_state(found: Any, state: str) -> Any:
    offers = WaitingOffer.objects.select_related("booking").order_by("-offered_at")
    found = found.select_related("service", "chosen_resource").prefetch_related(Prefetch("offers", offers))
    if state == "all":
        return found.order_by("-joined_at", "-id")
    if state:
        order = ("joined_at", "id") if state in ACTIVE else (F("closed_at").desc(nulls_last=True), "-id")
        return found.filter(state=state).order_by(*order)
    return found.filter(state__in=ACTIVE).order_by("joined_at", "id")


def _row(entry: WaitingEntry) -> dict[str, Any]:
    offers = list(entry.offers.all())
    icon, color = LOOKS[entry.state]
    return {
        "entry": entry,
        "dates": facts.dates(entry),
        "times": facts.times_of_day(entry),
        "icon": icon,
        "badge_color": color,
        "offer": next((offer for offer in offers if not offer.outcome), None),
        "offers": offers,
    }


def _entry_page(
    desk: Desk, entry: WaitingEntry, *, form: RemoveForm | None = None, status: int = 200
) -> HttpResponseBase:
    """Inside the tenant's transaction."""
    row = _row(entry)
    context: dict[str, Any] = {
        **row,
        "now": clock.now(),
        "facts": facts.for_entry(entry),
        "active": entry.state in ACTIVE,
        "form": form or RemoveForm(),
        "claimed": next((offer for offer in row["offers"] if offer.outcome == "claimed"), None),
    }
    if entry.state == WaitingState.WAITING and desk.may_change:
        context |= _free(desk, entry)
    return desk.page("desk/waiting_entry.html", context, section="waiting", status=status)


def _free(desk: Desk, entry: WaitingEntry) -> dict[str, Any]:
    """A week of free times, from the first date waited for: also such that the person did not ask for."""
    now, today = clock.now(), times.today(desk.organization)
    try:
        question = plan_cache.question_of(desk.organization, matching.wish_of(entry), now)
    except HoldfastError as error:
        return {"impossible": str(error.detail)}
    day: date = max(read_day(desk.request.GET.get("day"), entry.first_date), today)
    week = times.week(question, day, now)
    shown = next(each for each in week if each.date == day)
    return {
        **day_context(desk, week, shown),
        "kept_query": "?",
        "next_free": None if shown.starts else times.next_free(question, day, now),
    }


def _said(refused: HoldfastError) -> str:
    errors: list[dict[str, Any]] = refused.extra.get("errors") or []
    return " ".join(str(each["message"]).capitalize() + "." for each in errors) or str(refused.detail)


def _alternatives(refused: HoldfastError) -> list[datetime]:
    return [datetime.fromisoformat(each) for each in refused.extra.get("alternatives", [])]
