"""The page on which a customer pays or lets a card be kept; the wizard and the booking's own link each have one."""

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language

from holdfast.bookings import unpaid
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.queries import pay_url
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.addresses import origin_of
from holdfast.core.errors import HoldfastError
from holdfast.core.tenancy import transaction_for
from holdfast.payments import actions, asking, ledger, too_late, words
from holdfast.payments.asking import Asked, Wanted, Way
from holdfast.pricing.models import PaymentMethod
from holdfast.web.middleware import allow

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Door:
    """Where the page stands. `here`: its address, to which the customer comes back from their bank; `done`: where they
    go who have nothing to pay; `template` and `over` (its time has run out) extend what is around it.
    """

    here: str
    done: str
    template: str
    over: str
    shown: dict[str, Any]

    def back(self, request: HttpRequest) -> str:
        """Its address for who comes back: there it is looked at first."""
        return request.build_absolute_uri(f"{self.here}{'&' if '?' in self.here else '?'}back=1")


def answer(request: HttpRequest, organization: Organization, booking: Booking, door: Door) -> HttpResponse:
    """The page, or where the customer goes instead. Talks to the card company: outside of transactions."""
    if request.method == "POST":
        return _posted(request, organization, booking, door)
    if "back" in request.GET or booking.state == BookingState.EXPIRED or unpaid.ran_out(booking):
        booking = asking.look(booking)
    if booking.state == BookingState.EXPIRED or unpaid.ran_out(booking):
        return render(request, door.over, door.shown | too_late.context(organization, booking))
    wanted = wanted_by(request, booking)
    if wanted is None:
        return _nothing_to_do(request, organization, booking, door)
    if _on_their_page(booking):  # to ask for a card here would close it
        return _page(request, organization, booking, door, wanted)
    try:
        asked = asking.ask(booking, wanted)
    except HoldfastError as refused:
        logger.warning("%s cannot be paid now: %s", booking.reference, refused)
        return _page(request, organization, booking, door, wanted, refused=refused)
    if asked.state in asking.DONE:
        return _nothing_to_do(request, organization, booking, door)
    return _page(request, organization, booking, door, wanted, asked)


def wanted_by(request: HttpRequest, booking: Booking) -> Wanted | None:
    with transaction_for(booking.organization_id):
        return asking.wanted_of(booking, another_card=request.GET.get("card") == "another")


def _on_their_page(booking: Booking) -> bool:
    return booking.payment_method == PaymentMethod.CHECKOUT and booking.state == BookingState.PENDING_PAYMENT


def _nothing_to_do(request: HttpRequest, organization: Organization, booking: Booking, door: Door) -> HttpResponse:
    """On, unless what the customer did is still on its way: then the page waits for it."""
    if asking.look(booking).state != BookingState.PENDING_PAYMENT:
        return HttpResponseRedirect(door.done)
    return _page(request, organization, booking, door, None)


def _page(
    request: HttpRequest,
    organization: Organization,
    booking: Booking,
    door: Door,
    wanted: Wanted | None,
    asked: Asked | None = None,
    refused: HoldfastError | None = None,
) -> HttpResponse:
    with transaction_for(organization.id):
        context = {
            "wanted": wanted,
            "asked": asked,
            "refused": refused,
            "on_page_of_theirs": wanted is not None and wanted.way == Way.PAY,
            "hosted": wanted is not None and _on_their_page(booking),
            "waits_until": booking.hold_expires_at if booking.state == BookingState.PENDING_PAYMENT else None,
            "consent": words.consent(booking, organization),
            "refusals": words.refusals(),
            "script_url": settings.STRIPE_SCRIPT_URL,
            "return_url": door.back(request),
            "own_page": pay_url(organization, booking),
            "test_cards": not settings.STRIPE_API_URL.startswith("https://api.stripe.com"),
            "now": clock.now(),
            "standing": ledger.standing_of(booking),
        }
        response = render(request, door.template, door.shown | context, status=refused.status if refused else 200)
    return allow(response, sources())


def sources() -> dict[str, list[str]]:
    """Where a page that pays goes besides its own origin: exactly what the settings name."""
    script = origin_of(settings.STRIPE_SCRIPT_URL)
    return {
        "script-src": [script],
        "frame-src": [script, *settings.STRIPE_FRAME_URLS],
        "connect-src": [origin_of(settings.STRIPE_API_URL)],
        "form-action": [origin_of(settings.STRIPE_CHECKOUT_URL)],
    }


def _posted(request: HttpRequest, organization: Organization, booking: Booking, door: Door) -> HttpResponse:
    """To the company's own page; or the customer agrees that a card is kept, just before their browser asks for it."""
    if request.POST.get("do") == "agree":
        return _agree(request, organization, booking)
    return to_their_page(request, booking, door)


def to_their_page(request: HttpRequest, booking: Booking, door: Door) -> HttpResponse:
    """Where the company takes the payment; back to the page, if that cannot be."""
    wanted = wanted_by(request, booking)
    try:
        back = door.back(request)
        page = asking.open_page(booking, wanted, success_url=back, cancel_url=back) if wanted else None
    except HoldfastError as refused:
        logger.warning("%s cannot be paid on their page: %s", booking.reference, refused)
        messages.warning(request, str(refused.detail))
        page = None
    return HttpResponseRedirect(page.url if page and page.url else door.here)


def _agree(request: HttpRequest, organization: Organization, booking: Booking) -> HttpResponse:
    """The secret by which the browser lets the card be kept, once the consent is: nobody has it without that.

    409 when what was read is not what would be agreed to now: the page is to be loaded anew.
    """
    text = words.consent(booking, organization)
    wanted = wanted_by(request, booking)
    if request.POST.get("consent") != text or wanted is None or wanted.way != Way.KEEP:
        return HttpResponse(status=409)
    asked = asking.ask(booking, wanted)
    actions.keep_consent(payment=asked.payment, text=text, language=get_language() or "en")
    return JsonResponse({"client_secret": asked.client_secret})
