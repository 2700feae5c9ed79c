"""A draft is made, put in force and a promotion looked at: every page is accessible and fits a small phone."""

from playwright.sync_api import Page, expect

from holdfast.accounts.models import Role
from holdfast.catalog.models import Organization, Service
from tests import factories
from tests.e2e.conftest import OpenPage, fits, violations

PHONE = {"viewport": {"width": 320, "height": 720}}


def checked(page: Page) -> None:
    assert violations(page) == []
    assert fits(page)


def test_prices_are_changed_on_a_small_phone(open_page: OpenPage, salon: Organization, massage: Service) -> None:
    user = factories.make_staff(salon, role=Role.OWNER)
    factories.make_tariff(salon, {"effect": "percent", "percent": "10"}, name="Now")
    page = open_page(**PHONE)
    page.goto("/desk/sign-in/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill("a good password")
    page.get_by_role("button", name="Sign in").click()
    page.goto("/desk/prices/tariffs/")
    checked(page)
    page.get_by_role("link", name="New draft").click()
    checked(page)
    page.get_by_label("Name").fill("Next")
    page.get_by_role("button", name="Make the draft").click()
    checked(page)
    page.get_by_role("link", name="Add a rule").click()
    checked(page)
    page.get_by_label("Name (English)").fill("Fridays")
    page.get_by_label("Effect").select_option("percent")
    page.get_by_label("Percent").fill("25")
    page.get_by_label("Friday").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Fridays: +25%")).to_be_visible()
    checked(page)
    page.get_by_role("link", name="Put in force…").click()
    checked(page)
    page.get_by_role("button", name="Put in force").click()
    expect(page.get_by_text("“Next” is in force.")).to_be_visible()
    for path in ("promotions/", "promotions/new/", "taxes/", "taxes/new/", "rates/"):
        page.goto(f"/desk/prices/{path}")
        checked(page)
    page.goto("/desk/settings/payments/")
    checked(page)
