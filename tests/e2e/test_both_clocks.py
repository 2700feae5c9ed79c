"""A customer in Tokyo books Paris on the days its clocks change: every page, the mail and the file name one moment."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.notifications.models import Message
from tests import factories
from tests.e2e.conftest import OpenPage, link_mailed_to, run_jobs

PARIS, TOKYO = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Tokyo")
EMAIL = "ana@example.com"


def changes() -> list[datetime]:
    """The next day on which Paris changes its clocks to summer's and the next to winter's, at 10:00 there."""
    days = (datetime.now(PARIS).date() + timedelta(days=after) for after in range(2, 370))
    noons = (datetime(day.year, day.month, day.day, 10, tzinfo=PARIS) for day in days)
    return [at for at in noons if at.utcoffset() != (at - timedelta(days=1)).utcoffset()][:2]


def clock_of(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%-I:%M %p}"


def shift_of(at: datetime) -> int:
    return int(at.utcoffset().total_seconds() // 3600)  # type: ignore[union-attr]


def words(text: Locator) -> str:
    return text.inner_text().replace("\u202f", " ").replace("\xa0", " ")


def says_both(text: str, at: datetime) -> bool:
    """Whether it names the moment by both clocks, and how far each is from Greenwich on that very day."""
    text = re.sub(r"[\u202f\xa0]", " ", text)
    return all(part in text for part in (clock_of(at, PARIS), f"(GMT+{shift_of(at)})", clock_of(at, TOKYO), "(GMT+9)"))


@pytest.fixture
def all_year(salon: Organization) -> Service:
    """A massage that can be booked for more than a year ahead, also at night."""
    factories.make_resource(salon, slug="lea", name="Léa", is_public=True)
    return factories.make_service(salon, slug="massage", horizon_days=400)


def book_at(page: Page, at: datetime, *, first: bool) -> None:
    page.goto(f"/salon/booking?service=massage&date={at:%Y-%m-%d}")
    expect(page.locator("#times-title")).to_contain_text(f"{at:%A, %B} {at.day}")
    value = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}Z"
    time = page.locator(f'.time[value="{value}"]')
    if first:  # the choice is remembered
        shown, own = (words(time.locator(each)) for each in (".time-start", ".time-own [aria-hidden]"))
        assert (shown, own) == (clock_of(at, PARIS), clock_of(at, TOKYO))
        page.get_by_role("button", name="Show your time first").click()
    assert words(time.locator(".time-start")) == clock_of(at, TOKYO)
    assert words(time.locator(".time-own")).startswith(f"{clock_of(at, PARIS)} ")
    # The day is the business's: what is another day in Tokyo says so.
    late = page.locator(".time").last
    start = clock.read(str(late.get_attribute("value")))
    assert start
    assert start.astimezone(PARIS).date() == at.date() != start.astimezone(TOKYO).date()
    assert words(late.locator(".time-start")) == f"{start.astimezone(TOKYO):%a} {clock_of(start, TOKYO)}"
    time.click()
    page.locator("#id_name").fill("Ana Reyes")
    page.locator("#id_email").fill(EMAIL)
    chosen = words(page.locator(".chosen-detail"))
    assert f"{clock_of(at, PARIS)}, Paris time (GMT+{shift_of(at)}); for you " in chosen
    assert clock_of(at, TOKYO) in chosen
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Book · €100").click()
    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()


def test_both_clocks_stand_on_every_page_in_the_mail_and_in_the_file(
    open_page: OpenPage, salon: Organization, all_year: Service
) -> None:
    page, days = open_page(timezone_id="Asia/Tokyo"), changes()
    for number, at in enumerate(days):
        book_at(page, at, first=number == 0)
        assert says_both(words(page.locator("main")), at), "the confirmation"
        run_jobs()
        with transaction_for(salon.id):
            booking = Booking.objects.get(starts_at=at, state="confirmed")
            mail = Message.objects.get(booking_id=booking.id, recipient=EMAIL)
        assert says_both(mail.text, at)
        assert says_both(re.sub(r"<[^>]*>", "", mail.html), at)
        file = Calendar.from_ical(mail.calendar)
        (event,) = file.walk("VEVENT")
        assert (event["DTSTART"].dt, event["DTEND"].dt) == (at, at + timedelta(hours=1))
        assert event["DTSTART"].params["TZID"] == "Europe/Paris"
        page.goto(f"/salon/manage/{factories.token_of(booking)}/")
        assert says_both(words(page.locator("main")), at), "the booking's own page"
    page.goto("/salon/portal/sign-in")
    page.get_by_label("Email").first.fill(EMAIL)
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_role("heading", name="Look into your mail").wait_for()
    page.goto(link_mailed_to(salon, EMAIL))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    rows = page.locator(".portal-row")
    expect(rows).to_have_count(2)
    assert [says_both(words(rows.nth(number)), at) for number, at in enumerate(days)] == [True, True]
