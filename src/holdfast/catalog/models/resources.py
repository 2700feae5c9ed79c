"""Who and what serves: people, vehicles, rooms, and their teams."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from holdfast.accounts.models import User
from holdfast.catalog.models.fields import slug_ok
from holdfast.core.fields import LocalizedField
from holdfast.core.models import TenantModel


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


# So many of it can be occupied at the same time, at most.
MOST_LANES = 500
# The stock of an extra: occupied like a resource, but nobody who serves.
STOCK = "stock"


class ResourceKind(models.TextChoices):
    """What serves. The column may also say `STOCK`, which nobody chooses."""

    PERSON = "person", _("Person")
    VEHICLE = "vehicle", _("Vehicle")
    ROOM = "room", _("Room")
    EQUIPMENT = "equipment", _("Equipment")


class ServingResources(models.Manager["Resource"]):
    """All but the stocks of extras: whoever lists people, vehicles and rooms need not think of them."""

    def get_queryset(self) -> models.QuerySet["Resource"]:
        return super().get_queryset().exclude(kind=STOCK)


class Resource(TenantModel):
    """A person, vehicle, room or thing that can be occupied; `lanes` of it at the same time.

    `objects` are those that serve; `with_stocks` are all, those of extras among them.
    """

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

    objects = ServingResources()
    with_stocks: ClassVar[models.Manager["Resource"]] = models.Manager()

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["kind", "rank", "name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "slug"], name="resource_slug_once"),
            models.CheckConstraint(condition=Q(lanes__gte=1, lanes__lte=MOST_LANES), name="resource_has_lanes"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="resource_has_weight"),
        ]

    def __str__(self) -> str:
        return self.name
