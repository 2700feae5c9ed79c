"""The forms of `pricing/forms.py` with the controls of our own pages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.db import models
from django.forms import modelform_factory
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from holdfast.catalog.form_fields import (
    AttributesField,
    LocalizedFormField,
    MoneyField,
    PageLocalizedWidget,
    WordsField,
)
from holdfast.catalog.models import Extra, Organization, Service
from holdfast.core.fields import LocalizedField
from holdfast.pricing.forms import DURATIONS, Part, PriceForm, is_money, weekdays_field
from holdfast.pricing.models import TariffRule, Zone
from holdfast.web.durations import DurationField

REQUIRED = {"required": gettext_lazy("Please fill this in.")}
EMPTY: dict[Any, Any] = {
    Service: gettext_lazy("Every service"),
    Zone: gettext_lazy("Anywhere"),
    Extra: gettext_lazy("No extra"),
}
ANY = gettext_lazy("Any")
_DASHES = "---------"
_BRACKETS = re.compile(r"\s*\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a form as the page has it: a sentence, a hint for all of it, and its fields."""

    legend: str | Promise
    fields: list[forms.BoundField]
    hint: str = ""


class ShortDecimalField(forms.DecimalField):
    """10, not 10.000."""

    def prepare_value(self, value: Any) -> Any:
        return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def form_class(
    base: type[PriceForm], model: type[models.Model], names: Iterable[str], organization: Organization
) -> type[PriceForm]:
    """The form of these columns, for a page."""
    made: Any = modelform_factory(
        model, form=base, fields=list(names), formfield_callback=partial(_field, organization=organization)
    )
    made.organization = organization
    built: type[PriceForm] = made
    return built


def shown(form: forms.BaseForm, parts: Iterable[Part]) -> list[Shown]:
    return [_shown(form, part) for part in parts]


def _shown(form: forms.BaseForm, part: Part) -> Shown:
    fields = [form[name] for name in part.fields]
    if not part.legend:
        return Shown(part.legend, fields)
    hints = " ".join(str(field.help_text) for field in fields if field.help_text)
    for field in fields:
        field.help_text = ""
    return Shown(part.legend, fields, hints)


def _field(column: Any, *, organization: Organization, **kwargs: Any) -> Any:
    label = capfirst(_BRACKETS.sub("", str(column.verbose_name)))
    if isinstance(column, LocalizedField):
        texts = LocalizedFormField.of(column, organization, long=column.name == "about", widget=PageLocalizedWidget)
        texts.error_messages |= REQUIRED
        return texts
    if column.name == "weekdays":
        return weekdays_field(forms.CheckboxSelectMultiple)
    if is_money(column):
        return _money(column, label, organization.currency)
    told = {"label": label, "help_text": column.help_text}
    if column.name == "skills":
        return WordsField(**told, required=False, widget=forms.TextInput())
    if column.name == "attributes":
        return AttributesField(**told, widget=forms.Textarea({"rows": 2}))
    if column.name in DURATIONS:
        return DurationField(**told, required=False)
    if isinstance(column, models.TimeField):
        return forms.TimeField(
            **told, required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
            error_messages={"invalid": gettext_lazy("Enter a time, such as 09:00.")},
        )  # fmt: skip
    if isinstance(column, models.DateField):
        return forms.DateField(
            **told, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": gettext_lazy("Enter a date.")},
        )  # fmt: skip
    return _plain(column, label, **kwargs)


def _money(column: Any, label: str, currency: str) -> MoneyField:
    return MoneyField(
        currency=currency, label=f"{label} ({currency})", help_text=column.help_text, widget=forms.NumberInput,
        lowest=None if column.model is TariffRule else 0, required=not column.null,
        initial=None if column.null else 0, error_messages=REQUIRED,
    )  # fmt: skip


def _plain(column: Any, label: str, **kwargs: Any) -> Any:
    """As Django makes it, with our words."""
    if isinstance(column, models.ForeignKey):
        kwargs["empty_label"] = EMPTY.get(column.related_model, gettext_lazy("None"))
    if isinstance(column, models.DecimalField):
        kwargs["form_class"] = ShortDecimalField
    field = column.formfield(label=label, **kwargs)
    field.error_messages |= REQUIRED
    if isinstance(field, forms.TypedChoiceField):
        known: Any = field.choices
        field.choices = [(value, words if value or words != _DASHES else ANY) for value, words in known]
    if isinstance(field, forms.DecimalField | forms.IntegerField):
        field.widget.attrs["inputmode"] = "decimal" if isinstance(field, forms.DecimalField) else "numeric"
    return field
