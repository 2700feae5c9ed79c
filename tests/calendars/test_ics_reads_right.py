"""Calendar files say the hour that is meant, in every zone, to every reader."""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil import tz as dateutil_tz
from icalendar import Calendar

from holdfast.calendars.ics import Entry, Method, Person, booking_calendar
from holdfast.calendars.vtimezone import changes, vtimezone

BOOKED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right"))
)
YEARS = (2026, 2027, 2028)


def entry(starts_at: datetime, zone: str = "Europe/Paris", **changed: object) -> Entry:
    facts: dict[str, object] = {
        "uid": "0192f0c1@book.example",
        "sequence": 3,
        "stamped_at": BOOKED,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=90),
        "time_zone": zone,
        "summary": "Transfert aéroport · Paris Élite",
        "status": "CONFIRMED",
        "organizer": Person("Paris Élite", "contact@paris-elite.example"),
        "attendee": Person('Ana; Núñez, "Anita"', "ana@example.org"),
        "location": "Roissy, terminal 2E; porte 8",
        "description": "Référence : K7MQ2XPD\nhttps://book.example/manage/1",
        "url": "https://book.example/paris-elite/manage/abc:1/",
    }
    return Entry(**{**facts, **changed})  # type: ignore[arg-type]


def read(content: bytes) -> tuple[Calendar, Calendar]:
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def moments(year: int) -> list[datetime]:
    """Noon in UTC of ten days spread over the year, both solstices' sides of every rule in use."""
    return [datetime(year, 1, 5, 12, tzinfo=UTC) + timedelta(days=36 * step) for step in range(10)]


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York"])
@pytest.mark.parametrize("month", [1, 7])
def test_an_event_starts_at_the_moment_booked_in_summer_and_in_winter(zone: str, month: int) -> None:
    starts = datetime(2027, month, 15, 13, 0, tzinfo=UTC)
    _, event = read(booking_calendar(entry(starts, zone), method="REQUEST"))
    assert event["DTSTART"].params["TZID"] == zone
    assert event["DTSTART"].dt.astimezone(UTC) == starts
    assert event["DTEND"].dt.astimezone(UTC) == starts + timedelta(minutes=90)
    assert event["DTSTART"].dt.replace(tzinfo=None) == starts.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def test_every_zone_gives_its_own_offsets_when_its_rules_are_read_by_icalendar_and_by_dateutil() -> None:
    wrong = []
    for zone in ZONES:
        for year in YEARS:
            component = vtimezone(zone, year)
            text = b"BEGIN:VCALENDAR\r\n" + component.to_ical() + b"END:VCALENDAR\r\n"
            readers = (component.to_tz(lookup_tzid=False), dateutil_tz.tzical(io.StringIO(text.decode())).get(zone))
            for moment in moments(year):
                local = moment.astimezone(ZoneInfo(zone))
                offsets = [local.replace(tzinfo=reader).utcoffset() for reader in readers]
                if offsets != [local.utcoffset()] * 2:
                    wrong.append((zone, moment, local.utcoffset(), offsets))
    assert wrong == []


def test_a_zone_that_keeps_a_rule_is_written_with_that_rule() -> None:
    text = vtimezone("Europe/Paris", 2026).to_ical().decode()
    assert "DTSTART:20250330T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n" in text
    assert "DTSTART:20251026T030000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n" in text
    text = vtimezone("America/New_York", 2026).to_ical().decode()
    assert "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3" in text
    assert "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11" in text


def test_a_zone_without_a_yearly_rule_lists_each_change_by_itself() -> None:
    text = vtimezone("Africa/Casablanca", 2026).to_ical().decode()
    assert "RRULE" not in text
    assert "RDATE" not in text
    assert text.count("DTSTART:") == 1 + len(changes("Africa/Casablanca", 2025, 2028))


def test_no_zone_is_written_with_rdates_which_some_readers_misread() -> None:
    assert [zone for zone in ZONES if b"RDATE" in vtimezone(zone, 2026).to_ical()] == []


def test_a_time_that_the_clock_shows_twice_is_said_in_utc() -> None:
    second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)  # 02:30 in Paris, for the second time
    content = booking_calendar(entry(second), method="REQUEST")
    assert b"DTSTART:20271031T013000Z" in content
    first = second - timedelta(hours=1)
    assert b"DTSTART;TZID=Europe/Paris:20271031T023000" in booking_calendar(
        entry(first, ends_at=first + timedelta(minutes=20)), method="REQUEST"
    )


def test_what_is_written_is_read_back_word_for_word() -> None:
    starts = datetime(2027, 3, 12, 13, 0, tzinfo=UTC)
    calendar, event = read(booking_calendar(entry(starts), method="REQUEST"))
    assert calendar["METHOD"] == "REQUEST"
    assert calendar["VERSION"] == "2.0"
    assert event["UID"] == "0192f0c1@book.example"
    assert event["SEQUENCE"] == 3
    assert event["DTSTAMP"].dt == BOOKED
    assert event["SUMMARY"] == "Transfert aéroport · Paris Élite"
    assert event["LOCATION"] == "Roissy, terminal 2E; porte 8"
    assert event["DESCRIPTION"] == "Référence : K7MQ2XPD\nhttps://book.example/manage/1"
    assert event["URL"] == "https://book.example/paris-elite/manage/abc:1/"
    assert event["STATUS"] == "CONFIRMED"
    assert event["ORGANIZER"] == "mailto:contact@paris-elite.example"
    assert event["ORGANIZER"].params["CN"] == "Paris Élite"
    assert event["ATTENDEE"] == "mailto:ana@example.org"
    assert event["ATTENDEE"].params["CN"] == "Ana; Núñez, 'Anita'"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"


@pytest.mark.parametrize(
    ("method", "status", "attendees"),
    [("PUBLISH", "CONFIRMED", 0), ("REQUEST", "CONFIRMED", 1), ("CANCEL", "CANCELLED", 1)],
)
def test_the_method_decides_who_is_addressed_and_what_stands(method: Method, status: str, attendees: int) -> None:
    calendar, event = read(booking_calendar(entry(datetime(2027, 3, 12, 13, 0, tzinfo=UTC)), method=method))
    assert calendar["METHOD"] == method
    assert event["STATUS"] == status
    assert ("ATTENDEE" in event) is bool(attendees)


def test_lines_end_with_crlf_and_are_folded_at_75_octets() -> None:
    content = booking_calendar(entry(datetime(2027, 3, 12, 13, 0, tzinfo=UTC), description="é" * 400), method="REQUEST")
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line for line in lines)
    assert content.decode("utf-8")


def test_utc_needs_no_zone() -> None:
    content = booking_calendar(entry(datetime(2027, 3, 12, 13, 0, tzinfo=UTC), "UTC"), method="PUBLISH")
    assert b"VTIMEZONE" not in content
    assert b"DTSTART:20270312T130000Z" in content
