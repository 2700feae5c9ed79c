"""A customer pays by card on a phone: refused at first, then their bank asks; the mail and the desk know of it."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from holdfast.catalog.models import Organization, Service
from holdfast.stripe_standin.serve import InThread
from tests import cards, factories
from tests.e2e.conftest import OpenPage, link_mailed_to, looked_at
from tests.e2e.test_customer_books import bookings, tell
from tests.stripe_standin.conftest import standin

__all__ = ["standin"]


@pytest.fixture
def taking_cards(salon: Organization, massage: Service, standin: InThread, settings: Settings) -> Organization:
    cards.take_cards(salon, standin, settings, "on_site", "card", "checkout")
    return salon


def type_card(page: Page, number: str) -> None:
    form = page.frame_locator("#pay iframe")
    form.get_by_label("card number").fill(number)
    form.get_by_label("Expiry").fill("12/34")
    form.get_by_label("Security code").fill("123")
    page.get_by_role("button", name="Pay · €100").click()


def choose(page: Page, method: str) -> None:
    page.goto("/salon/booking?service=massage")
    page.locator(".time").last.click()
    expect(page.locator("hold-countdown")).to_contain_text(":")
    tell(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label(method).check()


def test_a_customer_pays_by_a_card_whose_bank_asks(taking_cards: Organization, open_page: OpenPage) -> None:
    page = open_page()
    with looked_at(page):
        choose(page, "By card, right here")
    page.get_by_role("button", name="Continue to payment").click()
    with looked_at(page):
        expect(page.get_by_role("button", name="Pay · €100")).to_be_enabled()
    page.get_by_role("button", name="Pay · €100").click()
    form = page.frame_locator("#pay iframe")
    expect(form.get_by_role("alert")).to_have_text("Please fill in the card’s number, expiry and code.")
    expect(form.get_by_label("card number")).to_be_focused()
    expect(page.locator("[data-error]")).to_be_hidden()  # said once, where it is
    type_card(page, cards.ASKS)
    page.frame_locator("dialog iframe").get_by_role("button", name="Fail authentication").click()
    with looked_at(page):
        expect(page.locator("[data-error]")).to_contain_text("Your bank could not confirm that it is you")
    expect(page.locator("[data-error]")).to_be_focused()
    page.reload()  # leaving and coming back goes on with the same payment
    expect(page.get_by_role("button", name="Pay · €100")).to_be_enabled()
    type_card(page, cards.ASKS)
    page.frame_locator("dialog iframe").get_by_role("button", name="Complete authentication").click()
    with looked_at(page):
        expect(page.get_by_role("heading", name="You are booked")).to_be_visible()
    (booking,) = bookings(taking_cards)
    expect(page.get_by_text("Paid", exact=False).first).to_be_visible()
    page.goto(link_mailed_to(taking_cards, "ana@example.com"))
    expect(page.get_by_text(booking.reference)).to_be_visible()
    staff = open_page()
    user = factories.make_staff(taking_cards)
    staff.goto("/desk/")
    staff.get_by_label("Email").fill(user.email)
    staff.get_by_label("Password").fill("a good password")
    staff.get_by_role("button", name="Sign in").click()
    staff.goto(f"/desk/bookings/{booking.reference}/")
    expect(staff.get_by_text("Paid", exact=True).first).to_be_visible()


def test_without_scripts_a_customer_pays_on_the_card_companys_page(
    taking_cards: Organization, open_page: OpenPage
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/salon/booking?service=massage")
    page.locator(".time").last.click()
    tell(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("By card, right here").check()
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.get_by_text("The card form needs a browser that runs scripts.")).to_be_visible()
    page.get_by_role("button", name="Pay on their page").click()
    page.get_by_label("card number").fill(cards.VISA)
    page.get_by_role("button", name="Pay 100.00 EUR").click()
    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()
    assert [each.state for each in bookings(taking_cards)] == ["confirmed"]


def test_a_customer_leaves_a_card_once_they_have_agreed(taking_cards: Organization, open_page: OpenPage) -> None:
    factories.make_option(taking_cards, "card_on_file")
    page = open_page()
    page.goto("/salon/booking?service=massage")
    page.locator(".time").last.click()
    tell(page)
    page.get_by_role("button", name="Continue").click()
    page.locator("input[value=card_on_file]").check()
    page.get_by_role("button", name="Continue to payment").click()
    keep = page.get_by_role("button", name="Agree and keep this card")
    expect(keep).to_be_enabled()
    assert page.locator("#pay").get_attribute("data-secret") == ""
    keep.click()
    form = page.frame_locator("#pay iframe")
    expect(form.get_by_role("alert")).to_have_text("Please fill in the card’s number, expiry and code.")
    form.get_by_label("card number").fill(cards.VISA)
    form.get_by_label("Expiry").fill("12/34")
    form.get_by_label("Security code").fill("123")
    keep.click()
    expect(page.get_by_role("heading", name="You are booked")).to_be_visible()
    assert [each.state for each in bookings(taking_cards)] == ["confirmed"]
