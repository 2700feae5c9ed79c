"""The business itself."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from holdfast.catalog.models.fields import slug_ok
from holdfast.catalog.validators import validate_country, validate_currency, validate_origins, validate_time_zone
from holdfast.core.fields import LocalizedField
from holdfast.core.keys import uuid7


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
    public_attributes = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("attributes that customers see"),
        default=list,
        db_default=Value([], ArrayField(models.CharField(max_length=40))),
        blank=True,
        help_text=_("Names of attributes, with commas between them; the others stay with staff."),
    )
    detour_percent = models.PositiveSmallIntegerField(
        _("roads are longer than the straight line by (percent)"), default=30, db_default=30,
        validators=[MaxValueValidator(200)],
        help_text=_("For prices by distance between places whose distance is not written down."),
    )  # fmt: skip
    embed_origins = ArrayField(
        models.CharField(max_length=300),
        verbose_name=_("sites that may show the booking pages"),
        default=list,
        db_default=Value([], ArrayField(models.CharField(max_length=300))),
        blank=True,
        validators=[validate_origins],
        help_text=_("Origins, such as https://www.example.com, with commas between them; none: no site."),
    )
    catalog_version = models.BigIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")

    def __str__(self) -> str:
        return self.name
