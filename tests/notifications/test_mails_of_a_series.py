"""A series is told in one mail to each, however many dates it has; so is every later change of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from icalendar import Calendar

from holdfast.bookings.availability.question import Wish
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.catalog.models import Organization, Service
from holdfast.core.tenancy import transaction_for
from holdfast.series import actions, asked, changes
from tests import factories
from tests.notifications.conftest import Postbox
from tests.notifications.test_mails_say_what_happened import calendar, heading, subject

ANA, BUSINESS = "ana@example.com", "contact@paris-elite.example"


@pytest.fixture
def first(chauffeurs: Organization, transfer: Service) -> Booking:
    with transaction_for(chauffeurs.id):
        Service.objects.filter(id=transfer.id).update(allows_series=True)
    chauffeurs.refresh_from_db()
    wanted = asked.read(
        wish=Wish(service=transfer.slug),
        starts_at=factories.local(chauffeurs, 10, 14),
        zone=chauffeurs.time_zone,
        recurrence={"rrule": "FREQ=WEEKLY;COUNT=6"},
    )
    return actions.book(organization=chauffeurs, asked=wanted, details=factories.DETAILS).bookings[0]


def test_six_dates_make_one_mail_with_all_of_them_in_its_calendar_file(
    first: Booking, postbox: Postbox, run_jobs: Callable[[], None]
) -> None:
    run_jobs()
    (mail,) = postbox.to(ANA)
    assert heading(mail) == "Your series is booked"
    assert subject(mail).startswith("Confirmed: Airport transfer, 6 dates from ")
    file = Calendar.from_ical(calendar(mail)[0])
    assert isinstance(file, Calendar)
    entries = file.walk("VEVENT")
    assert len({str(entry["UID"]) for entry in entries}) == 6
    assert file["METHOD"] == "PUBLISH"
    (to_business,) = postbox.to(BUSINESS)
    assert heading(to_business) == "Vous avez une nouvelle série de réservations"


def test_moving_and_cancelling_many_are_one_mail_each(
    chauffeurs: Organization, first: Booking, postbox: Postbox, run_jobs: Callable[[], None]
) -> None:
    run_jobs()
    changes.reschedule(
        organization=chauffeurs,
        booking_id=first.id,
        starts_at=first.starts_at + timedelta(hours=1),
        version=None,
        scope="all",
        actor=CUSTOMER,
    )
    run_jobs()
    changes.cancel(organization=chauffeurs, booking_id=first.id, version=None, scope="all", actor=CUSTOMER)
    run_jobs()
    assert [heading(mail) for mail in postbox.to(ANA)] == [
        "Your series is booked",
        "Your series has new times",
        "These dates are cancelled",
    ]
    file = Calendar.from_ical(calendar(postbox.to(ANA)[-1])[0])
    assert isinstance(file, Calendar)
    assert {(str(entry["STATUS"]), int(entry["SEQUENCE"])) for entry in file.walk("VEVENT")} == {("CANCELLED", 2)}
    assert len(postbox.to(BUSINESS)) == 3


def test_approving_a_series_is_one_mail_with_all_its_dates_and_none_to_who_approved(
    chauffeurs: Organization, transfer: Service, postbox: Postbox, run_jobs: Callable[[], None]
) -> None:
    with transaction_for(chauffeurs.id):
        Service.objects.filter(id=transfer.id).update(allows_series=True, needs_approval=True)
    chauffeurs.refresh_from_db()
    wanted = asked.read(
        wish=Wish(service=transfer.slug),
        starts_at=factories.local(chauffeurs, 10, 14),
        zone=chauffeurs.time_zone,
        recurrence={"rrule": "FREQ=WEEKLY;COUNT=6"},
    )
    first = actions.book(organization=chauffeurs, asked=wanted, details=factories.DETAILS).bookings[0]
    run_jobs()
    changes.confirm(
        organization=chauffeurs, booking_id=first.id, version=None, scope="all", actor=Actor("staff", "Sam")
    )
    run_jobs()
    assert [heading(mail) for mail in postbox.to(ANA)] == ["We have your request", "Your series is confirmed"]
    file = Calendar.from_ical(calendar(postbox.to(ANA)[1])[0])
    assert isinstance(file, Calendar)
    assert len(file.walk("VEVENT")) == 6
    assert len(postbox.to(BUSINESS)) == 1
