"""A series in a real browser: six weeks, one of them at another time, one mail, and the rest cancelled by its link."""

from datetime import timedelta
from urllib.parse import urlencode

from playwright.sync_api import expect

from holdfast.bookings.details.columns import Details
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.e2e.conftest import OpenPage, link_mailed_to, looked_at
from tests.series.conftest import at


def dates_of(organization: Organization) -> list[Booking]:
    with transaction_for(organization.id):
        return list(Booking.objects.filter(series__isnull=False).order_by("series_date"))


def test_six_weeks_with_one_date_moved_are_booked_and_then_cancelled_from_the_mail(
    open_page: OpenPage, salon: Organization, massage: Service
) -> None:
    with transaction_for(salon.id):
        Service.objects.filter(id=massage.id).update(allows_series=True)
    salon.refresh_from_db()
    start = factories.local(salon, 3, 10)
    taken = Details(customer=factories.CUSTOMER, answers={"allergies": "None"})
    factories.make_booking(salon, massage, at(start, 2), details=taken)
    page = open_page()

    page.goto(f"/salon/booking?service=massage&date={start.date()}")
    page.get_by_role("button", name="10:00 AM").click()
    with looked_at(page):
        expect(page.get_by_role("heading", level=1)).to_have_text("Once, or again?")
    page.get_by_label("How often").select_option("week")
    page.get_by_label("How many times in all").fill("6")
    page.get_by_role("button", name="Show the dates").click()
    with looked_at(page):
        expect(page.locator(".series-date")).to_have_count(6)
        expect(page.locator(".series-date[data-status='conflict']")).to_have_count(1)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Choose what to do about each.")).to_be_visible()
    other = page.locator(".series-date select")
    other.select_option(index=1)
    page.get_by_role("button", name="Check again").click()
    with looked_at(page):
        expect(page.get_by_text("instead of")).to_be_visible()
    page.get_by_role("button", name="Continue").click()

    page.locator("#id_name").fill("Ana Reyes")
    page.locator("#id_email").fill("ana.reyes@example.com")
    page.locator("#id_answer_allergies").fill("Nuts")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Book · €600").click()
    with looked_at(page):
        expect(page.get_by_role("heading", name="You are booked")).to_be_visible()
        expect(page.locator(".series-date")).to_have_count(6)
    rows = dates_of(salon)
    assert [row.series_date for row in rows] == [at(start, week).date() for week in range(6)]
    assert [row.starts_at == at(start, week) for week, row in enumerate(rows)] == [True, True, False, True, True, True]

    page.goto(link_mailed_to(salon, "ana.reyes@example.com"))
    with looked_at(page):
        expect(page.get_by_role("heading", name="6 dates")).to_be_visible()
        expect(page.get_by_text("1 of 6")).to_be_visible()
    page.get_by_role("link", name="Cancel booking").click()
    dialog = page.get_by_role("dialog")
    with looked_at(page):
        expect(dialog).to_contain_text("1 date stays: was moved by itself")
    dialog.get_by_label("This and the following dates").check()
    dialog.get_by_role("button", name="Cancel booking").click()
    with looked_at(page):
        expect(page.get_by_text("The time is free for others again")).to_be_visible()
    states = ["cancelled", "cancelled", "confirmed", "cancelled", "cancelled", "cancelled"]
    assert [row.state for row in dates_of(salon)] == states


def test_staff_repeat_what_they_book_and_move_it_with_one_date_elsewhere(
    open_page: OpenPage, salon: Organization, massage: Service
) -> None:
    """On a phone: the dates are where one looks, a conflict is answered, and Enter chooses nothing by itself."""
    owner = factories.make_staff(salon)
    start = factories.local(salon, 3, 10)
    details = Details(customer=factories.CUSTOMER, answers={"allergies": "None"})
    factories.make_booking(salon, massage, at(start, 1), details=details)
    factories.make_booking(salon, massage, at(start, 2) + timedelta(hours=3), details=details)
    page = open_page()
    page.goto("/desk/")
    page.get_by_label("Email").fill(owner.email)
    page.get_by_label("Password").fill("a good password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()

    page.goto(f"/desk/bookings/new/?service=massage&day={start.date()}")
    page.get_by_role("link", name="10:00 AM", exact=True).click()
    expect(page.get_by_role("button", name="Show the dates")).to_be_hidden()
    page.get_by_label("How often").select_option("week")
    page.get_by_label("How many times in all").fill("3")
    with looked_at(page):
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="3 times")).to_be_in_viewport()
    page.locator(".series-date select").select_option("skip")
    page.get_by_label("Name", exact=True).fill("Ana Reyes")
    page.get_by_label("Email", exact=True).fill("ana.reyes@example.com")
    page.get_by_label("Allergies").fill("None")
    page.get_by_role("button", name="Book", exact=True).click()
    with looked_at(page):
        expect(page.get_by_text("2 dates are booked.")).to_be_visible()
    assert [row.starts_at for row in dates_of(salon)] == [start, at(start, 2)]

    later = (start + timedelta(hours=3)).isoformat()
    with looked_at(page):
        page.goto(
            f"/desk/bookings/{dates_of(salon)[0].reference}/move-series/?{urlencode({'scope': 'all', 'at': later})}"
        )
        expect(page.locator(".series-date[data-status='conflict']")).to_have_count(1)
    with looked_at(page):
        page.locator(".series-others button").first.click()
        expect(page.get_by_label("The time chosen for this date")).to_be_checked()
    page.get_by_role("button", name="Move 2 dates").click()
    expect(page.get_by_text("2 dates have new times.")).to_be_visible()
    moved = [row.starts_at for row in dates_of(salon)]
    assert moved == [start + timedelta(hours=3), at(start, 2) + timedelta(hours=2)]
