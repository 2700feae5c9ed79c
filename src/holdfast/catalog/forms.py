"""Checks of what is typed into the configuration, with words that say the way out."""

from collections.abc import Callable
from datetime import date, time
from itertools import combinations
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from holdfast.catalog import public_holidays
from holdfast.catalog.form_fields import LocalizedFormField
from holdfast.catalog.models import LONGEST_OCCUPATION_MINUTES, Language, QuestionKind, Resource, Service, Weekday
from holdfast.catalog.models.limits import LimitKind, LimitPeriod, LimitUnit
from holdfast.catalog.validators import validate_organization_slug
from holdfast.core.fields import in_language

DAY = 24 * 60
WEEK = 7 * DAY


class TenantForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row of `organization` (set by the admin). Texts in languages it does not use are kept."""

    organization: ClassVar[Any]
    would_break: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hasattr(self.instance, "organization_id"):
            self.instance.organization_id = self.organization.pk
        for name, field in self.fields.items():
            if isinstance(field, LocalizedFormField):
                field.keep(getattr(self.instance, name))
        if "slug" in self.fields and not self.instance._state.adding:
            self.fields["slug"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "slug" in self.fields and "slug" in cleaned:
            self._clean_slug(cleaned)
        if self.would_break:
            raise ValidationError(_("Nothing was saved yet: the change would break the bookings listed here."))
        return cleaned

    def _clean_slug(self, cleaned: dict[str, Any]) -> None:
        """A slug made from the name where none is typed; once in the organization."""
        name = cleaned.get("name", "")
        text = in_language(name, self.organization.default_language) if isinstance(name, dict) else name
        cleaned["slug"] = slug = cleaned["slug"] or slugify(text)[:50].strip("-")
        model: Any = type(self.instance)
        if not slug:
            self.add_error("slug", _("Fill in a slug."))
        elif model.objects.filter(organization=self.organization, slug=slug).exclude(pk=self.instance.pk).exists():
            self.add_error("slug", _("Another one already has the slug “%(slug)s”.") % {"slug": slug})


class OrganizationForm(TenantForm):
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), choices=Language.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        validate_organization_slug(slug)
        return slug

    def clean_public_attributes(self) -> list[str]:
        """In small letters, as attributes are kept."""
        return list(dict.fromkeys(name.lower() for name in self.cleaned_data["public_attributes"]))

    def _clean_slug(self, cleaned: dict[str, Any]) -> None:
        """The database and `validate_unique` look after an organization's."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("languages") and cleaned.get("default_language") not in cleaned["languages"]:
            self.add_error("default_language", _("The default language must be one of the languages."))
        country, region = cleaned.get("country"), cleaned.get("holiday_region")
        known = dict(public_holidays.regions(country)) if country and region else {}
        if region and region not in known:
            facts = {"country": country, "region": region, "regions": ", ".join(known) or "–"}
            words = _("%(country)s has no region called “%(region)s”. Leave it empty, or use one of: %(regions)s.")
            self.add_error("holiday_region", words % facts)
        return cleaned


