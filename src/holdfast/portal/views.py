"""The pages of one booking, for whoever bears its signed link: see it, move it, cancel it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from holdfast.bookings import actions, cancelling, notice
from holdfast.bookings.availability import booker, plan_cache
from holdfast.bookings.availability.month import utc_text
from holdfast.bookings.availability.question import Question, Wish
from holdfast.bookings.details import attending, facts
from holdfast.bookings.details.ladder import fee_for
from holdfast.bookings.details.paying import BY_CARD
from holdfast.bookings.errors import LIMITS, AnotherPrice, CancellationFee, SlotTaken, TooLateToChange, VersionConflict
from holdfast.bookings.limits.allowances import Known
from holdfast.bookings.models import Booking, BookingState
from holdfast.bookings.queries import calendar_url
from holdfast.bookings.steps import CUSTOMER
from holdfast.catalog import queries as catalog
from holdfast.catalog.models import Organization
from holdfast.catalog.pages import for_organization, zone_of
from holdfast.core import clock
from holdfast.core.errors import HoldfastError, NotFound
from holdfast.core.signing import read_manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.domain import hours
from holdfast.domain.lifecycle import ACTIVE, MOVABLE
from holdfast.domain.money import Money
from holdfast.payments import asking, bill, ledger
from holdfast.portal import move_price, scopes
from holdfast.pricing.models import PaymentMethod
from holdfast.web import formats, phones

View = Callable[..., HttpResponse]


def for_bearer(view: View) -> View:
    """Gives the view the booking of the link's token; a calm 404 for any other token."""

    @wraps(view)
    def page(request: HttpRequest, organization: Organization, token: str) -> HttpResponse:
        found = _booking(organization, token)
        if found is None:
            response = render(request, "portal/link_not_valid.html", {"organization": organization}, status=404)
        else:
            response = view(request, organization, found, token)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        return response

    return for_organization(never_cache(page))


def _booking(organization: Organization, token: str) -> Booking | None:
    booking_id = read_manage_token(token)
    if booking_id is None:
        return None
    with transaction_for(organization.id):
        booking = Booking.objects.select_related("service", "chosen_resource", "organization").filter(id=booking_id)
        return booking.exclude(state=BookingState.HELD).first()


@require_safe
@for_bearer
def booking(request: HttpRequest, organization: Organization, booking: Booking, token: str) -> HttpResponse:
    """Everything about the booking, and what can still be done with it."""
    with transaction_for(organization.id):
        return render(request, "portal/booking.html", page_context(request, organization, booking, token))


