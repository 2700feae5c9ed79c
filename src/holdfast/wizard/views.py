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
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from holdfast.bookings.availability import booker, plan_cache
from holdfast.bookings.availability.month import utc_text
from holdfast.bookings.availability.question import Question
from holdfast.bookings.details import extras, facts
from holdfast.bookings.details.paying import BY_CARD
from holdfast.bookings.details.terms import fingerprint
from holdfast.bookings.errors import CustomerLimit, EmergencyNotOffered, PromotionInvalid
from holdfast.bookings.limits.allowances import Known
from holdfast.bookings.models import Booking
from holdfast.bookings.queries import calendar_url
from holdfast.catalog import queries as catalog
from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization, zone_of
from holdfast.core import clock
from holdfast.core.errors import HoldfastError, NotFound
from holdfast.core.idempotency import Answer
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.domain.lifecycle import ACTIVE
from holdfast.payments import pages
from holdfast.pricing.models import PaymentMethod
from holdfast.series.errors import SeriesConflict
from holdfast.series.queries import dates_of, price_of
from holdfast.web.middleware import allow
from holdfast.wizard import actions, drafts, methods, offers, pay_views, paying, places, ways
from holdfast.wizard.code_views import without_code
from holdfast.wizard.errors import PriceChanged
from holdfast.wizard.flow import Flow
from holdfast.wizard.selection import EMERGENCY, Selection
from holdfast.wizard.stepping import step_context
from holdfast.wizard.steps import steps
from holdfast.wizard.summary import surcharge_words

# No price has more; Python reads no number of thousands.
MOST_DIGITS = 18


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """The one organization's page; in a demo a choice of them; else the door for staff, which names nobody."""
    found = list(Organization.objects.order_by("name")[:50])
    if len(found) == 1:
        return redirect("wizard:organization", org=found[0].slug)
    if settings.DEMO:
        return render(request, "wizard/front.html", {"organizations": found})
    return redirect("desk:today")


