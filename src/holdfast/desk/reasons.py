"""An explanation in words: what each rule says of a time, and which booking or date is responsible."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.bookings.availability.explanation import ResourceVerdicts, Verdict
from holdfast.web import formats


@dataclass(frozen=True, slots=True)
class Reason:
    """One line: whether it speaks for the time, the words, and the references of bookings that are in the way."""

    holds: bool
    words: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceReasons:
    name: str
    could_serve: bool
    reasons: tuple[Reason, ...]

    @property
    def against(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if not reason.holds)


def reason(verdict: Verdict, zone: str) -> Reason:
    """A verdict in the active language; times in `zone`."""
    because = verdict.because
    return Reason(
        verdict.holds,
        _WORDS[verdict.rule](verdict.holds, because, zone),
        tuple(each["reference"] for each in because.get("taken_by", ())),
    )


def resource_reasons(found: ResourceVerdicts, zone: str) -> ResourceReasons:
    return ResourceReasons(
        found.resource.name, found.could_serve, tuple(reason(verdict, zone) for verdict in found.verdicts)
    )


def _moment(text: str, zone: str) -> str:
    return formats.moment(datetime.fromisoformat(text), zone)


def _notice(holds: bool, because: dict[str, Any], zone: str) -> str:
    when = {"when": _moment(because["earliest"], zone)}
    words = (_("Enough notice: bookable from %(when)s") if holds else _("Too soon: bookable from %(when)s")) % when
    return _but_for(words, because["with_their_own"])


def _horizon(holds: bool, because: dict[str, Any], zone: str) -> str:
    when = {"when": _moment(because["latest"], zone)}
    words = _("Not too far ahead: bookable until %(when)s") if holds else _("Too far: bookable until %(when)s")
    return _but_for(words % when, because["with_their_own"])


def _but_for(words: str, count: int) -> str:
    """With a word about those who have a rule of their own, which is said where they are."""
    if not count:
        return words
    others = ngettext("but for %(count)d with its own rule", "but for %(count)d with their own rule", count)
    return f"{words} ({others % {'count': count}})"


def _own_notice(holds: bool, because: dict[str, Any], zone: str) -> str:
    words = {"notice": formats.minutes(because["notice_minutes"]), "when": _moment(because["earliest"], zone)}
    if holds:
        return _("Needs %(notice)s notice of its own, which is given: bookable from %(when)s") % words
    return _("Needs %(notice)s notice of its own: bookable from %(when)s") % words


def _own_horizon(holds: bool, because: dict[str, Any], zone: str) -> str:
    days, when = because["horizon_days"], _moment(because["latest"], zone)
    words = ngettext(
        "Bookable only %(days)d day ahead, of its own: until %(when)s",
        "Bookable only %(days)d days ahead, of its own: until %(when)s",
        days,
    )
    return words % {"days": days, "when": when}


def _grid(holds: bool, because: dict[str, Any], _zone: str) -> str:
    step = {"step": formats.minutes(because["step_minutes"])}
    return (_("Starts every %(step)s, this one too") if holds else _("Starts only every %(step)s")) % step


def _party(holds: bool, because: dict[str, Any], _zone: str) -> str:
    if because["largest_party"] is None:
        return _("Takes a party of any size") if holds else _("Has too few places for this party")
    most = because["largest_party"]
    return ngettext("Takes %(most)d person at most", "Takes %(most)d people at most", most) % {"most": most}


def _hours(_holds: bool, because: dict[str, Any], _zone: str) -> str:
    if not because:
        return _("Works at this time")
    if because["closed_by"] == "weekly":
        return _("Outside the weekly working hours")
    day, why = formats.day(date.fromisoformat(because["date"])), because["reason"]
    if because["closed_by"] == "closed_date":
        return _("Closed on %(date)s: %(reason)s") % {"date": day, "reason": why or _("a closure")}
    if why:
        return _("An exception of %(date)s has other hours: %(reason)s") % {"date": day, "reason": why}
    return _("An exception of %(date)s has other hours") % {"date": day}


def _free(holds: bool, because: dict[str, Any], _zone: str) -> str:
    numbers = {"free": because["free"], "places": because["places"], "wanted": because["wanted"]}
    own = [because[name] for name in ("own_buffer_before", "own_buffer_after") if name in because]
    if because["places"] == 1 and not holds and own:
        return _("Taken, its own buffers included")
    if because["places"] == 1:
        return _("Free") if holds else _("Taken, buffers included")
    return _("%(free)d of %(places)d places free, %(wanted)d wanted") % numbers


def _limit(holds: bool, because: dict[str, Any], _zone: str) -> str:
    words = {"limit": because["limit"], "used": because["used"], "most": because["most"]}
    words["day"] = formats.day(date.fromisoformat(because["day"]))
    if holds:
        return _("Within a limit: %(limit)s (%(used)d of %(most)d used on %(day)s)") % words
    return _("A limit is reached: %(limit)s (%(used)d of %(most)d used on %(day)s)") % words


def _extra(holds: bool, because: dict[str, Any], _zone: str) -> str:
    if holds:
        return _("%(name)s: %(free)d of %(places)d free, %(wanted)d wanted") % because
    return _("Not enough of “%(name)s”: %(free)d of %(places)d free, %(wanted)d wanted") % because


_WORDS = {
    "extra": _extra,
    "limit": _limit,
    "notice": _notice,
    "horizon": _horizon,
    "grid": _grid,
    "party": _party,
    "own_notice": _own_notice,
    "own_horizon": _own_horizon,
    "hours": _hours,
    "free": _free,
}
