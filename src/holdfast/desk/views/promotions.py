"""Promotions: what each takes off and how often, what was earned with it; made, changed, tried and switched off."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from babel.lists import format_list
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdfast.bookings import promotion_usage, trying
from holdfast.bookings.promotion_usage import Usage
from holdfast.core.errors import NotFound
from holdfast.core.fields import in_language
from holdfast.desk import price_history, times
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.price_editing import Editing, edit
from holdfast.desk.price_fields import form_class, shown
from holdfast.desk.price_trial import Answer, TrialForm, answer, missing_words
from holdfast.desk.views.bookings import Chip
from holdfast.domain.pricing.conditions import InputMissing, NoPriceForWay
from holdfast.pricing import actions, standing
from holdfast.pricing.errors import PromotionUsed
from holdfast.pricing.forms import PROMOTION_GIVES, PROMOTION_LIMITS, PROMOTION_WHEN, PriceForm, PromotionForm, names_of
from holdfast.pricing.models import BenefitKind, Promotion
from holdfast.pricing.promotion_words import benefit_words, condition_words
from holdfast.pricing.standing import Standing
from holdfast.pricing.terms import promotion_of, row_of
from holdfast.web import formats

PAGE = 50
_PARTS = names_of(PROMOTION_GIVES, PROMOTION_WHEN, PROMOTION_LIMITS)
NAMES = ("name", "code", *(each for each in _PARTS if each != "services"), "is_active")
configures = partial(desk_view, may="configure", refusal="desk/prices_refused.html")
# An icon, and the kind of notice whose color the badge has.
LOOKS: dict[Standing, tuple[str, str]] = {
    "given": ("check", "success"),
    "to_come": ("calendar", "info"),
    "over": ("calendar-off", "neutral"),
    "used_up": ("hourglass", "neutral"),
    "off": ("ban", "neutral"),
    "never": ("triangle-alert", "warning"),
}


@dataclass(frozen=True, slots=True)
class Row:
    promotion: Promotion
    standing: Standing
    usage: Usage
    takes_off: str
    when: str
    why_never: str

    @property
    def look(self) -> tuple[str, str, str]:
        return *LOOKS[self.standing], str(standing.WORDS[self.standing])


@desk_view()
def promotions(desk: Desk) -> HttpResponseBase:
    """`?q=` in names and codes, `?state=` how they stand today."""
    asked = " ".join(desk.request.GET.get("q", "").replace("\0", "").split())[:80]
    state = desk.request.GET.get("state", "")
    rows = [each for each in _rows(desk) if _matches(each.promotion, asked)]
    counts = {name: sum(each.standing == name for each in rows) for name in standing.WORDS}
    found = [each for each in rows if not state or each.standing == state]
    context = {
        "page": Paginator(found, PAGE).get_page(desk.request.GET.get("page")),
        "q": asked,
        "state": state,
        "chips": [
            Chip(_("All"), _query(asked, ""), current=not state, count=len(rows)),
            *(
                Chip(str(words), _query(asked, name), state == name, counts[name])
                for name, words in standing.WORDS.items()
                if counts[name] or state == name
            ),
        ],
        "bare": not asked and not state,
        "tab": "promotions",
    }
    return desk.page("desk/promotions.html", context, section="prices")


@configures()
def new_promotion(desk: Desk) -> HttpResponseBase:
    return _edit(desk, Promotion(organization=desk.organization, benefit=BenefitKind.PERCENT))


@configures()
def promotion(desk: Desk, promotion_id: UUID) -> HttpResponseBase:
    """POST `do=save`, or `do=try`, which saves nothing: what a booking would cost with what stands in the form."""
    return _edit(desk, _found(promotion_id))


@require_POST
@configures()
def switch_promotion(desk: Desk, promotion_id: UUID) -> HttpResponseBase:
    """POST `on`: "1" or nothing."""
    found, on = _found(promotion_id), desk.request.POST.get("on") == "1"
    actions.switch(row=found, on=on, by=desk.actor.name)
    words = _("“%(name)s” is given again.") if on else _("“%(name)s” is switched off. What is booked keeps its price.")
    messages.success(desk.request, words % {"name": found})
    return redirect("desk:promotion", promotion_id)


@configures()
def delete_promotion(desk: Desk, promotion_id: UUID) -> HttpResponseBase:
    """Asks first; what bookings were made with stays, and is switched off instead."""
    found = _found(promotion_id)
    if desk.request.method == "POST":
        try:
            actions.remove(row=found, by=desk.actor.name)
        except PromotionUsed as refused:
            messages.warning(desk.request, str(refused.detail))
            return redirect("desk:promotion", promotion_id)
        messages.success(desk.request, _("“%(name)s” is deleted.") % {"name": found})
        return redirect("desk:promotions")
    usage = promotion_usage.usage_of([found.pk])[found.pk]
    context = {"promotion": found, "usage": usage, "takes_off": benefit_words(found, desk.organization.currency)}
    return desk.page("desk/promotion_delete.html", context, section="prices")


def _edit(desk: Desk, found: Promotion) -> HttpResponseBase:
    def keep(form: Any, seen: str | None, by: str) -> bool:
        return actions.keep(row=form.instance, by=by, seen=seen, services=list(form.cleaned_data["services"]))

    def try_out(form: PriceForm, seen: str) -> HttpResponseBase:
        tried = TrialForm(desk.organization, desk.request.POST)
        told = _try(form, tried, desk.zone) if form.is_valid() and tried.is_valid() else None
        return _page(desk, form, seen, tried=tried, told=told, status=200 if told else 422)

    kind = Editing(
        form=form_class(PromotionForm, Promotion, NAMES, desk.organization),
        page=partial(_page, desk),
        latest=lambda: _found(found.pk),
        done=lambda: redirect("desk:promotion", found.pk),
        keep=keep,
        try_out=try_out,
    )
    return edit(desk, found, kind)


def _try(form: PriceForm, tried: TrialForm, zone: str) -> "Answer | str | None":
    trial = tried.trial()
    if trial is None:
        return None
    found: Promotion = form.instance
    services = list(form.cleaned_data["services"])
    if services and trial.plan.service_id not in {each.pk for each in services}:
        names = format_list([in_language(each.name) for each in services], locale=formats.current_locale())
        tried.add_error("service", _("This promotion is for “%(service)s”.") % {"service": names})
        return None
    used = promotion_usage.usage_of([found.pk])[found.pk].times
    try:
        return answer(trial, *trying.without_and_with(trial, promotion_of(row_of(found), zone), used))
    except (InputMissing, NoPriceForWay) as missing:
        return missing_words(missing)


def _page(
    desk: Desk,
    form: PriceForm,
    seen: str,
    *,
    tried: TrialForm | None = None,
    told: "Answer | str | None" = None,
    changed: bool = False,
    status: int = 200,
) -> HttpResponseBase:
    found: Promotion = form.instance
    is_new = found._state.adding
    kept = None if is_new else _found(found.pk)
    context: dict[str, Any] = {
        "promotion": kept,
        "form": form,
        "seen": seen,
        "gives": shown(form, PROMOTION_GIVES),
        "when": shown(form, PROMOTION_WHEN),
        "limits": shown(form, PROMOTION_LIMITS),
        "trial": tried or TrialForm(desk.organization, None),
        "told": told,
        "changed": changed,
        "tab": "promotions",
    }
    if kept is not None:
        row = _row(desk, kept, promotion_usage.usage_of([kept.pk])[kept.pk])
        context |= {"row": row, "customers": promotion_usage.by_customer(kept.pk)}
        context["history"] = price_history.told(kept.pk, desk.organization.currency)
    return desk.page("desk/promotion.html", context, section="prices", status=status)


def _rows(desk: Desk) -> list[Row]:
    found = list(Promotion.objects.select_related("extra").prefetch_related("meant_for__service"))
    usage = promotion_usage.usage_of(each.pk for each in found)
    return [_row(desk, each, usage[each.pk]) for each in found]


def _row(desk: Desk, found: Promotion, usage: Usage) -> Row:
    currency = desk.organization.currency
    how = standing.standing_of(found, usage.times, times.today(desk.organization))
    return Row(
        found, how, usage, benefit_words(found, currency), condition_words(found, currency), standing.why_never(found)
    )


def _matches(found: Promotion, asked: str) -> bool:
    texts = [found.code, *found.name.values(), *(in_language(each.name) for each in found.services)]
    return all(any(word in text.casefold() for text in texts) for word in asked.casefold().split())


def _found(promotion_id: UUID) -> Promotion:
    """Raises NotFound."""
    found = Promotion.objects.select_related("extra").filter(pk=promotion_id).first()
    if found is None:
        raise NotFound
    return found


def _query(asked: str, state: str) -> str:
    return "?" + urlencode([(name, value) for name, value in (("q", asked), ("state", state)) if value])
