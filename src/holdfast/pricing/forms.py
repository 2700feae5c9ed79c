"""What can be typed into tariffs and promotions, in which parts, and its checks: for the desk's pages and the admin's.

A new column of a rule or a promotion is a name in one of the parts below; both sides then ask for it, each with its own
controls (`desk/price_fields.py`, `pricing/admin.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.catalog.forms import TenantForm
from holdfast.catalog.models import Weekday
from holdfast.catalog.service_choice import ServicesForm, services_field
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


@dataclass(frozen=True, slots=True)
class Part:
    """Fields that are one thought; `legend` says it, "" where their labels do."""

    fields: tuple[str, ...]
    legend: str | Promise = ""


RULE_CHARGES = (
    Part(("effect",)),
    Part(("amount", "percent")),
    Part(("minimum_minutes",)),
    Part(("included_km",)),
    Part(("both_ways", "zones_only"), gettext_lazy("The table of zones")),
    Part(("instead",)),
    Part(("covers",)),
)
RULE_TIMES = (
    Part(("weekdays",)),
    Part(("from_time", "until_time"), gettext_lazy("Time of day")),
    Part(("from_date", "until_date"), gettext_lazy("Dates")),
    Part(("holidays",)),
)
RULE_BOOKINGS = (
    Part(("service",)),
    Part(("type",)),
    Part(("shortest_notice", "longest_notice"), gettext_lazy("How long before it is booked")),
    Part(("shortest", "longest"), gettext_lazy("How long it lasts")),
    Part(("smallest_party", "largest_party"), gettext_lazy("How many people")),
)
RULE_SERVING = (Part(("resource_kind",)), Part(("skills",)), Part(("attributes",)))
RULE_WAY = (Part(("from_zone", "to_zone")),)
PROMOTION_GIVES = (
    Part(("benefit",)),
    Part(("percent", "amount")),
    Part(("most",)),
    Part(("extra", "extra_count")),
    Part(("combinable",)),
    Part(("position",)),
)
PROMOTION_WHEN = (
    Part(("booked_from", "booked_until"), gettext_lazy("When it is booked")),
    Part(("served_from", "served_until"), gettext_lazy("When it takes place")),
    Part(("weekdays",)),
    Part(("services",)),
    Part(("minimum",)),
)
PROMOTION_LIMITS = (Part(("uses", "uses_each")),)

# Columns that are amounts of the organization's currency, and those that are lengths of time in minutes.
MONEY = frozenset({"amount", "most", "minimum", "fee_fixed"})
DURATIONS = frozenset({"minimum_minutes", "shortest_notice", "longest_notice", "shortest", "longest", "whole_within"})
MEANT_FOR = gettext_lazy("Services")


def is_money(column: Any) -> bool:
    """Whether it is an amount: the most of something may also be a number of things."""
    return column.name in MONEY and isinstance(column, models.BigIntegerField)


def names_of(*groups: tuple[Part, ...]) -> tuple[str, ...]:
    """Every field of these parts, in order."""
    return tuple(name for parts in groups for part in parts for name in part.fields)


def weekdays_field(widget: type[forms.Widget]) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=gettext_lazy("Weekdays"), choices=Weekday.choices, coerce=int, required=False, widget=widget,
        help_text=gettext_lazy("None chosen: every day."),
    )  # fmt: skip


class PriceForm(TenantForm):
    """Of something that decides prices. A number that is left empty is the usual one, where there is one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._usual = {name: column.get_default() for name, column in self._columns() if name in self.fields}
        for name in self._usual:
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        return cleaned | {name: usual for name, usual in self._usual.items() if cleaned.get(name, usual) is None}

    def _columns(self) -> Iterator[tuple[str, Any]]:
        for column in self._meta.model._meta.concrete_fields:
            if isinstance(column, models.IntegerField) and column.has_default() and not column.null:
                yield column.name, column

    def _check_order(self, cleaned: dict[str, Any], *pairs: tuple[str, str]) -> None:
        for first, last in pairs:
            low, high = cleaned.get(first), cleaned.get(last)
            if low is not None and high is not None and high < low:
                self.add_error(last, _("This is less than where it begins: it would never apply."))


class TariffRuleForm(PriceForm):
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


class TaxRateForm(PriceForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["tax_class"] = word = cleaned.get("tax_class", "").strip()
        if word and cleaned.get("service"):
            self.add_error("tax_class", _("A rate is of a service or of a class of extras, not of both."))
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            raise ValidationError({"valid_until": _("The last day is before the first.")})
        return cleaned


class TariffForm(PriceForm):
    """A tariff without its rules."""


class PromotionForm(ServicesForm, PriceForm):
    """As a rule's; a code is there once, whatever its capitals, and only what has one can be used up."""

    kept_as = "meant_for"
    services = services_field(MEANT_FOR)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._clean_benefit(cleaned)
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

    def _clean_benefit(self, cleaned: dict[str, Any]) -> None:
        """What the chosen benefit needs, and nothing of the others."""
        benefit = cleaned.get("benefit")
        for kind in (BenefitKind.PERCENT, BenefitKind.AMOUNT, BenefitKind.EXTRA):
            if benefit != kind:
                cleaned[kind] = None  # the columns are called as the benefits are
        if benefit != BenefitKind.PERCENT:
            cleaned["most"] = None
        cleaned["extra_count"] = (cleaned.get("extra_count") if benefit == BenefitKind.EXTRA else None) or 1
        value = cleaned.get(benefit) if benefit else None
        if not benefit or benefit in self.errors:
            return
        if benefit == BenefitKind.EXTRA:
            if value is None:
                self.add_error("extra", _("Choose the extra that is given."))
        elif value is None or value <= 0 or (benefit == BenefitKind.PERCENT and value > 100):
            self.add_error(
                benefit, _("Fill in how much is taken off: more than nothing, and not more than everything.")
            )
