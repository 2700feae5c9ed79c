"""The board: a day of every resource, and why an empty cell can or cannot be booked."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from holdfast.accounts.models import Role
from holdfast.bookings.models import Booking
from holdfast.catalog.models import Requirement, Resource
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.desk.board import Occupied, lay_out
from holdfast.domain import hours
from tests import factories
from tests.desk.conftest import World

SignIn = Callable[..., Client]
PARIS = "Europe/Paris"


def at(day: date, hour: int, minute: int = 0) -> int:
    return hours.to_minute(PARIS, datetime(day.year, day.month, day.day, hour, minute))  # noqa: DTZ001 - a wall clock


def shapes(board_row: object) -> list[list[tuple[str, int]]]:
    return [[(cell.kind, cell.units) for cell in line.cells] for line in board_row.lines]  # type: ignore[attr-defined]


def test_a_line_shows_hours_buffers_and_bookings_to_the_quarter() -> None:
    day = date(2026, 3, 10)
    resource, booking = Resource(name="Inés", lanes=1), Booking(reference="ABCDEFGH")
    taken = Occupied(0, at(day, 9, 45), at(day, 11, 15), at(day, 10), at(day, 11), booking)
    board = lay_out(PARIS, day, [resource], {resource.pk: [(at(day, 9), at(day, 12))]}, {resource.pk: [taken]})
    assert (board.start, board.end) == (at(day, 9), at(day, 12))
    assert shapes(board.rows[0]) == [
        [("open", 2), ("open", 1), ("buffer", 1), ("booking", 4), ("buffer", 1), ("open", 1), ("open", 2)]
    ]


def test_what_runs_past_midnight_is_shown_on_both_days_up_to_it() -> None:
    day = date(2026, 3, 10)
    resource, booking = Resource(name="Van", lanes=1), Booking(reference="ABCDEFGH")
    taken = Occupied(0, at(day, 22), at(date(2026, 3, 11), 2), at(day, 22), at(date(2026, 3, 11), 2), booking)
    evening = lay_out(PARIS, day, [resource], {}, {resource.pk: [taken]})
    night = lay_out(PARIS, date(2026, 3, 11), [resource], {}, {resource.pk: [taken]})
    assert shapes(evening.rows[0]) == shapes(night.rows[0]) == [[("booking", 8)]]


@pytest.mark.parametrize(("day", "count"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_a_day_has_as_many_columns_as_it_has_hours(day: date, count: int) -> None:
    resource = Resource(name="Night porter", lanes=1)
    whole = [(hours.day_start(PARIS, day), hours.day_start(PARIS, date.fromordinal(day.toordinal() + 1)))]
    board = lay_out(PARIS, day, [resource], {resource.pk: whole}, {})
    assert len(board.hours) == count
    assert sum(cell.units for cell in board.rows[0].lines[0].cells) == count * 4


def test_places_that_nobody_has_taken_share_one_line() -> None:
    day = date(2026, 3, 10)
    resource, booking = Resource(name="Class", lanes=12), Booking(reference="ABCDEFGH")
    taken = Occupied(3, at(day, 10), at(day, 11), at(day, 10), at(day, 11), booking)
    row = lay_out(PARIS, day, [resource], {}, {resource.pk: [taken]}).rows[0]
    assert [line.lanes for line in row.lines] == [1, 11]


def test_the_board_shows_every_resource_and_booking_of_the_day(signed_in: SignIn, world: World) -> None:
    booking = world.book(2, 10, resource="ines")
    day = factories.local(world.organization, 2, 10).date().isoformat()
    body = signed_in(world, Role.READ_ONLY).get("/desk/board/", {"day": day}).content.decode()
    assert "Inés Ortega" in body
    assert "Karim Benali" in body
    assert body.count(f"/desk/bookings/{booking.reference}/") == 2  # in the table and in the list for narrow screens


def test_the_list_asks_about_the_next_half_hour_today_and_the_first_hour_of_another_day(
    signed_in: SignIn, world: World
) -> None:
    browser = signed_in(world)

    def asked(address: str) -> int:
        found = re.search(r'id="ask-time"[^>]* value="([^"]+)"', browser.get(address).content.decode())
        assert found
        return hours.to_minute(PARIS, datetime.fromisoformat(found[1]))

    def next_half_hour() -> int:
        return -(-clock.to_minute(clock.now()) // 30) * 30

    before, today = next_half_hour(), asked("/desk/board/")
    assert today in {before, next_half_hour()}
    tomorrow = hours.date_of(PARIS, before) + timedelta(days=1)
    assert hours.date_of(PARIS, asked(f"/desk/board/?day={tomorrow}")) == tomorrow


def test_another_organizations_day_is_not_shown(signed_in: SignIn, world: World, rival: World) -> None:
    theirs = rival.book(2, 10)
    day = factories.local(world.organization, 2, 10).date().isoformat()
    assert theirs.reference not in signed_in(world).get("/desk/board/", {"day": day}).content.decode()


def test_an_empty_cell_says_for_each_service_whether_and_why(signed_in: SignIn, world: World) -> None:
    booking = world.book(2, 10, resource="ines")
    browser = signed_in(world)
    taken = factories.local(world.organization, 2, 10)
    ask = {"resource": "ines", "time": taken.strftime("%Y-%m-%dT%H:%M")}
    body = browser.get("/desk/board/why/", ask).content.decode()
    assert body.count("Taken, buffers included") == 2  # by both services that Inés could serve
    assert f"/desk/bookings/{booking.reference}/" in body
    free = browser.get("/desk/board/why/", {**ask, "resource": "karim"}).content.decode()
    assert free.count("This time is free.") == 2
    moment = clock.from_minute(clock.to_minute(taken)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert f"service=massage&amp;resource=karim&amp;at={moment}" in free


def test_who_may_only_look_is_not_offered_to_book(signed_in: SignIn, world: World) -> None:
    time = factories.local(world.organization, 2, 10).strftime("%Y-%m-%dT%H:%M")
    body = signed_in(world, Role.READ_ONLY).get("/desk/board/why/", {"resource": "ines", "time": time}).content.decode()
    assert "This time is free." in body
    assert "/desk/bookings/new/" not in body.split('id="why"')[1].split("desk-places")[0]


def test_an_empty_cell_says_what_a_service_asks_for_that_its_resource_lacks(signed_in: SignIn, world: World) -> None:
    with transaction_for(world.organization.id):
        Requirement.objects.filter(service=world.massage).update(skills=["deep tissue"])
    at = factories.local(world.organization, 2, 10).strftime("%Y-%m-%dT%H:%M")
    page = signed_in(world).get("/desk/board/why/", {"resource": "ines", "time": at}).content.decode()
    [massage] = [each for each in page.split("<section") if ">Massage<" in each]
    assert "Does not serve it" in massage
    assert "deep tissue" in massage


@pytest.mark.parametrize(
    "query", ["", "?resource=ines", "?resource=nobody&time=2026-03-10T10:00", "?resource=ines&time=x"]
)
def test_a_cell_that_does_not_exist_is_not_found(signed_in: SignIn, world: World, query: str) -> None:
    assert signed_in(world).get(f"/desk/board/why/{query}").status_code == 404


def test_today_and_the_board_are_told_apart_by_their_headings(signed_in: SignIn, world: World) -> None:
    browser = signed_in(world)
    pages = [browser.get(f"/desk/{each}").content.decode() for each in ("", "board/")]
    assert [re.findall(r"<h1[^>]*>(.*?)</h1>", page) for page in pages] == [["Today"], ["Board"]]
