"""Doing something about a booking's money: a form, what it will do to whom, and then the deed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from holdfast.core.errors import HoldfastError, NotFound
from holdfast.core.tenancy import transaction_for
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.money import BookingMoney, money_of
from holdfast.desk.money_acts import ACTS, Act
from holdfast.desk.money_forms import MoneyForm, OnSiteForm
from holdfast.desk.queries import booking_by_reference
from holdfast.desk.views.booking import found_at
from holdfast.payments.errors import MoneyChanged, ReceiptUsed


@desk_view(may="change", transaction=False)
def money(desk: Desk, reference: str, act: str) -> HttpResponseBase:
    """GET asks. POST shows what will happen, where that is asked for, and with `sure` does it."""
    if act not in ACTS:
        raise NotFound
    chosen = ACTS[act]
    with transaction_for(desk.organization.id):
        found = booking_by_reference(reference)
        money = money_of(found)
        if chosen.most(money) <= 0:
            messages.info(
                desk.request, _("There is nothing to do about that any more. This is the booking as it is now.")
            )
            return redirect(found_at(found))
        form = _form(desk, chosen, money)
        valid = form.is_valid() if form.is_bound else False
        if not valid or (chosen.asks and "sure" not in desk.request.POST):
            return _page(desk, chosen, money, form, is_review=valid)
    try:
        chosen.do(found, form.cleaned_data, form.cleaned_data["seen"], desk.actor)
    except HoldfastError as error:
        return _again(desk, reference, chosen, form, error)
    messages.success(desk.request, str(chosen.done))
    return redirect(found_at(found))


def _form(desk: Desk, act: Act, money: BookingMoney) -> MoneyForm:
    most, currency = act.most(money), money.booking.price_currency
    initial = {"amount": most, "seen": money.seen}
    return act.form(desk.request.POST or None, initial=initial, most=most, currency=currency)


def _again(
    desk: Desk, reference: str, act: Act, form: MoneyForm, error: HoldfastError | None = None
) -> HttpResponseBase:
    """What was entered is still there; a booking whose money has changed is shown as it is now."""
    with transaction_for(desk.organization.id):
        money = money_of(booking_by_reference(reference))
        if isinstance(error, ReceiptUsed) and isinstance(form, OnSiteForm):
            form.add_receipt_used(f"{error.detail}.")
            error = None
        if isinstance(error, MoneyChanged):
            sent = desk.request.POST.copy()
            sent["seen"] = str(money.seen)
            form.data = sent
        return _page(desk, act, money, form, refusal=str(error.detail) if error else "")


def _page(
    desk: Desk, act: Act, money: BookingMoney, form: MoneyForm, *, is_review: bool = False, refusal: str = ""
) -> HttpResponseBase:
    context: dict[str, Any] = {
        "booking": money.booking,
        "money": money,
        "act": act,
        "form": form,
        "is_review": is_review,
        "refusal": refusal,
        "consequence": act.consequence(money, form.cleaned_data) if is_review else [],
    }
    return desk.page("desk/money.html", context, status=422 if refusal or (form.is_bound and not is_review) else 200)
