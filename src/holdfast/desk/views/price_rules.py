"""The rules of a tariff: one form that reads like sentences; their order; on, off and gone."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdfast.bookings import trying
from holdfast.core.errors import NotFound
from holdfast.desk import tariff_words
from holdfast.desk.access import Desk
from holdfast.desk.price_editing import Editing, edit, keep_row
from holdfast.desk.price_fields import form_class, shown
from holdfast.desk.price_trial import Answer, TrialForm, answer, missing_words
from holdfast.desk.views.price_tariffs import configures, rules_of, tariff_by
from holdfast.domain.pricing.conditions import InputMissing, NoPriceForWay
from holdfast.pricing import actions
from holdfast.pricing.forms import (
    RULE_BOOKINGS,
    RULE_CHARGES,
    RULE_SERVING,
    RULE_TIMES,
    RULE_WAY,
    PriceForm,
    TariffRuleForm,
    names_of,
)
from holdfast.pricing.models import EffectKind, Tariff, TariffRule
from holdfast.pricing.terms import tried

NAMES = ("name", *names_of(RULE_CHARGES, RULE_TIMES, RULE_BOOKINGS, RULE_SERVING, RULE_WAY), "is_active")


@configures()
def new_rule(desk: Desk, tariff_id: UUID) -> HttpResponseBase:
    tariff = tariff_by(tariff_id)
    rule = TariffRule(organization=desk.organization, tariff=tariff, effect=EffectKind.PER_HOUR)
    rule.position = actions.last_position(tariff)
    return _edit(desk, tariff, rule)


@configures()
def rule(desk: Desk, tariff_id: UUID, rule_id: UUID) -> HttpResponseBase:
    """POST `do=save`, or `do=try`, which saves nothing."""
    return _edit(desk, tariff_by(tariff_id), _found(tariff_id, rule_id))


@require_POST
@configures()
def move_rule(desk: Desk, tariff_id: UUID, rule_id: UUID) -> HttpResponseBase:
    """POST `by`: "-1" up, "1" down."""
    by = -1 if desk.request.POST.get("by") == "-1" else 1
    actions.move_rule(rule=_found(tariff_id, rule_id), by=by, who=desk.actor.name)
    answered = redirect("desk:price-tariff", tariff_id)
    answered.headers["Location"] += f"#rule-{rule_id}"
    return answered


@require_POST
@configures()
def switch_rule(desk: Desk, tariff_id: UUID, rule_id: UUID) -> HttpResponseBase:
    """POST `on`: "1" or nothing."""
    found, on = _found(tariff_id, rule_id), desk.request.POST.get("on") == "1"
    actions.switch(row=found, on=on, by=desk.actor.name)
    words = _("“%(name)s” applies again.") if on else _("“%(name)s” no longer applies. What is booked keeps its price.")
    messages.success(desk.request, words % {"name": found})
    return redirect("desk:price-tariff", tariff_id)


@require_POST
@configures()
def delete_rule(desk: Desk, tariff_id: UUID, rule_id: UUID) -> HttpResponseBase:
    found = _found(tariff_id, rule_id)
    actions.remove(row=found, by=desk.actor.name)
    messages.success(desk.request, _("“%(name)s” is deleted. What is booked keeps its price.") % {"name": found})
    return redirect("desk:price-tariff", tariff_id)


def _edit(desk: Desk, tariff: Tariff, found: TariffRule) -> HttpResponseBase:
    def try_out(form: PriceForm, seen: str) -> HttpResponseBase:
        trial = TrialForm(desk.organization, desk.request.POST)
        told = _try(tariff, form, trial) if form.is_valid() and trial.is_valid() else None
        return _page(desk, tariff, form, seen, trial=trial, told=told, status=200 if told else 422)

    kind = Editing(
        form=form_class(TariffRuleForm, TariffRule, NAMES, desk.organization),
        page=partial(_page, desk, tariff),
        latest=lambda: _found(tariff.pk, found.pk),
        done=lambda: redirect("desk:price-tariff", tariff.pk),
        keep=keep_row,
        try_out=try_out,
    )
    return edit(desk, found, kind)


def _page(
    desk: Desk,
    tariff: Tariff,
    form: PriceForm,
    seen: str,
    *,
    trial: TrialForm | None = None,
    told: "Answer | str | None" = None,
    changed: bool = False,
    status: int = 200,
) -> HttpResponseBase:
    found: TariffRule = form.instance
    valid = not form.is_bound or form.is_valid()
    context: dict[str, Any] = {
        "tariff": tariff,
        "rule": None if found._state.adding else found,
        "sentence": tariff_words.shown(found, desk.organization.currency) if valid and found.name else None,
        "form": form,
        "seen": seen,
        "charges": shown(form, RULE_CHARGES),
        "times": shown(form, RULE_TIMES),
        "which": shown(form, RULE_BOOKINGS),
        "serving": shown(form, RULE_SERVING),
        "way": shown(form, RULE_WAY),
        "trial": trial or TrialForm(desk.organization, None),
        "told": told,
        "changed": changed,
        "tab": "tariffs",
    }
    return desk.page("desk/price_rule.html", context, section="prices", status=status)


def _try(tariff: Tariff, form: PriceForm, tried_by: TrialForm) -> "Answer | str | None":
    """Under the tariff as it is saved, and with the rule as it stands in the form."""
    trial = tried_by.trial()
    if trial is None:
        return None
    saved, edited = rules_of(tariff), form.instance
    with_it = sorted([*(each for each in saved if each.pk != edited.pk), edited], key=lambda each: each.position)
    plan = trial.plan
    before, after = (tried(plan.terms, tariff, rules, plan.service_id, plan.geography) for rules in (saved, with_it))
    try:
        return answer(trial, trying.under(trial, before), trying.under(trial, after))
    except (InputMissing, NoPriceForWay) as missing:
        return missing_words(missing)


def _found(tariff_id: UUID, rule_id: UUID) -> TariffRule:
    """Raises NotFound."""
    found = (
        TariffRule.objects.select_related("service", "from_zone", "to_zone")
        .filter(pk=rule_id, tariff_id=tariff_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found
