"""Who may show the booking pages: sites that are named, and nobody else; with cookies that stay inside."""

import re

import pytest
from django.test import Client

from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.wizard.conftest import Customer, customer, service  # noqa: F401 - fixtures

SITE = "https://www.example.com"
IN_FRAME = {"Sec-Fetch-Dest": "iframe"}


def let(organization: Organization, *origins: str) -> None:
    with transaction_for(organization.id):
        Organization.objects.filter(pk=organization.pk).update(embed_origins=list(origins))


def ancestors(page: object) -> str:
    found = re.search(r"frame-ancestors ([^;]*)", page.headers["Content-Security-Policy"])  # type: ignore[attr-defined]
    assert found
    return found[1]


def test_nobody_may_frame_a_page_until_a_site_is_named(client: Client, organization: Organization) -> None:
    page = client.get("/salon/booking")
    assert (ancestors(page), page.headers["X-Frame-Options"]) == ("'none'", "DENY")
    let(organization, SITE, "https://shop.example")
    page = client.get("/salon/booking")
    assert (ancestors(page), page.headers.get("X-Frame-Options")) == (f"{SITE} https://shop.example", None)


@pytest.mark.parametrize("path", ["/desk/sign-in/", "/rival/booking", "/salon/portal/settings", "/nowhere/"])
def test_a_named_site_frames_this_organizations_booking_pages_alone(
    client: Client, organization: Organization, other_organization: Organization, path: str
) -> None:
    let(organization, SITE)
    page = client.get(path)
    assert (ancestors(page), page.headers["X-Frame-Options"]) == ("'none'", "DENY")


def test_a_booking_is_made_in_a_frame_with_cookies_that_stay_there(customer: Customer) -> None:  # noqa: F811
    let(customer.organization, SITE)
    customer.client = Client(headers=IN_FRAME)
    customer.take(factories.local(customer.organization, 3, 10))
    kept = customer.client.cookies
    assert set(kept) == {"framed_sessionid"}
    (session,) = kept.values()
    assert (session["samesite"], session["secure"], session["partitioned"]) == ("None", True, True)
    assert "; Partitioned" in session.OutputString()
    customer.tell()
    customer.book()
    assert len(customer.bookings()) == 1
    outside = Client()
    outside.cookies["framed_sessionid"] = session.value
    assert outside.get("/salon/booking/confirmation").headers["Location"] == "/salon/booking"


def test_a_session_of_our_own_pages_is_none_in_a_frame(customer: Customer) -> None:  # noqa: F811
    customer.take(factories.local(customer.organization, 3, 10))
    assert customer.client.get("/salon/booking/details").status_code == 200
    framed = customer.client.get("/salon/booking/details", headers=IN_FRAME)
    assert framed.status_code == 302


def test_the_frame_speaks_the_language_that_the_site_asks_for_from_then_on(
    client: Client, organization: Organization
) -> None:
    first = client.get("/salon/booking?lang=fr", headers=IN_FRAME)
    assert '<html lang="fr"' in first.content.decode()
    assert '<html lang="fr"' in client.get("/salon/booking", headers=IN_FRAME).content.decode()
    assert '<html lang="en"' in client.get("/salon/booking").content.decode()


def test_the_line_of_script_is_anybodys_and_names_the_element(client: Client, organization: Organization) -> None:
    script = client.get("/salon/embed.js", headers={"Origin": SITE})
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert script.headers["Access-Control-Allow-Origin"] == "*"
    assert 'import { offer } from "/static/embed/element' in script.content.decode()
    assert "Réserver" in script.content.decode()
    assert client.cookies == {}
    again = client.get("/salon/embed.js", headers={"If-None-Match": script.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/nobody/embed.js").status_code == 404


def test_a_browser_that_keeps_no_cookies_in_frames_is_led_to_a_tab(customer: Customer) -> None:  # noqa: F811
    let(customer.organization, SITE)
    browser = Client(headers=IN_FRAME, enforce_csrf_checks=True)
    page = browser.post("/salon/booking", {"service": "massage", "at": "2030-01-01T10:00Z"})
    assert (page.status_code, ancestors(page)) == (403, SITE)
    assert (
        '<a class="button button-primary" href="/salon/booking?service=massage" target="_blank"'
        in page.content.decode()
    )
