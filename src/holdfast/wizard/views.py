"""The customer's pages. Each view parses, calls one query or action, and renders."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdfast.bookings.availability import booker, plan_cache
from holdfast.bookings.availability.month import utc_text
from holdfast.bookings.availability.question import Question
from holdfast.bookings.details import extras, facts
from holdfast.bookings.details.paying import BY_CARD
from holdfast.bookings.errors import CustomerLimit, EmergencyNotOffered
from holdfast.bookings.limits.allowances import Known
from holdfast.bookings.models import Booking
from holdfast.bookings.queries import calendar_url
from holdfast.catalog import queries as catalog
from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization, zone_of
from holdfast.core import clock
from holdfast.core.errors import HoldfastError, NotFound
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.domain.lifecycle import ACTIVE
from holdfast.payments import bill
from holdfast.series.queries import dates_of, price_of
from holdfast.web import formats
from holdfast.wizard import drafts, offers, pay_views, places, ways
from holdfast.wizard.flow import Flow
from holdfast.wizard.quick import quick_form
from holdfast.wizard.selection import EMERGENCY, Selection
from holdfast.wizard.stepping import step_context
from holdfast.wizard.steps import steps, steps_of
from holdfast.wizard.summary import surcharge_words


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The one organization's page; in a demo a choice of them; else the door for staff, which names nobody."""
    found = list(Organization.objects.order_by("name")[:50])
    if len(found) == 1:
        return redirect("wizard:organization", org=found[0].slug)
    if settings.DEMO:
        return render(request, "wizard/front.html", {"organizations": found})
    return redirect("desk:today")


