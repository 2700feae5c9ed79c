"""A promotion in the reader's words: what it takes off, and for whom and when."""

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
    parts = [in_language(promotion.service.name)] if promotion.service else []
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
