"""The booking pages inside another site's page: booked there, refused elsewhere, said in words either way."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from holdfast.bookings.models import Booking
from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from tests.e2e.conftest import OpenPage
from tests.e2e.test_for_everyone import RUN

Site = Callable[..., str]
# Asked by a function: the site's policy lets no text be run.
TOLD = """() => new Promise((done) => {
    const look = () => (window.told ? done(window.told) : setTimeout(look, 50));
    look();
})"""
LISTEN = "addEventListener('holdfast-booked', (event) => (window.told = event.detail))"
OF_OTHERS = "() => ((document.cookie = 'plain=1; SameSite=None; Secure'), document.cookie.match(/plain/)?.[0] ?? '')"
FRAME_HEIGHT = "document.querySelector('holdfast-booking').shadowRoot.querySelector('iframe').clientHeight"


@pytest.fixture
def site(address: str, salon: Organization) -> Iterator[Site]:
    """Another site, by its name and its port: one page with the line of script, under a policy as strict as can be."""
    policy = f"default-src 'none'; script-src {address}; frame-src {address}; connect-src {address}"
    page = {"body": b""}

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(page["body"])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    origin = f"http://localhost:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def site_with(element: str, *, allowed: bool) -> str:
        script = f'<script type="module" src="{address}/salon/embed.js"></script>'
        page["body"] = f"<!doctype html><title>Site</title>{script}{element}".encode()
        with transaction_for(salon.id):
            Organization.objects.filter(pk=salon.pk).update(embed_origins=[origin] if allowed else [])
        return origin

    yield site_with
    server.shutdown()
    server.server_close()


def without_cookies_of_others(page: Page) -> None:
    """As browsers are set that keep them apart for each site, or not at all."""
    control = page.context.new_cdp_session(page)
    control.send(
        "Network.setCookieControls",
        {
            "enableThirdPartyCookieRestriction": True,
            "disableThirdPartyCookieMetadata": True,
            "disableThirdPartyCookieHeuristics": True,
        },
    )


def test_a_customer_books_inside_another_site_that_is_allowed(
    open_page: OpenPage, salon: Organization, massage: Service, site: Site, complaints: list[str]
) -> None:
    page = open_page()
    without_cookies_of_others(page)
    page.goto(site('<holdfast-booking service="massage" lang="en"></holdfast-booking>', allowed=True))
    page.evaluate(LISTEN)
    expect(page.locator("holdfast-booking")).to_have_attribute("data-state", "shown")
    inside = page.frame_locator("iframe")
    expect(inside.locator(".time").first).to_be_visible()
    frame = page.frames[1]
    frame.evaluate(AXE_SCRIPT)
    assert frame.evaluate(RUN) == []
    assert inside.locator("body").evaluate(OF_OTHERS) == ""  # the browser does keep none
    inside.locator(".time").last.click()
    inside.locator("#id_name").fill("Ana Reyes")
    inside.locator("#id_email").fill("ana@example.com")
    inside.locator("#id_answer_allergies").fill("Nuts")
    inside.get_by_role("button", name="Continue").click()
    inside.get_by_role("button", name="Book · €100").click()
    expect(inside.get_by_role("heading", name="You are booked")).to_be_visible()
    with transaction_for(salon.id):
        booking = Booking.objects.get(state="confirmed")
    assert booking.customer_time_zone == "Europe/Paris"  # told by a cookie of the frame's own
    assert page.evaluate(TOLD) == {"reference": booking.reference}
    needed = inside.locator("body").evaluate("(body) => body.getBoundingClientRect().height")
    assert abs(page.evaluate(FRAME_HEIGHT) - needed) <= 1
    names = {each["name"] for each in page.context.cookies()}
    assert names == {"framed_sessionid", "framed_csrftoken", "framed_zone", "framed_django_language"}
    # Browsers let no frame of another site take the focus, and say so.
    assert [each for each in complaints if "Blocked autofocusing" not in each] == []
    complaints.clear()


def test_a_site_that_is_not_allowed_says_so_and_leads_to_the_page(
    open_page: OpenPage, address: str, massage: Service, site: Site, complaints: list[str]
) -> None:
    page = open_page()
    page.goto(site('<holdfast-booking lang="fr"></holdfast-booking>', allowed=False))
    said = page.get_by_role("alert")
    expect(said).to_contain_text("ne peut pas s’afficher dans ce site")
    expect(said.get_by_role("link")).to_have_attribute("href", f"{address}/salon/booking?lang=fr")
    assert [each for each in complaints if "frame-ancestors" in each] == complaints != []
    complaints.clear()


def test_while_the_booking_system_is_away_the_site_says_so_and_shows_it_as_soon_as_it_is_back(
    open_page: OpenPage, address: str, massage: Service, site: Site, complaints: list[str]
) -> None:
    page = open_page(expects=("Failed to load resource", "ERR_FAILED"))
    fallback = f'<a href="{address}/salon/booking">Chez le salon</a>'
    where = site(f'<holdfast-booking lang="fr">{fallback}</holdfast-booking>', allowed=True)
    page.route(f"{address}/**", lambda route: route.abort())
    page.goto(where)
    expect(page.get_by_role("link", name="Chez le salon")).to_be_visible()  # the site's own words
    page.unroute(f"{address}/**")
    page.route("**/salon/booking*", lambda route: route.abort())
    page.goto(where)
    page.route("**/salon/embed.js", lambda route: route.abort())
    said = page.get_by_role("alert")
    expect(said).to_contain_text("Pas de connexion à la page de réservation.")
    expect(said.get_by_role("link")).to_have_attribute("href", f"{address}/salon/booking?lang=fr")
    page.unroute("**/salon/booking*")
    said.get_by_role("button", name="Réessayer").click()
    expect(page.locator("holdfast-booking")).to_have_attribute("data-state", "shown")
    complaints.clear()
