"""A customer's account, its receipts' page and its end, and what a device keeps: each page and state as in
test_for_everyone.py, also with what is wrong in it."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from holdfast.bookings import actions
from holdfast.bookings.availability.question import Wish
from holdfast.catalog.models import Organization, Service
from holdfast.waiting import actions as waiting
from tests import factories
from tests.e2e import pseudo
from tests.e2e.conftest import OpenPage, link_mailed_to, run_jobs
from tests.e2e.test_for_everyone import ANA, Looked, massage, name, salon
from tests.factories import STAFF

__all__ = ["massage", "salon"]

PASSWORD = "correct horse battery"
# One of each kind, as the queue keeps them.
QUEUE = """async (org) => {
    const { write } = await import("/static/device/db.js");
    const at = new Date(Date.now() + 3 * 86400000).toISOString();
    const customer = { name: "Åñå", email: "ana@example.com", phone: "", locale: "en" };
    const body = { service: "massage", starts_at: at, party_size: 1, payment_method: "on_site", customer };
    Object.assign(body, { answers: {}, extras: {}, attendees: [], note: "" });
    const summary = { service: "Ṁååššååĝéé", starts_at: at, zone: "Europe/Paris" };
    const [now, taken] = [Date.now(), { code: "slot_taken", detail: "Ţååķééñ" }];
    const common = { key: "k", summary, body, locale: "en", createdAt: now, nextAttemptAt: now + 600000, attempts: 3,
        firstTryAt: 1, lastTryAt: 1, mayDropHold: false, lastError: null, alternatives: [], reference: null };
    let count = 0;
    const of = (state, more) => write(org, { ...common, ...more, id: `each-${(count += 1)}`, state });
    await of("waiting", { lastError: { code: "offline" } });
    await of("conflict", { lastError: taken, alternatives: [at, at] });
    await of("conflict", { lastError: taken });
    await of("wrong", { lastError: { code: "hold_expired", detail: "Øṽééŕ" } });
    await of("sent", { body: null, reference: "ABCDEFGH" });
    await of("over", { body: null });
}"""


def ask_for_link(page: Page, organization: Organization, email: str) -> str:
    """Answers the path of the link that was mailed."""
    page.goto(f"/{organization.slug}/portal/sign-in?again=1")
    page.locator("#id_email").fill(email)
    page.locator("main .button-primary").click()
    expect(page.locator("#id_email")).to_have_count(0)
    return link_mailed_to(organization, email)


def books_of_ana(organization: Organization, service: Service) -> None:
    """One to come and one on each of two days, and a place on the waiting list."""
    for days in (3, 4):
        factories.make_booking(organization, service, factories.local(organization, days, 10), details=ANA)
    factories.make_service(organization, slug="nobody", name=name("Nobody"), needs=[{"kind": "vehicle"}])
    day = factories.local(organization, 3, 10).date()
    times = waiting.Times(day, day)
    waiting.join(organization=organization, wish=Wish(service="nobody"), times=times, customer=ANA.customer)
    run_jobs()


def test_every_page_of_a_customers_account_is_for_everyone(
    open_page: OpenPage, salon: Organization, massage: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    books_of_ana(salon, massage)
    pseudo.speak(monkeypatch)
    page = open_page(expects=("404", "409", "422"))
    look = Looked(page, data=r"\b[A-Z0-9]{8}\b|PDF")
    look.at("sign in", "/salon/portal/sign-in")
    page.locator("main .button-primary").click()
    look.at("sign in with what is missing")
    page.locator("details.disclosure summary").click()
    page.locator("#id_password-email").fill("ana@example.com")
    page.locator("#id_password-password").fill("not this one")
    page.locator("details.disclosure form .button").click()
    look.at("a password that is none")
    path = ask_for_link(page, salon, "ana@example.com")
    look.at("look into your mail")
    look.at("the link", path)
    page.locator("main form button").first.click()
    page.wait_for_url("**/salon/portal/")
    look.at("a link that was used", path)
    look.at("my bookings", "/salon/portal/")
    look.at("my waiting list", "/salon/portal/waiting")
    look.at("the account", "/salon/portal/account")
    page.locator("#id_password").fill("short")
    page.locator("#id_password").press("Tab")
    expect(page.locator("#id_password_error")).to_be_visible()
    look.at("a password too short, as one leaves it")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    expect(page.locator(".page-messages")).to_be_visible()
    look.at("the account with a password")
    look.at("erase with bookings to come", "/salon/portal/account/erase")
    assert look.wrong == {}


def test_an_empty_account_and_its_end_are_for_everyone(
    open_page: OpenPage, salon: Organization, massage: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    bea = replace(ANA, customer=replace(ANA.customer, email="bea@example.com"))
    booking = factories.make_booking(salon, massage, factories.local(salon, 3, 10), details=bea)
    actions.cancel(organization=salon, booking_id=booking.id, version=booking.version, actor=STAFF)
    run_jobs()
    pseudo.speak(monkeypatch)
    page = open_page(expects=("404", "409", "422"))
    look = Looked(page, data=booking.reference)
    page.goto(ask_for_link(page, salon, "bea@example.com"))
    page.locator("main form button").first.click()
    page.wait_for_url("**/salon/portal/")
    look.at("nothing to come")
    look.at("no waiting", "/salon/portal/waiting")
    look.at("erase", "/salon/portal/account/erase")
    page.locator("main .button-danger").click()
    expect(page.locator(".notice")).to_be_visible()
    look.at("erase, asked for")
    path = link_mailed_to(salon, "bea@example.com")
    look.at("confirm it", path)
    page.locator("main form button").first.click()
    look.at("confirmed")
    look.at("a link that is none", "/salon/portal/erasure/none/")
    look.at("no such page of mine", "/salon/portal/nowhere")
    assert look.wrong == {}


def test_what_a_device_keeps_is_for_everyone(
    open_page: OpenPage, salon: Organization, massage: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    pseudo.speak(monkeypatch)
    page = open_page(service_workers="block")
    look = Looked(page, data=r"\b[A-Z0-9]{8}\b|\b(SSE|WebSocket|min|EN|FR|ES)\b")
    look.at("this device", "/salon/portal/settings")
    page.evaluate(QUEUE, "salon")
    page.reload()
    expect(page.locator(".queue-item")).to_have_count(6)
    look.at("this device with bookings of each kind")
    page.locator("[data-open-dialog=clear]").click()
    look.at("clear this device?")
    look.at("without a connection", "/salon/offline")
    page.locator(".offer").first.click()
    look.at("without a connection, no times are known")
    start = factories.local(salon, 3, 10)
    look.at("a booking that waits", f"/salon/offline?service=massage&at={start.isoformat().replace('+', '%2B')}")
    page.locator("#email").fill("ana@example")
    page.locator("#email").press("Tab")
    expect(page.locator("#email_error")).to_be_visible()
    page.locator("form .button-primary").click()
    expect(page.locator("#name_error")).to_be_visible()
    look.at("a booking that waits with what is missing")
    assert look.wrong == {}