@require_GET
@for_organization
def organization(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Who they are and what they offer, one tap from booking."""
    with transaction_for(organization.id):
        return render(
            request,
            "wizard/organization.html",
            {"organization": organization, "offers": offers.offers(organization, clock.now())},
        )


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
    script = month.for_script() | {"held": utc_text(clock.to_minute(held.starts_at)) if held else None}
    return {
        "organization": organization,
        "service": service,
        "offer": offers.offer(service, question),
        "selection": selection,
        "durations": plan.durations(),
        "parties": range(1, int(plan.service["largest_party"]) + 1),
        "members": catalog.team_members(service),
        "ends": places.ends(plan, selection.places),
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
        "steps": steps(organization, "time", selection, repeats=service.allows_series and not selection.type),
        **_emergency_choice(service, organization, selection),
    }


def _emergency_choice(service: Any, organization: Organization, selection: Selection) -> dict[str, Any]:
    """What an emergency means and costs here, said before it is chosen; nothing where none is taken."""
    if not service.offers_emergency:
        return {}
    other = replace(selection, type="" if selection.type else EMERGENCY, date="", at="")
    reach = service.emergency_horizon_hours * 60
    return {
        "surcharge": surcharge_words(service, organization),
        "other_type_query": other.query(),
        "never_changeable": bool(selection.type) and reach <= organization.cancellation_notice_minutes,
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
    with transaction_for(organization.id):
        form = drafts.form_of(organization, flow, judge=request.method == "POST" or "check" in request.GET)
        if request.method == "POST":
            wrong = {} if form.is_valid() else {"check": "1"}
            return ways.to("details" if wrong else "payment", organization, flow.selection, **wrong)
        context = step_context(request, organization, flow, held, "details")
        return render(request, "wizard/details.html", context | {"form": form, "version": flow.draft_version})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_organization
def payment(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What it costs and when it is paid. A POST books."""
    flow = Flow(request, organization)
    if request.method == "POST":
        return _book(request, organization, flow)
    held = ways.held_or_way_out(request, organization, flow)
    if isinstance(held, HttpResponse):
        return held
    held = paying.with_method(organization, flow, held)
    with transaction_for(organization.id):
        form = drafts.form_of(organization, flow, judge=True)
        if not form.is_valid():
            return ways.first_the_details(request, organization, flow)
        context = step_context(request, organization, flow, held, "payment")
        plan = plan_cache.plan_for(organization.id, organization.catalog_version, flow.selection.service)
        is_series = bool(context["series"])
        amount = context["amount"] if is_series else None
        asked = {
            "form": form,
            "key": flow.key,
            "takes_code": bool(plan.codes) and not is_series,
            "methods": methods.methods(organization, plan, held, series_amount=amount),
            "paid_by": methods.chosen(methods.offered(plan, is_series=is_series), flow.paying[0]),
            "has_fees": paying.costs_customers(plan) and not is_series,
            "tip": None if is_series else paying.tip_form(plan, held),
            "terms": fingerprint(held.terms),
        }
        page = render(request, "wizard/payment.html", context | asked)
        return allow(page, {"form-action": pages.sources()["form-action"]})  # booking may lead to the company's page


def _book(request: HttpRequest, organization: Organization, flow: Flow) -> HttpResponse:
    """Nothing is held anew before the key is looked at: a second tap must find the first one's booking."""
    key = request.POST.get("key", "")
    if key in flow.booked:
        return ways.confirmed(organization, flow.booked[key])
    if flow.selection.starts_at is None:
        return ways.first_a_time(request, organization, flow)
    if key != flow.key:
        messages.info(request, _("Your choice has changed in the meantime. This is what you would book now."))
        return ways.to("payment", organization, flow.selection)
    with transaction_for(organization.id):
        form = drafts.form_of(organization, flow, judge=True)
        plan = plan_cache.plan_for(organization.id, organization.catalog_version, flow.selection.service)
        offered = methods.offered(plan, is_series=bool(flow.series))
    if not form.is_valid():
        return ways.first_the_details(request, organization, flow)
    sent = request.POST.get("amount", "")
    amount = int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= MOST_DIGITS else -1
    method = methods.chosen(offered, request.POST.get("method", ""))
    given = form.details(
        locale=get_language() or "en",
        time_zone=zone_of(request),
        payment_method=method if amount else PaymentMethod.NONE,
    )
    try:
        tip = None if flow.series else paying.tip_of(request.POST, organization.currency, plan.tips)
        answer = actions.book(
            organization=organization,
            flow=flow,
            details=given,
            addresses=form.addresses(),
            shown_amount=amount,
            shown_terms=request.POST.get("terms", ""),
            tip=tip,
        )
    except (PriceChanged, ValueError) as changed:
        return paying.shown_anew(request, organization, flow, method, changed)
    except SeriesConflict as changed:
        messages.warning(request, str(changed.detail))
        return ways.to("repeat", organization, flow.selection)
    except HoldfastError as refused:
        return ways.refused(request, organization, flow.selection, refused)
    return _ended(request, organization, flow, answer, given.payment_method)


def _ended(request: HttpRequest, organization: Organization, flow: Flow, answer: Answer, method: str) -> HttpResponse:
    """Where the answer leads: to the confirmation, or back to what can be done about it."""
    if answer.body.get("code") == CustomerLimit.code:
        return ways.back_to_times(organization, flow.selection, lost=flow.selection.at, why=CustomerLimit.code)
    if answer.body.get("code") == PromotionInvalid.code:
        return without_code(request, organization, flow, str(answer.body["detail"]))
    if answer.status != 201:  # it will not become true by asking again
        messages.warning(request, str(answer.body["detail"]))
        return ways.back_to_times(organization, flow.selection)
    flow.finish(flow.key, answer.body["reference"], unpaid=method in BY_CARD)
    return pay_views.onward(request, organization, answer.body["reference"], method)


@require_GET
@never_cache
@for_organization
def confirmation(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What was booked; only for the session that booked it."""
    booked = list(Flow(request, organization).booked.values())
    reference = request.GET.get("reference") or (booked[-1] if booked else "")
    if reference not in booked:
        return HttpResponseRedirect(reverse("wizard:choose", args=[organization.slug]))
    with transaction_for(organization.id):
        booking = Booking.objects.select_related("service", "organization", "chosen_resource").get(reference=reference)
        calendar = urlsplit(calendar_url(organization, booking))
        if booking.state in pay_views.UNDECIDED and booking.payment_method in BY_CARD:
            return HttpResponseRedirect(pay_views.door_of(organization, booking).here)
        dates = dates_of(booking)
        context = {
            "organization": organization,
            "booking": booking,
            "facts": facts.for_customer(booking, organization, stands=booking.state in ACTIVE),
            "manage_url": reverse("portal:booking", args=[organization.slug, manage_token(booking.id)]),
            "calendar_url": f"{calendar.path}?{calendar.query}",
            "steps": steps(organization, "confirmation", Selection(), repeats=booking.series_id is not None),
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


@require_GET
@for_organization
def moved(request: HttpRequest, organization: Organization, to: str) -> HttpResponse:
    """The short addresses of the steps."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(
        reverse(f"wizard:{to}", args=[organization.slug]) + (f"?{query}" if query else ""),
    )
