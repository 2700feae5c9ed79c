"""How a promotion stands: given today, waiting for its day, over, used up, or never to be given, and why."""

from datetime import date, timedelta
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from holdfast.pricing.models import Promotion

Standing = Literal["given", "to_come", "over", "used_up", "off", "never"]
WORDS: dict[Standing, Promise] = {
    "given": _("Given now"),
    "to_come": _("Not yet"),
    "over": _("Over"),
    "used_up": _("Used up"),
    "off": _("Switched off"),
    "never": _("Can never be given"),
}


def standing_of(promotion: Promotion, used: int, today: date) -> Standing:
    """`today` is the organization's, `used` how many bookings that stand have it."""
    if not promotion.is_active:
        return "off"
    if why_never(promotion):
        return "never"
    ends = [day for day in (promotion.booked_until, promotion.served_until) if day]
    if any(day < today for day in ends):
        return "over"
    if promotion.uses is not None and used >= promotion.uses:
        return "used_up"
    return "to_come" if promotion.booked_from and promotion.booked_from > today else "given"


def why_never(promotion: Promotion) -> str:
    """What in it keeps it from ever being given; "" where nothing does."""
    if promotion.uses == 0 or promotion.uses_each == 0:
        return str(_("It may be used 0 times."))
    services = promotion.services
    if services and not any(each.is_active for each in services):
        return str(ngettext("Its service is not on offer.", "None of its services is on offer.", len(services)))
    first, last = promotion.booked_from, promotion.served_until
    if first and last and last < first:
        return str(_("It takes place only until a day before it can be booked."))
    if not _has_a_day(promotion):
        return str(_("None of its weekdays lies between its dates."))
    return ""


def _has_a_day(promotion: Promotion) -> bool:
    """Whether one of its weekdays lies in the dates on which it takes place."""
    first, last = promotion.served_from, promotion.served_until
    if not promotion.weekdays or first is None or last is None or (last - first).days >= 6:
        return True
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return any(day.weekday() in promotion.weekdays for day in days)
