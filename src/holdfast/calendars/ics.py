"""A booking as an iCalendar file (RFC 5545, RFC 5546). Pure: everything is passed in, nothing is read.

The method says what the file is for (docs/algorithms/notifications.md):
PUBLISH  a file somebody downloads; no attendee, nothing to answer.
REQUEST  the file in a mail: Google, Apple and Outlook put it in the calendar, and a later one with the same UID and a
         higher SEQUENCE moves the entry instead of adding another. The customer has already accepted.
CANCEL   the same, taking the entry out again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vUri

from holdfast.calendars.vtimezone import vtimezone

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]

PRODUCT = "-//Holdfast//Booking calendar//EN"


@dataclass(frozen=True, slots=True)
class Person:
    """A name people read and the address calendars write to."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking in a calendar. Moments are aware; `time_zone` is the IANA zone it is shown in."""

    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    summary: str
    status: Status
    organizer: Person
    attendee: Person | None = None
    location: str = ""
    description: str = ""
    url: str = ""


def booking_calendar(*entries: Entry, method: Method) -> bytes:
    """The file's bytes: UTF-8, CRLF, lines folded at 75 octets, with a VTIMEZONE for each zone but UTC.

    Several bookings only to PUBLISH: what asks for something has one UID (RFC 5546, 3.2.2).
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    timed = [(entry, *_wall_times(entry)) for entry in entries]
    years: dict[str, list[int]] = {}
    for entry, starts, _ends in timed:
        if starts.tzinfo is not UTC:
            years.setdefault(entry.time_zone, []).append(starts.year)
    for zone, found in years.items():
        calendar.add_component(vtimezone(zone, min(found), max(found)))
    for entry, starts, ends in timed:
        calendar.add_component(_event(entry, method, starts, ends))
    return bytes(calendar.to_ical())


def _event(entry: Entry, method: Method, starts: datetime, ends: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at.astimezone(UTC))
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", entry.summary)
    event.add("status", "CANCELLED" if method == "CANCEL" else entry.status)
    event.add("transp", "OPAQUE")
    event.add("organizer", _address(entry.organizer), encode=False)
    if entry.attendee and method != "PUBLISH":  # RFC 5546, 3.2.1: what is published is addressed to nobody
        event.add("attendee", _attendee(entry.attendee), encode=False)
    if entry.location:
        event.add("location", entry.location)
    if entry.description:
        event.add("description", entry.description)
    if entry.url:
        event.add("url", vUri(entry.url))
    return event


def _wall_times(entry: Entry) -> tuple[datetime, datetime]:
    """Start and end on the zone's clock; in UTC where that clock shows the same time twice.

    RFC 5545 (3.3.5) reads such a time as the first of the two, so the second can only be said in UTC.
    """
    zone = ZoneInfo(entry.time_zone)
    starts, ends = entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone)
    if starts.fold or ends.fold or entry.time_zone in {"UTC", "Etc/UTC"}:
        return entry.starts_at.astimezone(UTC), entry.ends_at.astimezone(UTC)
    return starts, ends


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    # A parameter can hold neither a double quote nor a control character (RFC 5545, 3.1).
    address.params["CN"] = " ".join(person.name.replace('"', "'").split())
    return address


def _attendee(person: Person) -> vCalAddress:
    address = _address(person)
    address.params.update({"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    return address
