"""Repeating a time on a page: what can be chosen, every date as it would be, and the ways out of its conflicts."""

from datetime import date as date_type
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Customer
from holdfast.bookings.errors import SlotTaken
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import HoldfastError
from holdfast.domain import hours
from holdfast.domain.recurrence import RuleError, Weekday
from holdfast.series import asked, documents, judging
from holdfast.series.choices import CHOICE, Choices, ways_in_words
from holdfast.series.wording import other_in_words, problem_of_choices, weekday_name
from holdfast.web import formats


def first_of(starts_at: datetime, zone: str) -> datetime:
    """A time on the business's clock, without its zone."""
    return hours.from_minute(zone, clock.to_minute(starts_at)).replace(tzinfo=None)


def asked_for(organization: Organization, wish: Wish, choices: Choices, starts_at: datetime) -> asked.Asked:
    """The series as chosen. Raises ValidationError in words."""
    return asked.read(
        wish=wish,
        starts_at=starts_at,
        zone=organization.time_zone,
        recurrence=choices.recurrence(first_of(starts_at, organization.time_zone)),
    )


def context(
    organization: Organization,
    wish: Wish,
    starts_at: datetime,
    choices: Choices,
    *,
    hold: Booking | None = None,
    customer: Customer | None = None,
    beyond_limits: bool = False,
) -> dict[str, Any]:
    """What the page shows: the choices, and every date they come to. Inside the tenant's transaction.

    `hold` keeps one of the dates; `customer` and `beyond_limits` as `judging.judge` takes them.
    """
    first = first_of(starts_at, organization.time_zone)
    shown: dict[str, Any] = {
        "choices": choices,
        "ways": list(ways_in_words(first)),
        "weekdays": [
            {"number": day, "name": weekday_name(Weekday(day)), "fixed": day == first.weekday()} for day in range(7)
        ],
        "first": first,
    }
    if choices.how == "once":
        return shown
    try:
        wanted = asked_for(organization, wish, choices, starts_at)
        found = judging.judge(organization, wanted, hold=hold, customer=customer, beyond_limits=beyond_limits)
    except HoldfastError as error:
        return shown | {"problem": _problem(error)}
    preview = documents.preview_document(wanted, found, organization.currency)
    return shown | {
        "preview": preview,
        "rows": [_row(each, choices, first, organization.time_zone) for each in preview["dates"]],
    }


def _problem(error: HoldfastError) -> str:
    if isinstance(error.__cause__, RuleError):
        return problem_of_choices(error.__cause__)
    errors = error.extra.get("errors") or [{"message": str(error.detail)}]
    return " ".join(str(each["message"]) for each in errors)


def _row(date: dict[str, Any], choices: Choices, first: datetime, zone: str) -> dict[str, Any]:
    """A date with the choices it has: as asked, the alternatives, the waiting list, leaving it out."""
    chosen = dict(choices.resolutions).get(date["date"], "")
    # Only a taken time can become free; a day nobody works has nothing to wait for.
    can_wait = date["code"] in (None, SlotTaken.code)
    if chosen == "wait" and not can_wait:
        chosen = ""
    options = [("", _("Choose what to do"))] if date["status"] == "conflict" else [("", _("As planned"))]
    for each in date["alternatives"]:
        other = each["resource"]
        words = other_in_words(datetime.fromisoformat(each["starts_at"]), zone, other and other["name"])
        options.append((f"resource {other['slug']}" if other else f"move {each['starts_at']}", words))
    if chosen and chosen not in dict(options):
        options.append((chosen, _chosen_words(chosen, zone)))
    options += [("wait", _("Wait for it"))] if can_wait else []
    options.append(("skip", _("Leave it out")))
    starts_at = datetime.fromisoformat(date["starts_at"])
    planned = hours.to_minute(zone, datetime.combine(date_type.fromisoformat(date["date"]), first.time()))
    return {
        **date,
        "planned": clock.from_minute(planned),
        "starts_at": starts_at,
        "options": _once(options),
        "chosen": chosen,
        "name": CHOICE + date["date"],
    }


def _chosen_words(chosen: str, zone: str) -> str:
    action, _space, more = chosen.partition(" ")
    moment = clock.read(more) if action == "move" else None
    if moment:
        return formats.moment(moment, zone, "when")
    return more or {"wait": _("Wait for it"), "skip": _("Leave it out")}.get(action, action)


def _once(options: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict(options).items())
