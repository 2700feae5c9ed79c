"""What a booking says of the extras that were taken with it: kept as it was called then, shown in any language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from holdfast.bookings.availability.extras import Chosen, chosen_of
from holdfast.bookings.availability.planned import TakenExtra
from holdfast.bookings.models import Booking
from holdfast.core.fields import in_language


def entries_of(extras: Iterable[TakenExtra]) -> list[dict[str, Any]]:
    """For the booking's column."""
    return [{"slug": each.extra.slug, "name": dict(each.extra.name), "count": each.count} for each in extras]


def chosen_in(booking: Booking) -> Chosen:
    """What it took, as it was chosen."""
    return chosen_of({each["slug"]: each["count"] for each in booking.extras})


def documents_of(booking: Booking) -> list[dict[str, Any]]:
    """For the API: slug, name and count of each, in the active language."""
    return [
        {"slug": each["slug"], "name": in_language(each["name"]), "count": each["count"]} for each in booking.extras
    ]


def words_of(entry: Mapping[str, Any]) -> str:
    """ "2 × Child seat", or "Projector" where there is one."""
    name = in_language(entry["name"])
    return name if entry["count"] == 1 else _("%(count)d × %(name)s") % {"count": entry["count"], "name": name}


def in_words(booking: Booking) -> list[str]:
    """Each as people read it."""
    return [words_of(each) for each in booking.extras]
