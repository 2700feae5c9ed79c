"""Tariffs: the one in force and the drafts; made, copied, tried, put in force with a word on what changes."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.bookings import trying
from holdfast.bookings.replaying import replay
from holdfast.core.errors import NotFound
from holdfast.desk import price_history, tariff_words, times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.price_fields import REQUIRED, form_class
from holdfast.desk.price_trial import Answer, TrialForm, answer, missing_words
from holdfast.domain.pricing.conditions import InputMissing, NoPriceForWay
from holdfast.pricing import actions, history
from holdfast.pricing.errors import PricesChanged, TariffInForce
from holdfast.pricing.forms import PriceForm, TariffForm
from holdfast.pricing.models import Tariff, TariffRule
from holdfast.pricing.terms import tried

NAMES = ("name", "tax_included", "rounding", "coin")
configures = partial(desk_view, may="configure", refusal="desk/prices_refused.html")


class NewTariffForm(forms.Form):
    """A draft, empty or with the rules of another."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, error_messages=REQUIRED)
    source = forms.ChoiceField(label=gettext_lazy("It begins with"), required=False)

    def __init__(self, sent: Any = None) -> None:
        super().__init__(sent)
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        copies = [(str(each.pk), _("The rules of “%(name)s”") % {"name": each}) for each in Tariff.objects.all()]
        field.choices = [*copies, ("", _("No rules"))]


@desk_view()
def price_tariffs(desk: Desk) -> HttpResponseBase:
    found = Tariff.objects.annotate(rule_count=Count("rules", filter=Q(rules__is_active=True)))
    rows = [(each, tariff_words.term_words(each)) for each in found]
    return desk.page("desk/price_tariffs.html", {"rows": rows, "tab": "tariffs"}, section="prices")


@configures()
def new_tariff(desk: Desk) -> HttpResponseBase:
    sent = desk.request.POST if desk.request.method == "POST" else None
    form = NewTariffForm(sent)
    if sent is None or not form.is_valid():
        return desk.page("desk/price_tariff_new.html", {"form": form}, section="prices", status=422 if sent else 200)
    name, source = form.cleaned_data["name"], form.cleaned_data["source"]
    if source:
        made = actions.copy_tariff(tariff_id=UUID(source), by=desk.actor.name, name=name)
    else:
        made = Tariff(organization=desk.organization, name=name)
        actions.keep(row=made, by=desk.actor.name)
    messages.success(desk.request, _("“%(name)s” is a draft: nobody pays by it yet.") % {"name": made})
    return redirect("desk:price-tariff", made.pk)


@desk_view()
def price_tariff(desk: Desk, tariff_id: UUID) -> HttpResponseBase:
    """POST `do=save` or `do=try`: what a booking would cost under it, and costs now."""
    found = tariff_by(tariff_id)
    sent = desk.request.POST if desk.request.method == "POST" else None
    if sent is None:
        return _page(desk, found)
    if not desk.may_configure:
        return desk.page("desk/prices_refused.html", {}, section="prices", status=403)
    if sent.get("do") == "try":
        trial = TrialForm(desk.organization, sent)
        told = _try(found, trial)
        return _page(desk, found, trial=trial, told=told, status=200 if told else 422)
    form = _form(desk, found, sent)
    if not form.is_valid():
        return _page(desk, tariff_by(tariff_id), form=form, status=422)
    try:
        if actions.keep(row=form.instance, by=desk.actor.name, seen=sent.get("seen", "")):
            messages.success(desk.request, _("“%(name)s” is saved. What is booked keeps its price.") % {"name": found})
    except PricesChanged:
        return _page(desk, tariff_by(tariff_id), form=form, changed=True, status=409)
    return redirect("desk:price-tariff", tariff_id)


@configures()
def put_in_force(desk: Desk, tariff_id: UUID) -> HttpResponseBase:
    """Says what changes, and on POST does it."""
    found = tariff_by(tariff_id)
    if desk.request.method == "POST":
        actions.put_in_force(tariff_id=found.pk, by=desk.actor.name)
        messages.success(desk.request, _("“%(name)s” is in force. What is booked keeps its price.") % {"name": found})
        return redirect("desk:price-tariff", tariff_id)
    before = Tariff.objects.filter(in_force=True).exclude(pk=found.pk).first()
    first = _last_month(desk)
    after = (first + timedelta(days=32)).replace(day=1)
    context = {
        "tariff": found,
        "before": before,
        "changed": tariff_words.changed(before, found, desk.organization.currency),
        "month": first,
        "replay": replay(desk.organization, found, first, after),
    }
    return desk.page("desk/price_tariff_in_force.html", context, section="prices")


@configures()
def delete_tariff(desk: Desk, tariff_id: UUID) -> HttpResponseBase:
    found = tariff_by(tariff_id)
    if desk.request.method != "POST":
        context = {"tariff": found, "rule_count": found.rules.count()}
        return desk.page("desk/price_tariff_delete.html", context, section="prices")
    try:
        actions.remove(row=found, by=desk.actor.name)
    except TariffInForce as refused:
        messages.warning(desk.request, str(refused.detail))
        return redirect("desk:price-tariff", tariff_id)
    messages.success(desk.request, _("“%(name)s” is deleted.") % {"name": found})
    return redirect("desk:price-tariffs")


def tariff_by(tariff_id: UUID) -> Tariff:
    """Raises NotFound."""
    found = Tariff.objects.filter(pk=tariff_id).first()
    if found is None:
        raise NotFound
    return found


def rules_of(tariff: Tariff) -> list[TariffRule]:
    return list(tariff.rules.select_related("service", "from_zone", "to_zone").prefetch_related("zone_prices"))


def _page(
    desk: Desk,
    tariff: Tariff,
    *,
    form: PriceForm | None = None,
    trial: TrialForm | None = None,
    told: "Answer | str | None" = None,
    changed: bool = False,
    status: int = 200,
) -> HttpResponseBase:
    currency = desk.organization.currency
    context = {
        "tariff": tariff,
        "terms": tariff_words.term_words(tariff),
        "rules": tariff_words.all_shown(rules_of(tariff), currency),
        "form": form or _form(desk, tariff_by(tariff.pk), None),
        "seen": history.fingerprint(tariff),
        "trial": trial or TrialForm(desk.organization, None),
        "told": told,
        "changed": changed,
        "history": price_history.told(tariff.pk, currency),
        "tab": "tariffs",
    }
    return desk.page("desk/price_tariff.html", context, section="prices", status=status)


def _form(desk: Desk, tariff: Tariff, sent: Any) -> PriceForm:
    return form_class(TariffForm, Tariff, NAMES, desk.organization)(sent, instance=tariff)


def _try(tariff: Tariff, form: TrialForm) -> "Answer | str | None":
    trial = form.trial()
    if trial is None:
        return None
    draft = tried(trial.plan.terms, tariff, rules_of(tariff), trial.plan.service_id, trial.plan.geography)
    try:
        return answer(trial, trying.under(trial, trial.plan.terms), trying.under(trial, draft))
    except (InputMissing, NoPriceForWay) as missing:
        return missing_words(missing)


def _last_month(desk: Desk) -> Any:
    """The first day of the last month that is over."""
    return (times.today(desk.organization).replace(day=1) - timedelta(days=1)).replace(day=1)
