"""The words templates are written in: icons, money, times, durations, fields, badges."""

from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    EmailField,
    MultiWidget,
    RadioSelect,
    Select,
    Textarea,
)
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from holdfast.core.fields import in_language
from holdfast.web import colors, formats, icons, phones
from holdfast.web.states import BOOKING_STATES, FOR_CUSTOMERS, PAYMENT_STATUSES

register = template.Library()


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """`{% icon "calendar" %}`, `{% icon "info" "icon-large" %}`: a decorative inline SVG."""
    return icons.svg(name, classes)


@register.simple_tag
def accent_css(color: str | None = None) -> SafeString:
    """The `:root` rule that gives a page its organization's color; nothing for the default."""
    if not color:
        return SafeString("")
    return format_html(":root{{{}}}", SafeString(colors.accent_properties(color)))  # checked hex digits only


@register.simple_tag
def money(amount: int, currency: str) -> str:
    """`{% money 9500 "EUR" %}` (minor units) → €95.00."""
    return formats.money(amount, currency)


@register.simple_tag
def money_short(amount: int, currency: str) -> str:
    """As `money`, without zero cents: €95."""
    return formats.money_short(amount, currency)


@register.simple_tag
def datetime_in(at: datetime, zone: str, form: str = "when", reader: str = "") -> str:
    """`{% datetime_in booking.starts_at "Europe/Paris" "day_full" %}`; forms in web/formats.py. With a `reader`'s zone,
    on both clocks where they differ.
    """
    return formats.moment_for(at, zone, reader, form)


@register.simple_tag
def time_in(at: datetime, zone: str, form: str = "when") -> SafeString:
    """As `datetime_in`, inside `<time datetime>` for machines."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), formats.moment(at, zone, form))


@register.simple_tag
def zone_name(zone: str, at: datetime | None = None) -> str:
    """`{% zone_name "Europe/Paris" booking.starts_at %}` → Paris time (GMT+1)."""
    return formats.zone_name(zone, at)


@register.filter
def localized(texts: dict[str, str] | None) -> str:
    """`{{ service.name|localized }}`: the active language's text of `{"en": …}`, else English, else any."""
    return in_language(texts)


@register.filter
def minutes(count: int) -> str:
    """`{{ 90|minutes }}` → 1 h 30 min."""
    return formats.minutes(count)


@register.filter
def initials(name: str) -> str:
    """`{{ organization.name|initials }}`: at most two letters, for the mark where there is no picture."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    return "".join(word[0] for word in (words if len(words) < 3 else (words[0], words[-1]))).upper()


@register.filter
def phone(number: str) -> str:
    """`{{ organization.phone|phone }}`: +33199001234 as people write it, +33 1 99 00 12 34."""
    return phones.in_groups(number)


@register.filter
def state_word(state: str) -> str:
    """`{{ booking.state|state_word }}` → Confirmed."""
    return str(BOOKING_STATES[state][1])


@register.inclusion_tag("web/_badge.html")
def state_badge(state: str) -> dict[str, Any]:
    """`{% state_badge booking.state %}`."""
    drawing, word = BOOKING_STATES[state]
    return {"state": state, "icon_name": drawing, "word": word}


@register.inclusion_tag("web/_badge.html")
def customer_badge(state: str) -> dict[str, Any]:
    """`{% customer_badge booking.state %}`: the same, in the words for the customer."""
    return {**state_badge(state), "word": FOR_CUSTOMERS.get(state, BOOKING_STATES[state][1])}


@register.filter
def payment_word(status: str) -> str:
    """`{{ booking.payment_status|payment_word }}` → Paid."""
    return str(PAYMENT_STATUSES[status][2])


@register.inclusion_tag("web/_badge.html")
def payment_badge(status: str) -> dict[str, Any]:
    """`{% payment_badge booking.payment_status %}`: how a booking's money stands."""
    drawing, kind, word = PAYMENT_STATUSES[status]
    return {"kind": kind, "status": status, "icon_name": drawing, "word": word}


@register.inclusion_tag("web/_field.html")
def field(bound: BoundField, hint: str = "", *, live: bool = False) -> dict[str, Any]:
    """`{% field form.email %}`: label, hint, control and error, tied together; one of seven kinds by its widget.

    `live`: with what web/fields.js says as one leaves it; the page loads that script.
    """
    widget = bound.field.widget
    classes = str(widget.attrs.get("class", ""))
    kinds = {"radio": RadioSelect, "checks": CheckboxSelectMultiple, "check": CheckboxInput, "select": Select}
    kind = next((name for name, cls in kinds.items() if isinstance(widget, cls)), None)
    if kind is None and isinstance(widget, MultiWidget) and widget.use_fieldset:
        kind = "group"
    if kind is None:
        kind = "textarea" if isinstance(widget, Textarea) else ("phone" if "phone" in classes.split() else "input")
    styled = f"input {classes}".strip() if kind in {"input", "textarea", "select", "group"} else classes
    attrs: dict[str, str | bool] = {"class": styled} if styled else {}
    if kind == "group" and bound.errors:
        attrs["aria-invalid"] = "true"
    words = words_of(bound) if live else {}
    return {
        "field": bound,
        "kind": kind,
        "words": words,
        "said": bool(words) or "data-after" in widget.attrs,
        "hint": hint or bound.help_text,
        "control": bound.as_widget(attrs=attrs or None) if kind not in {"radio", "checks"} else "",
    }


def words_of(bound: BoundField) -> dict[str, str]:
    """What web/fields.js says of a field: by name of the data attribute, in the words that its form would use."""
    field, said = bound.field, bound.field.error_messages
    words = {
        "missing": said.get("required", "") if field.required else "",
        "wrong": said.get("invalid", "") if isinstance(field, (EmailField, phones.PhoneField)) else "",
        "short": said.get("min_length", "") if getattr(field, "min_length", None) else "",
    }
    return {name: str(text) for name, text in words.items() if text}


@register.inclusion_tag("web/_languages.html", takes_context=True)
def language_switch(context: template.Context, codes: list[str] | None = None) -> dict[str, Any]:
    """The languages an organization speaks (default: all of ours), each in its own name; choosing keeps the place.

    `turn_to` in the context is where that is, for a page that only a POST shows.
    """
    known = [code for code, _name in settings.LANGUAGES if not codes or code in codes]
    request = context.get("request")
    return {
        "languages": [get_language_info(code) for code in known],
        "current": (get_language() or "en").split("-")[0],
        "place": context.get("turn_to") or (request.get_full_path() if request is not None else "/"),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }
