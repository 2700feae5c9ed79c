"""Checks of what is typed into tariffs, with words that say the way out."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from holdfast.catalog.forms import TenantForm
from holdfast.catalog.models import Weekday
from holdfast.pricing.models import BenefitKind, EffectKind, Promotion

PRICES = (
    EffectKind.BASE,
    EffectKind.PER_HOUR,
    EffectKind.PER_PERSON,
    EffectKind.PER_KM,
    EffectKind.BY_ZONES,
)


# What each effect must have; "" where a table says it.
NEEDED: dict[Any, str] = {EffectKind.PERCENT: "percent", EffectKind.BY_ZONES: ""}


class OnWeekdays(TenantForm):
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Weekdays"), choices=Weekday.choices, coerce=int, required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget, help_text=gettext_lazy("None chosen: every day."),
    )  # fmt: skip

    def _check_order(self, cleaned: dict[str, Any], *pairs: tuple[str, str]) -> None:
        for first, last in pairs:
            low, high = cleaned.get(first), cleaned.get(last)
            if low is not None and high is not None and high < low:
                self.add_error(last, _("This is less than where it begins: it would never apply."))


class TariffRuleForm(OnWeekdays):
    """What an effect has no use for is left out; what it needs is asked for."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        effect = cleaned.get("effect")
        needed = NEEDED.get(effect, "amount")
        if effect and needed and cleaned.get(needed) is None and needed not in self.errors:
            self.add_error(needed, _("Fill this in for the effect that you chose."))
        for other in {"amount", "percent"} - {needed}:
            cleaned[other] = None
        amount = cleaned.get("amount")
        if amount is not None and amount < 0 and effect != EffectKind.ADD:
            self.add_error("amount", _("Only “an amount more or less” may be negative."))
        if effect != EffectKind.PER_HOUR:
            cleaned["minimum_minutes"] = 0
        if effect != EffectKind.PER_KM or cleaned.get("included_km") is None:
            cleaned["included_km"] = 0
        if effect != EffectKind.BY_ZONES:
            cleaned |= {"both_ways": True, "zones_only": False}
        if effect not in PRICES:
            cleaned["instead"] = False
        self._check_ranges(cleaned)
        return cleaned

    def _check_ranges(self, cleaned: dict[str, Any]) -> None:
        if (cleaned.get("from_time") is None) != (cleaned.get("until_time") is None):
            self.add_error("until_time", _("Fill in both times, or none."))
        self._check_order(
            cleaned,
            ("from_date", "until_date"),
            ("shortest_notice", "longest_notice"),
            ("shortest", "longest"),
            ("smallest_party", "largest_party"),
        )


class TaxRateForm(TenantForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            raise ValidationError({"valid_until": _("The last day is before the first.")})
        return cleaned


class PromotionForm(OnWeekdays):
    """As a rule's; a code is there once, whatever its capitals, and only what has one can be used up."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        benefit = cleaned.get("benefit")
        needed, other = ("percent", "amount") if benefit == BenefitKind.PERCENT else ("amount", "percent")
        value = cleaned.get(needed)
        possible = value is not None and value > 0 and (needed == "amount" or value <= 100)
        if benefit and needed not in self.errors and not possible:
            self.add_error(needed, _("Fill in how much is taken off: more than nothing, and not more than everything."))
        cleaned[other] = None
        if benefit != BenefitKind.PERCENT:
            cleaned["most"] = None
        cleaned["code"] = code = cleaned.get("code", "").strip()
        if not code and (cleaned.get("uses") is not None or cleaned.get("uses_each") is not None):
            self.add_error(
                "uses", _("Only a promotion with a code can be used up: give it a code, or leave this empty.")
            )
        others = Promotion.objects.filter(organization=self.organization).exclude(pk=self.instance.pk)
        if code and others.filter(code__iexact=code).exists():
            self.add_error("code", _("Another promotion already has this code."))
        self._check_order(cleaned, ("booked_from", "booked_until"), ("served_from", "served_until"))
        return cleaned
