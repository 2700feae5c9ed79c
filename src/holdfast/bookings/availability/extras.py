"""Extras in a plan: which there are, what of them is chosen, and how a choice is written in an address."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from holdfast.bookings.availability.planned import PlannedExtra, PlannedResource, TakenExtra
from holdfast.core.errors import ValidationError
from holdfast.core.fields import in_language
from holdfast.domain.hours import DAY, Schedule, WeeklyRange
from holdfast.pricing.terms import extra_of

# Slug and count of each, in the order of slugs.
Chosen = tuple[tuple[str, int], ...]


def compile_extras(rows: Iterable[Mapping[str, Any]], always: int) -> dict[str, PlannedExtra]:
    """By slug, of the document's rows; `always`: the number of the schedule that is open at any time."""
    return {row["slug"]: _planned(row, always) for row in rows}


def open_always(zone: str) -> Schedule:
    """A stock has no hours of its own: whoever serves has them."""
    return Schedule(zone, tuple(WeeklyRange(day, 0, DAY) for day in range(7)), {})


def chosen_of(counts: Mapping[str, int]) -> Chosen:
    """A choice by slug; what is taken no times is not chosen."""
    return tuple(sorted((slug, count) for slug, count in counts.items() if count))


def read(text: str) -> Chosen:
    """ "child-seat:2,projector" as an address has it. Raises ValueError."""
    counts: dict[str, int] = {}
    for each in filter(None, (part.strip() for part in text.split(","))):
        slug, _colon, count = each.partition(":")
        counts[slug.strip()] = counts.get(slug.strip(), 0) + int(count or 1)
    if any(count < 0 for count in counts.values()):
        raise ValueError(text)
    return chosen_of(counts)


def text_of(chosen: Chosen) -> str:
    """As `read` reads it."""
    return ",".join(f"{slug}:{count}" for slug, count in chosen)


def as_offered(extras: Mapping[str, PlannedExtra], chosen: Chosen) -> Chosen:
    """A choice without what is not offered, and never more than may be taken."""
    counts = {slug: min(count, extras[slug].largest) for slug, count in chosen if slug in extras}
    return chosen_of({slug: count for slug, count in counts.items() if extras[slug].is_offered})


def taken(extras: Mapping[str, PlannedExtra], chosen: Chosen, *, kept: bool) -> tuple[TakenExtra, ...]:
    """What a choice takes. `kept`: it was booked, and stands whatever is offered now; what is gone takes nothing.

    Raises ValidationError for what is not offered, or not so often.
    """
    wrong = [] if kept else [problem for slug, count in chosen if (problem := _problem(extras.get(slug), slug, count))]
    if wrong:
        raise ValidationError(errors=wrong)
    return tuple(TakenExtra(extras[slug], count) for slug, count in chosen if slug in extras)


def _problem(extra: PlannedExtra | None, slug: str, count: int) -> dict[str, str] | None:
    field = f"extras.{slug}"
    if extra is None or not extra.is_offered:
        return {"field": field, "message": _("is not offered with this service")}
    if not 0 <= count <= extra.largest:
        return {"field": field, "message": _("%(most)d at most") % {"most": extra.largest}}
    return None


def _planned(row: Mapping[str, Any], always: int) -> PlannedExtra:
    return PlannedExtra(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        about=row["about"],
        most=row["most"],
        per=row["per"],
        is_offered=row["offered"],
        priced=extra_of(row),
        stock=_stock(row, always) if row["stock"] is not None else None,
    )


def _stock(row: Mapping[str, Any], always: int) -> PlannedResource:
    return PlannedResource(
        id=UUID(row["held_as_id"]),
        slug=row["slug"],
        name=in_language(row["name"]),
        kind="stock",
        lanes=row["stock"],
        largest_party=None,
        rank=0,
        weight=1,
        is_public=False,
        schedule=always,
        team=None,
        emergency_schedule=always,
    )
