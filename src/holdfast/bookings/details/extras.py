"""What a booking says of the extras that were taken with it: kept as it was called then, shown in any language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from holdfast.bookings.availability.extras import Chosen, chosen_of
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.planned import TakenExtra
from holdfast.core.fields import in_language
from holdfast.pricing.wording import extra_price

Entry = Mapping[str, Any]


def entries_of(extras: Iterable[TakenExtra]) -> list[dict[str, Any]]:
    """For the booking's column."""
    return [{"slug": each.extra.slug, "name": dict(each.extra.name), "count": each.count} for each in extras]


def chosen_in(entries: Iterable[Entry]) -> Chosen:
    """What was taken, as it was chosen."""
    return chosen_of({each["slug"]: each["count"] for each in entries})


def documents_of(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """For the API: slug, name and count of each, in the active language."""
    return [{"slug": each["slug"], "name": in_language(each["name"]), "count": each["count"]} for each in entries]


def in_words(entries: Iterable[Entry]) -> list[str]:
    """ "2 × Child seat", or "Projector" where there is one; in the active language."""
    return [
        _("%(count)d × %(name)s") % {"count": each["count"], "name": in_language(each["name"])}
        if each["count"] > 1
        else in_language(each["name"])
        for each in entries
    ]


@dataclass(frozen=True, slots=True)
class Offered:
    """An extra as a form offers it: `price` in words, how many may be taken, and how many are `chosen`."""

    slug: str
    name: str
    about: str
    price: str
    most: int
    chosen: int

    @property
    def counts(self) -> range:
        """None of it, or so many."""
        return range(self.most + 1)


def offered(plan: ServicePlan, chosen: Chosen) -> list[Offered]:
    """What may be taken besides a service, in the organization's order and the active language."""
    taken, currency = dict(chosen), str(plan.organization["currency"])
    return [
        Offered(
            slug=each.slug,
            name=in_language(each.name),
            about=in_language(each.about),
            price=extra_price(each.priced, currency),
            most=each.largest,
            chosen=min(taken.get(each.slug, 0), each.largest),
        )
        for each in plan.extras.values()
        if each.is_offered
    ]
