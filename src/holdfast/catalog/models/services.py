"""What is offered, what it requires and what it asks."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from holdfast.catalog.models.fields import LONGEST_OCCUPATION_MINUTES, MOST_OF_A_KIND, slug_ok
from holdfast.catalog.models.places import AsksPlaces, NamedPlace
from holdfast.catalog.models.resources import ResourceKind, Team
from holdfast.core.fields import LocalizedField, in_language
from holdfast.core.models import TenantModel


class PriceUnit(models.TextChoices):
    BOOKING = "booking", _("for the booking")
    HOUR = "hour", _("an hour")
    PERSON = "person", _("a person")


class AssignBy(models.TextChoices):
    """The policies of `domain/assignment.py`, with their names for people."""

    PRIORITY = "priority", _("Rank: the first that is free")
    ROUND_ROBIN = "round_robin", _("Turns, by weight")
    LEAST_BUSY = "least_busy", _("The least busy that day")
    LAST_SEEN = "last_seen", _("Whoever served the customer last")


class Attendees(models.TextChoices):
    NONE = "none", _("Not asked")
    OPTIONAL = "optional", _("Asked, may be left out")
    REQUIRED = "required", _("Everybody of the party")


class Service(TenantModel):
    """What is sold. All lengths are in minutes; `price_amount` is in minor units of the organization's currency."""

    slug = models.CharField(_("slug"), max_length=50, validators=[slug_ok])
    name = LocalizedField(_("name"))
    summary = LocalizedField(_("summary"), blank=True)
    description = LocalizedField(_("description"), blank=True)
    place = LocalizedField(_("place"), blank=True)
    duration_minutes = models.PositiveIntegerField(_("duration"), validators=[MinValueValidator(5)])
    longest_duration_minutes = models.PositiveIntegerField(
        _("longest duration"), null=True, blank=True, help_text=_("Set it to let customers choose the duration.")
    )
    duration_step_minutes = models.PositiveIntegerField(
        _("duration step"), default=60, validators=[MinValueValidator(5)]
    )
    step_minutes = models.PositiveIntegerField(_("a start every"), default=30, validators=[MinValueValidator(1)])
    buffer_before_minutes = models.PositiveIntegerField(_("buffer before"), default=0)
    buffer_after_minutes = models.PositiveIntegerField(_("buffer after"), default=0)
    notice_minutes = models.PositiveIntegerField(_("minimum notice"), default=120)
    horizon_days = models.PositiveIntegerField(_("bookable days ahead"), default=60)
    largest_party = models.PositiveSmallIntegerField(_("largest party"), default=1, validators=[MinValueValidator(1)])
    price_amount = models.PositiveBigIntegerField(_("price"))
    price_unit = models.CharField(_("price is"), max_length=16, choices=PriceUnit.choices, default=PriceUnit.BOOKING)
    needs_approval = models.BooleanField(_("staff approve each booking"), default=False)
    holds_per_customer = models.PositiveSmallIntegerField(
        _("times one customer may hold at once"), default=1, validators=[MinValueValidator(1)]
    )
    allows_series = models.BooleanField(
        _("customers may repeat it"),
        default=False,
        db_default=False,
        help_text=_("Weekly, monthly and so on, in one go. Staff always may."),
    )
    series_horizon_days = models.PositiveSmallIntegerField(
        _("days ahead a customer's series may reach"),
        default=366,
        db_default=366,
        validators=[MinValueValidator(1), MaxValueValidator(1826)],
    )
    assign_by = models.CharField(
        _("who serves"),
        max_length=16,
        choices=AssignBy.choices,
        default=AssignBy.PRIORITY,
        help_text=_("How one is chosen among those who are free. Equals are told apart by rank, then by lot."),
    )
    attendees = models.CharField(
        _("names of those who come"), max_length=16, choices=Attendees.choices, default=Attendees.NONE
    )
    asks_places = models.CharField(
        _("asks where"), max_length=8, choices=AsksPlaces.choices, default=AsksPlaces.NONE, db_default=AsksPlaces.NONE
    )
    usual_pickup = models.ForeignKey(
        NamedPlace, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("usual pick-up, or place"), help_text=_("Chosen already when the page opens."),
    )  # fmt: skip
    usual_dropoff = models.ForeignKey(
        NamedPlace, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("usual drop-off"),
    )  # fmt: skip
    offers_emergency = models.BooleanField(_("takes emergencies"), default=False, db_default=False)
    emergency_notice_minutes = models.PositiveIntegerField(_("minimum notice"), default=30, db_default=30)
    emergency_horizon_hours = models.PositiveSmallIntegerField(
        _("bookable hours ahead"), default=24, db_default=24, validators=[MinValueValidator(1)]
    )
    emergency_surcharge_percent = models.PositiveSmallIntegerField(
        _("surcharge in percent"), default=0, db_default=0, help_text=_("Of the price; or fill in an amount.")
    )
    emergency_surcharge_amount = models.PositiveBigIntegerField(_("surcharge as an amount"), default=0, db_default=0)
    position = models.SmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("on offer"), default=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["position", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="service_slug_once"),
            models.CheckConstraint(
                condition=Q(longest_duration_minutes=None) | Q(longest_duration_minutes__gte=F("duration_minutes")),
                name="service_longest_not_shorter",
            ),
            models.CheckConstraint(
                condition=Q(duration_minutes__gte=5, step_minutes__gte=1, duration_step_minutes__gte=5),
                name="service_lengths_positive",
            ),
            models.CheckConstraint(
                condition=Q(
                    buffer_before_minutes__lte=LONGEST_OCCUPATION_MINUTES
                    - F("buffer_after_minutes")
                    - Coalesce(F("longest_duration_minutes"), F("duration_minutes"))
                ),
                name="service_fits_occupation",
            ),
            models.CheckConstraint(
                condition=Q(emergency_surcharge_percent=0) | Q(emergency_surcharge_amount=0),
                name="service_one_surcharge",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name)


