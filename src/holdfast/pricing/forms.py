"""Checks of what is typed into tariffs, with words that say the way out."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from holdfast.catalog.forms import TenantForm
from holdfast.catalog.models import Weekday
from holdfast.pricing.models import EffectKind

PRICES = (EffectKind.BASE, EffectKind.PER_HOUR, EffectKind.PER_PERSON)


class TariffRuleForm(TenantForm):
    """What an effect has no use for is left out; what it needs is asked for."""

    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Weekdays"), choices=Weekday.choices, coerce=int, required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget, help_text=gettext_lazy("None chosen: every day."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        effect = cleaned.get("effect")
        needed, other = ("percent", "amount") if effect == EffectKind.PERCENT else ("amount", "percent")
        if effect and cleaned.get(needed) is None and needed not in self.errors:
            self.add_error(needed, _("Fill this in for the effect that you chose."))
        cleaned[other] = None
        amount = cleaned.get("amount")
        if amount is not None and amount < 0 and effect != EffectKind.ADD:
            self.add_error("amount", _("Only “an amount more or less” may be negative."))
        if effect != EffectKind.PER_HOUR:
            cleaned["minimum_minutes"] = 0
        if effect not in PRICES:
            cleaned["instead"] = False
        self._check_ranges(cleaned)
        return cleaned

    def _check_ranges(self, cleaned: dict[str, Any]) -> None:
        if (cleaned.get("from_time") is None) != (cleaned.get("until_time") is None):
            self.add_error("until_time", _("Fill in both times, or none."))
        for first, last in (
            ("from_date", "until_date"),
            ("shortest_notice", "longest_notice"),
            ("shortest", "longest"),
            ("smallest_party", "largest_party"),
        ):
            low, high = cleaned.get(first), cleaned.get(last)
            if low is not None and high is not None and high < low:
                self.add_error(last, _("This is less than where it begins: the rule would never apply."))


class TaxRateForm(TenantForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            raise ValidationError({"valid_until": _("The last day is before the first.")})
        return cleaned
