"""A reader of the event log misses nothing, whatever order transactions end in (Law 5)."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import transaction

from holdfast.catalog.models import Organization
from holdfast.core.embedded_postgres import APP
from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.events import actions, queries
from holdfast.events.models import Event
from tests import database, factories, proofs
from tests.core.processes import wait_until
from tests.running import at_once


class Writer:
    """Somebody who records events in a transaction that we begin and end."""

    def __init__(self, name: str, organization: Organization) -> None:
        self.connection: psycopg.Connection[Any] = psycopg.connect(database.url(APP, name))
        self.organization = organization

    def record(self, kind: str) -> int:
        self.connection.execute("SELECT set_config('holdfast.organization', %s, true)", [str(self.organization.id)])
        row = self.connection.execute(
            """INSERT INTO events_event (organization_id, kind, subject, payload, at)
            VALUES (%s, %s, %s, '{}', now()) RETURNING id""",
            [self.organization.id, kind, uuid7()],
        ).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def shop(committed_db: str) -> Organization:
    return factories.make_organization()


@pytest.fixture
def slow(committed_db: str, shop: Organization) -> Iterator[Writer]:
    writer = Writer(committed_db, shop)
    yield writer
    writer.connection.close()


@pytest.fixture
def fast(committed_db: str, shop: Organization) -> Iterator[Writer]:
    writer = Writer(committed_db, shop)
    yield writer
    writer.connection.close()


class Reader:
    """Follows the log from the last id it was given."""

    def __init__(self, shop: Organization) -> None:
        self._shop, self.last, self.seen = shop, 0, list[str]()

    def read(self) -> list[str]:
        with transaction_for(self._shop.id):
            events = queries.read_after(last_id=self.last)
        self.seen += [event.kind for event in events]
        self.last = events[-1].id if events else self.last
        return self.seen

    def reads_at_last(self, expected: list[str]) -> None:
        """The horizon is the whole server's: another test's open transaction may hold it back for a moment."""
        wait_until(lambda: self.read() == expected, 60, lambda: f"{self.seen} instead of {expected}")


def test_an_event_whose_transaction_ends_later_is_not_lost(shop: Organization, slow: Writer, fast: Writer) -> None:
    reader = Reader(shop)
    first, second = slow.record("first"), fast.record("second")
    assert first < second
    fast.connection.commit()
    assert reader.read() == [], "the second waits until nothing before it can appear any more"
    slow.connection.commit()
    reader.reads_at_last(["first", "second"])


def test_reading_by_id_alone_loses_it(shop: Organization, slow: Writer, fast: Writer) -> None:
    """The twin: ids are given before the commit, so the higher one is seen first and the lower never."""
    slow.record("first")
    fast.record("second")
    fast.connection.commit()
    seen, last = list[str](), 0
    for the_slow_one_ends in (False, True):
        if the_slow_one_ends:
            slow.connection.commit()
        with transaction_for(shop.id):
            events = list(Event.objects.filter(id__gt=last).order_by("id"))
        seen += [event.kind for event in events]
        last = events[-1].id if events else last
    assert seen == ["second"]


def test_an_event_that_was_rolled_back_holds_nobody_up(shop: Organization, slow: Writer, fast: Writer) -> None:
    reader = Reader(shop)
    slow.record("never")
    fast.record("second")
    fast.connection.commit()
    slow.connection.rollback()
    reader.reads_at_last(["second"])


def test_readers_and_many_writers_at_once_agree_on_the_order(shop: Organization) -> None:
    def write(number: int) -> list[str]:
        kinds = [f"{number}.{step}" for step in range(10)]
        for kind in kinds:
            with transaction_for(shop.id):
                actions.record(organization_id=shop.id, kind=kind, subject=shop.id, payload={})
        return kinds

    def follow() -> list[str]:
        reader = Reader(shop)
        wait_until(lambda: len(reader.read()) == 60, 60)
        return reader.seen

    works: list[Callable[[], object]] = [follow, *(partial(write, number) for number in range(6)), follow]
    first, *_writers, last = at_once(works)
    with transaction_for(shop.id):
        everything = [event.kind for event in queries.of_subject(shop.id)]
    assert len(everything) == 60
    assert (first, last) == (everything, everything)


def test_pages_are_as_long_as_asked_and_none_is_skipped(shop: Organization) -> None:
    with transaction_for(shop.id):
        for number in range(7):
            actions.record(organization_id=shop.id, kind=str(number), subject=shop.id, payload={})
    Reader(shop).reads_at_last([str(number) for number in range(7)])
    with transaction_for(shop.id):
        first = queries.read_after(last_id=0, limit=3)
        assert [event.kind for event in first] == ["0", "1", "2"]
        assert [event.kind for event in queries.read_after(last_id=first[-1].id, limit=3)] == ["3", "4", "5"]


def test_an_event_is_there_if_and_only_if_its_transaction_was(shop: Organization) -> None:
    with transaction_for(shop.id):
        actions.record(organization_id=shop.id, kind="kept", subject=shop.id, payload={})
    with transaction_for(shop.id):
        actions.record(organization_id=shop.id, kind="undone", subject=shop.id, payload={})
        transaction.set_rollback(True)
    with transaction_for(shop.id):
        assert [event.kind for event in queries.of_subject(shop.id)] == ["kept"]


def test_an_event_names_the_transaction_that_wrote_it(shop: Organization, committed_db: str, slow: Writer) -> None:
    ids = [slow.record("a"), slow.record("b")]
    slow.connection.commit()
    written = proofs.rows(
        committed_db,
        "SELECT count(DISTINCT xid), bool_and(xid::xid IS NOT NULL) FROM events_event WHERE id = ANY(%s)",
        [ids],
    )
    assert written == [(1, True)]


def test_handlers_run_in_the_events_own_transaction(shop: Organization, committed_db: str) -> None:
    """A confirmed booking leaves its mail's job behind in the same transaction, or neither is there."""
    factories.make_resource(shop)
    service = factories.make_service(shop)
    factories.make_booking(shop, service, factories.local(shop, 3, 10))
    jobs = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notifications.send_booking_mail'"
    assert proofs.rows(committed_db, jobs) == [(1,)]
    with transaction_for(shop.id):
        factories.book_once(shop, service, factories.local(shop, 3, 12))
        transaction.set_rollback(True)
    assert proofs.rows(committed_db, jobs) == [(1,)]
