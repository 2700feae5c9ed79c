"""Organizations and what they offer.

Every change to these tables raises the organization's `catalog_version` (a trigger, so admin, scripts and SQL are all
seen); whoever keeps a compiled catalog in memory compares that number and nothing else.
"""

from holdfast.catalog.models.extras import Extra, ExtraOffer, ExtraPer
from holdfast.catalog.models.fields import LONGEST_OCCUPATION_MINUTES, MOST_OF_A_KIND, slug_ok
from holdfast.catalog.models.limits import Limit
from holdfast.catalog.models.organizations import Language, Organization, default_languages
from holdfast.catalog.models.places import AsksPlaces, NamedPlace
from holdfast.catalog.models.resources import MOST_LANES, STOCK, Resource, ResourceKind, Team
from holdfast.catalog.models.services import (
    AssignBy,
    Attendees,
    PriceUnit,
    Question,
    QuestionKind,
    Requirement,
    Service,
)
from holdfast.catalog.models.working_hours import (
    Closure,
    HoursException,
    HoursKind,
    Weekday,
    WorkedHoliday,
    WorkingHours,
)

__all__ = [
    "LONGEST_OCCUPATION_MINUTES",
    "MOST_LANES",
    "MOST_OF_A_KIND",
    "STOCK",
    "AsksPlaces",
    "AssignBy",
    "Attendees",
    "Closure",
    "Extra",
    "ExtraOffer",
    "ExtraPer",
    "HoursException",
    "HoursKind",
    "Language",
    "Limit",
    "NamedPlace",
    "Organization",
    "PriceUnit",
    "Question",
    "QuestionKind",
    "Requirement",
    "Resource",
    "ResourceKind",
    "Service",
    "Team",
    "Weekday",
    "WorkedHoliday",
    "WorkingHours",
    "default_languages",
    "slug_ok",
]
