"""An id is a place from which any process can go on: what is settled has no gap that somebody may fill yet."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import psycopg
import pytest

from holdfast.catalog.models import Organization
from holdfast.core.embedded_postgres import APP
from holdfast.live.database import Database
from holdfast.live.streams.log import Log
from holdfast.live.streams.tide import MOST_WAITING, Tide
from tests import database, factories

T = TypeVar("T")
INSERT = """
INSERT INTO events_event (organization_id, kind, subject, payload, at)
VALUES (%s, %s, gen_random_uuid(), '{}', now()) RETURNING id
"""


def test_what_was_drawn_is_settled_when_all_who_might_have_drawn_it_have_ended() -> None:
    tide = Tide()
    assert tide.saw(7, ["a"]) is False
    assert (tide.settled, tide.drawn) == (0, 7)
    assert tide.saw(9, ["a", "b"]) is False
    assert tide.saw(9, ["b"]) is True
    assert (tide.settled, tide.is_waiting) == (7, True)
    assert tide.saw(9, ["c"]) is True  # who came after the ninth was drawn has a later one
    assert (tide.settled, tide.is_waiting) == (9, False)
    assert tide.saw(9, []) is False
    assert tide.saw(12, []) is True
    assert tide.settled == 12


def test_one_who_never_ends_does_not_fill_memory() -> None:
    tide = Tide()
    for number in range(1, 10 * MOST_WAITING):
        tide.saw(number, ["a", f"other-{number}"])
        assert len(tide._waiting) <= MOST_WAITING
    tide.saw(10 * MOST_WAITING, [])
    assert tide.settled == 10 * MOST_WAITING


@pytest.mark.parametrize("first_commits_first", [True, False])
def test_an_event_waits_for_those_before_it_and_for_nobody_else(committed_db: str, first_commits_first: bool) -> None:
    """Two transactions step by step; a third stays open throughout and records nothing."""
    organization = factories.make_organization()
    tide = Tide()

    def settled() -> list[str]:
        async def look(store: Database) -> list[str]:
            await tide.look(store)
            page = await Log(store, organization.id).last(until=tide.settled)
            return [each.kind for each in page.happenings]

        return with_database(look)

    with (
        connection(organization, committed_db) as one,
        connection(organization, committed_db) as two,
        connection(organization, committed_db) as idle,
    ):
        idle.execute("SELECT pg_current_xact_id()")
        one.execute(INSERT, [organization.id, "one"])
        two.execute(INSERT, [organization.id, "two"])
        assert settled() == []
        (one if first_commits_first else two).commit()
        assert settled() == []  # by then the first look's holders have not all ended
        (two if first_commits_first else one).commit()
        assert settled() == ["one", "two"]


def connection(organization: Organization, name: str) -> psycopg.Connection[tuple[object, ...]]:
    made = psycopg.connect(database.url(APP, name))
    made.execute("SELECT set_config('holdfast.organization', %s, false)", [str(organization.id)])
    made.commit()
    return made


def with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    async def run() -> T:
        store = Database()
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())
