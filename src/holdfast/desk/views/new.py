"""A booking made by staff, with the customer on the telephone: what, when, who, on one page."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError as InvalidInput
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.bookings.availability import plan_cache
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.plan_cache import plan_for
from holdfast.bookings.availability.question import Question, Wish
from holdfast.bookings.errors import NoPriceHere, SlotTaken
from holdfast.bookings.models import BookingType
from holdfast.bookings.stops.fields import asked_stops, typed, with_addresses
from holdfast.catalog.models import Service
from holdfast.core import clock
from holdfast.core.errors import HoldfastError, ValidationError
from holdfast.core.tenancy import transaction_for
from holdfast.desk import actions, times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.beyond import asks_for_reason, goes_beyond, override_of
from holdfast.desk.details_forms import DetailsForm
from holdfast.desk.forms import EXTRA, MomentField, WishForm
from holdfast.desk.place_fields import NAMES as PLACES
from holdfast.desk.repeating import Repeat
from holdfast.desk.views.move import day_context
from holdfast.desk.views.today import read_day


@desk_view(may="change", transaction=False)
def new_booking(desk: Desk) -> HttpResponseBase:
    """The address holds the wish (`service`, `type`, `duration`, `party_size`, `resource`, `day`, `at`); POST books."""
    with transaction_for(desk.organization.id):
        services = list(Service.objects.filter(is_active=True))
        plan = _plan(desk, services)
        wishes = WishForm(desk.request.GET, services, plan)
        wish, at = wishes.wish(), _at(desk.request.GET.get("at"))
        if wish is None or plan is None or at is None or desk.request.method != "POST":
            return _page(desk, wishes, plan, wish, at)
        form = DetailsForm(desk.organization, plan, desk.request.POST, **_asked(plan, wish))
        repeat = Repeat.read(desk.organization, with_addresses(wish, typed(desk.request.POST)), at, desk.request.POST)
        if repeat.is_to_be_shown:
            return _page(desk, wishes, plan, wish, at, form=form.not_yet_judged())
        if not form.is_valid():
            return _page(desk, wishes, plan, wish, at, form=form, status=422)
        if asks_for_reason(desk.request.POST) and not repeat.is_series:
            return _page(desk, wishes, plan, wish, at, form=form, status=422, reason_missing=True)
    try:
        if repeat.is_series:
            return _book_series(desk, repeat, form)
        reference = _book(desk, wish, at, form)
    except ValidationError as error:
        form.refuse(error.extra.get("errors") or [{"field": "", "message": str(error.detail)}])
        return _again(desk, wishes, plan, wish, at, form, status=422)
    except HoldfastError as error:
        nearby = [datetime.fromisoformat(each) for each in error.extra.get("alternatives", [])]
        return _again(
            desk, wishes, plan, wish, at, form, status=error.status, problem=str(error.detail), alternatives=nearby,
            taken=isinstance(error, SlotTaken), limit=error.extra.get("limit"),
        )  # fmt: skip
    messages.success(desk.request, _("Booked. The customer gets a mail."))
    return redirect("desk:booking", reference)


def _book(desk: Desk, wish: Wish, at: datetime, form: DetailsForm) -> str:
    wish = with_addresses(wish, typed(desk.request.POST))
    return actions.book(wish=wish, starts_at=at, override=override_of(desk.request.POST), **_sent(desk, form))


def _book_series(desk: Desk, repeat: Repeat, form: DetailsForm) -> HttpResponseBase:
    made, count = actions.book_series(asked=repeat.asked(), override=repeat.override, **_sent(desk, form))
    words = ngettext("%(count)d date is booked.", "%(count)d dates are booked.", count) % {"count": count}
    messages.success(desk.request, f"{words} {_('The customer gets one mail.')}")
    return redirect("desk:series", made)


def _sent(desk: Desk, form: DetailsForm) -> dict[str, Any]:
    # What is remembered tells the same form from another, without the token that differs each time.
    sent = {name: value for name, value in desk.request.POST.items() if name != "csrfmiddlewaretoken"}
    return {
        "organization": desk.organization,
        "details": form.details(),
        "actor": desk.actor,
        "key": f"{desk.user.pk}:{_key(desk.request.POST.get('key'))}",
        "sent": sent,
    }


def _again(
    desk: Desk, wishes: WishForm, plan: ServicePlan, wish: Wish, at: datetime, form: DetailsForm, **more: Any
) -> HttpResponseBase:
    with transaction_for(desk.organization.id):
        return _page(desk, wishes, plan, wish, at, form=form, **more)


def _page(
    desk: Desk,
    wishes: WishForm,
    plan: ServicePlan | None,
    wish: Wish | None,
    at: datetime | None,
    *,
    form: DetailsForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponseBase:
    """As far as the wish goes: the services, then the times, then the customer. In the tenant's transaction."""
    context: dict[str, Any] = {
        "wishes": wishes,
        "at": at,
        "key": uuid4(),
        "cancel": reverse("desk:bookings"),
        "beyond": goes_beyond(desk.request),
        "override_reason": desk.request.POST.get("override", "")[:500],
        **more,
    }
    if plan is not None and wish is not None:
        now = clock.now()
        try:
            question = plan_cache.question_of(desk.organization, wish, now)
        except HoldfastError as error:
            errors = error.extra.get("errors") or [{"message": str(error.detail)}]
            context["impossible"] = " ".join(str(each["message"]) for each in errors)
        else:
            context |= _times(desk, question, at, now)
            if at is not None:
                context["form"] = form or DetailsForm(desk.organization, plan, **_asked(plan, wish))
                repeat = Repeat.read(desk.organization, wish, at, desk.request.POST)
                context |= repeat.context(form.customer() if form else None)
    return desk.page("desk/new.html", context, status=status)


