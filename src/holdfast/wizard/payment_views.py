"""The payment step: what it costs, how it is paid, and booking it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from holdfast.bookings.availability import plan_cache
from holdfast.bookings.details.paying import BY_CARD
from holdfast.bookings.details.terms import fingerprint
from holdfast.bookings.errors import CustomerLimit, PromotionInvalid
from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization, zone_of
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.core.idempotency import Answer
from holdfast.core.tenancy import transaction_for
from holdfast.domain.money import Money
from holdfast.payments import pages
from holdfast.pricing import exchange
from holdfast.pricing.models import PaymentMethod
from holdfast.series.errors import SeriesConflict
from holdfast.web import formats
from holdfast.web.middleware import allow
from holdfast.wizard import actions, drafts, methods, pay_views, paying, ways
from holdfast.wizard.code_views import without_code
from holdfast.wizard.errors import PriceChanged
from holdfast.wizard.flow import Flow
from holdfast.wizard.forms import CodeForm
from holdfast.wizard.stepping import step_context

# No price has more; Python reads no number of thousands.
MOST_DIGITS = 18


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
        offered = methods.offered(plan, is_series=is_series, is_framed=flow.is_framed)
        asked = {
            "form": form,
            "key": flow.key,
            "code": CodeForm(flow.refused_code()) if plan.codes and not is_series else None,
            "methods": methods.methods(organization, plan, held, series_amount=amount, is_framed=flow.is_framed),
            "on_site_only": is_series and methods.is_on_site_only(plan),
            "paid_by": methods.chosen(offered, flow.paying[0]),
            "has_fees": paying.costs_customers(plan) and not is_series,
            "tip": None if is_series else paying.tip_form(plan, held),
            "terms": fingerprint(held.terms),
            **_in_others(Money(held.price_amount, held.price_currency)),
        }
        page = render(request, "wizard/payment.html", context | asked)
        return allow(page, {"form-action": pages.sources()["form-action"]})  # booking may lead to the company's page


def _in_others(price: Money) -> dict[str, Any]:
    """The price in other currencies, and of which day's rates, in words; nothing of what costs nothing."""
    found = exchange.in_others(price, clock.now().date()) if price.amount else None
    return {"in_others": found, "rates_of": formats.day(found.day, "day_long")} if found else {}


def _book(request: HttpRequest, organization: Organization, flow: Flow) -> HttpResponse:
    """Nothing is held anew before the key is looked at: a second tap must find the first one's booking."""
    key = request.POST.get("key", "")
    if key in flow.booked:
        return ways.confirmed(organization, flow.booked[key])
    if flow.selection.starts_at is None:
        return ways.first_a_time(request, organization, flow)
    if key != flow.key:
        ways.say_what_changed(request)
        return ways.to("payment", organization, flow.selection)
    with transaction_for(organization.id):
        form = drafts.form_of(organization, flow, judge=True)
        plan = plan_cache.plan_for(organization.id, organization.catalog_version, flow.selection.service)
        offered = methods.offered(plan, is_series=bool(flow.series), is_framed=flow.is_framed)
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
