"""A customer books: in each language on a phone, by keyboard alone, from another zone, and after losing a time."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from holdfast.bookings.details.columns import Details
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.e2e.conftest import OpenPage, looked_at

WORDS = {
    "en": ("Continue", "Book · €100", "You are booked", "Please give your name."),
    "fr": ("Continuer", "Réserver · 100,00 €", "C’est réservé", "Merci d’indiquer votre nom."),
    "es": ("Continuar", "Reservar · 100,00 €", "Reserva hecha", "Indique su nombre."),
}

MOVED = """window.moved = 0; new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) window.moved += each.value;
}).observe({ type: "layout-shift", buffered: true });"""
SLOW_3G = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
FAST = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


def bookings(organization: Organization) -> list[Booking]:
    with transaction_for(organization.id):
        return list(Booking.objects.filter(state="confirmed").order_by("starts_at"))


def tell(page: Page) -> None:
    page.locator("#id_name").fill("Ana Reyes")
    page.locator("#id_email").fill("ana@example.com")
    page.locator("#id_answer_allergies").fill("Nuts")


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_a_customer_books_on_a_phone_in_their_language(
    open_page: OpenPage, salon: Organization, massage: Service, language: str
) -> None:
    onward, book, booked, name_missing = WORDS[language]
    page = open_page(locale=language)
    with looked_at(page):
        page.goto("/salon/")
    with looked_at(page):
        page.locator(".offer").click()
        expect(page.locator(".time").first).to_be_visible()
    with looked_at(page):
        page.locator(".time").last.click()  # in the evening, one is all that is left of today
        expect(page.locator("hold-countdown")).to_contain_text(":")
    with looked_at(page):
        page.get_by_role("button", name=onward).click()
        expect(page.get_by_text(name_missing)).to_be_visible()
    tell(page)
    page.reload()  # before anything was sent
    expect(page.locator("#id_name")).to_have_value("Ana Reyes")
    with looked_at(page):
        page.get_by_role("button", name=onward).click()
        expect(page.get_by_role("button", name=book)).to_be_visible()
    with looked_at(page):
        page.get_by_role("button", name=book).dblclick()
        expect(page.get_by_role("heading", name=booked)).to_be_visible()
    (booking,) = bookings(salon)
    assert booking.customer_locale == language
    assert booking.answers == {"allergies": "Nuts"}
    expect(page.get_by_text(booking.reference)).to_be_visible()
    calendar = page.request.get(page.locator("a[href*='.ics']").get_attribute("href") or "")
    assert "BEGIN:VTIMEZONE" in calendar.text()


def test_a_customer_books_by_keyboard_alone(open_page: OpenPage, salon: Organization, massage: Service) -> None:
    page = open_page()
    page.goto("/salon/booking?service=massage")
    chosen = page.locator(".day[aria-pressed='true']")
    first = chosen.get_attribute("data-day") or ""
    chosen.focus()
    page.keyboard.press("Home")  # the first day of the week, and the last
    monday = page.evaluate("new Date(document.activeElement.dataset.day ?? 0).getUTCDay()")
    page.keyboard.press("End")
    assert (page.evaluate("new Date(document.activeElement.dataset.day ?? 0).getUTCDay()") - monday) % 7 == 6
    chosen.focus()
    for key in ("PageDown", "PageUp", "ArrowRight", "ArrowLeft", "ArrowDown", "Enter"):
        page.keyboard.press(key)
        page.wait_for_timeout(60)
    focused = page.evaluate("document.activeElement.dataset.day")
    expect(page.locator(".day[aria-pressed='true']")).to_have_attribute("data-day", focused)
    assert focused > first
    assert page.evaluate("document.querySelectorAll('.day[tabindex=\"0\"]').length") == 1
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label.endswith("23 free times")
    expect(page.locator("#booker-status")).to_have_text(label.replace(", 23", ": 23"))
    page.keyboard.press("Tab")
    expect(page.locator(".time").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#id_name")).to_be_visible()
    page.wait_for_load_state()
    page.locator("#id_email").focus()
    page.keyboard.type("ana@example")
    wrong = page.locator("#id_email_error")
    expect(wrong).to_be_hidden()  # nobody is told off while still typing
    page.keyboard.press("Tab")
    expect(wrong).to_have_text("This is not a whole email address, such as name@example.com.")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    page.keyboard.type(".com")
    expect(wrong).to_be_hidden()
    expect(page.locator("#id_email")).not_to_have_attribute("aria-invalid", "true")
    for field, text in (("#id_name", "Ana Reyes"), ("#id_answer_allergies", "None")):
        page.locator(field).focus()
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    book = page.get_by_role("button", name="Book · €100")
    book.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You are booked")).to_be_focused()
    assert len(bookings(salon)) == 1


def test_a_time_lost_to_another_leads_to_the_nearest_ones(
    open_page: OpenPage, salon: Organization, massage: Service
) -> None:
    page = open_page()
    start = factories.local(salon, 2, 10)
    page.goto(f"/salon/booking?service=massage&date={start.date()}")
    expect(page.locator(".time").first).to_be_visible()
    factories.make_booking(
        salon, massage, start, details=Details(customer=factories.CUSTOMER, answers={"allergies": "None"})
    )
    with looked_at(page):
        page.get_by_role("button", name="10:00 AM").click()
        expect(page.get_by_role("alert").filter(has_text="has just been taken")).to_be_visible()
    page.get_by_role("alert").get_by_role("button", name="11:00").click()
    tell(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Book · €100").click()
    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()
    assert [each.starts_at for each in bookings(salon)] == [start, start + timedelta(hours=1)]


def test_a_customer_in_another_zone_sees_both_clocks(
    open_page: OpenPage, salon: Organization, massage: Service
) -> None:
    page = open_page(timezone_id="America/New_York")
    page.add_init_script(MOVED)
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    slow.send("Network.emulateNetworkConditions", SLOW_3G)
    start = factories.local(salon, 2, 15)
    page.goto(f"/salon/booking?service=massage&date={start.date()}")
    time = page.get_by_role("button", name="3:00 PM")
    expect(time).to_contain_text("9:00 AM your time")
    page.locator("[data-step='1']").click()
    page.locator("[data-step='-1']").click()
    expect(time).to_be_visible()
    assert page.evaluate("window.moved") < 0.05  # layout shift, as browsers count it
    slow.send("Network.emulateNetworkConditions", FAST)
    expect(page.get_by_text("Times in Paris time")).to_contain_text("New York time")
    page.get_by_role("button", name="Show your time first").click()
    expect(page.get_by_role("button", name="9:00 AM your time 3:00 PM there")).to_be_visible()
    page.get_by_role("button", name="Show Paris time first").click()
    time.click()
    page.locator(".chosen").click()
    expect(page.get_by_text("For you:").first).to_contain_text("9:00 AM (New York time)")
    tell(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Book · €100").click()
    expect(page.get_by_text("New York time").first).to_be_visible()
    assert [each.customer_time_zone for each in bookings(salon)] == ["America/New_York"]


def test_a_customer_books_without_scripts(open_page: OpenPage, salon: Organization, massage: Service) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/salon/booking?service=massage")
    page.locator("#resource").select_option("lea")
    page.get_by_role("button", name="Show times").click()
    page.get_by_role("button", name="Next month").click()
    page.locator(".day:enabled").nth(2).click()
    chosen = page.locator(".day[aria-pressed='true']").get_attribute("value")
    page.locator(".time").nth(1).click()
    tell(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Book · €100").click()
    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()
    (booking,) = bookings(salon)
    assert booking.starts_at.date().isoformat() == chosen
    assert booking.chosen_resource_id
