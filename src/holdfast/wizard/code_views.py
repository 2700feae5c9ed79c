"""A promotion's code, entered where the price is shown."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from holdfast.bookings.errors import HoldExpired, PromotionInvalid
from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization
from holdfast.core.tenancy import transaction_for
from holdfast.pricing.models import PaymentMethod
from holdfast.wizard import drafts, ways
from holdfast.wizard.flow import Flow
from holdfast.wizard.forms import LONGEST_CODE


@require_POST
@for_organization
def code(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Use a code for the held time, or take it away again; what it costs then is on the payment page."""
    flow = Flow(request, organization)
    with transaction_for(organization.id):
        form = drafts.form_of(organization, flow, judge=True)
        details = form.details(locale="", time_zone="", payment_method=PaymentMethod.NONE) if form.is_valid() else None
    try:
        flow.give_code(request.POST.get("code", "")[:LONGEST_CODE], details)
    except PromotionInvalid as refused:
        flow.refuse_code(request.POST.get("code", "")[:LONGEST_CODE], str(refused.detail))
    except HoldExpired:
        pass  # it is held anew where the price is shown, without a code
    return ways.to("payment", organization, flow.selection)


def without_code(request: HttpRequest, organization: Organization, flow: Flow, why: str) -> HttpResponse:
    """Somebody else was faster with the last use of a code: the time stays held, at the price without it."""
    messages.warning(request, why)
    with suppress(HoldExpired):
        flow.give_code("", None)
    return ways.to("payment", organization, flow.selection)
