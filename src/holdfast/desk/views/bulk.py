"""Several bookings at once: each in its own transaction, each with its own answer."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdfast.bookings.models import Booking
from holdfast.core import clock
from holdfast.core.errors import HoldfastError, NotFound
from holdfast.core.tenancy import transaction_for
from holdfast.desk import verbs
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.queries import with_resources
from holdfast.desk.views.session import safe_goal
from holdfast.desk.views.today import Row, row_of

BULK = ("confirm", "cancel")
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one booking; `problem` is empty when it was done."""

    row: Row
    problem: str = ""


@require_POST
@desk_view(may="change", transaction=False)
def bulk(desk: Desk) -> HttpResponseBase:
    """`booking=<reference>:<version>` as often as chosen. Cancelling is asked about first, confirming is not."""
    sent = desk.request.POST
    verb = verbs.VERBS.get(sent.get("action", ""))
    if verb is None or verb.slug not in BULK:
        raise NotFound
    seen = _read(sent.getlist("booking"))
    with transaction_for(desk.organization.id):
        rows = _rows(seen, clock.now())
        context = {"verb": verb, "back": safe_goal(desk.request)}
        if not rows:
            return desk.page("desk/bulk.html", {**context, "nothing": True}, status=422)
        if verb.asks and "sure" not in sent:
            return desk.page("desk/bulk.html", {**context, "rows": rows})
    reason = sent.get("reason", "").strip()[:500]
    outcomes = [_try(desk, verb, row, seen[row.booking.reference], reason) for row in rows]
    with transaction_for(desk.organization.id):
        done = _rows(seen, clock.now())
        problems = {outcome.row.booking.id: outcome.problem for outcome in outcomes}
        context |= {
            "outcomes": [Outcome(row, problems.get(row.booking.id, "")) for row in done],
            "done": sum(not problem for problem in problems.values()),
            "failed": sum(bool(problem) for problem in problems.values()),
        }
        return desk.page("desk/bulk.html", context)


def _read(chosen: list[str]) -> dict[str, int]:
    """Reference → version looked at; what is neither is left out."""
    pairs = (each.partition(":") for each in chosen[:MOST_AT_ONCE])
    return {reference: int(version) for reference, _colon, version in pairs if version.isdecimal()}


def _rows(seen: dict[str, int], now: datetime) -> list[Row]:
    found = with_resources(Booking.objects.filter(reference__in=seen)).order_by("starts_at", "id")
    return [row_of(booking, now) for booking in found]


def _try(desk: Desk, verb: verbs.Verb, row: Row, version: int, reason: str) -> Outcome:
    try:
        verbs.do(
            verb,
            organization=desk.organization,
            booking_id=row.booking.id,
            version=version,
            actor=desk.actor,
            reason=reason,
        )
    except HoldfastError as error:
        return Outcome(row, str(error.detail) or _("Not done"))
    return Outcome(row)
