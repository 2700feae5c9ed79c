"""A page with free times, while somebody else books what its reader is about to take."""

from playwright.sync_api import Route, expect

from tests import factories
from tests.e2e.conftest import OpenPage
from tests.running import House


def test_a_time_that_somebody_else_books_leaves_the_page_and_its_reader_is_told(
    open_page: OpenPage, committed_db: str
) -> None:
    organization = factories.make_organization()
    factories.make_resource(organization)
    service = factories.make_service(organization, slug="massage", step_minutes=60)
    start = factories.local(organization, 2, 10)
    page = open_page()
    with House(committed_db, web_processes=1) as house:

        def to_live(route: Route) -> None:
            """The page's own server is Django alone."""
            route.continue_(url=f"{house.url}/api/{route.request.url.partition('/api/')[2]}")

        page.route("**/api/v1/*/events?*", to_live)
        with page.expect_response("**/events?*"):
            page.goto(f"/{organization.slug}/booking?service=massage&date={start.date()}")
        ten = page.get_by_role("button", name="10:00")
        ten.focus()
        factories.make_booking(organization, service, start)
        words = "10:00 AM is not free any more. The nearest free times: 8:00 AM, 9:00 AM, and 11:00 AM."
        expect(page.locator("#times .notice")).to_have_text(words)
        expect(page.locator("#booker-status")).to_have_text(words)
        expect(ten).to_have_count(0)
        expect(page.get_by_role("button", name="11:00")).to_be_focused()
        page.close()
