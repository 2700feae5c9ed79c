"""The form that asks which booking is to be priced, and the answer in words: what a change would mean, before it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.bookings.availability import plan_cache
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.trying import Trial
from holdfast.catalog.models import NamedPlace, Organization, Service
from holdfast.core.errors import NotFound
from holdfast.core.fields import in_language
from holdfast.desk import times
from holdfast.desk.price_fields import REQUIRED
from holdfast.domain import hours
from holdfast.domain.pricing.conditions import InputMissing, NoPriceForWay
from holdfast.domain.pricing.whole import Quoted
from holdfast.pricing.documents import line_document
from holdfast.pricing.promotion_words import refusal_words
from holdfast.pricing.wording import LineWords, in_words
from holdfast.web.durations import DurationField


class TrialForm(forms.Form):
    """`try-…`: beside another form, whose fields it does not meet. A day and a time on the organization's clock."""

    prefix = "try"
    service = forms.ChoiceField(label=gettext_lazy("Service"), error_messages=REQUIRED)
    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={**REQUIRED, "invalid": gettext_lazy("Enter a date.")},
    )  # fmt: skip
    at = forms.TimeField(
        label=gettext_lazy("Time of day"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={**REQUIRED, "invalid": gettext_lazy("Enter a time, such as 09:00.")},
    )  # fmt: skip
    lasting = DurationField(
        label=gettext_lazy("Lasting"), required=False, help_text=gettext_lazy("Empty: as the service lasts.")
    )
    party = forms.IntegerField(
        label=gettext_lazy("People"), min_value=1, max_value=500, initial=1, error_messages=REQUIRED
    )

    def __init__(self, organization: Organization, sent: Mapping[str, Any] | None) -> None:
        tomorrow = times.today(organization) + timedelta(days=1)
        super().__init__(sent, initial={"day": tomorrow, "at": time(10)})
        self.organization = organization
        self.plan: ServicePlan | None = None
        field = self.fields["service"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        services = Service.objects.filter(is_active=True)
        field.choices = [(each.slug, in_language(each.name)) for each in services]
        places = [(each.slug, str(each)) for each in NamedPlace.objects.filter(is_active=True)]
        for name, label in (("pickup", _("From")), ("dropoff", _("To"))) if places else ():
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=[("", _("The usual place")), *places]
            )

    def trial(self) -> Trial | None:
        """What is asked; None where it cannot be, and the form says why. Inside the tenant's transaction."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        try:
            plan = plan_cache.plan_for(self.organization.id, self.organization.catalog_version, given["service"])
        except NotFound:
            self.add_error("service", gettext_lazy("This service is not on offer."))
            return None
        start = hours.to_minute(plan.time_zone, datetime.combine(given["day"], given["at"]))
        ends = {name: given.get(name, "") for name in ("pickup", "dropoff")}
        return Trial(plan, start, given["lasting"] or plan.durations()[0], given["party"], **ends)


@dataclass(frozen=True, slots=True)
class Answer:
    """What it costs `before` the change and `after` it, in minor units, line by line; why a promotion is not given."""

    before: int
    after: int
    lines: list[LineWords]
    refused: str = ""

    @property
    def difference(self) -> int:
        return self.after - self.before


def answer(trial: Trial, before: Quoted, after: Quoted) -> Answer:
    words = next((refusal_words(each.reason, each.params) for each in after.refused), "")
    lines = in_words(
        [line_document(line) for line in after.price.lines],
        currency=after.price.total.currency,
        zone=trial.plan.time_zone,
        service=in_language(trial.plan.service["name"]),
        minutes=trial.minutes,
    )
    return Answer(before.price.total.amount, after.price.total.amount, lines, words)


def missing_words(error: InputMissing | NoPriceForWay) -> str:
    """Why there is no answer."""
    if isinstance(error, NoPriceForWay):
        return _("There is no price from here to there, so it would be refused.")
    return _("Its price depends on the distance, which is not known for these places.")
