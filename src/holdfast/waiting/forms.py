"""When it would suit: the same fields for customers and staff."""

from datetime import time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from holdfast.domain.hours import DAY
from holdfast.waiting.actions import MOST_DAYS, Times

_DATE = {"type": "date", "class": "input-short"}
_TIME = {"type": "time", "class": "input-short", "step": "900"}
# What web/fields.js says while one types.
_EARLY = gettext_lazy("This is before the first day.")
_LAST = {"data-after": "first", "data-early": _EARLY}
_MISSING = {"required": gettext_lazy("Please choose a day."), "invalid": gettext_lazy("Please choose a day.")}


class TimesForm(forms.Form):
    """Local dates and times of day. `times()` once it is valid."""

    first = forms.DateField(
        label=pgettext_lazy("date", "From"), widget=forms.DateInput(_DATE, format="%Y-%m-%d"), error_messages=_MISSING
    )
    last = forms.DateField(
        label=pgettext_lazy("date", "Until"),
        widget=forms.DateInput({**_DATE, **_LAST}, format="%Y-%m-%d"),
        error_messages=_MISSING,
    )
    since = forms.TimeField(
        label=gettext_lazy("Not before"), required=False, widget=forms.TimeInput(_TIME, format="%H:%M")
    )
    until = forms.TimeField(
        label=gettext_lazy("Starting before"), required=False, widget=forms.TimeInput(_TIME, format="%H:%M")
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _EARLY)
        elif first and last and last - first >= timedelta(days=MOST_DAYS):
            self.add_error("last", _("Please choose at most %(most)d days in all.") % {"most": MOST_DAYS})
        if _minute(given.get("until"), DAY) <= _minute(given.get("since"), 0):
            self.add_error("until", _("This is not after the earliest time."))
        return given

    def times(self) -> Times:
        given = self.cleaned_data
        return Times(given["first"], given["last"], _minute(given["since"], 0), _minute(given["until"], DAY))


def _minute(at: time | None, otherwise: int) -> int:
    """Midnight at the end of a day is written as midnight, too."""
    if at is None:
        return otherwise
    return at.hour * 60 + at.minute or otherwise
