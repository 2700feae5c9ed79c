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
from holdfast.events.following import BEGINNING
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
    """Follows the log from its beginning."""

    def __init__(self, shop: Organization) -> None:
        self._shop, self.place, self.seen = shop, BEGINNING, list[str]()

    def read(self) -> list[str]:
        with transaction_for(self._shop.id):
            events, self.place = queries.read_unseen(organization_id=self._shop.id, place=self.place)
        self.seen += [event.kind for event in events]
        return self.seen


def test_an_event_whose_transaction_ends_later_is_not_lost_and_keeps_nobody_waiting(
    shop: Organization, slow: Writer, fast: Writer
) -> None:
    reader = Reader(shop)
    first, second = slow.record("first"), fast.record("second")
    assert first < second
    fast.connection.commit()
    assert reader.read() == ["second"]
    slow.connection.commit()
    assert reader.read() == ["second", "first"]


def test_an_event_is_not_lost_though_the_transaction_of_a_later_one_began_first(
    shop: Organization, slow: Writer, fast: Writer
) -> None:
    """The later id has the earlier transaction: a horizon of transactions alone would pass over the slow one."""
    reader = Reader(shop)
    fast.connection.execute("SELECT pg_current_xact_id()")
    first, second = slow.record("first"), fast.record("second")
    assert first < second
    fast.connection.commit()
    assert reader.read() == ["second"]
    for number in range(3):
        fast.record(str(number))
        fast.connection.commit()
        reader.read()
    slow.connection.commit()
    assert reader.read() == ["second", "0", "1", "2", "first"]


def test_what_was_seen_is_not_searched_again(shop: Organization, fast: Writer) -> None:
    """Once every transaction that might be slower has ended: another test's may be open for a moment."""
    reader = Reader(shop)
    ids = [fast.record(str(number)) for number in range(5)]
    fast.connection.commit()

    def lowest() -> int:
        reader.read()
        return reader.place.low

    wait_until(lambda: lowest() == ids[-1], 60)
    assert reader.seen == ["0", "1", "2", "3", "4"]


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
    assert reader.read() == ["second"]


def test_readers_beside_many_writers_see_each_event_once(shop: Organization) -> None:
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
    assert isinstance(first, list)
    assert isinstance(last, list)
    assert sorted(first) == sorted(last) == sorted(everything)


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
