"""Who changed which price, when, and from what to what, in the reader's words."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel.lists import format_list
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.catalog.models import Extra, Service
from holdfast.core.fields import LocalizedField, in_language
from holdfast.events.models import Event
from holdfast.pricing import extras, history, option_words, policies, wording
from holdfast.pricing.forms import DURATIONS, is_money
from holdfast.pricing.models import (
    CancellationPolicy,
    Deposit,
    PaymentOption,
    Promotion,
    Tariff,
    TariffRule,
    TaxRate,
    TipChoices,
)
from holdfast.web import formats

MODELS: dict[str, type[models.Model]] = {
    str(each._meta.model_name): each
    for each in (Extra, Promotion, Tariff, TariffRule, TaxRate, PaymentOption, Deposit, TipChoices, CancellationPolicy)
}
_BRACKETS = re.compile(r"\s*\([^()]*\)$")
WHAT = {
    "created": gettext_lazy("created it"),
    "changed": gettext_lazy("changed it"),
    "copied": gettext_lazy("copied it from another"),
    "switched_on": gettext_lazy("switched it on"),
    "switched_off": gettext_lazy("switched it off"),
    "put_in_force": gettext_lazy("put it in force"),
    "put_out_of_force": gettext_lazy("put another one in force"),
    "moved": gettext_lazy("moved it"),
    "deleted": gettext_lazy("deleted it"),
}
RULE = {
    "created": gettext_lazy("added the rule “%(name)s”"),
    "changed": gettext_lazy("changed the rule “%(name)s”"),
    "switched_on": gettext_lazy("switched the rule “%(name)s” on"),
    "switched_off": gettext_lazy("switched the rule “%(name)s” off"),
    "moved": gettext_lazy("moved the rule “%(name)s”"),
    "deleted": gettext_lazy("deleted the rule “%(name)s”"),
}


@dataclass(frozen=True, slots=True)
class Told:
    at: datetime
    by: str
    what: str
    changes: list[str]


def told(subject: UUID, currency: str) -> list[Told]:
    """The newest first. Inside the tenant's transaction."""
    return [_told(event, currency) for event in history.of_subject(subject)]


def _told(event: Event, currency: str) -> Told:
    given = event.payload
    words = RULE if given["of"] == "tariffrule" else WHAT
    what = str(words.get(given["what"], WHAT["changed"])) % {"name": given["name"]}
    model = MODELS.get(given["of"])
    changes = [_change(model, name, pair, currency) for name, pair in given["changes"].items()] if model else []
    return Told(event.at, given["by"], what, changes)


def _change(model: type[models.Model], name: str, pair: list[Any], currency: str) -> str:
    before, after = pair
    if model is CancellationPolicy and name == policies.LADDER:
        said = {"before": _ladder(before, currency), "after": _ladder(after, currency)}
        return _("%(field)s: %(before)s → %(after)s") % {"field": _("What cancelling costs"), **said}
    if model is Extra and name == extras.SERVICES:
        said = {"before": _services(before), "after": _services(after)}
        return _("%(field)s: %(before)s → %(after)s") % {"field": _("Offered with"), **said}
    if model is Promotion and name == history.SERVICES:
        said = {"before": _services(before), "after": _services(after)}
        return _("%(field)s: %(before)s → %(after)s") % {"field": _("Services"), **said}
    column = next((each for each in model._meta.concrete_fields if each.attname == name), None)
    if column is None:  # it was taken out of the product since
        return _("%(field)s: %(before)s → %(after)s") % {"field": name, "before": before, "after": after}
    said = {"before": _said(column, before, currency), "after": _said(column, after, currency)}
    return _("%(field)s: %(before)s → %(after)s") % {
        "field": capfirst(_BRACKETS.sub("", str(column.verbose_name))),
        **said,
    }


def _services(keys: list[str] | None) -> str:
    known = [in_language(each.name) for each in Service.objects.filter(pk__in=keys or ())]
    return format_list(known, locale=formats.current_locale()) if known else _("every service")


def _ladder(steps: list[list[Any]] | None, currency: str) -> str:
    said = [
        option_words.step_words(within, None if percent is None else Decimal(percent), amount, currency)
        for within, percent, amount in steps or ()
    ]
    return "; ".join(said) or "–"


def _said(column: Any, value: Any, currency: str) -> str:
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(column, LocalizedField):
        return in_language(value)
    if isinstance(column, models.ForeignKey):
        named: Any = column.related_model
        found = named.objects.filter(pk=value).first()
        return str(found) if found else "–"
    return _measured(column, value, currency) or str(dict(column.flatchoices).get(value, value))


def _measured(column: Any, value: Any, currency: str) -> str:
    """An amount, a time, a share; "" for what is none of them."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {each}" for name, each in value.items()) or "–"
    if column.name == "weekdays":
        names = formats.current_locale().days["stand-alone"]["wide"]
        return format_list([names[number] for number in value], locale=formats.current_locale())
    if column.name == "percents":
        value = [wording.percentage(str(each)) for each in value]
    if isinstance(value, list):
        return format_list(value, locale=formats.current_locale())
    if is_money(column):
        return formats.money(value, currency)
    if column.name in DURATIONS:
        return formats.minutes(value)
    if column.name in {"percent", "fee_percent"}:
        return wording.percentage(str(Decimal(value)))
    if isinstance(column, models.DateField):
        return formats.day(date.fromisoformat(value), "day_long")
    return str(value)[:5] if isinstance(column, models.TimeField) else ""