@require_safe
@for_organization
def organization(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Who they are and what they offer, one tap from booking."""
    now = clock.now()
    with transaction_for(organization.id):
        found = offers.offers(organization, now)
        context = {
            "organization": organization,
            "offers": found,
            "free_notice": offers.same_notice(found),
            "quick": quick_form(organization, found, now),
        }
        return render(request, "wizard/organization.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organization
def choose(request: HttpRequest, organization: Organization) -> HttpResponse:
    """A service, then a time. A POST takes the time."""
    if request.method == "POST":
        return _take(request, organization)
    selection = Selection.read(request.GET)
    with transaction_for(organization.id):
        try:
            service = catalog.service_by_slug(selection.service) if selection.service else None
        except NotFound:
            messages.info(request, _("This service is not on offer any more. These are."))
            service = None
        if service is None:
            return _services(request, organization, selection)
        return render(request, "wizard/times.html", _times_context(request, organization, service, selection))


def _services(request: HttpRequest, organization: Organization, selection: Selection) -> HttpResponse:
    context = {
        "organization": organization,
        "offers": offers.offers(organization, clock.now()),
        "steps": steps(organization, "service", selection),
    }
    return render(request, "wizard/services.html", context)


def _times_context(
    request: HttpRequest, organization: Organization, service: Any, selection: Selection
) -> dict[str, Any]:
    flow, now = Flow(request, organization), clock.now()
    held = flow.held()
    plan = plan_cache.plan_for(organization.id, organization.catalog_version, service.slug)
    if selection.type and not service.offers_emergency:
        messages.warning(request, str(EmergencyNotOffered.by(plan.organization).detail))
    selection = selection.fitting(plan)
    question = plan_cache.question_of(organization, selection.wish(), now)
    no_price = places.no_price(question)
    month = booker.month(
        question, selection.day_in(plan.time_zone), now, held.id if held else None, priced=not no_price
    )
    own = zone_of(request)
    script = month.for_script() | {
        "held": utc_text(clock.to_minute(held.starts_at)) if held else None,
        "own_zone": {"zone": own, "name": formats.zone_name(own)} if own else None,
    }
    return {
        "organization": organization,
        "service": service,
        "offer": offers.offer(service, question),
        "selection": selection,
        "durations": plan.durations(),
        "parties": range(1, int(plan.service["largest_party"]) + 1),
        "members": catalog.team_members(service),
        "ends": places.ends(plan, selection.places, request.GET),
        "no_price": no_price,
        "extras": extras.offered(plan, selection.chosen_extras),
        "month": month,
        "script": script,
        "own_zone": own,
        "held": held,
        "held_url": reverse("wizard:details", args=[organization.slug]) + flow.selection.query() if held else "",
        "now": now,
        "action": reverse("wizard:choose", args=[organization.slug]),
        "waiting_url": reverse("wizard:waiting", args=[organization.slug]),
        "lost": _lost(request, organization, flow, held, question, now),
        "steps": steps(organization, "time", selection, optional=ways.optional_steps(organization, selection)),
        **_emergency_choice(service, organization, selection, plan.ladder is None),
    }


def _emergency_choice(
    service: Any, organization: Organization, selection: Selection, ends_with_notice: bool
) -> dict[str, Any]:
    """What an emergency means and costs here, said before it is chosen; nothing where none is taken."""
    if not service.offers_emergency:
        return {}
    other = replace(selection, type="" if selection.type else EMERGENCY, date="", at="")
    reach = service.emergency_horizon_hours * 60
    return {
        "surcharge": surcharge_words(service, organization),
        "other_type_query": other.query(),
        "ends_with_notice": ends_with_notice,  # by a policy it can be cancelled after it, too
        "never_changeable": ends_with_notice
        and bool(selection.type)
        and reach <= organization.cancellation_notice_minutes,
    }


def _lost(
    request: HttpRequest,
    organization: Organization,
    flow: Flow,
    held: Booking | None,
    question: Question,
    now: datetime,
) -> dict[str, Any] | None:
    """A time that was wanted and is gone, with the nearest that are free, and that the customer's own limits allow."""
    starts_at = Selection(at=request.GET.get("lost", "")[:40]).starts_at
    if starts_at is None:
        return None
    why, own = request.GET.get("why", ""), held.id if held else None
    known = drafts.customer_of(organization, flow) if why == CustomerLimit.code else None
    customer = Known.of(known.email, known.phone) if known else None
    if booker.is_free(question, starts_at, now, own, customer=customer):
        return None
    return booker.lost(question, starts_at, now, why, but_for=own, customer=customer)


def _take(request: HttpRequest, organization: Organization) -> HttpResponse:
    selection = Selection.read(request.POST)
    if selection.starts_at is None:
        return ways.back_to_times(organization, selection)
    flow = Flow(request, organization)
    with transaction_for(organization.id):
        plan = plan_cache.plan_for(organization.id, organization.catalog_version, selection.service)
    selection = selection.fitting(plan)
    try:
        flow.hold(selection)
    except HoldfastError as refused:
        return ways.refused(request, organization, selection, refused)
    return ways.to("repeat" if ways.repeats(organization, selection) else "details", organization, selection)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_organization
def details(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Who books, and what the service asks. What is sent is kept, right or wrong; `?check=1` judges what is kept."""
    flow = Flow(request, organization)
    if request.method == "POST":
        flow.type(request.POST)
    held = ways.held_or_way_out(request, organization, flow)
    if isinstance(held, HttpResponse):
        return held
    if request.method == "POST" and flow.is_of_another_page(Selection.read(request.GET)):
        ways.say_what_changed(request)
    with transaction_for(organization.id):
        form = drafts.form_of(organization, flow, judge=request.method == "POST" or "check" in request.GET)
        if request.method == "POST":
            wrong = {} if form.is_valid() else {"check": "1"}
            return ways.to("details" if wrong else "payment", organization, flow.selection, **wrong)
        context = step_context(request, organization, flow, held, "details")
        return render(request, "wizard/details.html", context | {"form": form, "version": flow.draft_version})


@require_safe
@never_cache
@for_organization
def confirmation(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What was booked; only for the session that booked it, and for half an hour (`flow.SHOWN_FOR`)."""
    flow = Flow(request, organization)
    reference = request.GET.get("reference") or flow.latest
    if reference not in flow.booked.values():
        return HttpResponseRedirect(reverse("wizard:choose", args=[organization.slug]))
    if not flow.shows(reference):
        return render(request, "wizard/confirmation_over.html", {"organization": organization})
    with transaction_for(organization.id):
        booking = Booking.objects.select_related("service", "organization", "chosen_resource").get(reference=reference)
        calendar = urlsplit(calendar_url(organization, booking))
        if booking.state in pay_views.UNDECIDED and booking.payment_method in BY_CARD:
            return HttpResponseRedirect(pay_views.door_of(organization, booking).here)
        flow.settle(reference)
        dates = dates_of(booking)
        context = {
            "organization": organization,
            "booking": booking,
            "facts": facts.for_customer(booking, organization, stands=booking.state in ACTIVE),
            "bill": bill.for_customer(booking),
            "manage_url": reverse("portal:booking", args=[organization.slug, manage_token(booking.id)]),
            "calendar_url": f"{calendar.path}?{calendar.query}",
            "steps": steps_of(organization, "confirmation", booking),
            "dates": dates,
            "dates_price": price_of(dates),
        }
        return render(request, "wizard/confirmation.html", context)


@require_POST
@for_organization
def keep(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Hold on to the time a little longer, and go on where one was."""
    flow = Flow(request, organization)
    try:
        until = flow.extend()
    except HoldfastError as refused:
        return ways.refused(request, organization, flow.selection, refused)
    if until is None:
        return ways.first_a_time(request, organization, flow)
    return ways.to("payment" if request.POST.get("step") == "payment" else "details", organization, flow.selection)


@require_safe
@for_organization
def moved(request: HttpRequest, organization: Organization, to: str) -> HttpResponse:
    """The short addresses of the steps."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(
        reverse(f"wizard:{to}", args=[organization.slug]) + (f"?{query}" if query else ""),
    )
