"""Tariffs and their rules: what is charged, and when."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from holdfast.catalog.models import ResourceKind, Service, Weekday
from holdfast.core.fields import LocalizedField, in_language
from holdfast.core.models import TenantModel
from holdfast.pricing.models.zones import Zone


class RoundingName(models.TextChoices):
    """The names of `domain/money.py:ROUNDINGS`."""

    HALF_UP = "half_up", _("to the nearest, a half up")
    HALF_EVEN = "half_even", _("to the nearest, a half to the even one")
    HALF_DOWN = "half_down", _("to the nearest, a half down")
    DOWN = "down", _("down")
    UP = "up", _("up")


class Tariff(TenantModel):
    """Rules that belong together. One is in force; the others are drafts."""

    name = models.CharField(_("name"), max_length=120)
    in_force = models.BooleanField(_("in force"), default=False)
    tax_included = models.BooleanField(_("prices include tax"), default=True)
    rounding = models.CharField(
        _("rounded"), max_length=16, choices=RoundingName.choices, default=RoundingName.HALF_UP,
        help_text=_("A price is rounded once, as a whole."),
    )  # fmt: skip
    coin = models.PositiveIntegerField(
        _("smallest coin"), default=1, validators=[MinValueValidator(1)],
        help_text=_("In cents or whatever the smallest unit is: 5 makes 12.33 into 12.35."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")
        ordering = ["-in_force", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization"], condition=Q(in_force=True), name="tariff_one_in_force"),
            models.CheckConstraint(condition=Q(coin__gte=1), name="tariff_coin"),
        ]

    def __str__(self) -> str:
        return self.name


class EffectKind(models.TextChoices):
    BASE = "base", _("An amount for the booking")
    PER_HOUR = "per_hour", _("An amount an hour")
    PER_PERSON = "per_person", _("An amount a person")
    PER_KM = "per_km", _("An amount a kilometre")
    BY_ZONES = "by_zones", _("An amount by zones, from a table")
    PERCENT = "percent", _("A percentage more or less")
    ADD = "add", _("An amount more or less")
    MINIMUM = "minimum", _("At least")
    MAXIMUM = "maximum", _("At most")


class Covers(models.TextChoices):
    PART = "part", _("for the minutes within it")
    ANY = "any", _("for the whole stay, if any minute is within it")
    START = "start", _("for the whole stay, if its start is within it")


class OnHolidays(models.TextChoices):
    ANY = "", _("on any day")
    ONLY = "only", _("on public holidays only")
    NOT = "not", _("not on public holidays")


class RuleType(models.TextChoices):
    ANY = "", _("any booking")
    STANDARD = "standard", _("ordinary bookings")
    EMERGENCY = "emergency", _("emergencies")


def _minutes(label: object) -> models.PositiveIntegerField:  # type: ignore[type-arg]
    return models.PositiveIntegerField(label, null=True, blank=True)  # type: ignore[arg-type]


class TariffRule(TenantModel):
    """One effect and its condition: all that is filled in must hold (docs/algorithms/pricing.md).

    Times of day are on the organization's clock; an end at or before its start is the next day.
    """

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="rules", verbose_name=_("tariff"))
    position = models.PositiveSmallIntegerField(
        _("position"), default=10, help_text=_("Rules apply in this order; a percentage is of what stands before it.")
    )
    name = LocalizedField(_("name"))
    effect = models.CharField(_("effect"), max_length=16, choices=EffectKind.choices)
    amount = models.BigIntegerField(_("amount"), null=True, blank=True)
    percent = models.DecimalField(
        _("percent"), max_digits=7, decimal_places=3, null=True, blank=True, validators=[MinValueValidator(-100)]
    )
    minimum_minutes = models.PositiveIntegerField(
        _("shortest time charged (minutes)"), default=0, help_text=_("For an amount an hour.")
    )
    included_km = models.PositiveSmallIntegerField(
        _("kilometres that cost nothing"),
        default=0,
        db_default=0,
        blank=True,
        help_text=_("The first ones of each way."),
    )
    both_ways = models.BooleanField(
        _("the way back costs the same"), default=True, db_default=True,
        help_text=_("Unless the table has a price of its own for it."),
    )  # fmt: skip
    zones_only = models.BooleanField(
        _("ways without a price are refused"), default=False, db_default=False,
        help_text=_("Otherwise the rules before this one, or the service's own price, count there."),
    )  # fmt: skip
    instead = models.BooleanField(
        _("in place of the service's price"), default=False,
        help_text=_("Otherwise it is charged besides. Of several for the same minute the last counts."),
    )  # fmt: skip
    covers = models.CharField(_("counts"), max_length=8, choices=Covers.choices, default=Covers.PART)
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("service"),
        help_text=_("Left empty: all."),
    )  # fmt: skip
    weekdays = ArrayField(
        models.SmallIntegerField(choices=Weekday.choices), verbose_name=_("weekdays"), default=list, blank=True
    )
    from_time = models.TimeField(_("from (time)"), null=True, blank=True)
    until_time = models.TimeField(
        _("until (time)"), null=True, blank=True, help_text=_("At or before the start means the next day.")
    )
    from_date = models.DateField(_("from (date)"), null=True, blank=True)
    until_date = models.DateField(_("until (date)"), null=True, blank=True)
    holidays = models.CharField(
        _("public holidays"), max_length=8, choices=OnHolidays.choices, default=OnHolidays.ANY, blank=True
    )
    type = models.CharField(_("for"), max_length=16, choices=RuleType.choices, default=RuleType.ANY, blank=True)
    shortest_notice = _minutes(_("booked at least so long before (minutes)"))
    longest_notice = _minutes(_("booked less than so long before (minutes)"))
    shortest = _minutes(_("lasting at least (minutes)"))
    longest = _minutes(_("lasting at most (minutes)"))
    smallest_party = models.PositiveSmallIntegerField(_("smallest party"), null=True, blank=True)
    largest_party = models.PositiveSmallIntegerField(_("largest party"), null=True, blank=True)
    resource_kind = models.CharField(
        _("kind"), max_length=16, choices=ResourceKind.choices, default="", db_default="", blank=True
    )
    skills = ArrayField(
        models.CharField(max_length=40), verbose_name=_("skills"), default=list, blank=True,
        db_default=Value([], ArrayField(models.CharField(max_length=40))),
    )  # fmt: skip
    attributes = models.JSONField(
        _("attributes"), default=dict, db_default=Value({}, models.JSONField()), blank=True,
        help_text=_("One a line: seats: 6 (at least), fuel: electric (exactly)"),
    )  # fmt: skip
    from_zone = models.ForeignKey(
        Zone, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("from (zone)")
    )
    to_zone = models.ForeignKey(
        Zone, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to (zone)")
    )
    is_active = models.BooleanField(_("applies"), default=True)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effect="percent", percent__isnull=False, percent__gte=-100, amount=None)
                | Q(effect="add", amount__isnull=False, percent=None)
                | Q(effect="by_zones", amount=None, percent=None)
                | (
                    ~Q(effect__in=["percent", "add", "by_zones"]) & Q(amount__isnull=False, amount__gte=0, percent=None)
                ),
                name="rule_has_what_its_effect_needs",
            ),
            models.CheckConstraint(
                condition=Q(from_time=None, until_time=None) | Q(from_time__isnull=False, until_time__isnull=False),
                name="rule_has_both_times_or_none",
            ),
            models.CheckConstraint(
                condition=Q(minimum_minutes=0) | Q(effect="per_hour"), name="rule_shortest_time_is_of_hours"
            ),
            models.CheckConstraint(
                condition=Q(instead=False) | Q(effect__in=["base", "per_hour", "per_person", "per_km", "by_zones"]),
                name="rule_in_place_is_a_price",
            ),
            models.CheckConstraint(condition=Q(included_km=0) | Q(effect="per_km"), name="rule_km_are_of_distance"),
            models.CheckConstraint(
                condition=Q(zones_only=False) | Q(effect="by_zones"), name="rule_refuses_ways_by_its_table"
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name)


class ZonePrice(TenantModel):
    """A line of a rule's table: from one zone to another, in minor units. Of the same zone twice: within it."""

    rule = models.ForeignKey(TariffRule, on_delete=models.CASCADE, related_name="zone_prices", verbose_name=_("rule"))
    origin = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="+", verbose_name=_("from"))
    destination = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="+", verbose_name=_("to"))
    amount = models.PositiveBigIntegerField(_("price"))

    class Meta:
        verbose_name = _("price by zones")
        verbose_name_plural = _("prices by zones")
        ordering = ["origin", "destination"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "origin", "destination"], name="zone_price_once"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.destination}"
