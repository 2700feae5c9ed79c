"""Why a price is what it is, in the reader's words: made from the lines that a booking keeps.

A line says what it is and for how long; `because` says when its rule applies. All of it is in the line itself, so that
a price from years ago can be explained after its tariff is gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from babel.lists import format_list
from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from holdfast.core import clock
from holdfast.core.fields import in_language
from holdfast.domain.pricing.effects import KILOMETRES
from holdfast.domain.pricing.extras import Extra
from holdfast.pricing.models import EffectKind, TariffRule
from holdfast.pricing.terms import row_of, rule_of
from holdfast.pricing.when_words import when_words, with_zones
from holdfast.web import formats

StoredLine = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LineWords:
    """`words`: what is charged; `because`: when the rule applies, "" where it always does; `amount` in minor units."""

    words: str
    because: str
    amount: int


def in_words(lines: list[dict[str, Any]], *, currency: str, zone: str, service: str, minutes: int) -> list[LineWords]:
    """The lines of a booking that lasts so many minutes; `service` names what has no name of its own."""
    return [
        LineWords(
            _named(line, _what(line, currency, service)) + _for_part(line, zone, minutes), because(line), line["amount"]
        )
        for line in lines
    ]


def because(line: StoredLine) -> str:
    """ "On Fridays, from 10 PM to 6 AM, booked less than 24 h before"."""
    if line["key"] == "emergency_surcharge":
        return ""
    when = when_words(with_zones(line.get("when", {}), line.get("zones", {})))
    if not line.get("code"):
        return when
    return " · ".join(filter(None, [_("With the code %(code)s") % {"code": line["code"]}, when]))


def condition_words(rule: TariffRule) -> str:
    """When a rule applies; "" where it always does."""
    service = [in_language(rule.service.name)] if rule.service else []
    zones = {str(each.pk): each.name for each in (rule.from_zone, rule.to_zone) if each}
    return when_words(with_zones(rule_of(row_of(rule)).condition.as_params(), zones), service)


def effect_words(rule: TariffRule, currency: str) -> str:
    """ "€90 an hour", "+25%"."""
    if rule.effect == EffectKind.PERCENT:
        return percentage(str(rule.percent), signed=True)
    if rule.effect == EffectKind.BY_ZONES:
        return _("by zones, from a table")
    amount = formats.money(rule.amount or 0, currency)
    forms = {
        EffectKind.PER_KM: _("%(price)s a kilometre"),
        EffectKind.PER_HOUR: _("%(price)s an hour"),
        EffectKind.PER_PERSON: _("%(price)s a person"),
        EffectKind.MINIMUM: _("at least %(price)s"),
        EffectKind.MAXIMUM: _("at most %(price)s"),
    }
    return forms.get(EffectKind(rule.effect), "%(price)s") % {"price": amount}


def _named(line: StoredLine, what: str) -> str:
    """The rule's own name before what it charges."""
    name = in_language(line.get("name"))
    if not name or name == what:
        return what or name
    return _("%(name)s: %(what)s") % {"name": name, "what": what} if what else name


def _what(line: StoredLine, currency: str, service: str) -> str:
    key, unit = line["key"], formats.money_short(line["unit_amount"], currency)
    if key in ("per_hour", "minimum_time"):
        return _timed(line, unit)
    if key == "per_person":
        each = ngettext("%(count)s person at %(price)s each", "%(count)s people at %(price)s each", line["party"])
        return each % {"count": line["party"], "price": unit}
    if key == "per_unit" and line["unit"] == KILOMETRES:
        return _kilometres(line, unit)
    if key == "by_zones":
        names = {"origin": in_language(line.get("from_name")), "destination": in_language(line.get("to_name"))}
        return _("%(origin)s – %(destination)s") % names if any(names.values()) else ""
    if key == "emergency_surcharge":
        percent = line.get("percent")
        return _("Emergency surcharge, %(percent)d%%") % {"percent": percent} if percent else _("Emergency surcharge")
    if key == "percent":
        return percentage(line["percent"], signed=True)
    if key in ("tax", "tip", "payment_fee"):
        return _besides(line)
    if key.startswith("promotion_"):
        return _taken_off(line, currency)
    if key == "extra":
        return _extra(line, unit)
    return _said(key, unit, service if not line.get("name") else "")


def _timed(line: StoredLine, unit: str) -> str:
    timed = {"duration": formats.minutes(line["minutes"]), "price": unit}
    if line["key"] == "per_hour":
        return _("%(duration)s at %(price)s an hour") % timed
    timed["minimum"] = formats.minutes(line["minimum"])
    return _("at least %(minimum)s are charged: %(duration)s more at %(price)s an hour") % timed


