"""Tax rates, each from a day to a day; and the exchange rates that prices are shown in other currencies with."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdfast.core.errors import NotFound
from holdfast.desk import price_history, times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.price_editing import Editing, edit, keep_row
from holdfast.desk.price_fields import form_class
from holdfast.domain.exchange import EURO, OLDEST_DAYS
from holdfast.pricing import actions, exchange, wording
from holdfast.pricing.forms import PriceForm, TaxRateForm
from holdfast.pricing.models import ExchangeRate, Tariff, TaxRate

NAMES = ("name", "percent", "service", "tax_class", "valid_from", "valid_until")
configures = partial(desk_view, may="configure", refusal="desk/prices_refused.html")


@dataclass(frozen=True, slots=True)
class Row:
    rate: TaxRate
    percent: str
    holds_today: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of the organization's currency is in another."""

    currency: str
    value: Decimal
    per_euro: Decimal


@desk_view()
def taxes(desk: Desk) -> HttpResponseBase:
    today = times.today(desk.organization)
    rows = [
        Row(each, wording.percentage(str(each.percent)), _holds(each, today))
        for each in TaxRate.objects.select_related("service")
    ]
    in_force = Tariff.objects.filter(in_force=True).first()
    context = {"rows": rows, "included": in_force is None or in_force.tax_included, "tab": "taxes"}
    return desk.page("desk/price_taxes.html", context, section="prices")


@configures()
def new_tax(desk: Desk) -> HttpResponseBase:
    return _edit(desk, TaxRate(organization=desk.organization))


@configures()
def tax(desk: Desk, tax_id: UUID) -> HttpResponseBase:
    return _edit(desk, _found(tax_id))


@require_POST
@configures()
def delete_tax(desk: Desk, tax_id: UUID) -> HttpResponseBase:
    found = _found(tax_id)
    actions.remove(row=found, by=desk.actor.name)
    messages.success(desk.request, _("“%(name)s” is deleted. What is booked keeps its price.") % {"name": found})
    return redirect("desk:taxes")


@desk_view()
def rates(desk: Desk) -> HttpResponseBase:
    """Those of the newest day, and whether they are still good."""
    today, own = times.today(desk.organization), desk.organization.currency
    newest = ExchangeRate.objects.order_by("-day").values_list("day", flat=True).first()
    context = {
        "newest": newest,
        "demo": settings.DEMO,
        "age": (today - newest).days if newest else None,
        "too_old": newest is not None and (today - newest).days > OLDEST_DAYS,
        "most_days": OLDEST_DAYS,
        "rates": _rates(newest, own) if newest else [],
        "tab": "rates",
    }
    return desk.page("desk/price_rates.html", context, section="prices")


def _rates(day: date, own: str) -> list[Rate]:
    """None where the organization's own currency has no rate of that day."""
    per_euro = dict(ExchangeRate.objects.filter(day=day).values_list("currency", "per_euro"))
    per_euro[EURO] = Decimal(1)
    if own not in per_euro:
        return []
    return [
        Rate(currency, exchange.shown(value / per_euro[own]), exchange.shown(value))
        for currency, value in sorted(per_euro.items())
        if currency != own
    ]


def _edit(desk: Desk, found: TaxRate) -> HttpResponseBase:
    kind = Editing(
        form=form_class(TaxRateForm, TaxRate, NAMES, desk.organization),
        page=partial(_page, desk),
        latest=lambda: _found(found.pk),
        done=lambda: redirect("desk:taxes"),
        keep=keep_row,
    )
    return edit(desk, found, kind)


def _page(desk: Desk, form: PriceForm, seen: str, *, changed: bool = False, status: int = 200) -> HttpResponseBase:
    found: TaxRate = form.instance
    kept = None if found._state.adding else _found(found.pk)
    context = {
        "rate": kept,
        "form": form,
        "seen": seen,
        "changed": changed,
        "history": price_history.told(kept.pk, desk.organization.currency) if kept else [],
    }
    return desk.page("desk/price_tax.html", context, section="prices", status=status)


def _holds(rate: TaxRate, day: date) -> bool:
    return (rate.valid_from is None or rate.valid_from <= day) and (rate.valid_until is None or day <= rate.valid_until)


def _found(tax_id: UUID) -> TaxRate:
    """Raises NotFound."""
    found = TaxRate.objects.filter(pk=tax_id).first()
    if found is None:
        raise NotFound
    return found
