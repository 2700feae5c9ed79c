"""The forms of the pages about hours. Times are wall-clock times of the organization."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.catalog import public_holidays
from holdfast.catalog.models import Organization, Resource
from holdfast.desk.hours_ranges import RangesForm, minute_of, time_field
from holdfast.desk.hours_words import range_words, weekday_names
from holdfast.domain import working_week
from holdfast.domain.hours import WeeklyRange
from holdfast.domain.working_week import Day

MOST_WEEKS = 26
REQUIRED = {"required": gettext_lazy("Please fill this in.")}


def _date_field(label: Any, *, required: bool = False, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        error_messages={**REQUIRED, "invalid": gettext_lazy("Enter a date.")},
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


class WeekForm(RangesForm):
    """A week, and the dates on which it holds."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def __init__(self, sent: Mapping[str, Any] | None, week: Iterable[WeeklyRange], **initial: Any) -> None:
        names = weekday_names()
        known: dict[str, list[tuple[int, int]]] = {}
        for each in week:
            known.setdefault(f"d{each.weekday}", []).append((each.starts, each.ends))
        super().__init__({f"d{number}": name for number, name in enumerate(names)}, sent, known)
        self.fields["first"] = _date_field(gettext_lazy("From"), hint=gettext_lazy("Empty: as far back as it goes."))
        self.fields["last"] = _date_field(gettext_lazy("Until"), hint=gettext_lazy("Empty: until it is changed again."))
        self.initial.update(initial)

    def week(self) -> list[WeeklyRange]:
        return [WeeklyRange(number, *each) for number in range(7) for each in self.ranges(f"d{number}")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        met = working_week.overlap(self.week())
        if met:
            one, other = met
            number = self.ranges(f"d{other.weekday}").index((other.starts, other.ends))
            self.add_error(
                f"d{other.weekday}-{number}-from",
                _("It overlaps %(day)s, %(range)s.")
                % {"day": weekday_names()[one.weekday], "range": range_words(one.starts, one.ends)},
            )
        return cleaned


class DayForm(RangesForm):
    """One date: as every week, not at all, or at times of its own."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=32, required=False)

    def __init__(self, sent: Mapping[str, Any] | None, known: Iterable[tuple[int, int]], **initial: Any) -> None:
        super().__init__({"d0": _("Times")}, sent, {"d0": known})
        self.fields["date"] = _date_field(gettext_lazy("Date"), required=True)
        self.fields["works"] = forms.ChoiceField(
            label=gettext_lazy("On this date"),
            choices=[
                ("times", gettext_lazy("Works at these times")),
                ("off", gettext_lazy("Does not work")),
                ("week", gettext_lazy("Works as every week")),
            ],
            widget=forms.RadioSelect,
            error_messages=REQUIRED,
        )
        self.fields["reason"] = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=120)
        self.initial.update(initial)

    def day(self) -> Day | None:
        match self.cleaned_data["works"]:
            case "week":
                return None
            case "off":
                return ()
        return tuple(sorted(self.ranges("d0")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("works") == "times":
            ranges = self.ranges("d0")
            if not ranges and not self.errors:
                self.add_error("d0-0-from", _("Fill in a time, or choose “Does not work”."))
            if working_week.overlap([WeeklyRange(0, *each) for each in ranges]):
                self.add_error("d0-1-from", _("It overlaps another range of this date."))
        return cleaned


class TimeOffForm(forms.Form):
    """Away from a date to a date, or from a time to a time."""

    first = _date_field(gettext_lazy("First day"), required=True)
    last = _date_field(gettext_lazy("Last day"), required=True)
    starts = time_field(gettext_lazy("From"))
    ends = time_field(gettext_lazy("Until"))
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=120)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "first" in cleaned and "last" in cleaned:
            starts, ends = self.span()
            if ends <= starts:
                self.add_error(
                    "ends" if cleaned["first"] == cleaned["last"] else "last", _("It ends before it begins.")
                )
            elif (ends - starts).days > 400:
                self.add_error("last", _("Time off is at most 400 days; end the hours instead."))
        return cleaned

    def span(self) -> tuple[datetime, datetime]:
        """Naive wall-clock times; without an end of its own the last day is free whole."""
        given = self.cleaned_data
        starts = datetime.combine(given["first"], given.get("starts") or time())
        if given.get("ends"):
            return starts, datetime.combine(given["last"], given["ends"])
        return starts, datetime.combine(date.fromordinal(given["last"].toordinal() + 1), time())


class CopyWeekForm(forms.Form):
    monday = _date_field(gettext_lazy("A day of the week to copy"), required=True)
    weeks = forms.IntegerField(
        label=gettext_lazy("To how many weeks after it"),
        min_value=1,
        max_value=MOST_WEEKS,
        initial=1,
        error_messages=REQUIRED,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )

    def clean_monday(self) -> date:
        day: date = self.cleaned_data["monday"]
        return date.fromordinal(day.toordinal() - day.weekday())


class CopyHoursForm(forms.Form):
    """From whom a resource takes its weekly hours."""

    source = forms.ChoiceField(label=gettext_lazy("Whose hours"), error_messages=REQUIRED)

    def __init__(self, sent: Mapping[str, Any] | None, resources: Sequence[Resource]) -> None:
        super().__init__(sent)
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("Please choose")), *((each.slug, each.name) for each in resources)]


class AddHoursForm(forms.Form):
    """A range on some weekdays, besides what is worked already."""

    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On"), coerce=int, widget=forms.CheckboxSelectMultiple, error_messages=REQUIRED
    )
    starts = time_field(gettext_lazy("From"))
    ends = time_field(gettext_lazy("Until"))
    first = _date_field(gettext_lazy("First day"))
    last = _date_field(gettext_lazy("Last day"))

    def __init__(self, sent: Mapping[str, Any] | None) -> None:
        super().__init__(sent)
        field = self.fields["weekdays"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - declared above
        field.choices = list(enumerate(weekday_names()))
        for name in ("starts", "ends"):
            self.fields[name].required = True
            self.fields[name].error_messages |= REQUIRED

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        return cleaned

    def week(self) -> list[WeeklyRange]:
        given = self.cleaned_data
        starts, ends = minute_of(given["starts"]), minute_of(given["ends"])
        return [WeeklyRange(weekday, starts, ends) for weekday in given["weekdays"]]


class ClosureForm(forms.Form):
    starts_on = _date_field(gettext_lazy("First day"), required=True)
    ends_on = _date_field(gettext_lazy("Last day"), required=True)
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=120)
    closes_on_call = forms.BooleanField(
        label=gettext_lazy("No emergencies either"),
        required=False,
        help_text=gettext_lazy("Otherwise those on call take emergencies on these days."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        return cleaned


class HolidaysForm(forms.Form):
    observes = forms.BooleanField(label=gettext_lazy("Closed on public holidays"), required=False)
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)

    def __init__(self, sent: Mapping[str, Any] | None, organization: Organization) -> None:
        initial = {"observes": organization.observes_holidays, "region": organization.holiday_region}
        super().__init__(sent, initial=initial)
        regions = public_holidays.regions(organization.country)
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("The whole country")), *regions]
        if not regions:
            del self.fields["region"]
