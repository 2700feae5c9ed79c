"""The step between the time and the details, where the service may be repeated: once, or a series and its dates."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from holdfast.bookings.availability import plan_cache
from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization
from holdfast.core.tenancy import transaction_for
from holdfast.series import repeat_page
from holdfast.series.choices import Choices
from holdfast.wizard import drafts, methods, ways
from holdfast.wizard.flow import Flow
from holdfast.wizard.stepping import step_context


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_organization
def repeat(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Once, or again: a rule in plain words and what each date would get. What is sent is kept, right or wrong.

    Nobody goes on with dates that they have not seen.
    """
    flow = Flow(request, organization)
    held = ways.held_or_way_out(request, organization, flow)
    if isinstance(held, HttpResponse):
        return held
    if not ways.repeats(organization, flow.selection):
        return ways.to("details", organization, flow.selection)
    seen = Choices.of(flow.series) if flow.series else Choices()
    if request.method == "POST":
        flow.repeat(Choices.read(request.POST).kept())
    choices = Choices.of(flow.series) if flow.series else Choices()
    with transaction_for(organization.id):
        customer = drafts.customer_of(organization, flow)  # who comes back from the details may have met their limit
        wish = flow.selection.wish()
        shown = repeat_page.context(organization, wish, held.starts_at, choices, hold=held, customer=customer)
        if request.method == "POST":
            goes_on = request.POST.get("next") == "go" and (choices.how == "once" or choices.same_rule(seen))
            if goes_on and _is_settled(shown, choices):
                return ways.to("details", organization, flow.selection)
            if goes_on and "preview" in shown:
                messages.warning(request, _("Some dates cannot be had as planned. Choose what to do about each."))
            return ways.to("repeat", organization, flow.selection)
        context = step_context(request, organization, flow, held, "repeat") | shown
        plan = plan_cache.plan_for(organization.id, organization.catalog_version, flow.selection.service)
        context["on_site_only"] = bool(context["amount"]) and methods.is_on_site_only(plan)
        return render(request, "wizard/repeat.html", context)


def _is_settled(shown: dict[str, object], choices: Choices) -> bool:
    preview = shown.get("preview")
    return choices.how == "once" or (isinstance(preview, dict) and bool(preview["bookable"]))
