"""Who wants their data erased: what stands in the way, and the one button that does it."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from holdfast.bookings.models import Booking
from holdfast.customers import erasing
from holdfast.customers.errors import NotErasableYet
from holdfast.customers.models import ErasureRequest
from holdfast.customers.queries import everything_of
from holdfast.desk.access import Desk, desk_view

MOST_DONE = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """`to_come`: the bookings that have to be over or cancelled first."""

    request: ErasureRequest
    to_come: list[Booking]
    count: int


def waiting_requests() -> int:
    """How many wait for somebody; in the organization's transaction."""
    return _confirmed().count()


@require_safe
@desk_view(may="configure")
def erasures(desk: Desk) -> HttpResponseBase:
    done = ErasureRequest.objects.exclude(done_at=None).order_by("-done_at")[:MOST_DONE]
    context = {"asked": [_asked(each) for each in _confirmed()], "done": list(done)}
    return desk.page("desk/erasures.html", context, section="erasures")


@require_POST
@desk_view(may="configure", transaction=False)
def erase(desk: Desk, request_id: UUID) -> HttpResponseBase:
    """Carries it out. What stands in the way is said, and nothing is erased then."""
    try:
        done = erasing.carry_out(organization=desk.organization, request_id=request_id, actor=desk.actor)
    except NotErasableYet as refused:
        messages.warning(desk.request, str(refused.detail))
    else:
        words = ngettext(
            "The data is erased: %(count)s booking no longer says whose it was. The answer goes out by mail.",
            "The data is erased: %(count)s bookings no longer say whose they were. The answer goes out by mail.",
            done.bookings_erased,
        )
        messages.success(desk.request, words % {"count": done.bookings_erased})
    return redirect("desk:erasures")


def _confirmed() -> QuerySet[ErasureRequest]:
    return ErasureRequest.objects.filter(done_at=None, withdrawn_at=None).exclude(confirmed_at=None)


def _asked(request: ErasureRequest) -> Asked:
    return Asked(request, erasing.blocking(request.email), everything_of(request.email).count())
