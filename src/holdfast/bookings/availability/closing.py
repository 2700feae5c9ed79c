"""Which closure, public holiday or exception it is that closes a time, by the words that were written for it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from holdfast.bookings.availability.planned import PlannedResource
from holdfast.bookings.availability.question import Question
from holdfast.catalog.models import Closure, HoursException
from holdfast.catalog.public_holidays import public_holidays
from holdfast.domain import hours


def closings(question: Question, start: int) -> Mapping[UUID, dict[str, Any]]:
    """By resource, what keeps it from working at a start; those that work are left out. Inside the transaction."""
    found: dict[UUID, hours.Closing] = {}
    for resource in question.resources:
        if closing := _closing_of(question, resource, start):
            found[resource.id] = closing
    closed = {day: _why_closed(question, day) for day in {e.date for e in found.values() if e.rule == "closed_date"}}
    exceptions = [key for key, each in found.items() if each.rule == "exception"]
    differing = _why_differing(exceptions, {found[key].date for key in exceptions}) if exceptions else {}
    said: dict[UUID, dict[str, Any]] = {}
    for key, each in found.items():
        said[key] = {"closed_by": each.rule, "date": each.date.isoformat()}
        if each.rule == "closed_date":
            said[key] |= closed[each.date]
        elif each.rule == "exception":
            said[key]["reason"] = differing.get((key, each.date), "")
    return said


def _closing_of(question: Question, resource: PlannedResource, start: int) -> hours.Closing | None:
    return hours.closed_by(question.plan.schedules[resource.schedule], start, start + question.duration)


def _why_closed(question: Question, day: date) -> dict[str, str]:
    """A closure before a public holiday of the same day: it is what was decided here."""
    closure = Closure.objects.filter(starts_on__lte=day, ends_on__gte=day).order_by("starts_on", "id").first()
    if closure is not None:
        return {"closing": "closure", "reason": closure.reason}
    organization, language = question.plan.organization, (get_language() or "en")[:2]
    named = public_holidays(organization["country"], organization["holiday_region"], [day.year], language)
    return {"closing": "public_holiday", "reason": named.get(day, "")}


def _why_differing(resources: list[UUID], days: set[date]) -> dict[tuple[UUID, date], str]:
    rows = HoursException.objects.filter(resource_id__in=resources, date__in=days).exclude(reason="")
    return {(row.resource_id, row.date): row.reason for row in rows.order_by("starts")}
