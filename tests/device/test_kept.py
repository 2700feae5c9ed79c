"""What a device fetches to keep: the manifest, the icons, the service worker, the pages and the catalog."""

import io
import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from holdfast.device import keeping
from holdfast.portal import urls as portal_urls
from tests import factories


@pytest.fixture
def service(organization: Organization) -> Service:
    factories.make_resource(organization, slug="lea", name="Léa", is_public=True)
    return factories.make_service(organization, slug="massage", needs=[{"kind": "person", "is_choosable": True}])


def test_the_manifest_makes_the_organization_an_application_of_its_own(
    client: Client, organization: Organization
) -> None:
    answer = client.get("/salon/manifest.webmanifest?language=fr")
    assert answer["Content-Type"] == "application/manifest+json"
    found = answer.json()
    assert (found["id"], found["scope"], found["start_url"]) == ("/salon/", "/salon/", "/salon/")
    assert (found["name"], found["lang"], found["display"]) == (organization.name, "fr", "standalone")
    assert found["theme_color"] == organization.accent
    shortcuts = [each["url"] for each in found["shortcuts"]]
    assert shortcuts == ["/salon/booking", "/salon/portal/", "/salon/portal/settings"]
    assert [client.get(each, follow=True).status_code for each in shortcuts] == [200, 200, 200]
    assert [(each["sizes"], each["purpose"]) for each in found["icons"]] == [
        ("192x192", "any"),
        ("512x512", "any"),
        ("192x192", "maskable"),
        ("512x512", "maskable"),
    ]


