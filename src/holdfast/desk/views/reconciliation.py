"""The ledger beside the card company: what differs, what to do about it, and when they were last compared."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect

from holdfast.core import clock
from holdfast.core.errors import HoldfastError, NotFound
from holdfast.core.tenancy import transaction_for
from holdfast.desk import times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.reconciling_forms import AdoptForm, DecisionForm, RunForm
from holdfast.domain.hours import day_start
from holdfast.payments.errors import DifferenceResolved, GatewayNotSetUp, ReconciliationUnderWay
from holdfast.payments.models import Difference
from holdfast.payments.queries import takes_cards
from holdfast.payments.reconciling import reports, resolving, running, words
from holdfast.payments.reconciling.resolving import Way
from holdfast.payments.reconciling.words import WayWords

SECTION = "reconciliation"
configures = partial(desk_view, may="configure", refusal="desk/reconciliation_refused.html", transaction=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A difference in words, and what can be decided about it."""

    difference: Difference

    @property
    def what(self) -> str:
        return str(words.WHATS[self.difference.what])

    @property
    def kind(self) -> str:
        return str(words.KINDS[self.difference.kind])

    @property
    def sentence(self) -> str:
        return words.sentence(self.difference)

    @property
    def advice(self) -> str:
        return words.advice(self.difference)

    @property
    def ways(self) -> list[tuple[Way, WayWords]]:
        return [(way, words.way_words(way, self.difference)) for way in resolving.ways_out(self.difference)]


@configures()
def reconciliation(desk: Desk) -> HttpResponseBase:
    """POST `since` and `until`, local days: compare these now."""
    today = times.today(desk.organization)
    if desk.request.method != "POST":
        return _page(desk, RunForm(today=today))
    form = RunForm(desk.request.POST, today=today)
    if not form.is_valid():
        return _page(desk, form, status=422)
    since, until = _moments(desk, form.cleaned_data["since"], form.cleaned_data["until"])
    try:
        running.begin(organization_id=desk.organization.id, since=since, until=until, by=desk.actor.name)
    except (ReconciliationUnderWay, GatewayNotSetUp) as refused:
        messages.info(desk.request, str(refused.title))
    return redirect("desk:reconciliation")


def _moments(desk: Desk, since: date, until: date) -> tuple[datetime, datetime]:
    """From the first day's beginning to the last one's end, and not beyond now."""
    ends = clock.from_minute(day_start(desk.zone, until + timedelta(days=1)))
    return clock.from_minute(day_start(desk.zone, since)), min(ends, clock.now())


def _page(desk: Desk, form: RunForm, *, status: int = 200) -> HttpResponseBase:
    today = times.today(desk.organization)
    with transaction_for(desk.organization.id):
        runs = reports.last_runs()
        going = runs[0] if runs and runs[0].run.ended_at is None else None
        context = {
            "form": form,
            "since": form.data.get("since") or (today - running.NIGHTLY).isoformat(),
            "until": form.data.get("until") or today.isoformat(),
            "today": today.isoformat(),
            "runs": [(each, words.trouble(each.run.trouble)) for each in runs],
            "going": going,
            "trouble": words.trouble(going.run.trouble) if going else "",
            "differences": [Shown(each) for each in reports.open_differences()],
            "resolved": [Shown(each) for each in reports.lately_resolved()],
            "takes_cards": takes_cards(),
        }
        return desk.page("desk/reconciliation.html", context, section=SECTION, status=status)


@configures()
def decide(desk: Desk, difference_id: UUID, way: str) -> HttpResponseBase:
    """GET says what will happen and asks for the reason; POST does it."""
    with transaction_for(desk.organization.id):
        found = Difference.objects.filter(id=difference_id).select_related("booking").first()
        if found is None or way not in resolving.ways_out(found):
            raise NotFound
        if found.resolved_at is not None:
            messages.info(desk.request, str(DifferenceResolved.title))
            return redirect("desk:reconciliation")
    chosen, kind = Way(way), AdoptForm if way == Way.ADOPT else DecisionForm
    form = kind(desk.request.POST or None, initial={"reference": found.details.get("reference", "")})
    if not form.is_bound or not form.is_valid():
        return _ask(desk, found, chosen, form, status=422 if form.is_bound else 200)
    try:
        _DONE_BY[chosen](difference=found, actor=desk.actor, **form.cleaned_data)
    except HoldfastError as refused:
        return _ask(desk, found, chosen, form, refusal=str(refused.detail or refused.title), status=409)
    messages.success(desk.request, str(words.way_words(chosen, found).done))
    return redirect("desk:reconciliation")


_DONE_BY: dict[Way, Any] = {
    Way.GIVE_BACK: resolving.give_back,
    Way.ADOPT: resolving.adopt,
    Way.TAKE_WORD: resolving.take_word,
    Way.KNOW: resolving.know,
}


def _ask(
    desk: Desk, found: Difference, way: Way, form: DecisionForm, *, refusal: str = "", status: int = 200
) -> HttpResponseBase:
    context = {"shown": Shown(found), "way": words.way_words(way, found), "form": form, "refusal": refusal}
    with transaction_for(desk.organization.id):
        return desk.page("desk/reconciliation_decide.html", context, section=SECTION, status=status)
