"""After the import: staff see where a booking came from, customers open their page, two imports do not mix."""

import re
from html import unescape

import psycopg
import pytest
from django.test import Client

from holdfast.bookings.models import Booking
from holdfast.core import locking
from holdfast.core.embedded_postgres import APP
from holdfast.core.signing import manage_token
from holdfast.core.tenancy import transaction_for
from holdfast.legacy.errors import ImportRunning
from holdfast.legacy.reading import read_rows
from tests import database, factories
from tests.legacy.conftest import SAMPLES, Firm, old_row


def test_the_desk_shows_each_imported_booking_and_tells_where_it_came_from(firm: Firm) -> None:
    report = firm.take_over(*read_rows(SAMPLES / "bookings_v312.csv"), vehicle_map={"V2": "van-2"})
    browser = Client()
    owner = factories.make_staff(firm.organization)
    browser.post("/desk/sign-in/", {"email": owner.email, "password": "a good password"})
    told = []
    for row in report.rows:
        page = browser.get(f"/desk/bookings/{row.reference}/")
        assert page.status_code == 200
        told.append([unescape(words) for words in re.findall(r'timeline-body"><p>([^<]*)</p>', page.content.decode())])
    assert set(told[0]) == {"Note by v312", "Completed by v312", "Taken over from v312"}
    assert set(told[2]) == {"Note by v312", "Cancelled by v312", "Taken over from v312"}
    assert set(told[4]) == {"Note by v312", "Taken over from v312"}


def test_the_customers_page_opens_for_every_imported_booking(firm: Firm) -> None:
    firm.take_over(*read_rows(SAMPLES / "bookings_v312.csv"), vehicle_map={"V2": "van-2"})
    with transaction_for(firm.organization.id):
        keys = list(Booking.objects.values_list("id", flat=True))
    pages = [Client().get(f"/elite/manage/{manage_token(key)}/", follow=True).status_code for key in keys]
    assert pages == [200] * 5


def test_while_one_import_runs_another_for_the_same_organization_is_refused(firm: Firm, committed_db: str) -> None:
    number = locking.number_of("import-v312", firm.organization.id)
    with psycopg.connect(database.url(APP, committed_db)) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        with pytest.raises(ImportRunning):
            firm.take_over(old_row())
    assert firm.take_over(old_row()).written
