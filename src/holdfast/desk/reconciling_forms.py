"""What is asked for on the pages of the reconciliation."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

REQUIRED = {"required": _("Please fill this in.")}
LONGEST = 92  # days of one run


class RunForm(forms.Form):
    """Local days, the last included."""

    since = forms.DateField(error_messages={**REQUIRED, "invalid": _("Enter a date.")})
    until = forms.DateField(error_messages={**REQUIRED, "invalid": _("Enter a date.")})

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and not since <= until <= self.today:
            raise forms.ValidationError(_("The first day comes before the last, and the last is not after today."))
        if since and until and until - since >= timedelta(days=LONGEST):
            raise forms.ValidationError(_("At most three months at once."))
        return given


class DecisionForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        error_messages=REQUIRED,
        help_text=_("Kept with your name, for whoever asks later."),
        widget=forms.Textarea({"rows": 3}),
    )


class AdoptForm(DecisionForm):
    reference = forms.CharField(
        label=_("Reference of the booking"),
        max_length=12,
        error_messages=REQUIRED,
        widget=forms.TextInput({"autocapitalize": "characters", "spellcheck": "false"}),
    )
    field_order = ("reference", "reason")

    def clean_reference(self) -> str:
        reference: str = self.cleaned_data["reference"].strip().upper()
        return reference
