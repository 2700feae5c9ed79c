"""Organizations and what they offer.

Every change to these tables raises the organization's `catalog_version` (a trigger, so admin, scripts and SQL are all
seen); whoever keeps a compiled catalog in memory compares that number and nothing else.
"""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from holdfast.accounts.models import User
from holdfast.catalog.limits import Limit as Limit  # a table of the catalog like those below
from holdfast.catalog.validators import validate_country, validate_currency, validate_time_zone
from holdfast.core.fields import LocalizedField, in_language
from holdfast.core.keys import uuid7
from holdfast.core.models import TenantModel

# No single occupation of a resource, buffers included, is longer: reads of busy time rely on it (a lower bound).
LONGEST_OCCUPATION_MINUTES = 3 * 24 * 60
# So many resources one requirement may ask for.
MOST_OF_A_KIND = 20

slug_ok = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Use small letters, digits and single hyphens."))


class Language(models.TextChoices):
    EN = "en", "English"
    FR = "fr", "Français"
    ES = "es", "Español"


def default_languages() -> list[str]:
    return [Language.EN]


class Organization(models.Model):
    """The business: its zone, currency, languages and policies. Publicly readable; writable only as its own tenant."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.CharField(_("address"), max_length=50, unique=True, validators=[slug_ok])
    name = models.CharField(_("name"), max_length=120)
    tagline = LocalizedField(_("tagline"), blank=True)
    about = LocalizedField(_("about"), blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    currency = models.CharField(_("currency"), max_length=3, validators=[validate_currency])
    country = models.CharField(_("country"), max_length=2, validators=[validate_country])
    observes_holidays = models.BooleanField(_("closed on public holidays"), default=False)
    holiday_region = models.CharField(
        _("region, for its holidays"),
        max_length=40,
        blank=True,
        db_default="",
        help_text=_("Regions of one country can have holidays of their own, such as Alsace."),
    )
    languages = ArrayField(
        models.CharField(max_length=8, choices=Language.choices), verbose_name=_("languages"), default=default_languages
    )
    default_language = models.CharField(
        _("default language"), max_length=8, choices=Language.choices, default=Language.EN
    )
    email = models.EmailField(_("email"))
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    address = models.CharField(_("postal address"), max_length=200, blank=True)
    accent = models.CharField(
        _("accent color"), max_length=7, default="#1f5f4a", validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")]
    )
    hold_minutes = models.PositiveSmallIntegerField(
        _("minutes a time is held"), default=10, validators=[MinValueValidator(1)]
    )
    holds_from_one_address = models.PositiveSmallIntegerField(
        _("times held at once from one network address"),
        default=30,
        validators=[MinValueValidator(1)],
        help_text=_("Visitors of one household or office share an address."),
    )
    cancellation_notice_minutes = models.PositiveIntegerField(
        _("free cancellation until (minutes before)"), default=1440
    )
    escalation_minutes = models.PositiveSmallIntegerField(
        _("an emergency is passed on every (minutes)"),
        default=10,
        db_default=10,
        validators=[MinValueValidator(1)],
        help_text=_("Until somebody takes care of it: to managers, then to owners, then to the email above."),
    )
    waiting_offer_minutes = models.PositiveSmallIntegerField(
        _("minutes a freed time is kept for somebody on the waiting list"),
        default=30,
        db_default=30,
        validators=[MinValueValidator(5)],
    )
    catalog_version = models.BigIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")

    def __str__(self) -> str:
        return self.name


class Team(TenantModel):
    """A group of resources."""

    slug = models.CharField(_("slug"), max_length=50, validators=[slug_ok])
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organization", "slug"], name="team_slug_once")]

    def __str__(self) -> str:
        return self.name


class ResourceKind(models.TextChoices):
    PERSON = "person", _("Person")
    VEHICLE = "vehicle", _("Vehicle")
    ROOM = "room", _("Room")
    EQUIPMENT = "equipment", _("Equipment")


class Resource(TenantModel):
    """A person, vehicle, room or thing that can be occupied; `lanes` of it at the same time."""

    slug = models.CharField(_("slug"), max_length=50, validators=[slug_ok])
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=ResourceKind.choices)
    about = LocalizedField(_("about"), blank=True)
    team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="resources", verbose_name=_("team")
    )
    skills = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("skills"),
        default=list,
        blank=True,
        help_text=_("Words that requirements ask for, separated by commas."),
    )
    attributes = models.JSONField(
        _("attributes"), default=dict, db_default=Value({}, models.JSONField()), blank=True,
        help_text=_("Numbers and words with a name, one a line: seats: 7"),
    )  # fmt: skip
    lanes = models.PositiveSmallIntegerField(_("places at the same time"), default=1, validators=[MinValueValidator(1)])
    largest_party = models.PositiveSmallIntegerField(_("largest party"), null=True, blank=True)
    rank = models.SmallIntegerField(_("rank"), default=0, help_text=_("Lower ranks are given out first."))
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Its share where services take turns: 2 gets twice as many as 1."),
    )
    is_public = models.BooleanField(_("customers may choose it"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    user = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="resources",
        verbose_name=_("account"),
        help_text=_("Whose account this is; alerts go there while the person is on call."),
    )
    # What it has of its own in place of the service's; None: the service's.
    buffer_before_minutes = models.PositiveIntegerField(_("buffer before"), null=True, blank=True)
    buffer_after_minutes = models.PositiveIntegerField(_("buffer after"), null=True, blank=True)
    notice_minutes = models.PositiveIntegerField(_("minimum notice"), null=True, blank=True)
    horizon_days = models.PositiveIntegerField(_("bookable days ahead"), null=True, blank=True)

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["kind", "rank", "name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="resource_slug_once"),
            models.CheckConstraint(condition=Q(lanes__gte=1, lanes__lte=500), name="resource_has_lanes"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="resource_has_weight"),
        ]

    def __str__(self) -> str:
        return self.name


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
        return " · ".join([*wanted, *(_asked_words(name, value) for name, value in self.attributes.items())])


def _asked_words(name: str, value: float | str) -> str:
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
