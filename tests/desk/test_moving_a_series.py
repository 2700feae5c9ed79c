"""A series is moved at the desk: which dates, every one of them shown first, and nothing written before it is said."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.test import Client

from holdfast.bookings.models import Booking, LimitOverride
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.desk.conftest import World
from tests.desk.test_series import booked
from tests.series.conftest import at

HOUR = timedelta(hours=1)


def starts(world: World) -> list[datetime]:
    with transaction_for(world.organization.id):
        rows = Booking.objects.filter(series__isnull=False).order_by("series_date")
        return [row.starts_at for row in rows]


def test_this_and_the_following_are_moved_after_a_look_at_each(world: World, signed_in: Callable[..., Client]) -> None:
    desk, start = signed_in(world), factories.local(world.organization, 10, 14)
    rows = booked(world.organization, world.massage, start)
    for resource in ("ines", "karim"):
        factories.make_booking(world.organization, world.massage, at(start, 2) + 2 * HOUR, resource=resource)
    before, named = starts(world), rows[1]
    form = {
        "starts_at": (named.starts_at + 2 * HOUR).isoformat(),
        "version": named.version,
        "scope": "following",
        "reason": "New shift",
    }
    shown = desk.post(f"/desk/bookings/{named.reference}/move/", form, follow=True)
    assert [row.status for row in shown.context["rows"]] == ["ok", "conflict", "ok"]
    assert b'value="go"' not in shown.content
    assert starts(world) == before

    here = f"/desk/bookings/{named.reference}/move-series/"
    sent = {
        "scope": "following",
        "at": form["starts_at"],
        "version": named.version,
        "reason": "New shift",
        "keep": at(start, 2).date().isoformat(),
    }
    again = desk.post(here, {**sent, "next": "show"}, follow=True)
    assert [row.status for row in again.context["rows"]] == ["ok", "kept", "ok"]
    assert starts(world) == before

    unseen = desk.post(here, {**sent, "with_moved": "1", "seen": again.context["wanted"].query(), "next": "go"})
    assert unseen.headers["Location"].startswith(f"{here}?scope=following")
    assert starts(world) == before

    refused = desk.post(here, {**sent, "keep": "", "seen": shown.context["wanted"].query(), "next": "go"}, follow=True)
    assert [row.status for row in refused.context["rows"]] == ["ok", "conflict", "ok"]
    assert starts(world) == before

    moved = desk.post(here, {**sent, "seen": again.context["wanted"].query(), "next": "go"}, follow=True)
    assert "2 dates have new times." in moved.content.decode()
    assert starts(world) == [before[0], before[1] + 2 * HOUR, before[2], before[3] + 2 * HOUR]


def test_only_this_date_is_moved_at_once_and_all_dates_from_the_series_page(
    world: World, signed_in: Callable[..., Client]
) -> None:
    desk, start = signed_in(world), factories.local(world.organization, 10, 14)
    rows = booked(world.organization, world.massage, start)
    before = starts(world)
    form = {"starts_at": (before[3] + HOUR).isoformat(), "version": rows[3].version, "scope": "this"}
    desk.post(f"/desk/bookings/{rows[3].reference}/move/", form)
    assert starts(world) == [*before[:3], before[3] + HOUR]
    series = desk.get(f"/desk/series/{rows[0].series_id}/").content.decode()
    assert f"/desk/bookings/{rows[0].reference}/move/?scope=all" in series
    sent = {"scope": "all", "at": (before[0] - HOUR).isoformat(), "version": str(rows[0].version)}
    shown = desk.get(f"/desk/bookings/{rows[0].reference}/move-series/", sent)
    assert [row.status for row in shown.context["rows"]] == ["ok", "ok", "ok", "kept"]
    here = f"/desk/bookings/{rows[0].reference}/move-series/"
    seen = desk.get(here, {**sent, "with_moved": "1"}).context["wanted"].query()
    desk.post(here, {**sent, "with_moved": "1", "seen": seen, "next": "go"})
    assert starts(world) == [each - HOUR for each in before]


def test_a_booking_that_changed_since_it_was_looked_at_is_not_moved(
    world: World, signed_in: Callable[..., Client]
) -> None:
    desk = signed_in(world)
    rows = booked(world.organization, world.massage, factories.local(world.organization, 10, 14))
    before = starts(world)
    sent = {"scope": "all", "at": (before[0] + HOUR).isoformat(), "version": rows[0].version + 1, "next": "go"}
    here = f"/desk/bookings/{rows[0].reference}/move-series/"
    seen = desk.get(here, {"scope": "all", "at": (before[0] + HOUR).isoformat()}).context["wanted"].query()
    refused = desk.post(here, {**sent, "seen": seen})
    assert "Somebody changed this booking" in refused.content.decode()
    assert starts(world) == before


def test_a_date_in_conflict_goes_to_another_time_by_one_click(world: World, signed_in: Callable[..., Client]) -> None:
    desk, start = signed_in(world), factories.local(world.organization, 10, 14)
    rows = booked(world.organization, world.massage, start)
    for resource in ("ines", "karim"):
        factories.make_booking(world.organization, world.massage, at(start, 2) + 2 * HOUR, resource=resource)
    before, here = starts(world), f"/desk/bookings/{rows[0].reference}/move-series/"
    sent = {"scope": "all", "at": (before[0] + 2 * HOUR).isoformat(), "version": str(rows[0].version)}
    shown = desk.get(here, sent)
    stuck = shown.context["rows"][2]
    assert (stuck.status, len(stuck.others)) == ("conflict", 3)
    value, words = stuck.others[1]
    assert f'name="instead" value="{value}">{words}' in shown.content.decode()
    chosen = desk.post(here, {**sent, "instead": value}, follow=True)
    assert [row.status for row in chosen.context["rows"]] == ["ok"] * 4
    assert [row.instead for row in chosen.context["rows"]] == ["", "", value, ""]
    assert starts(world) == before
    undone = desk.post(here, {**sent, "next": "show"}, follow=True)
    assert [row.status for row in undone.context["rows"]] == ["ok", "ok", "conflict", "ok"]
    seen = chosen.context["wanted"].query()
    moved = desk.post(here, {**sent, "instead": value, "seen": seen, "next": "go"}, follow=True)
    assert "4 dates have new times." in moved.content.decode()
    assert starts(world) == [each + (3 if number == 2 else 2) * HOUR for number, each in enumerate(before)]


def test_dates_that_only_a_limit_refuses_are_moved_with_a_reason(
    world: World, signed_in: Callable[..., Client]
) -> None:
    desk, start = signed_in(world), factories.local(world.organization, 10, 14)
    rows = booked(world.organization, world.massage, start)
    factories.make_limit(world.organization, kind="service", service=world.massage, most=1)
    world.organization.refresh_from_db()
    tomorrow = timedelta(days=1)
    factories.make_booking(world.organization, world.massage, at(start, 1) + tomorrow - 4 * HOUR)
    before, here = starts(world), f"/desk/bookings/{rows[0].reference}/move-series/"
    sent = {"scope": "all", "at": (before[0] + tomorrow).isoformat(), "version": str(rows[0].version)}
    shown = desk.get(here, sent)
    assert [row.status for row in shown.context["rows"]] == ["ok", "conflict", "ok", "ok"]
    assert "Reason for going beyond the limit" in shown.content.decode()
    looked = desk.post(here, {**sent, "override": "Storm", "next": "show"}, follow=True)
    assert [row.beyond for row in looked.context["rows"]] == [(), ("Massage: at most 1 booking a day",), (), ()]
    seen = looked.context["wanted"].query()
    desk.post(here, {**sent, "override": "Storm", "seen": seen, "next": "go"})
    assert starts(world) == [each + tomorrow for each in before]
    with transaction_for(world.organization.id):
        assert [each.reason for each in LimitOverride.objects.all()] == ["Storm"]
