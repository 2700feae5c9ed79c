"""Limits by day and period, and their words (docs/algorithms/limits.md)."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from holdfast.core.fields import in_language
from holdfast.core.models import TenantModel
from holdfast.domain.limits import LONGEST_ROLLING_DAYS


class LimitKind(models.TextChoices):
    TEAM = "team", gettext_lazy("a team, each day")
    SERVICE = "service", gettext_lazy("a service, each day")
    CUSTOMER = "customer", gettext_lazy("each customer")


class LimitUnit(models.TextChoices):
    BOOKINGS = "bookings", gettext_lazy("bookings")
    PEOPLE = "people", gettext_lazy("people")


class LimitPeriod(models.TextChoices):
    DAY = "day", gettext_lazy("a day")
    WEEK = "week", gettext_lazy("a week, from Monday")
    MONTH = "month", gettext_lazy("a calendar month")
    ROLLING = "rolling", gettext_lazy("any days in a row")


class Limit(TenantModel):
    """At most so many bookings (or people) that start on a local day of the organization, or in a customer's period.

    A team's counts bookings that occupy any resource of the team. A customer's counts bookings of one service, or of
    all when none is named.
    """

    kind = models.CharField(gettext_lazy("limits"), max_length=16, choices=LimitKind.choices)
    team = models.ForeignKey(
        "catalog.Team", on_delete=models.CASCADE, null=True, blank=True, related_name="limits",
        verbose_name=gettext_lazy("team"),
    )  # fmt: skip
    service = models.ForeignKey(
        "catalog.Service", on_delete=models.CASCADE, null=True, blank=True, related_name="limits",
        verbose_name=gettext_lazy("service"),
        help_text=gettext_lazy("For each customer: left empty, all services together."),
    )  # fmt: skip
    most = models.PositiveIntegerField(gettext_lazy("at most"), validators=[MinValueValidator(1)])
    counts = models.CharField(
        gettext_lazy("counted are"), max_length=16, choices=LimitUnit.choices, default=LimitUnit.BOOKINGS
    )
    period = models.CharField(gettext_lazy("in"), max_length=16, choices=LimitPeriod.choices, default=LimitPeriod.DAY)
    rolling_days = models.PositiveSmallIntegerField(
        gettext_lazy("days in a row"), default=1,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_ROLLING_DAYS)],
    )  # fmt: skip
    is_active = models.BooleanField(gettext_lazy("in force"), default=True)

    class Meta:
        verbose_name = gettext_lazy("limit")
        verbose_name_plural = gettext_lazy("limits")
        ordering = ["kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="team", team__isnull=False, service=None, counts="bookings", period="day")
                | Q(kind="service", team=None, service__isnull=False, period="day")
                | Q(kind="customer", team=None, counts="bookings"),
                name="limit_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(most__gte=1, rolling_days__gte=1, rolling_days__lte=LONGEST_ROLLING_DAYS),
                name="limit_possible",
            ),
        ]

    def __str__(self) -> str:
        subject: Any = self.team.name if self.team else self.service.name if self.service else None
        return in_words(self.kind, subject, self.most, self.counts, self.period, self.rolling_days)


def in_words(kind: str, subject: Any, most: int, counts: str, period: str, days: int) -> str:
    """ "Airport team: at most 6 bookings a day". `subject`: a team's name, a service's names by language, or None."""
    if kind == LimitKind.CUSTOMER:
        name = _("Each customer, %(service)s") % {"service": in_language(subject)} if subject else _("Each customer")
    else:
        name = subject if isinstance(subject, str) else in_language(subject)
    return _("%(name)s: %(limit)s") % {"name": name, "limit": _most_in_words(most, counts, period, days)}


def _most_in_words(most: int, counts: str, period: str, days: int) -> str:
    number = {"most": most, "days": days}
    if counts == LimitUnit.PEOPLE:
        return ngettext("at most %(most)d person a day", "at most %(most)d people a day", most) % number
    if period == LimitPeriod.WEEK:
        return ngettext("at most %(most)d booking a week", "at most %(most)d bookings a week", most) % number
    if period == LimitPeriod.MONTH:
        return ngettext("at most %(most)d booking a month", "at most %(most)d bookings a month", most) % number
    if period == LimitPeriod.ROLLING:
        return (
            ngettext("at most %(most)d booking in %(days)d days", "at most %(most)d bookings in %(days)d days", most)
            % number
        )
    return ngettext("at most %(most)d booking a day", "at most %(most)d bookings a day", most) % number
