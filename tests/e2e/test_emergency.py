"""A burst pipe on an evening when all is closed: booked, told, taken care of, seen on the desk."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import time

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from holdfast.accounts.models import Role
from holdfast.catalog.models import Organization, Service
from holdfast.core import jobs
from holdfast.core.tenancy import transaction_for
from holdfast.notifications.models import Message
from tests import factories
from tests.e2e.conftest import OpenPage, looked_at


@pytest.fixture
def repair(salon: Organization) -> Service:
    """Worked from 08:00 to 20:00; on call until midnight."""
    member = factories.make_staff(salon, Role.MEMBER)
    on_call = factories.make_resource(salon, slug="nils", name="Nils", user=member)
    factories.put_on_call(on_call, time(20), time(0))
    return factories.make_service(
        salon, slug="repair", name={"en": "Repair"}, notice_minutes=7 * 24 * 60, offers_emergency=True,
        emergency_surcharge_percent=50, emergency_horizon_hours=72,
    )  # fmt: skip


def alert_link(salon: Organization) -> str:
    """The link in the mail to whoever is on call, as its reader sees it."""
    with ThreadPoolExecutor(1) as worker:  # the browser's loop runs in this thread
        worker.submit(jobs.run_worker, until_idle=True).result()
        worker.submit(connections.close_all).result()
    with transaction_for(salon.id):
        mail = Message.objects.get(kind="alert.raised.staff-1")
    found = re.search(r"https?://[^/]+(/salon/alerts/\S+)", mail.text)
    assert found is not None
    return found[1]


def test_an_emergency_at_a_closed_hour_is_taken_care_of(
    salon: Organization, repair: Service, open_page: OpenPage
) -> None:
    start = factories.local(salon, 1, 22)
    customer = open_page()
    book(customer, start.date().isoformat())
    link = alert_link(salon)

    desk = open_page(viewport={"width": 1280, "height": 900})
    sign_in(desk, salon)
    banner = desk.get_by_role("alert")
    with looked_at(desk):
        expect(banner).to_contain_text("Emergency: Repair, Ana Reyes")
        expect(banner).to_contain_text("The pipe has burst")

    nils = open_page()
    nils.goto(link)
    with looked_at(nils):
        expect(nils.get_by_role("link", name="+33 1 99 00 12 34").first).to_be_visible()
    nils.get_by_role("button", name="I’ll take care of it").click()
    with looked_at(nils):
        expect(nils.get_by_role("heading", level=1)).to_have_text("You are taking care of it")

    desk.goto("/desk/alerts/")
    with looked_at(desk):
        expect(desk.get_by_role("alert")).to_have_count(0)
        expect(desk.get_by_role("listitem").filter(has_text="Ana Reyes")).to_contain_text("Sam Owner")


def test_an_emergency_appears_on_an_open_today_and_goes_when_somebody_takes_care_of_it(
    salon: Organization, repair: Service, open_page: OpenPage
) -> None:
    desk = open_page(viewport={"width": 1280, "height": 900})
    sign_in(desk, salon)
    expect(desk.get_by_role("heading", name="Today")).to_be_visible()
    banner = desk.get_by_role("alert")
    expect(banner).to_have_count(0)
    book(open_page(), factories.local(salon, 1, 22).date().isoformat())
    link = alert_link(salon)
    look_again(desk)
    with looked_at(desk):
        expect(banner).to_contain_text("Emergency: Repair, Ana Reyes")
    nils = open_page()
    nils.goto(link)
    nils.get_by_role("button", name="I’ll take care of it").click()
    expect(nils.get_by_role("heading", level=1)).to_have_text("You are taking care of it")
    look_again(desk)
    expect(banner).to_have_count(0)


def look_again(desk: Page) -> None:
    """What its clock does every 20 seconds, and coming back to the window too."""
    with desk.expect_response("**/desk/"):
        desk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def sign_in(desk: Page, salon: Organization) -> None:
    owner = factories.make_staff(salon)
    desk.goto("/desk/sign-in/")
    desk.get_by_label("Email").fill(owner.email)
    desk.get_by_label("Password").fill("a good password")
    desk.get_by_role("button", name="Sign in").click()


def book(page: Page, day: str) -> None:
    page.goto(f"/salon/booking?service=repair&date={day}")
    with looked_at(page):
        expect(page.get_by_text("It costs 50% more.")).to_be_visible()
    page.get_by_role("link", name="It’s an emergency").click()
    with looked_at(page):
        page.locator(f'[data-day="{day}"]').click()
        expect(page.get_by_role("button", name="10:00 PM")).to_be_visible()
    page.get_by_role("button", name="10:00 PM").click()
    with looked_at(page):
        page.get_by_label("What has happened?").fill("The pipe has burst")
    page.get_by_label("Phone", exact=True).fill("01 99 00 12 34")
    page.get_by_label("Name").fill("Ana Reyes")
    page.get_by_label("Email").fill("ana@example.com")
    page.get_by_role("button", name="Continue").click()
    with looked_at(page):
        expect(page.get_by_text("The pipe has burst")).to_be_visible()
    page.get_by_role("button", name="Book · €150").click()
    with looked_at(page):
        expect(page.get_by_text("Those on duty are alerted and call you at +33 1 99 00 12 34.")).to_be_visible()
