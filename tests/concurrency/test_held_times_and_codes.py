"""A held time that passes to somebody else, booked with a code: the places are claimed after the code's lock."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connections
from psycopg import errors, sql

from holdfast.bookings import actions, redeeming
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.holds import actions as holds
from holdfast.bookings.models import Booking
from holdfast.bookings.places import claims, taking_over
from holdfast.bookings.places.contention import SlotContended
from holdfast.catalog.models import Organization, Service
from holdfast.core import locking
from holdfast.core.embedded_postgres import APP, SUPERUSER
from holdfast.core.tenancy import transaction_for
from holdfast.pricing.models import Promotion
from tests import database, factories

WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
ANA = factories.details_of("ana@example.com")
BEN = factories.details_of("ben@example.com")


@dataclass
class Salon:
    """Lea served Ana last; Max has the time that is held for her. Both want the last use of a code."""

    database: str
    organization: Organization
    service: Service
    promotion: Promotion
    held: Booking

    @property
    def wish(self) -> Wish:
        return Wish(self.service.slug, promo_code="SPRING")

    def book_the_hold(self) -> None:
        """One attempt, as the product makes it."""
        with transaction_for(self.organization.id):
            actions.book_once(
                organization=self.organization, wish=self.wish, starts_at=self.held.starts_at, details=ANA,
                hold_id=self.held.id,
            )  # fmt: skip

    def claim_before_the_code(self) -> None:
        """The same steps in the other order: the places, and then the promotion's lock."""
        with transaction_for(self.organization.id):
            booking = holds.held(self.held.id)
            placement = taking_over.by_who_knows(self.organization, booking, self.wish, ANA.customer)
            assert placement is not None
            claims.exchange(booking, placement)
            redeeming.redeem(placement.question, placement.start, ANA.customer)

    def book_lea(self) -> None:
        """Ben, who asks for Lea by name, with the code and at the same time."""
        wish = Wish(self.service.slug, resource="lea", promo_code="SPRING")
        with transaction_for(self.organization.id):
            actions.book_once(organization=self.organization, wish=wish, starts_at=self.held.starts_at, details=BEN)

    @contextmanager
    def code_is_locked(self) -> Iterator[Callable[[int], None]]:
        """Somebody else has the promotion's lock; gives who waits until so many wait for it."""
        with psycopg.connect(database.url(APP, self.database)) as other:
            number = locking.number_of("promotion", str(self.promotion.pk))
            other.execute("SELECT pg_advisory_xact_lock(%s)", [number])
            with psycopg.connect(database.url(SUPERUSER, self.database), autocommit=True) as looking:

                def until(count: int) -> None:
                    deadline = time.monotonic() + 20
                    while looking.execute(WAITING).fetchone() != (count,):
                        assert time.monotonic() < deadline, "nobody waits for the promotion's lock"
                        time.sleep(0.01)

                yield until


@pytest.fixture
def salon(committed_db: str) -> Salon:
    with psycopg.connect(database.url(SUPERUSER, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} SET deadlock_timeout = '50ms'").format(sql.Identifier(committed_db)))
    connections.close_all()
    organization = factories.make_organization()
    for slug in ("lea", "max"):
        factories.make_resource(organization, slug=slug, is_public=True)
    service = factories.make_service(
        organization, needs=[{"kind": "person", "is_choosable": True}], assign_by="last_seen"
    )
    promotion = factories.make_promotion(organization, uses=5)
    start = factories.monday(organization, 10)
    factories.make_booking(organization, service, factories.monday(organization, 8), resource="lea", details=ANA)
    lea = factories.make_booking(organization, service, start, resource="lea", details=BEN)
    held = holds.hold(organization=organization, wish=Wish(service.slug), starts_at=start)
    actions.cancel(organization=organization, booking_id=lea.id, version=1, actor=factories.STAFF)
    return Salon(committed_db, organization, service, promotion, held)


def meet(salon: Salon, first: Callable[[], None], second: Callable[[], None]) -> list[str]:
    """Both come to wait for the code, the first before the second, and are let go; how each ended."""
    ends: dict[int, str] = {}

    def run(number: int, work: Callable[[], None]) -> None:
        try:
            work()
            ends[number] = "done"
        except SlotContended:
            ends[number] = "lost"
        except OperationalError as error:
            ends[number] = "deadlock" if isinstance(error.__cause__, errors.DeadlockDetected) else str(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=each, daemon=True) for each in enumerate((first, second))]
    with salon.code_is_locked() as wait_until:
        for count, thread in enumerate(threads, 1):
            thread.start()
            wait_until(count)
    for thread in threads:
        thread.join(30)
    return [ends.get(number, "never ended") for number in range(2)]


def test_who_books_a_held_time_claims_after_the_code_and_nobody_waits_in_a_circle(salon: Salon) -> None:
    assert meet(salon, salon.book_lea, salon.book_the_hold) == ["done", "lost"]
    salon.book_the_hold()  # what the product does on its own: it looks again, and stays with Max
    with transaction_for(salon.organization.id):
        assert [each["resource"] for each in Booking.objects.get(id=salon.held.id).assigned] == [
            each["resource"] for each in salon.held.assigned
        ]


def test_who_claims_before_the_code_waits_in_a_circle(salon: Salon) -> None:
    ends: list[Any] = meet(salon, salon.book_lea, salon.claim_before_the_code)
    assert "deadlock" in ends
