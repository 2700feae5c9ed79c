"""Hours at the desk: what is changed, who may, and what becomes of the bookings that no longer fit."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from holdfast.accounts.models import Role
from holdfast.bookings import actions
from holdfast.bookings.availability.plan_cache import plans
from holdfast.bookings.changed_hours.changes import fingerprint
from holdfast.bookings.changed_hours.conflicts import broken_bookings
from holdfast.bookings.errors import OutsideHours
from holdfast.bookings.models import Booking, KeptBooking
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Closure, HoursException, Organization, Resource, WorkedHoliday, WorkingHours
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from tests import factories
from tests.desk.conftest import World

SignIn = Callable[..., Client]


@pytest.fixture
def manager(world: World, signed_in: SignIn) -> Client:
    return signed_in(world, Role.MANAGER)


def day(world: World, days: int) -> date:
    return factories.local(world.organization, days, 0).date()


def rows(world: World, slug: str = "ines", kind: str = "regular") -> list[tuple[Any, ...]]:
    with transaction_for(world.organization.id):
        found = WorkingHours.objects.filter(resource__slug=slug, kind=kind)
        return list(found.values_list("weekday", "starts", "ends", "valid_from", "valid_until"))


def exceptions(world: World, slug: str = "ines", kind: str = "regular") -> list[tuple[Any, ...]]:
    with transaction_for(world.organization.id):
        found = HoursException.objects.filter(resource__slug=slug, kind=kind).order_by("date", "starts")
        return list(found.values_list("date", "starts", "ends", "reason"))


def seen(world: World, slug: str = "ines", kind: str = "regular") -> str:
    with transaction_for(world.organization.id):
        return fingerprint(Resource.objects.get(slug=slug), kind)


def week_form(world: World, ranges: dict[int, list[tuple[str, str]]], **more: str) -> dict[str, str]:
    form = {"seen": seen(world), "kind": "regular", "first": "", "last": "", **more}
    for weekday, each in ranges.items():
        for number, (starts, ends) in enumerate(each):
            form |= {f"d{weekday}-{number}-from": starts, f"d{weekday}-{number}-until": ends}
    return form


def every_day(*ranges: tuple[str, str]) -> dict[int, list[tuple[str, str]]]:
    return {number: list(ranges) for number in range(7)}


def changed(world: World) -> list[dict[str, Any]]:
    with transaction_for(world.organization.id):
        return [event.payload for event in Event.objects.filter(kind="catalog.changed").order_by("id")]


def page(response: Any) -> str:
    return str(response.content.decode()).replace("\u202f", " ")


WEEK = "/desk/hours/ines/"
DATES = "/desk/hours/ines/dates/"


def test_a_week_of_several_ranges_across_midnight_is_saved_and_recorded(world: World, manager: Client) -> None:
    ranges = {0: [("09:00", "12:30"), ("14:00", "18:00")], 4: [("22:00", "02:00")]}
    response = manager.post(WEEK, week_form(world, ranges), follow=True)
    assert "Saved." in page(response)
    assert rows(world) == [
        (0, time(9), time(12, 30), None, None),
        (0, time(14), time(18), None, None),
        (4, time(22), time(2), None, None),
    ]
    assert "10:00 PM–2:00 AM the next day" in page(response)
    [event] = changed(world)
    assert (event["what"], event["resources"], event["resolved"]) == ("hours.week", ["Inés Ortega"], {})
    assert event["actor_name"] == "Sam Owner"


def test_a_week_from_a_date_on_leaves_the_dates_before_it_as_they_were(world: World, manager: Client) -> None:
    first = day(world, 30)
    manager.post(WEEK, week_form(world, {0: [("10:00", "11:00")]}, first=str(first)))
    found = rows(world)
    assert (0, time(10), time(11), first, None) in found
    assert (3, time(8), time(20), None, first - timedelta(days=1)) in found
    assert len(found) == 8
    text = page(manager.get(WEEK))
    assert "The week changes in time" in text


@pytest.mark.parametrize(
    ("ranges", "words"),
    [
        ({0: [("09:00", "")]}, "Fill in both times, or none."),
        ({0: [("09:00", "12:00"), ("11:00", "13:00")]}, "It overlaps Monday, 9:00 AM–12:00 PM."),
        ({6: [("22:00", "02:00")], 0: [("01:00", "05:00")]}, "overlaps"),
        ({2: [("nine", "12:00")]}, "Enter a time, such as 09:00."),
    ],
)
def test_hours_that_cannot_be_are_refused_at_their_field(
    world: World, manager: Client, ranges: dict[int, list[tuple[str, str]]], words: str
) -> None:
    before = rows(world)
    response = manager.post(WEEK, week_form(world, ranges))
    assert response.status_code == 422
    assert words in page(response)
    assert rows(world) == before


def test_a_day_is_copied_in_the_form_and_nothing_is_saved_yet(world: World, manager: Client) -> None:
    before = rows(world)
    form = {**week_form(world, {0: [("09:00", "12:00")], 1: [("13:00", "14:00")]}), "copy": "1", "copy-from": "d0"}
    response = manager.post(WEEK, {**form, "copy-to": ["d1", "d2"]})
    values = {
        name: field.value()
        for name, field in ((f, response.context["form"][f]) for f in response.context["form"].fields)
    }
    assert [values[f"d{number}-0-from"] for number in range(4)] == ["09:00", "09:00", "09:00", None]
    assert rows(world) == before


def test_of_two_who_change_the_same_hours_the_second_is_told_and_loses_nothing(world: World, manager: Client) -> None:
    form = week_form(world, every_day(("09:00", "17:00")))
    manager.post(WEEK, week_form(world, every_day(("07:00", "21:00"))))
    response = manager.post(WEEK, form)
    assert response.status_code == 409
    text = page(response)
    assert "Somebody changed these hours in the meantime" in text
    assert "7:00 AM–9:00 PM" in text
    assert 'value="09:00"' in text
    assert rows(world)[0][1:3] == (time(7), time(21))
    again = {**form, "seen": response.context["form"]["seen"].value()}
    assert manager.post(WEEK, again).status_code == 302
    assert rows(world)[0][1:3] == (time(9), time(17))


def test_on_call_hours_are_edited_apart_from_the_regular_ones(world: World, manager: Client) -> None:
    before = rows(world)
    form = {**week_form(world, {5: [("20:00", "08:00")]}), "kind": "on_call", "seen": seen(world, kind="on_call")}
    assert manager.post(f"{WEEK}?kind=on_call", form).status_code == 302
    assert rows(world, kind="on_call") == [(5, time(20), time(8), None, None)]
    assert rows(world) == before


def resolve(world: World, form: dict[str, str], choices: dict[Booking, dict[str, str]]) -> dict[str, str]:
    sent = {**form, "resolving": "1"}
    for booking, chosen in choices.items():
        sent[f"version-{booking.id}"] = str(booking.version)
        sent |= {f"{name}-{booking.id}": value for name, value in chosen.items()}
    return sent


def test_shorter_hours_ask_about_each_booking_and_save_all_or_nothing(
    world: World, manager: Client, django_capture_on_commit_callbacks: Any
) -> None:
    given, moved, cancelled, kept = (world.book(number, 18, resource="ines") for number in (1, 2, 3, 4))
    form = week_form(world, every_day(("08:00", "17:00")))
    response = manager.post(WEEK, form)
    text = page(response)
    assert response.status_code == 200
    assert "4 bookings would no longer fit" in text
    assert "Inés Ortega does not work then." in text
    assert rows(world)[0][1:3] == (time(8), time(20))
    assert "Karim Benali instead of Inés Ortega" in text
    assert "Ana Reyes asked for Inés Ortega and is told at ana@example.com who comes instead." in text
    to = factories.local(world.organization, 2, 16)
    assert any(each == to for asked in response.context["asked"] for each in asked.broken.times)

    choices: dict[Booking, dict[str, str]] = {
        given: {"way": "reassign", "swap": "ines/karim"},
        moved: {"way": "reschedule", "time": to.isoformat()},
        cancelled: {"way": "cancel", "why": "Shorter days"},
    }
    response = manager.post(WEEK, resolve(world, form, choices))  # the fourth has no way out yet
    assert response.status_code == 409
    assert "It was made in the meantime." in page(response)
    assert rows(world)[0][1:3] == (time(8), time(20))
    assert world.again(cancelled).state == "confirmed"

    choices[kept] = {"way": "keep"}
    response = manager.post(WEEK, resolve(world, form, choices))
    assert "Please say why it is kept." in page(response)
    assert world.again(cancelled).state == "confirmed"
    choices[kept]["why"] = "She comes from far away"
    response = manager.post(WEEK, resolve(world, form, choices), follow=True)
    assert (
        "1 booking cancelled. 1 booking moved. 1 booking given to somebody else. 1 booking kept all the same."
        in page(response)
    )

    assert rows(world)[0][1:3] == (time(8), time(17))
    with transaction_for(world.organization.id):
        assert [each.resource.slug for each in given.allocations.filter(active=True)] == ["karim"]
        assert KeptBooking.objects.get().reason == "She comes from far away"
        assert broken_bookings(organization_id=world.organization.id) == []
    assert world.again(moved).starts_at == to
    assert world.again(cancelled).state == "cancelled"
    assert world.again(kept).state == "confirmed"
    [event] = changed(world)
    assert event["resolved"] == {
        given.reference: "reassign",
        moved.reference: "reschedule",
        cancelled.reference: "cancel",
        kept.reference: "keep",
    }
    text = page(manager.get(f"/desk/bookings/{kept.reference}/"))
    assert "Kept by Sam Owner although it no longer fits" in text
    assert "She comes from far away" in text


def test_a_kept_booking_is_asked_about_again_once_it_moved(world: World, manager: Client) -> None:
    booking = world.book(3, 18, resource="ines")
    form = week_form(world, every_day(("08:00", "17:00")))
    manager.post(WEEK, resolve(world, form, {booking: {"way": "keep", "why": "Promised"}}))
    with transaction_for(world.organization.id):
        assert broken_bookings(organization_id=world.organization.id) == []
    booking = world.again(booking)
    actions.reschedule(
        organization=world.organization, booking_id=booking.id, version=booking.version,
        starts_at=factories.local(world.organization, 3, 16), actor=Actor("staff", "Sam"),
    )  # fmt: skip
    response = manager.post(WEEK, week_form(world, every_day(("08:00", "12:00"))))
    assert "1 booking would no longer fit" in page(response)


def test_those_without_a_choice_of_their_own_get_the_one_for_the_rest(world: World, manager: Client) -> None:
    bookings = [world.book(5, hour, resource="ines") for hour in (9, 11, 13)]
    form = {"do": "add", "starts_on": str(day(world, 5)), "ends_on": str(day(world, 5)), "reason": "Works"}
    assert "3 bookings would no longer fit" in page(manager.post("/desk/closures/", form))
    sent = resolve(world, form, {each: {} for each in bookings})
    response = manager.post("/desk/closures/", {**sent, "rest": "cancel", "rest-why": "We are closed"})
    assert response.status_code == 302
    assert [world.again(each).state for each in bookings] == ["cancelled"] * 3


def test_a_booking_changed_meanwhile_is_not_resolved_blindly(world: World, manager: Client) -> None:
    booking = world.book(2, 18, resource="ines")
    form = week_form(world, every_day(("08:00", "17:00")))
    sent = resolve(world, form, {booking: {"way": "cancel"}}) | {f"version-{booking.id}": "0"}
    response = manager.post(WEEK, sent)
    assert response.status_code == 409
    assert "Somebody changed this booking in the meantime" in page(response)
    assert world.again(booking).state == "confirmed"


def test_a_change_that_was_only_looked_at_leaves_no_plan_behind(world: World, manager: Client) -> None:
    """Its version number is given again: to another change."""
    world.book(2, 18, resource="ines")
    manager.post(WEEK, week_form(world, every_day(("08:00", "17:00"))))
    manager.post(WEEK, week_form(world, every_day(("08:00", "21:00"))))
    found = Organization.objects.get(id=world.organization.id)
    kept = plans.newest(found.id, "massage", found.created_at.date())
    assert kept is None or kept.version <= found.catalog_version
    assert world.book(2, 19, resource="ines").state == "confirmed"
    with pytest.raises(OutsideHours):
        world.book(2, 21, resource="ines")


def test_time_off_cuts_what_it_touches_and_keeps_whole_days_free(world: World, manager: Client) -> None:
    first, last = day(world, 6), day(world, 8)
    form = {"do": "time-off", "first": str(first), "starts": "15:00", "last": str(last), "ends": "10:00"}
    assert manager.post(DATES, {**form, "reason": "Away"}).status_code == 302
    assert exceptions(world) == [
        (first, time(8), time(15), "Away"),
        (first + timedelta(days=1), None, None, "Away"),
        (last, time(10), time(20), "Away"),
    ]
    assert "Away" in page(manager.get(f"{DATES}?month={first}"))


def test_time_off_that_ends_before_it_begins_is_refused(world: World, manager: Client) -> None:
    form = {"do": "time-off", "first": str(day(world, 6)), "last": str(day(world, 5))}
    response = manager.post(DATES, form)
    assert response.status_code == 422
    assert "It ends before it begins." in page(response)


def test_one_date_differs_and_is_like_the_week_again(world: World, manager: Client) -> None:
    on = day(world, 4)
    form = {
        "do": "day",
        "date": str(on),
        "works": "times",
        "d0-0-from": "10:00",
        "d0-0-until": "11:00",
        "reason": "Fair",
    }
    assert manager.post(DATES, form).status_code == 302
    assert exceptions(world) == [(on, time(10), time(11), "Fair")]
    shown = manager.get(f"{DATES}?date={on}").context["day_form"]
    assert (shown["works"].value(), shown["reason"].value()) == ("times", "Fair")
    assert manager.post(DATES, {"do": "day", "date": str(on), "works": "week"}).status_code == 302
    assert exceptions(world) == []


def test_a_week_is_copied_to_the_weeks_after_it(world: World, manager: Client) -> None:
    on = day(world, 7)
    form = {"do": "day", "date": str(on), "works": "off"}
    manager.post(DATES, form)
    assert manager.post(DATES, {"do": "copy", "monday": str(on), "weeks": "2"}).status_code == 302
    assert [row[0] for row in exceptions(world)] == [on + timedelta(days=7 * number) for number in range(3)]


def test_several_change_together(world: World, manager: Client) -> None:
    on, both = day(world, 9), ["ines", "karim"]
    address = "/desk/hours/together/"
    assert manager.post(
        address, {"do": "time-off", "r": both, "first": str(on), "last": str(on), "reason": "Training"}
    ).status_code == 302  # fmt: skip
    assert exceptions(world, "ines") == exceptions(world, "karim") == [(on, None, None, "Training")]
    added = {"do": "add", "r": both, "weekdays": ["5"], "starts": "20:00", "ends": "23:00"}
    assert manager.post(address, added).status_code == 302
    assert (5, time(8), time(23), None, None) in rows(world, "karim")
    manager.post(WEEK, week_form(world, {1: [("09:00", "10:00")]}))
    assert manager.post(address, {"do": "copy", "r": both, "source": "ines"}).status_code == 302
    assert rows(world, "karim") == [(1, time(9), time(10), None, None)]
    assert [each["what"] for each in changed(world)] == ["hours.time_off", "hours.added", "hours.week", "hours.copied"]


def test_a_closure_is_added_and_removed(world: World, manager: Client) -> None:
    form = {"do": "add", "starts_on": str(day(world, 5)), "ends_on": str(day(world, 6)), "reason": "Works"}
    assert manager.post("/desk/closures/", form).status_code == 302
    with transaction_for(world.organization.id):
        closure = Closure.objects.get()
    assert "Works" in page(manager.get("/desk/closures/"))
    manager.post("/desk/closures/", {"do": "remove", "closure": str(closure.pk)})
    with transaction_for(world.organization.id):
        assert not Closure.objects.exists()


def test_a_public_holiday_is_worked_once_somebody_says_so(world: World, manager: Client) -> None:
    year = day(world, 0).year + 1
    holiday = date(year, 5, 1)
    response = manager.post("/desk/closures/", {"do": "holidays", "observes": "on", "region": "6AE"}, follow=True)
    text = page(response)
    assert "Labor Day" in text
    assert "Good Friday" in text  # Alsace's
    assert manager.post("/desk/closures/", {"do": "work", "date": str(holiday)}).status_code == 302
    with transaction_for(world.organization.id):
        assert WorkedHoliday.objects.get().date == holiday
    assert "We work" in page(manager.get("/desk/closures/"))
    assert manager.post("/desk/closures/", {"do": "rest", "date": str(holiday)}).status_code == 302
    with transaction_for(world.organization.id):
        assert not WorkedHoliday.objects.exists()


def test_the_engine_offers_a_worked_holiday(world: World) -> None:
    from holdfast.bookings.availability.schedules import schedules_of

    organization, holiday = world.organization, date(2027, 5, 1)
    with transaction_for(organization.id):
        Organization.objects.filter(id=organization.id).update(observes_holidays=True)
        closed = schedules_of([world.ines.pk], date(2026, 11, 21))[world.ines.pk].closed_dates
        WorkedHoliday.objects.create(organization=organization, date=holiday)
        worked = schedules_of([world.ines.pk], date(2026, 11, 21))[world.ines.pk].closed_dates
    assert closed - worked == {holiday}


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.READ_ONLY])
def test_dispatchers_look_at_hours_and_change_none(world: World, signed_in: SignIn, role: str) -> None:
    browser = signed_in(world, role)
    for address in ("/desk/hours/", WEEK, DATES, "/desk/closures/"):
        response = browser.get(address)
        assert response.status_code == 200
        assert "Save the" not in page(response)
    assert "You can look at hours" in page(browser.get("/desk/hours/together/"))
    before = rows(world)
    for address, form in (
        (WEEK, week_form(world, {})),
        (DATES, {"do": "day", "date": str(day(world, 3)), "works": "off"}),
        ("/desk/closures/", {"do": "holidays", "observes": "on"}),
        ("/desk/hours/together/", {"do": "time-off", "r": "ines"}),
    ):
        assert browser.post(address, form).status_code == 403
    assert (rows(world), exceptions(world)) == (before, [])


def test_members_see_their_own_hours_and_nobody_elses(world: World, signed_in: SignIn) -> None:
    browser = signed_in(world, Role.MEMBER)
    assert "not linked" in page(browser.get("/desk/hours/"))
    with transaction_for(world.organization.id):
        user = world.organization.memberships.get(role=Role.MEMBER).user
        Resource.objects.filter(slug="ines").update(user=user)
    text = page(browser.get("/desk/hours/"))
    assert "Inés Ortega" in text
    assert "Karim" not in text
    assert browser.get("/desk/hours/karim/").status_code == 404
    assert browser.get(WEEK).status_code == 200


def test_another_business_hours_do_not_exist_here(world: World, rival: World, signed_in: SignIn) -> None:
    browser = signed_in(rival, Role.OWNER)
    with transaction_for(rival.organization.id):
        Resource.objects.filter(slug="ines").delete()
    assert browser.get(WEEK).status_code == 404


def test_the_overview_asks_the_database_as_often_for_twelve_as_for_two(world: World, manager: Client) -> None:
    manager.get("/desk/hours/")
    with CaptureQueriesContext(connection) as for_two:
        manager.get("/desk/hours/")
    for _number in range(10):
        factories.make_resource(world.organization)
    with CaptureQueriesContext(connection) as for_twelve:
        assert len(manager.get("/desk/hours/").context["rows"]) == 12
    assert len(for_twelve) == len(for_two)
