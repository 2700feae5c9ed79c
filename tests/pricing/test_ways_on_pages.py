"""Zones are drawn in the configuration; customers and staff say where from and where to before they see a price."""

import json
import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from holdfast.accounts.models import User
from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from holdfast.pricing.models import Zone
from tests import factories


@pytest.fixture
def staff(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def test_a_zone_is_refused_in_words_until_it_is_one_and_then_shown_as_drawn(
    staff: Client, organization: Organization
) -> None:
    bad = {"type": "Polygon", "coordinates": [[[2, 48], [3, 49], [3, 48], [2, 49], [2, 48]]]}
    answer = staff.post("/admin/pricing/zone/add/", {"name_en": "Centre", "area": json.dumps(bad), "position": "0"})
    assert "crosses or touches itself" in answer.content.decode()
    good = {"type": "Polygon", "coordinates": [[[2, 48], [3, 48], [3, 49], [2, 49], [2, 48]]]}
    answer = staff.post("/admin/pricing/zone/add/", {"name_en": "Centre", "area": json.dumps(good), "position": "0"})
    assert answer.status_code == 302, answer.content.decode()[:500]
    with transaction_for(organization.id):
        zone = Zone.objects.get()
    page = staff.get(f"/admin/pricing/zone/{zone.pk}/change/").content.decode()
    assert "zone-picture" in page
    assert staff.get("/admin/pricing/zone/").status_code == 200
    assert staff.get("/admin/catalog/namedplace/").status_code == 200
    assert staff.get("/admin/catalog/namedplace/add/").status_code == 200
    assert staff.get("/admin/pricing/knowndistance/").status_code == 200
    louvre = {"name_en": "Louvre", "latitude": "48.86", "longitude": "2.33", "position": "0", "is_active": "on"}
    answer = staff.post("/admin/catalog/namedplace/add/", louvre)
    assert answer.status_code == 302, answer.context
    factories.make_tariff(organization)
    assert staff.get("/admin/pricing/tariffrule/add/").status_code == 200


def test_staff_say_where_before_they_see_the_price_and_book_at_it(staff: Client, organization: Organization) -> None:
    factories.make_resource(organization, slug="lea")
    factories.make_places(organization)
    factories.make_service(organization, slug="ride", price_amount=9900, asks_places="way")
    factories.make_ways(organization, only=True)
    page = staff.get("/desk/bookings/new/?service=ride").content.decode()
    assert 'name="pickup"' in page
    assert "the price depends on it" in page
    at = factories.monday(organization, 10).isoformat()
    q = {"service": "ride", "pickup": "louvre", "dropoff": "terminal", "at": at}
    page = staff.get("/desk/bookings/new/", q).content.decode()
    assert "€70" in page
    assert 'name="address_pickup"' in page
    q["dropoff"] = "castle"
    page = staff.get("/desk/bookings/new/", q).content.decode()
    assert "The drop-off is outside" in page
    q["dropoff"] = "terminal"
    sent = {"name": "Ana", "email": "ana@example.com", "locale": "en", "address_dropoff": "Door 6", "key": ""}
    answer = staff.post("/desk/bookings/new/?" + urlencode(q), sent)
    assert answer.status_code == 302, answer.content.decode()
    page = staff.get(answer["Location"]).content.decode()
    assert "Terminal, Door 6" in page
    assert "Fixed price" in page


def test_customers_see_the_price_of_their_way_or_why_there_is_none(client: Client, organization: Organization) -> None:
    factories.make_resource(organization, slug="lea")
    factories.make_places(organization)
    factories.make_service(organization, slug="ride", price_amount=9900, asks_places="way")
    factories.make_ways(organization, only=True)
    assert "from €20" in client.get("/salon/").content.decode()
    page = client.get("/salon/booking?service=ride").content.decode()
    assert "Say where to see the price" in page
    page = client.get("/salon/booking?service=ride&pickup=louvre&dropoff=castle").content.decode()
    assert "The drop-off is outside" in page
    typed = "pickup=louvre&dropoff=elsewhere&dropoff_at=48.5,4.5"
    page = client.get(f"/salon/booking?service=ride&{typed}").content.decode()
    assert "€70" in page


def test_a_place_that_is_not_listed_is_said_by_a_map_and_what_says_none_is_refused_at_its_field(
    client: Client, organization: Organization
) -> None:
    factories.make_resource(organization, slug="lea")
    factories.make_places(organization)
    factories.make_service(organization, slug="ride", price_amount=9900, asks_places="way")
    factories.make_ways(organization, only=True)

    def shown(said: str) -> str:
        way = {"service": "ride", "pickup": "louvre", "dropoff": "elsewhere", "dropoff_at": said}
        return client.get("/salon/booking", way).content.decode()

    page = shown("https://www.openstreetmap.org/?mlat=48.5&mlon=4.5#map=17/48.5/4.5")
    assert "€70" in page
    assert 'value="48.5, 4.5"' in page
    page = shown("12 rue de Rivoli")
    field = re.search('<input[^>]*name="dropoff_at"[^>]*>', page)
    assert field
    assert 'value="12 rue de Rivoli"' in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert page.count("addresses are not looked up here") == 1
    assert "short links never do" in shown("https://maps.app.goo.gl/AbCdEf12345")
    sent = {"service": "ride", "pickup": "louvre", "dropoff": "elsewhere", "dropoff_at": ""}
    taken = client.post("/salon/booking", sent | {"at": factories.monday(organization, 10).isoformat()}, follow=True)
    assert taken.content.decode().count("Please say where: the price depends on it.") == 1
    assert 'id="dropoff_at_error"' in taken.content.decode()
