"""Who serves a booking and why it is they, as staff read it: the entries of `Booking.assigned` in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.bookings import queries
from holdfast.bookings.models import Booking
from holdfast.core import clock
from holdfast.web import formats

Entry = Mapping[str, Any]


def assigned_of(booking: Booking) -> list[dict[str, Any]]:
    """What the booking occupies, as plain JSON: `resource` and `because`, a code, its facts and a `sentence`.

    In the order of the requirements. What was taken over from elsewhere has the code "unknown".
    """
    entries = {entry["resource"]: entry for entry in booking.assigned}
    order = {resource: number for number, resource in enumerate(entries)}
    serving = sorted(queries.serving(booking.id), key=lambda each: order.get(each["id"], len(order)))
    return [
        {
            "resource": each["slug"],
            "name": each["name"],
            "kind": each["kind"],
            "because": _because(entries.get(each["id"], {}), booking.time_zone),
        }
        for each in serving
    ]


def sentence(entry: Entry, zone: str) -> str:
    """Why, in the active language; days are those of `zone`."""
    code = entry.get("code", "unknown")
    words = [_WORDS[code](entry, zone) if code in _WORDS else _("No reason is recorded.")]
    if entry.get("acquainted") == "never":
        words.append(_("None of them had served this customer before."))
    if entry.get("acquainted") == "not_free":
        words.append(_("The one who served this customer last was not free."))
    if ahead := entry.get("needed_elsewhere"):
        words.append(
            ngettext(
                "%(count)d that came before was needed for the rest of the booking.",
                "%(count)d that came before were needed for the rest of the booking.",
                ahead,
            )
            % {"count": ahead}
        )
    if entry.get("kept") and code != "kept":
        words.append(_("Kept when the booking was moved."))
    return " ".join(words)


def _because(entry: Entry, zone: str) -> dict[str, Any]:
    facts = {name: value for name, value in entry.items() if name not in ("requirement", "resource", "shares")}
    if "last_minute" in facts:
        facts["last_served_at"] = clock.from_minute(facts.pop("last_minute")).isoformat(timespec="seconds")
    return {"code": "unknown", **facts, "sentence": sentence(entry, zone)}


def _priority(entry: Entry, _zone: str) -> str:
    return _("First in rank of the %(free)d that were free.") % {"free": entry["free"]}


def _lot(entry: Entry, _zone: str) -> str:
    return _("Drawn by lot among the %(equals)d of equal rank that were free.") % {"equals": entry["equals"]}


def _round_robin(entry: Entry, _zone: str) -> str:
    return _("Next in turn of the %(free)d that were free (weight %(weight)d).") % {
        "free": entry["free"],
        "weight": entry["weight"],
    }


def _least_busy(entry: Entry, _zone: str) -> str:
    if not entry["minutes"]:
        return _("The least busy of the %(free)d that were free: nothing else that day.") % {"free": entry["free"]}
    return _("The least busy of the %(free)d that were free: %(length)s that day.") % {
        "free": entry["free"],
        "length": formats.minutes(entry["minutes"]),
    }


def _last_seen(entry: Entry, zone: str) -> str:
    when = formats.moment(clock.from_minute(entry["last_minute"]), zone)
    return _("Already this customer's: the last time on %(when)s.") % {"when": when}


def _chosen(entry: Entry, _zone: str) -> str:
    return _("Chosen by the customer.") if entry["by"] == "customer" else _("Chosen by staff.")


def _by_staff(entry: Entry, _zone: str) -> str:
    return _("Assigned by %(who)s.") % {"who": entry["by"] or _("staff")}


_WORDS: Mapping[str, Callable[[Entry, str], str]] = {
    "only_one": lambda _entry, _zone: _("The only one that was free."),
    "priority": _priority,
    "lot": _lot,
    "round_robin": _round_robin,
    "least_busy": _least_busy,
    "last_seen": _last_seen,
    "chosen": _chosen,
    "by_staff": _by_staff,
    "kept": lambda _entry, _zone: _("Had this booking before it was moved."),
}
