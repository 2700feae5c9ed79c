"""Free times that are late, cannot be had, or are old: what is seen instead, while nothing moves."""

from playwright.sync_api import Page, Route, expect

from holdfast.catalog.models import Organization, Service
from tests import factories
from tests.e2e.conftest import OpenPage, looked_at
from tests.e2e.test_customer_books import MOVED

BUSY = '{"code": "busy", "status": 503, "title": "Many people are here at once"}'


class Answers:
    """Stands between the page and its free times: lets them pass, keeps them waiting or refuses them."""

    def __init__(self, page: Page) -> None:
        self.way, self.kept = "pass", list[Route]()
        page.route("**/availability?*", self._answer)

    def _answer(self, route: Route) -> None:
        if self.way == "keep":
            self.kept.append(route)
        elif self.way == "refuse":
            route.fulfill(status=503, headers={"Retry-After": "0"}, content_type="application/problem+json", body=BUSY)
        else:
            route.continue_()

    def let_go(self) -> None:
        for route in self.kept:
            route.continue_()
        self.kept.clear()


def test_free_times_that_are_late_lost_or_old_say_so(
    open_page: OpenPage, salon: Organization, massage: Service
) -> None:
    factories.make_resource(salon, slug="nils", name="Nils", is_public=True)
    page = open_page(expects=("503", "ERR_INTERNET_DISCONNECTED"), service_workers="block")
    page.clock.install()
    page.add_init_script(MOVED)
    page.goto("/salon/booking?service=massage")
    answers = Answers(page)
    following = page.locator("[data-step='1']")
    page.wait_for_timeout(300)  # the month beside it is asked for ahead
    answers.way = "keep"
    following.click()
    following.click()
    expect(page.locator(".skeleton-time")).to_have_count(12)
    expect(page.locator("#booker-status")).to_have_text("Looking for free times")
    expect(page.locator(".day.skeleton").last).to_have_attribute("aria-disabled", "true")
    page.clock.run_for(1_000)
    expect(page.locator("#times .spinner")).to_have_text("Looking for free times…")
    with looked_at(page):
        page.clock.run_for(7_000)
        expect(page.locator("#times")).to_contain_text("This takes longer than usual.")
        expect(page.locator("#times")).to_contain_text("Call +33 1 99 00 12 34, and we find a time together.")
    answers.way = "pass"
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".time").first).to_be_visible()
    answers.let_go()  # too late for anything
    expect(page.locator("#times-title")).to_be_focused()
    assert page.evaluate("window.moved") < 0.05  # layout shift, as browsers count it
    answers.way = "refuse"
    with looked_at(page):
        page.locator("#resource").select_option("nils")
        expect(page.get_by_role("alert")).to_contain_text("The free times could not be loaded.")
    answers.way = "pass"
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".time").first).to_be_visible()
    with looked_at(page):
        page.context.set_offline(True)
        expect(page.locator("#as-of")).to_contain_text("Free times as of")
    expect(page.locator(".time").first).to_be_visible()  # the last that is known
    page.context.set_offline(False)
    expect(page.locator("#as-of")).to_be_hidden()
