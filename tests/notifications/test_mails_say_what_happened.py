"""Each thing that happens to a booking is told to its customer and to the business, each in their own language."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from icalendar import Calendar

from holdfast.bookings import actions
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.notifications.conftest import Postbox

ANA, BUSINESS = "ana@example.com", "contact@paris-elite.example"
LOUIS = Actor("staff", "Louis Petit")
LANGUAGES = ("en", "fr", "es")


@dataclass
class Story:
    """A customer of one language and a business of the same, and the mails they get."""

    organization: Organization
    service: Service
    postbox: Postbox
    run_jobs: Callable[[], None]
    language: str

    def book(self, **customer: str) -> Booking:
        who = replace(factories.CUSTOMER, **{"locale": self.language, **customer})
        starts_at = factories.local(self.organization, 3, 14)
        booking = factories.make_booking(
            self.organization, self.service, starts_at, details=replace(factories.DETAILS, customer=who)
        )
        self.run_jobs()
        return booking

    def move(self, booking: Booking, actor: Actor = CUSTOMER) -> Booking:
        moved = actions.reschedule(
            organization=self.organization,
            booking_id=booking.id,
            starts_at=factories.local(self.organization, 3, 16),
            version=booking.version,
            actor=actor,
        )
        self.run_jobs()
        return moved

    def cancel(self, booking: Booking, actor: Actor = CUSTOMER, reason: str = "") -> Booking:
        cancelled = actions.cancel(
            organization=self.organization, booking_id=booking.id, version=booking.version, actor=actor, reason=reason
        )
        self.run_jobs()
        return cancelled

    def last(self, address: str) -> EmailMessage:
        return self.postbox.to(address)[-1]


@pytest.fixture(params=LANGUAGES)
def story(
    request: pytest.FixtureRequest,
    chauffeurs: Organization,
    transfer: Service,
    postbox: Postbox,
    run_jobs: Callable[[], None],
) -> Story:
    with transaction_for(chauffeurs.id):
        chauffeurs.default_language = request.param
        chauffeurs.save(update_fields=["default_language"])
    return Story(chauffeurs, transfer, postbox, run_jobs, request.param)


@pytest.fixture
def approval(transfer: Service, chauffeurs: Organization) -> None:
    with transaction_for(chauffeurs.id):
        transfer.needs_approval = True
        transfer.save(update_fields=["needs_approval"])
    chauffeurs.refresh_from_db()


def text(mail: EmailMessage) -> str:
    return body(mail, "plain")


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def subject(mail: EmailMessage) -> str:
    return str(mail["Subject"]).strip()


def heading(mail: EmailMessage) -> str:
    return text(mail).splitlines()[0]


def calendar(mail: EmailMessage) -> tuple[str, EmailMessage]:
    (part,) = mail.iter_attachments()
    assert isinstance(part, EmailMessage)
    return str(part.get_content()), part


HEADINGS = {
    "confirmed": ("Your booking is confirmed", "Votre réservation est confirmée", "Su reserva está confirmada"),
    "moved": (
        "Your booking has a new time",
        "Votre réservation a un nouvel horaire",
        "Su reserva tiene una nueva hora",
    ),
    "cancelled": ("Your booking is cancelled", "Votre réservation est annulée", "Su reserva está cancelada"),
    "requested": ("We have your request", "Nous avons reçu votre demande", "Hemos recibido su solicitud"),
    "declined": (
        "Your request could not be accepted",
        "Votre demande n’a pas pu être acceptée",
        "No hemos podido aceptar su solicitud",
    ),
    "new": ("You have a new booking", "Vous avez une nouvelle réservation", "Tiene una nueva reserva"),
    "to approve": (
        "A request waits for your answer",
        "Une demande attend votre réponse",
        "Una solicitud espera su respuesta",
    ),
    "business moved": (
        "A booking has a new time",
        "Une réservation a changé d’horaire",
        "Una reserva ha cambiado de hora",
    ),
    "business cancelled": ("A booking is cancelled", "Une réservation est annulée", "Se ha cancelado una reserva"),
}
SERVICES = ("Airport transfer", "Transfert aéroport", "Traslado al aeropuerto")


def said(words: str, story: Story) -> str:
    return HEADINGS[words][LANGUAGES.index(story.language)]


def test_a_booking_is_confirmed_to_its_customer_and_told_to_the_business(story: Story) -> None:
    booking = story.book()
    assert len(story.postbox.received) == 2
    mail, note = story.last(ANA), story.last(BUSINESS)
    assert heading(mail) == said("confirmed", story)
    assert heading(note) == said("new", story)
    service = SERVICES[LANGUAGES.index(story.language)]
    for each in (mail, note):
        assert each["Content-Language"] == story.language
        assert service in subject(each)
        for kind in ("plain", "html"):
            assert booking.reference in body(each, kind)
            assert service in body(each, kind)
            assert "95" in body(each, kind)
    for kind in ("plain", "html"):
        assert f"https://book.example/paris-elite/manage/{manage_token_of(mail)}/" in body(mail, kind)
        assert f"/api/v1/paris-elite/bookings/{booking.reference}.ics?token=" in body(mail, kind)
        assert "Camille Moreau" in body(mail, kind)
        assert "2E" in body(mail, kind)
        assert "manage/" not in body(note, kind)
        assert f"https://book.example/desk/bookings/{booking.reference}/" in body(note, kind)
        assert "Ana Reyes" in body(note, kind)
        assert "+33 1 99 00 12 34" in body(note, kind)


def manage_token_of(mail: EmailMessage) -> str:
    return text(mail).split("/manage/")[1].split("/")[0]


def test_the_mail_comes_from_the_business_and_is_answered_to_it(story: Story) -> None:
    story.book()
    mail = story.last(ANA)
    assert mail["From"] == "Paris Élite <bookings@holdfast.example>"
    assert mail["Reply-To"] == "Paris Élite <contact@paris-elite.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@holdfast.example>")


def test_a_moved_booking_names_both_times_and_moves_the_calendar_entry(story: Story) -> None:
    booking = story.book()
    first, _part = calendar(story.last(ANA))
    story.move(booking)
    mail = story.last(ANA)
    second, part = calendar(mail)
    assert heading(mail) == said("moved", story)
    assert heading(story.last(BUSINESS)) == said("business moved", story)
    assert {"en": "2:00", "fr": "14:00", "es": "14:00"}[story.language] in text(mail).split("\n\n")[1]
    assert {"en": "4:00", "fr": "16:00", "es": "16:00"}[story.language] in text(mail)
    (before,), (after,) = Calendar.from_ical(first).walk("VEVENT"), Calendar.from_ical(second).walk("VEVENT")
    assert before["UID"] == after["UID"] == f"{booking.id}@book.example"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["DTSTART"].dt.astimezone(UTC) == factories.local(story.organization, 3, 16).astimezone(UTC)
    assert part.get_param("method") == "REQUEST"


def test_a_cancelled_booking_leaves_the_calendar_and_asks_for_nothing(story: Story) -> None:
    booking = story.book()
    story.cancel(booking)
    mail = story.last(ANA)
    content, part = calendar(mail)
    assert heading(mail) == said("cancelled", story)
    assert heading(story.last(BUSINESS)) == said("business cancelled", story)
    assert part.get_param("method") == "CANCEL"
    assert part.get_filename() == "booking.ics"
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert "95" not in text(mail).replace(booking.reference, "")
    assert "/manage/" not in text(mail)
    assert "https://book.example/paris-elite/booking" in text(mail)


@pytest.mark.usefixtures("approval")
def test_a_request_is_told_first_and_confirmed_later_and_the_business_hears_of_it_once(story: Story) -> None:
    booking = story.book()
    assert heading(story.last(ANA)) == said("requested", story)
    assert heading(story.last(BUSINESS)) == said("to approve", story)
    assert list(story.last(ANA).iter_attachments()) == []
    actions.confirm(organization=story.organization, booking_id=booking.id, version=booking.version, actor=LOUIS)
    story.run_jobs()
    assert heading(story.last(ANA)) == said("confirmed", story)
    assert "METHOD:REQUEST" in calendar(story.last(ANA))[0]
    assert len(story.postbox.to(BUSINESS)) == 1


@pytest.mark.usefixtures("approval")
def test_a_declined_request_says_so_and_takes_nothing_out_of_a_calendar(story: Story) -> None:
    booking = story.book()
    story.cancel(booking, actor=LOUIS)
    assert heading(story.last(ANA)) == said("declined", story)
    assert list(story.last(ANA).iter_attachments()) == []


@pytest.mark.parametrize("story", ["en"], indirect=True)
class TestInOneLanguage:
    def test_the_customers_own_zone_is_told_when_its_clock_differs(self, story: Story) -> None:
        story.book(time_zone="America/New_York")
        assert "Paris time (GMT+" in text(story.last(ANA))
        assert "For you: " in text(story.last(ANA))
        assert "New York time" in text(story.last(ANA))
        assert "New York" not in text(story.last(BUSINESS))

    @pytest.mark.parametrize("zone", ["", "Europe/Madrid", "Europe/Paris", "not/a-zone", "../etc"])
    def test_a_zone_with_the_same_clock_or_no_zone_is_not_mentioned(self, story: Story, zone: str) -> None:
        story.book(time_zone=zone)
        assert "For you" not in text(story.last(ANA))

    def test_what_the_business_does_is_said_to_be_its_doing(self, story: Story) -> None:
        booking = story.move(story.book(), actor=LOUIS)
        assert "Paris Élite moved it; it was on " in text(story.last(ANA))
        assert "Moved by Louis Petit." in text(story.last(BUSINESS))
        story.cancel(booking, actor=LOUIS, reason="The car broke down")
        assert "Paris Élite had to cancel it and is sorry." in text(story.last(ANA))
        assert "broke down" not in text(story.last(ANA))
        assert "Reason: The car broke down" in text(story.last(BUSINESS))

    def test_what_people_type_cannot_become_markup_or_headers(self, story: Story) -> None:
        story.book(name="<b>Ana</b> & Co")
        note = story.last(BUSINESS)
        assert "<b>Ana" not in body(note, "html")
        assert "&lt;b&gt;Ana&lt;/b&gt; &amp; Co" in body(note, "html")
        assert "<b>Ana</b> & Co" in text(note)
        assert subject(note).endswith("<b>Ana</b> & Co")

    def test_an_unknown_language_falls_back_to_the_businesss_own(self, story: Story) -> None:
        story.book(locale="de-AT")
        assert heading(story.last(ANA)) == "Your booking is confirmed"

    def test_the_attached_file_says_the_moment_booked(self, story: Story) -> None:
        booking = story.book()
        (event,) = Calendar.from_ical(calendar(story.last(ANA))[0]).walk("VEVENT")
        starts: datetime = event["DTSTART"].dt
        assert starts.astimezone(UTC) == booking.starts_at.astimezone(UTC)
        assert event["ATTENDEE"] == f"mailto:{ANA}"
        assert event["ORGANIZER"] == f"mailto:{BUSINESS}"
        assert event["LOCATION"] == "Charles de Gaulle, terminal 2E"

    def test_a_hold_is_mailed_to_nobody(self, story: Story) -> None:
        wish = Wish(service=story.service.slug)
        held = holds.hold(
            organization=story.organization, wish=wish, starts_at=factories.local(story.organization, 3, 9)
        )
        holds.release_hold(organization=story.organization, hold_id=held.id)
        story.run_jobs()
        assert story.postbox.received == []
