"""The bare address leads somewhere sensible and tells strangers nothing."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from holdfast.bookings.availability import plan_cache, reading
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.availability.span import span_of
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.device import urls as device
from holdfast.embed import urls as embed
from holdfast.portal import urls as portal
from holdfast.wizard import offers
from holdfast.wizard import urls as wizard
from tests import factories


def test_one_organization_is_where_the_bare_address_leads(client: Client, organization: Organization) -> None:
    assert client.get("/")["Location"] == "/salon/"


def test_several_organizations_are_not_named_to_strangers(
    client: Client, organization: Organization, other_organization: Organization
) -> None:
    assert client.get("/")["Location"] == "/desk/"


@pytest.mark.parametrize(("language", "words"), [("en", "Where would you"), ("fr", "Où souhaitez"), ("es", "¿Dónde")])
def test_the_demo_offers_its_organizations(
    client: Client,
    organization: Organization,
    other_organization: Organization,
    settings: Settings,
    language: str,
    words: str,
) -> None:
    settings.DEMO = True
    page = client.get("/", headers={"Accept-Language": language}).content.decode()
    assert words in page
    assert "Salon" in page
    assert "Rival" in page


def test_the_next_free_times_of_all_services_are_each_services_own_and_asked_for_at_once(
    organization: Organization, django_assert_num_queries: Any
) -> None:
    team = factories.make_team(organization)
    factories.make_resource(organization, team=team)
    factories.make_resource(organization, kind="room", slug="room")
    kinds = ["person", "room", "person", "person"]
    services = [
        factories.make_service(organization, slug=f"s{number}", needs=[{"kind": kind}], position=number)
        for number, kind in enumerate(kinds)
    ]
    factories.make_limit(organization, kind="service", service=services[1], most=1)
    factories.make_limit(organization, kind="team", team=team, most=2)
    for number, service in enumerate(services[:3]):
        for days in range(number + 1):
            factories.make_booking(organization, service, factories.local(organization, days + 1, 10 + number))
    organization.refresh_from_db()
    now, second, third = (factories.local(organization, days, 8) for days in (1, 2, 3))
    with clock.stopped(now), transaction_for(organization.id):
        found = [each.next_free for each in offers.offers(organization, now)]  # compiles the plans
        assert found == [second, third, second, second]
        for service, next_free in zip(services, found, strict=True):
            question = plan_cache.question_of(organization, Wish(service.slug), now)
            span = span_of(question.plan, first=None, days=31, zone=None, now=now)
            alone = reading.offered(question, span, now).minutes()
            assert clock.from_minute(alone[0]) == next_free
        with django_assert_num_queries(4):  # services, what they require, what they ask, what is taken
            offers.offers(organization, now)


def addresses_of_customers() -> list[str]:
    """All that need nothing but to know of which organization."""
    rooms = (device.urlpatterns, portal.urlpatterns, embed.urlpatterns, wizard.urlpatterns)
    routes = (str(each.pattern) for room in rooms for each in room)
    return [route.replace("<slug:org>", "salon") for route in routes if route.count("<") <= route.count("<slug:org>")]


@pytest.mark.parametrize("address", addresses_of_customers())
def test_what_answers_get_answers_head_for_previews_and_watchers(
    client: Client, organization: Organization, address: str
) -> None:
    """RFC 9110, 9.1."""
    asked, looked = client.get(f"/{address}"), client.head(f"/{address}")
    assert (looked.status_code, looked.content) == (asked.status_code, b"")


def test_what_is_said_to_be_free_is_what_the_policy_says(client: Client, organization: Organization) -> None:
    factories.make_resource(organization)
    service = factories.make_service(organization, slug="massage")
    notice = "Free to change or cancel until {} before"

    def said(path: str) -> list[str]:
        return re.findall(
            r"Free to change or cancel until [^<]+ before", client.get(path).content.decode().replace("\xa0", " ")
        )

    paths = ("/salon/", "/salon/booking?service=massage")
    assert [said(path) for path in paths] == [[notice.format("1 day")]] * 2
    factories.make_policy(organization, (90, "50"))
    organization.refresh_from_db()
    assert [said(path) for path in paths] == [[notice.format("1 h 30 min")]] * 2
    factories.make_policy(organization, (10**6, "100"), service=service)  # nothing that can be booked now is free
    assert [said(path) for path in paths] == [[], []]
