"""Saving a change of hours from a page: where bookings would break, it asks first what becomes of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.bookings.changed_hours import resolving
from holdfast.bookings.changed_hours.resolving import Outcome, Resolution, Unresolved
from holdfast.bookings.changed_hours.ways_out import Broken
from holdfast.bookings.models import BookingState
from holdfast.catalog.changes import Change
from holdfast.core import clock
from holdfast.core.fields import in_language
from holdfast.core.tenancy import transaction_for
from holdfast.desk.access import Desk
from holdfast.web import formats

# What the page of questions adds to the form it came from.
_OWN = ("way-", "swap-", "time-", "why-", "version-")


@dataclass(frozen=True, slots=True)
class Asked:
    """One broken booking on the page: what can become of it, in words, and what was chosen so far."""

    broken: Broken
    way: str
    swap: str
    time: str
    why: str
    problem: str
    consequences: Mapping[str, str]


def save(desk: Desk, change: Change, *, goal: str, title: str, reason: str = "") -> HttpResponseBase:
    """Make the change and go on to `goal`; or, with nothing saved, ask about the bookings it would break.

    Not inside a transaction. Raises whatever `change` raises.
    """
    sent = desk.request.POST
    resolutions, asked = _read(sent), "resolving" in sent
    try:
        outcome = resolving.change_catalog(
            organization=desk.organization, change=change, actor=desk.actor, resolutions=resolutions, reason=reason
        )
    except Unresolved as stuck:
        with transaction_for(desk.organization.id):
            context = {
                "title": title,
                "back": goal,
                "kept_fields": [pair for pair in _pairs(sent) if not _is_own(pair[0])],
                "asked": [_asked(each, sent, stuck.problems, asked) for each in stuck.broken],
                "rest": sent.get("rest", ""),
                "rest_why": sent.get("rest-why", ""),
                "again": asked,
            }
            return desk.page("desk/resolve.html", context, section="hours", status=409 if asked else 200)
    messages.success(desk.request, _told(outcome))
    return redirect(goal)


def _read(sent: QueryDict) -> dict[UUID, Resolution]:
    """What was chosen for each booking the page named; those without a choice get what was chosen for the rest."""
    found: dict[UUID, Resolution] = {}
    for name in (name for name in sent if name.startswith("version-")):
        key = name.removeprefix("version-")
        way, why = sent.get(f"way-{key}", ""), sent.get(f"why-{key}", "")
        if not way and sent.get("rest") in ("cancel", "keep"):
            way, why = sent.get("rest", ""), sent.get("rest-why", "")
        old, _slash, new = sent.get(f"swap-{key}", "").partition("/")
        try:
            booking, version = UUID(key), int(sent.get(name, ""))
        except ValueError:
            continue
        if way in ("reassign", "reschedule", "cancel", "keep"):
            time = clock.read(sent.get(f"time-{key}", ""))
            found[booking] = Resolution(way, version, new, old, time, why.strip()[:500])  # type: ignore[arg-type]
    return found


def _asked(broken: Broken, sent: QueryDict, problems: Mapping[UUID, str], again: bool) -> Asked:
    key = broken.booking.pk
    problem = problems.get(key, "")
    if again and not problem and key in problems:
        seen = f"version-{key}" in sent
        problem = _("Please choose what becomes of this booking.") if seen else _("It was made in the meantime.")
    return Asked(
        broken=broken,
        way=sent.get(f"way-{key}", ""),
        swap=sent.get(f"swap-{key}", ""),
        time=sent.get(f"time-{key}", ""),
        why=sent.get(f"why-{key}", ""),
        problem=problem,
        consequences=_consequences(broken),
    )


def _consequences(broken: Broken) -> dict[str, str]:
    """What each way does to whom, before it is done."""
    booking = broken.booking
    facts = {
        "name": booking.customer_name,
        "email": booking.customer_email,
        "service": in_language(booking.service.name),
        "when": formats.moment(booking.starts_at, booking.time_zone),
    }
    if booking.state == BookingState.HELD:
        return {
            "cancel": _("The time is only held. Whoever holds it is told so when they try to book it."),
            "keep": _("Whoever holds the time may still book it."),
        }
    chosen = {each.old.name for each in broken.swaps if each.old.id == booking.chosen_resource_id}
    words = {
        "reassign": _("%(name)s asked for %(chosen)s and is told at %(email)s who comes instead. The time stays.")
        if chosen
        else _("%(name)s chose nobody in particular, so no mail is sent. The time stays."),
        "reschedule": _("%(name)s is told at %(email)s that %(service)s moved from %(when)s to the new time."),
        "cancel": _("%(name)s loses %(service)s on %(when)s and is told at %(email)s. This cannot be undone."),
        "keep": _("Nothing changes for %(name)s. The reason stands on the booking, with your name."),
    }
    return {way: text % {**facts, "chosen": ", ".join(chosen)} for way, text in words.items()}


def _told(outcome: Outcome) -> str:
    """What was done, counted."""
    parts = [_("Saved.")]
    words = {
        "cancel": ngettext(
            "%(count)s booking cancelled.", "%(count)s bookings cancelled.", outcome.ways.get("cancel", 0)
        ),
        "reschedule": ngettext(
            "%(count)s booking moved.", "%(count)s bookings moved.", outcome.ways.get("reschedule", 0)
        ),
        "reassign": ngettext(
            "%(count)s booking given to somebody else.",
            "%(count)s bookings given to somebody else.",
            outcome.ways.get("reassign", 0),
        ),
        "keep": ngettext(
            "%(count)s booking kept all the same.", "%(count)s bookings kept all the same.", outcome.ways.get("keep", 0)
        ),
    }
    parts += [words[way] % {"count": count} for way, count in outcome.ways.items()]
    return " ".join(parts)


def _pairs(sent: QueryDict) -> list[tuple[str, Any]]:
    return [(name, value) for name, values in sent.lists() for value in values]


def _is_own(name: str) -> bool:
    return name.startswith(_OWN) or name in ("csrfmiddlewaretoken", "resolving", "rest", "rest-why")


def read_time(text: str) -> datetime | None:
    """A naive wall-clock time of a form's field."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is None and 1970 < at.year < 2200 else None
