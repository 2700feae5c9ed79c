"""What can be typed into payment methods, deposits, tips and cancellation policies, and its checks."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _

from holdfast.catalog.form_fields import MoneyField
from holdfast.pricing.forms import PriceForm
from holdfast.pricing.models import BorneBy, PaymentMethod
from holdfast.web.durations import DurationField

OPTION = ("position", "is_active", "fee_percent", "fee_fixed", "fee_borne_by", "fee_of_all")
# A bank is asked to hold money on a card that is kept, and on no other.
KEPT_CARD = (*OPTION, "hold_hours")
DEPOSIT = ("service", "percent", "amount", "whole_within")
TIPS = ("percents", "is_free")
POLICY = ("service", "percent", "amount")
MOST_STEPS = 4


class PaymentOptionForm(PriceForm):
    """Paying on site costs what is shown, and a fee that the business bears is asked of nobody."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["fee_percent"] = cleaned.get("fee_percent") or Decimal(0)
        method = cleaned.get("method") or self.instance.method
        if method == PaymentMethod.ON_SITE and (cleaned["fee_percent"] or cleaned.get("fee_fixed")):
            self.add_error("fee_percent", _("Paying on site has no fee: it costs what is shown everywhere."))
        if cleaned.get("fee_borne_by") != BorneBy.CUSTOMER:
            cleaned["fee_of_all"] = False
        return cleaned


class ShareForm(PriceForm):
    """A percentage or an amount, one of the two; once for a service, and once for all others."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._check_share(cleaned, "percent", "amount")
        others = self._meta.model._default_manager.filter(service=cleaned.get("service"))
        if "service" not in self.errors and others.exclude(pk=self.instance.pk).exists():
            self.add_error("service", _("There is one for this already. Change that one instead."))
        return cleaned

    def _check_share(self, cleaned: dict[str, Any], percent: str, amount: str) -> None:
        given = [name for name in (percent, amount) if cleaned.get(name) is not None]
        if len(given) == 2:
            self.add_error(amount, _("A percentage or an amount: leave one of the two empty."))
        elif not given and percent not in self.errors and amount not in self.errors:
            self.add_error(percent, _("Fill in a percentage or an amount."))


class DepositForm(ShareForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not (cleaned.get("percent") or cleaned.get("amount")):
            self.add_error("percent", _("A deposit of nothing asks for nothing: delete it instead."))
        return cleaned


class TipsForm(PriceForm):
    def clean_percents(self) -> list[int]:
        return sorted(set(self.cleaned_data["percents"]))


class PolicyForm(ShareForm):
    """With the steps of its ladder, each within how much notice cancelling costs what."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [] if self.instance._state.adding else list(self.instance.steps.all())
        for number in range(MOST_STEPS):
            kept = known[number] if number < len(known) else None
            for name, field in self._step_fields(number):
                self.fields[name] = field
                self.initial.setdefault(name, getattr(kept, name.split("_", 1)[1], None))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        seen: set[int] = set()
        for number in range(MOST_STEPS):
            within, percent, amount = (f"step{number}_{name}" for name in ("within", "percent", "amount"))
            if cleaned.get(within) is None and cleaned.get(percent) is None and cleaned.get(amount) is None:
                continue
            if not cleaned.get(within):
                self.add_error(within, _("Say within how much notice, or leave the whole step empty."))
            elif cleaned[within] in seen:
                self.add_error(within, _("Another step has the same notice."))
            seen.add(cleaned.get(within) or 0)
            self._check_share(cleaned, percent, amount)
        return cleaned

    @property
    def steps(self) -> list[dict[str, Any]]:
        """`within`, `percent`, `amount` of each step that is filled in, once it is valid; the longest notice first."""
        found = [
            {name: self.cleaned_data[f"step{number}_{name}"] for name in ("within", "percent", "amount")}
            for number in range(MOST_STEPS)
        ]
        return sorted((step for step in found if step["within"]), key=lambda step: -step["within"])

    @property
    def step_fields(self) -> list[list[forms.BoundField]]:
        return [[self[name] for name, _field in self._step_fields(number)] for number in range(MOST_STEPS)]

    def _step_fields(self, number: int) -> Iterator[tuple[str, forms.Field]]:
        currency = self.organization.currency
        yield f"step{number}_within", DurationField(label=_("With less notice than"), required=False)
        yield (
            f"step{number}_percent",
            forms.DecimalField(
                label=_("Percent of the price"),
                min_value=0,
                max_value=100,
                max_digits=6,
                decimal_places=3,
                required=False,
            ),
        )
        yield f"step{number}_amount", MoneyField(
            currency=currency, label=_("or an amount (%(currency)s)") % {"currency": currency},
            widget=forms.NumberInput, lowest=0, required=False,
        )  # fmt: skip


def rows_of(model: type[models.Model]) -> models.QuerySet[Any]:
    """Those of all services first, then by service."""
    found: models.QuerySet[Any] = model._default_manager.select_related("service")
    return found.order_by(models.F("service__slug").asc(nulls_first=True))
