"""In the demo no mail leaves the machine: it is caught once each and readable in the browser."""

from collections.abc import Callable

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import Settings

from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from holdfast.notifications import sending
from holdfast.notifications.models import CaughtMail, Message
from tests import factories


@pytest.fixture
def caught(
    settings: Settings, chauffeurs: Organization, transfer: Service, run_jobs: Callable[[], None]
) -> list[CaughtMail]:
    settings.DEMO = True
    settings.EMAIL_BACKEND = "holdfast.notifications.backends.CatchingBackend"
    factories.make_booking(chauffeurs, transfer, factories.local(chauffeurs, 3, 14))
    run_jobs()
    return list(CaughtMail.objects.order_by("id"))


def test_every_mail_is_caught(caught: list[CaughtMail]) -> None:
    assert [mail.recipient for mail in caught] == ["ana@example.com", "contact@paris-elite.example"]
    assert {mail.organization_slug for mail in caught} == {"paris-elite"}
    assert caught[0].sender == "Paris Élite <bookings@localhost>"
    assert caught[0].subject.startswith("Confirmed: Airport transfer")


def test_the_same_mail_sent_again_is_kept_once(caught: list[CaughtMail], chauffeurs: Organization) -> None:
    with transaction_for(chauffeurs.id):
        message = Message.objects.select_related("organization").get(recipient="ana@example.com")
    sending.send(message, message.organization, before=message.created_at.replace(year=9999))
    assert CaughtMail.objects.count() == 2


def test_the_list_shows_the_newest_first_and_one_business_when_asked(caught: list[CaughtMail], client: Client) -> None:
    page = client.get("/demo/mail").content.decode()
    assert page.index(f"/demo/mail/{caught[1].id}") < page.index(f"/demo/mail/{caught[0].id}")
    assert "/demo/mail/" in client.get("/demo/mail?organization=paris-elite").content.decode()
    assert "No mail yet" in client.get("/demo/mail?organization=harbor-home").content.decode()


def test_a_mail_is_shown_in_a_frame_that_can_do_nothing(caught: list[CaughtMail], client: Client) -> None:
    page = client.get(f"/demo/mail/{caught[0].id}").content.decode()
    assert f'src="/demo/mail/{caught[0].id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    framed = client.get(f"/demo/mail/{caught[0].id}/html")
    assert "Your booking is confirmed" in framed.content.decode()
    assert framed["Content-Security-Policy"].startswith("sandbox allow-popups")
    assert "script" not in framed["Content-Security-Policy"]
    assert framed["X-Frame-Options"] == "SAMEORIGIN"


def test_its_text_headers_and_calendar_file_are_there(caught: list[CaughtMail], client: Client) -> None:
    address = f"/demo/mail/{caught[0].id}"
    assert "Reference: " in client.get(f"{address}?view=text").content.decode()
    assert "Auto-Submitted" in client.get(f"{address}?view=headers").content.decode()
    calendar = client.get(f"{address}/calendar.ics")
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8"
    assert len(Calendar.from_ical(calendar.content).walk("VEVENT")) == 1
    assert client.get(f"/demo/mail/{caught[1].id}/calendar.ics").status_code == 404


@pytest.mark.parametrize("path", ["", "/1", "/1/html", "/1/calendar.ics"])
def test_outside_of_the_demo_there_is_no_mailbox(
    settings: Settings, committed_db: str, client: Client, path: str
) -> None:
    settings.DEMO = False
    assert client.get(f"/demo/mail{path}").status_code == 404