def extra_price(extra: Extra, currency: str) -> str:
    """What one of it costs, before any is taken: "€15 each", "€5 a person, the first free"."""
    if not extra.amount:
        return pgettext("price", "Free")
    forms = {
        "unit": _("%(price)s each"),
        "hour": _("%(price)s an hour each"),
        "person": _("%(price)s a person"),
    }
    words = forms.get(extra.per, "%(price)s") % {"price": formats.money_short(extra.amount, currency)}
    if not extra.included:
        return words
    free = ngettext("the first is free", "the first %(count)d are free", extra.included) % {"count": extra.included}
    return f"{words}, {free}"


def _kilometres(line: StoredLine, unit: str) -> str:
    """What is paid for, and that some cost nothing."""
    paid = {"distance": formats.kilometres(_decimal(line["quantity"])), "price": unit}
    if not line.get("included"):
        return _("%(distance)s at %(price)s a kilometre") % paid
    paid["included"] = formats.kilometres(_decimal(line["included"]))
    return _("%(distance)s at %(price)s a kilometre, after the first %(included)s") % paid


def _decimal(value: int | str) -> Decimal:
    exact = Fraction(value)
    return Decimal(exact.numerator) / exact.denominator


def _extra(line: StoredLine, unit: str) -> str:
    """ "2 at €15 each"; "" for one, whose amount says it all."""
    if not line["charged"]:
        return _("included")
    if line["per"] == "booking" or (line["per"] == "unit" and line["charged"] == line["count"] == 1):
        return ""
    forms = {
        "unit": _("%(count)d at %(price)s each"),
        "hour": _("%(count)d at %(price)s an hour"),
        "person": _("%(count)d at %(price)s a person"),
    }
    return forms[line["per"]] % {"count": line["charged"], "price": unit}


def _taken_off(line: StoredLine, currency: str) -> str:
    """ "10% off", "20% off, at most €15", "€10 off" (of an amount what is taken off here), "Child seat for nothing"."""
    if line["key"] == "promotion_extra":
        return _("%(extra)s for nothing") % {"extra": in_language(line.get("extra_name"))}
    if line["key"] == "promotion_amount" or "percent" not in line:
        return _("%(much)s off") % {"much": formats.money_short(-line["amount"], currency)}
    off = _("%(much)s off") % {"much": percentage(line["percent"])}
    if "most" not in line:
        return off
    return _("%(share)s, at most %(most)s") % {"share": off, "most": formats.money_short(line["most"], currency)}


def _besides(line: StoredLine) -> str:
    """Tax, the fee of a payment method, a tip; with the percentage where that is all."""
    percent = line.get("percent", 0)
    said = {"percent": percentage(percent)} if percent and not line.get("fixed") else None
    if line["key"] == "tax":
        name = in_language(line.get("tax_name")) or _("Tax")
        return with_percentage(name, percent)
    if line["key"] == "tip":
        return _("Tip, %(percent)s") % said if said else _("Tip")
    return _("Payment fee, %(percent)s") % said if said else _("Payment fee")


def _said(key: str, unit: str, service: str) -> str:
    if key == "minimum":
        return _("at least %(price)s") % {"price": unit}
    if key == "maximum":
        return _("at most %(price)s") % {"price": unit}
    if key == "rounding":
        return _("Rounding")
    return service if key == "per_booking" else ""


def _for_part(line: StoredLine, zone: str, minutes: int) -> str:
    """ " (11:30 PM – 12:00 AM)" where a line is for a part of the booking."""
    spans = line.get("spans", [])
    if not spans or sum(end - start for start, end in spans) >= minutes:
        return ""
    said = [
        _("%(start)s – %(end)s")
        % {name: formats.moment(clock.from_minute(at), zone, "time") for name, at in (("start", a), ("end", b))}
        for a, b in spans
    ]
    return _(" (%(times)s)") % {"times": format_list(said, "unit", locale=formats.current_locale())}


def percentage(value: int | str, *, signed: bool = False) -> str:
    """ "+25%", "−12.5%", "20%"; of a whole number or a fraction's text."""
    exact = _decimal(value)
    number = format_decimal(exact, locale=formats.current_locale())
    sign = "+" if signed and exact > 0 else ""
    return _("%(number)s%%") % {"number": sign + number.replace("-", "−")}


def with_percentage(name: str, value: int | str) -> str:
    """ "VAT 10%", also where the name alone says so."""
    percent = percentage(value)
    return name if _without_spaces(percent) in _without_spaces(name) else f"{name} {percent}"


def _without_spaces(text: str) -> str:
    return "".join(text.split())