def test_every_icon_is_a_png_of_its_size_in_the_accent_color(client: Client, organization: Organization) -> None:
    accent = tuple(int(organization.accent[at : at + 2], 16) for at in (1, 3, 5))
    for each in client.get("/salon/manifest.webmanifest").json()["icons"]:
        answer = client.get(each["src"])
        picture = Image.open(io.BytesIO(answer.content))
        assert (picture.format, f"{picture.width}x{picture.height}") == ("PNG", each["sizes"])
        corner, side = picture.getpixel((0, 0)), picture.getpixel((picture.width // 2, 4))
        assert isinstance(side, tuple)
        assert isinstance(corner, tuple)
        assert side[:3] == accent
        # What may be cut to any shape has no shape of its own.
        assert corner == (accent if each["purpose"] == "maskable" else (0, 0, 0, 0))
        assert len(picture.getcolors(100_000) or []) > 2  # the letters
        assert "immutable" in answer["Cache-Control"]
    assert client.get("/salon/icons/any-64.png").status_code == 404


def test_the_service_worker_keeps_the_shell_of_one_organization(client: Client, organization: Organization) -> None:
    answer = client.get("/salon/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Service-Worker-Allowed"] == "/salon/"
    assert answer["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    told = re.search(r"serve\((\{.*\})\);", answer.content.decode())
    assert told
    shell = json.loads(told[1])
    assert (shell["scope"], shell["languages"]) == ("/salon/", organization.languages)
    for url in [*shell["files"], shell["offline"], shell["settings"], shell["mine"]]:
        assert client.get(url).status_code == 200, url


def test_a_new_name_or_color_is_a_new_version_of_the_shell(client: Client, organization: Organization) -> None:
    before = client.get("/salon/sw.js").content
    assert client.get("/salon/sw.js").content == before
    with transaction_for(organization.id):
        Organization.objects.filter(pk=organization.pk).update(accent="#7a1f5f")
    assert client.get("/salon/sw.js").content != before


@pytest.mark.parametrize(
    "path", ["offline", "offline/mine", "portal/settings", "device/catalog.json", "manifest.webmanifest"]
)
def test_nothing_that_is_kept_is_about_whoever_asked(
    client: Client, organization: Organization, service: Service, path: str
) -> None:
    client.post("/salon/booking", {"service": "massage", "at": factories.local(organization, 2, 10).isoformat()})
    client.post("/salon/booking/details", {"name": "Ana Reyes", "email": "ana@example.com"})
    answer = client.get(f"/salon/{path}?language=es")
    assert answer["Content-Language"] == "es"
    assert not answer.cookies
    text = answer.content.decode()
    assert "csrfmiddlewaretoken" not in text
    assert "ana@example.com" not in text


def test_the_page_without_a_connection_has_the_catalog_built_in(
    client: Client, organization: Organization, service: Service
) -> None:
    built_in = client.get("/salon/offline?language=fr").context["data"]["catalog"]
    assert built_in == client.get("/salon/device/catalog.json?language=fr").json()
    (found,) = built_in["services"]
    assert (found["slug"], found["on_site"]) == ("massage", True)
    assert [each["name"] for each in found["team_members"]] == ["Léa"]


def test_vehicles_that_customers_choose_are_known_like_people(client: Client, organization: Organization) -> None:
    factories.make_resource(organization, kind="vehicle", slug="van", name="Van", is_public=True)
    factories.make_service(organization, slug="ride", needs=[{"kind": "vehicle", "is_choosable": True}])
    (ride,) = client.get("/salon/offline").context["data"]["catalog"]["services"]
    assert [(each["kind"], each["slug"], each["name"]) for each in ride["team_members"]] == [("vehicle", "van", "Van")]


def test_what_is_only_paid_on_line_is_known_to_be_so(
    client: Client, organization: Organization, service: Service
) -> None:
    factories.make_option(organization, "card")
    organization.refresh_from_db()
    (found,) = client.get("/salon/device/catalog.json").json()["services"]
    assert found["on_site"] is False


def test_the_shells_of_an_organization_name_its_manifest(
    client: Client, organization: Organization, service: Service
) -> None:
    page = client.get("/salon/", headers={"Accept-Language": "fr"}).content.decode()
    assert '<link rel="manifest" href="/salon/manifest.webmanifest?language=fr">' in page
    assert 'href="/salon/icons/touch-180.png"' in page


@pytest.mark.parametrize(
    ("language", "title", "says"),
    [
        ("en", "Your bookings cannot be shown without a connection", "What you have booked stands as it is"),
        ("fr", "Vos réservations ne peuvent pas s’afficher sans connexion", "Ce que vous avez réservé reste tel quel"),
        ("es", "Sus reservas no se pueden mostrar sin conexión", "Lo que ha reservado sigue igual"),
    ],
)
def test_in_the_place_of_somebodys_bookings_it_is_said_that_they_stand_and_whom_to_call(
    client: Client, organization: Organization, language: str, title: str, says: str
) -> None:
    with transaction_for(organization.id):
        Organization.objects.filter(pk=organization.pk).update(phone="+33199001234")
    page = client.get(f"/salon/offline/mine?language={language}").content.decode()
    assert title in page
    assert says in page
    assert 'href="tel:+33199001234"' in page
    assert "<form" not in page


def test_every_page_about_somebodys_bookings_is_known_as_such(organization: Organization) -> None:
    personal = keeping.shell_of(organization)["personal"]
    named = {each.name: f"/salon/{each.pattern}" for each in portal_urls.urlpatterns}
    opened = {name: path.replace("<slug:org>/", "") for name, path in named.items()}
    assert len(opened) > 20
    assert [path for path in opened.values() if not path.startswith(tuple(personal))] == []
    for step in ("confirmation", "pay", "pay-again", "offer"):
        path = reverse(f"wizard:{step}", args=["salon", *(["t"] if step == "offer" else [])])
        assert any(path == each or (each.endswith("/") and path.startswith(each)) for each in personal), path
    for step in ("choose", "details", "payment"):
        path = reverse(f"wizard:{step}", args=["salon"])
        assert not any(path == each or (each.endswith("/") and path.startswith(each)) for each in personal), path