@require_http_methods(["GET", "HEAD", "POST"])
@for_bearer
def cancel(request: HttpRequest, organization: Organization, booking: Booking, token: str) -> HttpResponse:
    """Says what will happen; a POST makes it happen."""
    if request.method == "POST":
        try:
            scopes.cancel(request, organization, booking, version_of(request))
        except CancellationFee as refused:
            explain(request, organization, refused)
            return HttpResponseRedirect(request.path)
        except HoldfastError as refused:
            explain(request, organization, refused)
        return home(organization, token)
    context = page_context(request, organization, booking, token)
    if not context["may_cancel"]:
        return home(organization, token)
    with transaction_for(organization.id):
        return render(request, "portal/cancel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_bearer
def reschedule(request: HttpRequest, organization: Organization, booking: Booking, token: str) -> HttpResponse:
    """Choose another time, look at it once more, and move. A POST moves."""
    if request.method == "POST":
        return _move(request, organization, booking, token)
    context = page_context(request, organization, booking, token)
    if not context["may_change"]:
        return home(organization, token)
    with transaction_for(organization.id):
        wish, now = actions.wish_of(booking, request.GET.get("resource", "")[:50] or None, CUSTOMER), clock.now()
        try:
            question = _question(organization, booking, wish, now)
        except HoldfastError:
            _explain_changed_service(request, organization)
            return home(organization, token)
        to = clock.read(request.GET.get("at", ""))
        if to == booking.starts_at and question.wish.resource == actions.wish_of(booking, None, CUSTOMER).resource:
            messages.info(request, _("This is the time you have already."))
            return home(organization, token)
        if to is not None and booker.is_free(question, to, now, booking.id, customer=_customer(booking)):
            try:
                price = move_price.context(booking, question, clock.to_minute(to))
            except HoldfastError:
                _explain_changed_service(request, organization)
                return home(organization, token)
            return render(request, "portal/move.html", context | price | {"to": to, "resource": wish.resource or ""})
        return render(request, "portal/reschedule.html", context | _times(request, question, booking, to, now))


def _question(organization: Organization, booking: Booking, wish: Wish, now: datetime) -> Question:
    """Raises HoldfastError when the service is not sold any more, or not as it was booked."""
    try:
        return plan_cache.question_of(organization, wish, now)
    except NotFound:  # the team member asked for is no longer one
        return plan_cache.question_of(organization, actions.wish_of(booking, None, CUSTOMER), now)


def _times(
    request: HttpRequest, question: Any, booking: Booking, lost: datetime | None, now: datetime
) -> dict[str, Any]:
    """What the calendar needs: the same as for a new booking, the booking's own time being free."""
    wanted = request.GET.get("date", "")[:10]
    month = booker.month(question, wanted, now, booking.id, priced=False)
    fields = {"resource": question.wish.resource} if question.wish.resource else {}
    script = month.for_script() | {"held": utc_text(clock.to_minute(booking.starts_at))}
    return {
        "month": month,
        "script": script,
        "selection": {"fields": fields, "resource": question.wish.resource or ""},
        "members": catalog.team_members(booking.service),
        "must_choose": booking.chosen_resource_id is not None,
        "lost": _lost(request, question, booking, lost, now) if lost else None,
        "action": request.path,
    }


def _lost(request: HttpRequest, question: Any, booking: Booking, lost: datetime, now: datetime) -> dict[str, Any]:
    """With the times that this customer's own limits allow."""
    why = request.GET.get("why", "")
    return booker.lost(question, lost, now, why, but_for=booking.id, customer=_customer(booking))


def _customer(booking: Booking) -> Known:
    return Known.of(booking.customer_email, booking.customer_phone)


def _move(request: HttpRequest, organization: Organization, booking: Booking, token: str) -> HttpResponse:
    to = clock.read(request.POST.get("at", ""))
    here = reverse("portal:reschedule", args=[organization.slug, token])
    if to is None:
        return HttpResponseRedirect(here)
    try:
        moved = actions.reschedule(
            organization=organization,
            booking_id=booking.id,
            starts_at=to,
            version=version_of(request),
            actor=CUSTOMER,
            resource=request.POST.get("resource", "")[:50] or None,
            accept_price=move_price.amount_in(request, "accept_price"),
        )
    except (SlotTaken, *LIMITS, AnotherPrice) as gone:
        if isinstance(gone, AnotherPrice):
            explain(request, organization, gone)
        resource = request.POST.get("resource", "")[:50]
        again = {"at": utc_text(clock.to_minute(to)), "why": gone.code, **({"resource": resource} if resource else {})}
        return HttpResponseRedirect(f"{here}?{urlencode(again)}")
    except HoldfastError as refused:
        explain(request, organization, refused)
    else:
        messages.success(request, _("Your booking has a new time. The new confirmation is on its way to you."))
        with transaction_for(organization.id):
            if asking.owes_difference(moved, booking.price_amount):
                return HttpResponseRedirect(reverse("portal:pay", args=[organization.slug, token]))
    return home(organization, token)


def page_context(request: HttpRequest, organization: Organization, booking: Booking, token: str) -> dict[str, Any]:
    """What every page of the booking needs."""
    calendar = urlsplit(calendar_url(organization, booking))
    now = clock.now()
    in_time = notice.is_in_time(booking, organization, now)
    changeable = booking.state in MOVABLE
    may_cancel = changeable and cancelling.may_cancel(booking, organization, now)
    own = zone_of(request)
    booking.customer_time_zone = own or booking.customer_time_zone  # the reader's, on this page; nothing is saved
    with transaction_for(organization.id):
        listed = facts.for_customer(booking, organization, stands=may_cancel)
        billed = bill.for_customer(booking)
        has_receipt = bool(billed) and ledger.standing_of(booking).received.amount > 0
        fee = fee_for(booking, now)
        goes_back = _goes_back(booking, fee) if may_cancel else None
    return {
        "organization": organization,
        "booking": booking,
        "facts": listed,
        "bill": billed,
        "has_receipt": has_receipt,
        "token": token,
        **scopes.context(organization, booking, offers=may_cancel),
        "may_change": changeable and in_time,
        "may_cancel": may_cancel,
        "fee": fee,
        "goes_back": goes_back,
        "too_late": changeable and not in_time and booking.starts_at > now,
        "over": booking.state not in ACTIVE,
        "free_until": notice.free_until(booking, organization),
        "own_zone": own if hours.clocks_differ(booking.starts_at, own, booking.time_zone) else "",
        "calendar_url": f"{calendar.path}?{calendar.query}",
        "home_url": reverse("portal:booking", args=[organization.slug, token]),
        "series_url": reverse("portal:reschedule-series", args=[organization.slug, token]),
        "reschedule_url": reverse("portal:reschedule", args=[organization.slug, token]),
        "attendees_url": reverse("portal:attendees", args=[organization.slug, token])
        if attending.may_change(booking, CUSTOMER)
        else "",
        "pay_url": reverse("portal:pay", args=[organization.slug, token]),
        **_money_of(booking),
        "cancel_url": reverse("portal:cancel", args=[organization.slug, token]),
    }


def _money_of(booking: Booking) -> dict[str, Any]:
    """What those who pay by card may do about it; of others nothing is asked."""
    if booking.payment_method not in BY_CARD:
        return {}
    by_kept_card = booking.payment_method == PaymentMethod.CARD_ON_FILE
    with transaction_for(booking.organization_id):
        wanted = asking.wanted_of(booking)
    may_replace = by_kept_card and booking.state == BookingState.CONFIRMED and wanted is None
    return {"wanted": wanted, "may_replace_card": may_replace}


def _goes_back(booking: Booking, fee: Money) -> Money:
    """What cancelling now gives back to the card: what was taken from it, less what cancelling costs."""
    nothing = Money(0, booking.price_currency)
    if booking.payment_method not in BY_CARD:
        return nothing
    from_cards, on_site = ledger.kept_by_way(ledger.rows_of(booking), booking.price_currency)
    return max(nothing, min(from_cards, from_cards + on_site - fee), key=lambda each: each.amount)


def explain(request: HttpRequest, organization: Organization, refused: HoldfastError) -> None:
    """What happened, what is safe, what to do."""
    if isinstance(refused, VersionConflict):
        text = _("This booking was changed in the meantime, so nothing was done. This is how it stands now.")
    elif isinstance(refused, CancellationFee):
        words = _("Cancelling costs %(fee)s by now. Nothing was done yet; you can still keep the booking or cancel it.")
        text = words % {"fee": formats.money(refused.extra["fee"]["amount"], refused.extra["fee"]["currency"])}
    elif isinstance(refused, TooLateToChange):
        text = _("It is too late to change this booking online. It stands as it is; please call %(contact)s.") % {
            "contact": phones.in_groups(organization.phone) or organization.email
        }
    else:
        text = str(refused.detail)
    messages.warning(request, text)


def _explain_changed_service(request: HttpRequest, organization: Organization) -> None:
    text = _(
        "What is on offer has changed since you booked, so this booking cannot be moved online. It stands as it is; "
        "please call %(contact)s."
    ) % {"contact": phones.in_groups(organization.phone) or organization.email}
    messages.warning(request, text)


def home(organization: Organization, token: str) -> HttpResponse:
    """Back to the booking."""
    return HttpResponseRedirect(reverse("portal:booking", args=[organization.slug, token]))


def version_of(request: HttpRequest) -> int:
    """The version that the form showed; 0, which none has, where it is no number."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else 0