class Requirement(TenantModel):
    """What a service occupies: `count` resources of a kind, with all skills and attributes, of the team if named.

    Of `attributes`, a number asks for at least as much, a word for exactly that. Which resources fit is said once, by
    the database's function `catalog_fits` (migration catalog/0010).
    """

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="requirements", verbose_name=_("service")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=ResourceKind.choices)
    skills = ArrayField(models.CharField(max_length=40), verbose_name=_("skills"), default=list, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("team"))
    count = models.PositiveSmallIntegerField(
        _("how many"), default=1, db_default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_OF_A_KIND)]
    )
    attributes = models.JSONField(
        _("attributes"), default=dict, db_default=Value({}, models.JSONField()), blank=True,
        help_text=_("What it must have, one a line: seats: 6 (at least), fuel: electric (exactly)"),
    )  # fmt: skip
    per_person = models.BooleanField(
        _("a place for each person"), default=False, help_text=_("Otherwise one place, however large the party.")
    )
    is_choosable = models.BooleanField(_("customers may choose"), default=False)
    position = models.SmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=1, count__lte=MOST_OF_A_KIND), name="requirement_counts"),
        ]

    def __str__(self) -> str:
        kind = str(self.get_kind_display())
        wanted = [f"{self.count} × {kind}" if self.count > 1 else kind, *self.skills]
        return " · ".join([*wanted, *(asked_words(name, value) for name, value in self.attributes.items())])


def asked_words(name: str, value: float | str) -> str:
    """ "seats ≥ 6", "fuel: electric"."""
    return f"{name}: {value}" if isinstance(value, str) else f"{name} ≥ {value}"


class QuestionKind(models.TextChoices):
    TEXT = "text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", _("Number")
    CHOICE = "choice", _("One of a list")
    YES_NO = "yes_no", _("Yes or no")
    DATE = "date", _("Date")


class Question(TenantModel):
    """Something a service asks the customer."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="questions", verbose_name=_("service"))
    key = models.CharField(
        _("key"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", _("Use small letters, digits and _."))],
    )
    kind = models.CharField(_("kind"), max_length=16, choices=QuestionKind.choices)
    label = LocalizedField(_("label"))
    hint = LocalizedField(_("hint"), blank=True)
    choices = models.JSONField(
        _("choices"),
        default=list,
        blank=True,
        help_text=_('For a list: [{"value": "t1", "label": {"en": "Terminal 1"}}]'),
    )
    is_required = models.BooleanField(_("required"), default=False)
    smallest = models.IntegerField(_("smallest number"), null=True, blank=True)
    largest = models.IntegerField(_("largest number or length"), null=True, blank=True)
    position = models.SmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["service", "key"], name="question_key_once")]

    def __str__(self) -> str:
        return in_language(self.label)