def _times(desk: Desk, question: Question, at: datetime | None, now: datetime) -> dict[str, Any]:
    """The days and times to choose from; without a day in the address, the first that has a free time."""
    today = times.today(desk.organization)
    sent = desk.request.GET.get("day")
    day = max(read_day(sent, at.date() if at else today), today)
    beyond = goes_beyond(desk.request)
    week = times.week(question, day, now, beyond_limits=beyond)
    shown = next(each for each in week if each.date == day)
    next_free = None if shown.starts else times.next_free(question, day, now)
    if not sent and not at and next_free:
        week = times.week(question, next_free, now, beyond_limits=beyond)
        shown = next(each for each in week if each.date == next_free)
    names = ("service", "type", "duration", "party_size", "resource", "beyond", *PLACES)
    kept = {name: desk.request.GET.get(name, "") for name in names}
    kept |= {name: desk.request.GET.get(name, "") for name in desk.request.GET if name.startswith(EXTRA)}
    return {
        **day_context(desk, week, shown),
        "next_free": None if shown.starts else next_free,
        "kept_query": "?" + urlencode({name: value for name, value in kept.items() if value}) + "&",
        "question": question,
        **_priced(question, at),
        "ends_at": clock.from_minute(clock.to_minute(at) + question.duration) if at else None,
    }


def _priced(question: Question, at: datetime | None) -> dict[str, Any]:
    """The price, or why there is none yet."""
    if unpriced := question.unpriced:
        return {"price": None, "impossible": " ".join(dict.fromkeys(each["message"] for each in unpriced))}
    try:
        return {"price": question.price(clock.to_minute(at)).total if at else question.flat_price()}
    except NoPriceHere as refused:
        return {"price": None, "impossible": str(refused.detail)}


def _plan(desk: Desk, services: list[Service]) -> ServicePlan | None:
    wanted = desk.request.GET.get("service", "")
    if not any(service.slug == wanted for service in services):
        return None
    return plan_for(desk.organization.id, desk.organization.catalog_version, wanted)


def _at(text: str | None) -> datetime | None:
    """`+` in an address may have become a space."""
    try:
        return MomentField().clean((text or "").replace(" ", "+"))
    except InvalidInput:
        return None


def _asked(plan: ServicePlan, wish: Wish) -> dict[str, Any]:
    """What the wish makes the form ask for."""
    return {
        "is_emergency": wish.type == BookingType.EMERGENCY,
        "party_size": wish.party_size,
        "stops": asked_stops(plan, wish),
    }


def _key(text: str | None) -> str:
    try:
        return str(UUID(text or ""))
    except ValueError:
        return str(uuid4())
