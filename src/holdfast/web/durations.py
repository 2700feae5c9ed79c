"""Lengths of time as people say them: a number and a unit, kept as minutes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

UNITS = {"1": gettext_lazy("minutes"), "60": gettext_lazy("hours"), "1440": gettext_lazy("days")}
MOST_MINUTES = 2_000_000


class DurationWidget(forms.MultiWidget):
    """A number (`<name>`) and its unit (`<name>_unit`), which is the largest that gives a whole number."""

    template_name = "web/widgets/duration.html"

    def __init__(self, label: Any) -> None:
        number = forms.NumberInput({"aria-label": label, "min": "0", "inputmode": "numeric"})
        unit = forms.Select({"aria-label": gettext_lazy("Unit")}, choices=list(UNITS.items()))
        super().__init__({"": number, "unit": unit})

    def decompress(self, value: int | None) -> list[Any]:
        if value is None:
            return ["", "1"]
        size = next(size for size in (1440, 60, 1) if value % size == 0) if value else 1
        return [value // size, str(size)]


class DurationField(forms.MultiValueField):
    """Minutes, or None where nothing is typed."""

    def __init__(self, *, label: Any, **kwargs: Any) -> None:
        parts = (
            forms.IntegerField(min_value=0, required=False),
            forms.ChoiceField(choices=list(UNITS.items()), required=False),
        )
        super().__init__(parts, require_all_fields=False, widget=DurationWidget(label), label=label, **kwargs)

    def compress(self, data_list: list[Any]) -> int | None:
        number, unit = [*data_list, None, None][:2]
        if number is None:
            return None
        minutes = int(number) * int(unit or 1)
        if minutes > MOST_MINUTES:
            raise ValidationError(_("This is longer than anything can last."))
        return minutes
