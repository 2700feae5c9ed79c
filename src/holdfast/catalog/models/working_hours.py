"""When resources work: weekly hours, and what a single date makes of them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from holdfast.catalog.models.resources import Resource
from holdfast.core.models import TenantModel


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class HoursKind(models.TextChoices):
    """On-call hours are open to emergencies alone, which may use the regular ones too."""

    REGULAR = "regular", _("Regular")
    ON_CALL = "on_call", _("On call")


class WorkingHours(TenantModel):
    """A weekly range in wall-clock time of the organization's zone; an end at or before the start is the next day."""

    resource = models.ForeignKey(
        Resource, on_delete=models.CASCADE, related_name="working_hours", verbose_name=_("resource")
    )
    kind = models.CharField(
        _("kind"), max_length=16, choices=HoursKind.choices, default=HoursKind.REGULAR, db_default=HoursKind.REGULAR
    )
    weekday = models.SmallIntegerField(_("weekday"), choices=Weekday.choices)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"), help_text=_("At or before the start means the next day."))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__gte=0, weekday__lte=6), name="working_hours_weekday"),
            models.CheckConstraint(condition=Q(kind__in=["regular", "on_call"]), name="working_hours_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"


class HoursException(TenantModel):
    """A date that differs: its ranges replace the weekly ones of its kind that start on it.

    Without times, nothing of its kind is worked: a regular day off leaves the on-call hours as they are.
    """

    resource = models.ForeignKey(
        Resource, on_delete=models.CASCADE, related_name="hours_exceptions", verbose_name=_("resource")
    )
    kind = models.CharField(
        _("kind"), max_length=16, choices=HoursKind.choices, default=HoursKind.REGULAR, db_default=HoursKind.REGULAR
    )
    date = models.DateField(_("date"))
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        ordering = ["date", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts=None, ends=None) | Q(starts__isnull=False, ends__isnull=False),
                name="exception_has_both_times_or_none",
            ),
            models.CheckConstraint(condition=Q(kind__in=["regular", "on_call"]), name="exception_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.date}"


class Closure(TenantModel):
    """Local dates on which the whole organization is closed, both ends included.

    On-call hours are for just such days, so they stay open unless the closure says otherwise.
    """

    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    closes_on_call = models.BooleanField(
        _("no emergencies either"),
        default=False,
        db_default=False,
        help_text=_("Otherwise those on call take emergencies on these days."),
    )

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="closure_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"


class WorkedHoliday(TenantModel):
    """A public holiday on which the organization works all the same."""

    date = models.DateField(_("date"))

    class Meta:
        verbose_name = _("worked holiday")
        verbose_name_plural = _("worked holidays")
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["organization", "date"], name="worked_holiday_once")]

    def __str__(self) -> str:
        return f"{self.date}"
