"""The waiting list, as customers meet it: join where no time suits, and book what is offered by a link in a mail."""

import secrets
from dataclasses import asdict
from datetime import date, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from holdfast.bookings.availability import plan_cache
from holdfast.bookings.availability.extras import taken
from holdfast.bookings.details import extras
from holdfast.bookings.repeats import answer_settled, patiently
from holdfast.bookings.stops.fields import asked_stops
from holdfast.catalog import queries as catalog
from holdfast.catalog.models import Organization
from holdfast.catalog.pages import View, for_organization, zone_of
from holdfast.core import clock
from holdfast.core.errors import HoldfastError, NotFound
from holdfast.core.idempotency import Answer
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.domain import hours
from holdfast.pricing.models import PaymentMethod
from holdfast.waiting import actions, facts, matching, queries
from holdfast.waiting.errors import OfferOver
from holdfast.waiting.links import entry_token, read_offer_token
from holdfast.waiting.models import OfferOutcome, WaitingOffer
from holdfast.wizard import ways
from holdfast.wizard.flow import Flow
from holdfast.wizard.selection import Selection
from holdfast.wizard.summary import summary
from holdfast.wizard.waiting_forms import ClaimForm, JoinForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_organization
def join(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What would suit, and who waits. A POST joins."""
    selection = Selection.read(request.GET)
    with transaction_for(organization.id):
        try:
            service = catalog.service_by_slug(selection.service)
        except NotFound:
            return ways.back_to_times(organization, Selection())
        plan = plan_cache.plan_for(organization.id, organization.catalog_version, service.slug)
        selection = selection.fitting(plan)
        sent = request.POST if request.method == "POST" else None
        form = JoinForm(sent, organization=organization, first=_first_day(selection, plan.time_zone))
        context = {
            "organization": organization,
            "service": service,
            "selection": selection,
            "extras": extras.in_words(extras.entries_of(taken(plan.extras, selection.chosen_extras, kept=True))),
            "member": next((each for each in catalog.team_members(service) if each.slug == selection.resource), None),
            "key": request.POST.get("key") or secrets.token_urlsafe(24),
            "times_url": reverse("wizard:choose", args=[organization.slug]) + selection.query(),
            "form": form,
        }
        if sent is None or not form.is_valid():
            return render(request, "wizard/waiting.html", context, status=422 if sent else 200)
    try:
        entry = _join(request, organization, selection, form)
    except HoldfastError as refused:
        alternatives = [datetime.fromisoformat(each) for each in refused.extra.get("alternatives", [])]
        context |= {"refused": _reason(refused), "alternatives": alternatives}
        return render(request, "wizard/waiting.html", context, status=refused.status)
    messages.success(request, _("You are on the waiting list. A mail with the link to your place is on its way."))
    return HttpResponseRedirect(_place(organization, entry))


def _join(request: HttpRequest, organization: Organization, selection: Selection, form: JoinForm) -> UUID:
    """The same form sent twice joins once. Raises what `actions.join_once` raises."""
    customer = form.customer(locale=get_language() or "en", time_zone=zone_of(request))
    times = form.times()

    def work() -> Answer:
        entry = actions.join_once(organization=organization, wish=selection.wish(), times=times, customer=customer)
        return Answer(201, {"entry": str(entry.id)})

    sent = {"selection": asdict(selection), "customer": asdict(customer), "times": asdict(times)}
    key = request.POST.get("key", "")[:64]
    answer = patiently(
        lambda: answer_settled(
            organization_id=organization.id, key=key, operation="wizard.wait", request=sent, work=work
        )
    )
    if answer.status != 201:
        raise HoldfastError(str(answer.body["detail"]), errors=answer.body.get("errors", []))
    return UUID(answer.body["entry"])


def for_offer(view: View) -> View:
    """Gives the view the offer of the link's token; a calm 404 for any other token."""

    @wraps(view)
    def page(request: HttpRequest, organization: Organization, token: str) -> HttpResponse:
        offer_id = read_offer_token(token)
        try:
            with transaction_for(organization.id):
                offer = queries.offer_by_id(offer_id) if offer_id else None
        except NotFound:
            offer = None
        if offer is None:
            response = render(request, "wizard/offer_not_valid.html", {"organization": organization}, status=404)
        else:
            response = view(request, organization, offer)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        return response

    return for_organization(never_cache(page))


@require_http_methods(["GET", "HEAD", "POST"])
@for_offer
def claim(request: HttpRequest, organization: Organization, offer: WaitingOffer) -> HttpResponse:
    """What is offered, and one button that books it. A GET, such as a mail scanner's, changes nothing."""
    if offer.outcome == OfferOutcome.CLAIMED:
        return _booked(organization, offer)
    if offer.outcome or offer.expires_at <= clock.now():
        return _over(request, organization, offer)
    with transaction_for(organization.id):
        held = queries.booking_of(offer)
        question = plan_cache.question_of(organization, matching.wish_of(offer.entry), clock.now())
        sent = request.POST if request.method == "POST" else None
        form = ClaimForm(
            sent,
            organization=organization,
            questions=question.plan.questions,
            asked_attendees=question.plan.service["attendees"],
            entry=offer.entry,
            stops=asked_stops(question.plan, question.wish),
        )
        if sent is None or not form.is_valid():
            context = {
                "organization": organization,
                "offer": offer,
                "held": held,
                "now": clock.now(),
                "summary": summary(organization, held, zone_of(request)),
                "form": form,
                "decline_url": reverse("wizard:decline", args=[organization.slug, _token(request)]),
            }
            return render(request, "wizard/offer.html", context, status=422 if sent else 200)
    details = form.details(
        locale=get_language() or "en",
        time_zone=zone_of(request) or offer.entry.customer_time_zone,
        payment_method=PaymentMethod.ON_SITE if held.price_amount else PaymentMethod.NONE,
    )
    try:
        booking = actions.claim(
            organization=organization, offer_id=offer.id, details=details, addresses=form.addresses()
        )
    except OfferOver:
        return _over(request, organization, offer)
    except HoldfastError as refused:
        messages.warning(request, str(refused.detail))
        return HttpResponseRedirect(request.path)
    Flow(request, organization).finish(f"offer-{offer.id}", booking.reference)
    return ways.confirmed(organization, booking.reference)


@require_POST
@for_offer
def decline(request: HttpRequest, organization: Organization, offer: WaitingOffer) -> HttpResponse:
    """Let it go to the next person, and stay on the list."""
    try:
        actions.decline(organization=organization, offer_id=offer.id)
    except OfferOver as refused:
        messages.info(request, str(refused.detail))
    else:
        messages.success(request, _("The time goes to the next person. You are still on the waiting list."))
    return HttpResponseRedirect(_place(organization, offer.entry_id))


def _over(request: HttpRequest, organization: Organization, offer: WaitingOffer) -> HttpResponse:
    """Too late: what happened, what is safe, what is free now."""
    with transaction_for(organization.id):
        entry = queries.entry_by_id(offer.entry_id)
        context = {
            "organization": organization,
            "offer": offer,
            "entry": entry,
            "facts": facts.for_entry(entry),
            "free": [datetime.fromisoformat(each) for each in matching.free_now(entry, organization)],
            "selection": Selection(
                service=entry.service.slug,
                resource=entry.chosen_resource.slug if entry.chosen_resource else "",
                duration=entry.duration_minutes,
                party=entry.party_size,
            ),
            "place_url": _place(organization, entry.id),
        }
        return render(request, "wizard/offer_over.html", context, status=410)


def _booked(organization: Organization, offer: WaitingOffer) -> HttpResponse:
    return HttpResponseRedirect(reverse("portal:booking", args=[organization.slug, manage_token(offer.booking_id)]))


def _place(organization: Organization, entry_id: UUID) -> str:
    return reverse("portal:waiting", args=[organization.slug, entry_token(entry_id)])


def _token(request: HttpRequest) -> str:
    assert request.resolver_match is not None  # noqa: S101 - a view was found for it
    return str(request.resolver_match.kwargs["token"])


def _first_day(selection: Selection, zone: str) -> date:
    """The day that was looked at; today where that was a month, or over."""
    today = hours.date_of(zone, clock.to_minute(clock.now()))
    try:
        return max(date.fromisoformat(selection.date), today)
    except ValueError:
        return today


def _reason(refused: HoldfastError) -> str:
    errors: list[dict[str, Any]] = refused.extra.get("errors") or []
    return " ".join(str(each["message"]).capitalize() + "." for each in errors) or str(refused.detail)
