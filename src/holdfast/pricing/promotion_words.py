"""A promotion in the reader's words: what it takes off, for whom and when, and why it is not given."""

from collections.abc import Mapping
from typing import Any

from babel.lists import format_list
from django.utils.translation import gettext as _

from holdfast.core.fields import in_language
from holdfast.pricing import wording
from holdfast.pricing.models import Promotion
from holdfast.pricing.when_words import when_words
from holdfast.web import formats


def benefit_words(promotion: Promotion, currency: str) -> str:
    """ "20%, at most €15", "€10", "2 × Child seat"."""
    if promotion.extra is not None:
        name = in_language(promotion.extra.name)
        several = {"count": promotion.extra_count, "name": name}
        return _("%(count)d × %(name)s") % several if promotion.extra_count > 1 else name
    if promotion.percent is None:
        return formats.money_short(promotion.amount or 0, currency)
    words = wording.percentage(str(promotion.percent))
    if promotion.most is None:
        return words
    return _("%(share)s, at most %(most)s") % {"share": words, "most": formats.money_short(promotion.most, currency)}


def condition_words(promotion: Promotion, currency: str) -> str:
    """ "Massage, booked until May 31, 2026, on Fridays, from €80"; "" where it is for everything at any time."""
    names = [in_language(each.name) for each in promotion.services]
    parts = [format_list(names, locale=formats.current_locale())] if names else []
    booked = {"dates": [[_iso(promotion.booked_from), _iso(promotion.booked_until)]]}
    if promotion.booked_from or promotion.booked_until:
        parts.append(_("booked %(dates)s") % {"dates": _lowered(when_words(booked))})
    served = {"dates": [[_iso(promotion.served_from), _iso(promotion.served_until)]]}
    if promotion.served_from or promotion.served_until:
        parts.append(_("taking place %(dates)s") % {"dates": _lowered(when_words(served))})
    if promotion.weekdays:
        parts.append(_lowered(when_words({"weekdays": sorted(promotion.weekdays)})))
    if promotion.minimum:
        parts.append(_("for prices of %(price)s or more") % {"price": formats.money_short(promotion.minimum, currency)})
    text = format_list(parts, "unit", locale=formats.current_locale()) if parts else ""
    return text[:1].upper() + text[1:]


def _iso(day: object) -> str | None:
    return str(day) if day else None


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def refusal_words(reason: str, params: Mapping[str, Any]) -> str:
    """Why a promotion is not given, and what can be done."""
    if reason == "extra_not_chosen" and (extra := in_language(params.get("extra_name"))):
        return _("This promotion is for “%(extra)s”, which you have not chosen. Add it where you choose the time.") % {
            "extra": extra
        }
    words = {
        "unknown": _("This promotion code is not known here. Please look at it again."),
        "not_yet": _("This promotion has not begun yet."),
        "ended": _("This promotion is over."),
        "wrong_service": _("This promotion is for other services."),
        "wrong_date": _("This promotion is for other dates."),
        "wrong_time": _("This promotion is for other days or times."),
        "below_minimum": _("This promotion is for larger bookings."),
        "used_up": _("This promotion has been used up."),
        "used_up_by_customer": _("You have used this promotion as often as one customer may."),
        "extra_not_offered": _("This promotion is for an extra that is not offered with this service."),
        "extra_not_chosen": _("This promotion is for an extra that you have not chosen. Please choose it first."),
        "nothing_to_reduce": _("There is nothing that this promotion could take off."),
        "not_combinable": _("You already get a better price, which this promotion cannot be added to."),
    }
    return words[reason]