class ServiceForm(TenantForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        duration, longest = cleaned.get("duration_minutes"), cleaned.get("longest_duration_minutes")
        if duration and longest and longest < duration:
            self.add_error("longest_duration_minutes", _("The longest duration is shorter than the duration."))
        buffers = (cleaned.get("buffer_before_minutes") or 0) + (cleaned.get("buffer_after_minutes") or 0)
        if max(duration or 0, longest or 0) + buffers > LONGEST_OCCUPATION_MINUTES:
            field = "longest_duration_minutes" if longest else "duration_minutes"
            self.add_error(field, _("A duration with its buffers can be three days (4320 minutes) at most."))
        if cleaned.get("emergency_surcharge_percent") and cleaned.get("emergency_surcharge_amount"):
            self.add_error("emergency_surcharge_amount", _("Fill in a surcharge in percent or as an amount, not both."))
        return cleaned


def too_long(service: Service, resource: Resource) -> bool:
    """Whether the resource's own buffers make the longest booking longer than any occupation may be."""
    before, after = (
        usual if own is None else own
        for own, usual in (
            (resource.buffer_before_minutes, service.buffer_before_minutes),
            (resource.buffer_after_minutes, service.buffer_after_minutes),
        )
    )
    longest = service.longest_duration_minutes or service.duration_minutes
    return longest + before + after > LONGEST_OCCUPATION_MINUTES


class ResourceForm(TenantForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        names = ("buffer_before_minutes", "buffer_after_minutes")
        if not any(cleaned.get(name) for name in names):
            return cleaned
        resource = Resource(**{name: cleaned.get(name) for name in names})
        services = Service.objects.filter(organization=self.organization, is_active=True)
        for service in services.filter(requirements__kind=cleaned.get("kind")).distinct():
            if too_long(service, resource):
                field = next(name for name in reversed(names) if cleaned.get(name))
                words = _("With these buffers, “%(service)s” would last longer than three days (4320 minutes).")
                self.add_error(field, words % {"service": service})
                break
        return cleaned


class RequirementForm(TenantForm):
    """Skills are words; nothing else to check."""


class QuestionForm(TenantForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == QuestionKind.CHOICE and "choices" in cleaned and not cleaned["choices"]:
            self.add_error("choices", _("A list needs answers to choose from."))
        smallest, largest = cleaned.get("smallest"), cleaned.get("largest")
        if smallest is not None and largest is not None and largest < smallest:
            self.add_error("largest", _("The largest is smaller than the smallest."))
        return cleaned


class WorkingHoursForm(TenantForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day is before the first."))
        return cleaned


class HoursExceptionForm(TenantForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if (starts is None) != (ends is None):
            self.add_error("ends" if ends is None else "starts", _("Fill in both times, or none for a day off."))
        return cleaned


class LimitForm(TenantForm):
    """What a kind of limit has no use for is left at its usual value; what it needs is asked for."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind == LimitKind.TEAM and not cleaned.get("team"):
            self.add_error("team", _("Choose the team that is limited."))
        if kind == LimitKind.SERVICE and not cleaned.get("service"):
            self.add_error("service", _("Choose the service that is limited."))
        if kind != LimitKind.TEAM:
            cleaned["team"] = None
        if kind == LimitKind.TEAM:
            cleaned["service"] = None
        if kind != LimitKind.SERVICE:
            cleaned["counts"] = LimitUnit.BOOKINGS
        if kind != LimitKind.CUSTOMER:
            cleaned["period"] = LimitPeriod.DAY
        if cleaned.get("period") != LimitPeriod.ROLLING:
            cleaned["rolling_days"] = 1
        return cleaned


class ClosureForm(TenantForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        return cleaned


Row = dict[str, Any]


def _weekly_conflict(one: Row, other: Row) -> str:
    if one["kind"] != other["kind"] or not _dates_meet(one, other) or not _weekly_overlap(one, other):
        return ""
    return _("%(one)s and %(other)s overlap.") % {"one": _weekly_words(one), "other": _weekly_words(other)}


def _dated_conflict(one: Row, other: Row) -> str:
    if (one["kind"], one["date"]) != (other["kind"], other["date"]):
        return ""
    day = {"date": date_format(one["date"], "l j F Y")}
    if one["starts"] is None or other["starts"] is None:
        return _("%(date)s stands there twice, once as a day off. Keep one.") % day
    if _meet(*_minutes(one["starts"], one["ends"]), *_minutes(other["starts"], other["ends"])):
        return _("On %(date)s two ranges overlap.") % day
    return ""


class _RangesFormSet(PaginationInlineFormSet):  # type: ignore[misc]
    """Rows of which no two may be in conflict; rows with errors of their own and deleted ones are left out.

    `conflict` says in words why two cannot stand together; "" where they can.
    """

    conflict: Callable[[Row, Row], str]

    def clean(self) -> None:
        super().clean()
        rows = [
            form.cleaned_data
            for form in self.forms
            if getattr(form, "cleaned_data", None) and not form.errors and not form.cleaned_data.get("DELETE")
        ]
        for one, other in combinations(rows, 2):
            if problem := self.conflict(one, other):
                raise ValidationError(problem)


class WorkingHoursFormSet(_RangesFormSet):
    conflict = staticmethod(_weekly_conflict)


class HoursExceptionFormSet(_RangesFormSet):
    conflict = staticmethod(_dated_conflict)


def _minutes(starts: time, ends: time) -> tuple[int, int]:
    """Minutes of the day; an end at or before the start is the next day's."""
    first, last = starts.hour * 60 + starts.minute, ends.hour * 60 + ends.minute
    return first, last if last > first else last + DAY


def _meet(start: int, end: int, other_start: int, other_end: int) -> bool:
    return start < other_end and other_start < end


def _weekly_overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Sunday night reaches into Monday, so the second is tried a week earlier and later too."""
    (start, end), (other_start, other_end) = (
        [row["weekday"] * DAY + minute for minute in _minutes(row["starts"], row["ends"])] for row in (one, other)
    )
    return any(_meet(start, end, other_start + week, other_end + week) for week in (-WEEK, 0, WEEK))


def _dates_meet(one: dict[str, Any], other: dict[str, Any]) -> bool:
    first = max(one["valid_from"] or date.min, other["valid_from"] or date.min)
    return first <= min(one["valid_until"] or date.max, other["valid_until"] or date.max)


def _weekly_words(row: dict[str, Any]) -> str:
    return f"{Weekday(row['weekday']).label} {row['starts']:%H:%M}–{row['ends']:%H:%M}"
