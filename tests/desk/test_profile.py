"""A profile at the desk: the services somebody serves, their languages and attributes, the public switch."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.models import Role
from holdfast.bookings.models import KeptBooking
from holdfast.bookings.queries import resources_of
from holdfast.catalog.members import fingerprint
from holdfast.catalog.models import Requirement, Resource
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from tests import factories
from tests.desk.conftest import World
from tests.desk.test_hours import WEEK, every_day, week_form

PROFILE = "/desk/hours/ines/profile/"


@pytest.fixture
def skilled(world: World) -> World:
    """The massage asks for a skill and a language, which only Inés has."""
    with transaction_for(world.organization.id):
        Requirement.objects.filter(service=world.massage).update(skills=["massage", "lang:es"])
        Resource.objects.filter(slug="ines").update(
            skills=["massage", "lang:es"], about={"en": "Since 2015", "it": "Sì"}
        )
        world.ines.refresh_from_db()
    return world


@pytest.fixture
def manager(skilled: World, signed_in: Callable[..., Client]) -> Client:
    return signed_in(skilled, Role.MANAGER)


def ines(world: World) -> Resource:
    with transaction_for(world.organization.id):
        return Resource.objects.get(slug="ines")


def form(world: World, **more: Any) -> dict[str, Any]:
    usual = {"skills": ["massage"], "languages": ["es"], "more": "", "attributes": "", "team": "", "is_public": "on"}
    return {"seen": fingerprint(ines(world)), **usual, "about-en": "Since 2015", **more}


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_the_page_says_which_services_somebody_serves_and_what_each_asks(skilled: World, manager: Client) -> None:
    text = text_of(manager.get(PROFILE))
    assert "needs Person · massage · Spanish" in text
    assert text.count("Serves it") == 2
    other = text_of(manager.get("/desk/hours/karim/profile/"))
    assert other.count("Does not serve it") == 1
    assert 'href="/desk/hours/ines/profile/"' in text_of(manager.get("/desk/hours/ines/"))
    assert 'href="/desk/hours/ines/profile/"' in text_of(manager.get("/desk/hours/ines/dates/"))


def test_skills_languages_attributes_and_the_public_switch_are_saved_and_recorded(
    skilled: World, manager: Client
) -> None:
    sent = form(skilled, languages=["es", "fr"], more="taping, cupping", attributes="Seats: 2\nfuel: electric")
    del sent["is_public"]
    response = manager.post(PROFILE, sent, follow=True)
    assert "Saved." in text_of(response)
    found = ines(skilled)
    assert found.skills == ["cupping", "lang:es", "lang:fr", "massage", "taping"]
    assert found.attributes == {"seats": 2, "fuel": "electric"}
    assert found.is_public is False
    assert found.about == {"en": "Since 2015", "it": "Sì"}
    with transaction_for(skilled.organization.id):
        [event] = Event.objects.filter(kind="catalog.changed")
    assert event.payload["what"] == "resource.profile"
    assert event.payload["details"]["skills_gained"] == ["cupping", "lang:fr", "taping"]
    public = manager.get(f"/api/v1/{skilled.organization.slug}/services/massage/team-members")
    assert [each["slug"] for each in public.json()] == []


def test_customers_are_told_languages_and_only_the_attributes_that_are_public(skilled: World, manager: Client) -> None:
    team = f"/api/v1/{skilled.organization.slug}/services/massage/team-members"
    manager.post(PROFILE, form(skilled, attributes="years: 9\nlicence: A-117\nlift: 1.5"))
    [member] = manager.get(team).json()
    assert (member["slug"], member["languages"], member["attributes"]) == ("ines", ["es"], {})
    with transaction_for(skilled.organization.id):
        skilled.organization.public_attributes = ["years", "lift", "seats"]
        skilled.organization.save()
    [member] = manager.get(team).json()
    assert member["attributes"] == {"years": 9, "lift": 1.5}
    assert "skills" not in member
    assert "Customers see: years, lift, seats." in text_of(manager.get(PROFILE))


def test_a_skill_that_bookings_need_is_not_taken_away_in_silence(skilled: World, manager: Client) -> None:
    booking = skilled.book(2, 10, resource="ines")
    sent = form(skilled, languages=[])
    response = manager.post(PROFILE, sent)
    assert "1 booking would no longer fit" in text_of(response)
    assert "Inés Ortega no longer fits" in text_of(response)
    assert "lang:es" in ines(skilled).skills
    kept = {"resolving": "1", f"version-{booking.id}": booking.version, f"way-{booking.id}": "keep"}
    manager.post(PROFILE, {**sent, **kept, f"why-{booking.id}": "She learned enough"})
    assert ines(skilled).skills == ["massage"]
    with transaction_for(skilled.organization.id):
        assert KeptBooking.objects.get().reason == "She learned enough"


def test_what_somebody_no_longer_may_serve_is_given_to_who_may(skilled: World, manager: Client) -> None:
    """Also if the customer had asked for them by name: who serves now fits, and the booking stays at its time."""
    booking = skilled.book(2, 10, resource="ines")
    with transaction_for(skilled.organization.id):
        Resource.objects.filter(slug="karim").update(skills=["massage", "lang:es"])
    skilled.organization.refresh_from_db()
    sent = form(skilled, languages=[])
    assert "Karim Benali instead of Inés Ortega" in text_of(manager.post(PROFILE, sent))
    given = {"resolving": "1", f"version-{booking.id}": booking.version, f"way-{booking.id}": "reassign"}
    manager.post(PROFILE, {**sent, **given, f"swap-{booking.id}": "ines/karim"})
    assert ines(skilled).skills == ["massage"]
    with transaction_for(skilled.organization.id):
        booking.refresh_from_db()
        assert [each["slug"] for each in resources_of(booking)] == ["karim"]


def test_giving_away_somebody_else_than_who_no_longer_fits_mends_nothing(skilled: World, manager: Client) -> None:
    for slug in ("red", "blue"):
        factories.make_resource(skilled.organization, slug=slug, name=slug.title(), kind="vehicle")
    with transaction_for(skilled.organization.id):
        Requirement.objects.create(
            organization=skilled.organization, service=skilled.massage, kind="vehicle", position=1
        )
    skilled.organization.refresh_from_db()
    booking = skilled.book(2, 10)
    with transaction_for(skilled.organization.id):
        vehicle = next(each["slug"] for each in resources_of(booking) if each["kind"] == "vehicle")
    other = "blue" if vehicle == "red" else "red"
    given = {"resolving": "1", f"version-{booking.id}": booking.version, f"way-{booking.id}": "reassign"}
    answer = manager.post(PROFILE, {**form(skilled, languages=[]), **given, f"swap-{booking.id}": f"{vehicle}/{other}"})
    assert answer.status_code == 409
    assert "Nothing was saved" in text_of(answer)
    assert "lang:es" in ines(skilled).skills
    with transaction_for(skilled.organization.id):
        booking.refresh_from_db()
        assert vehicle in [each["slug"] for each in resources_of(booking)]


def test_of_two_who_change_the_same_profile_the_second_is_told_and_loses_nothing(
    skilled: World, manager: Client
) -> None:
    sent = form(skilled, more="cupping")
    manager.post(PROFILE, form(skilled, more="taping"))
    response = manager.post(PROFILE, sent)
    assert response.status_code == 409
    assert "Somebody changed this profile in the meantime" in text_of(response)
    assert 'value="cupping"' in text_of(response)
    assert "taping" in ines(skilled).skills
    manager.post(PROFILE, {**sent, "seen": fingerprint(ines(skilled))})
    assert "cupping" in ines(skilled).skills


def test_an_attribute_without_a_value_is_refused_at_its_field(skilled: World, manager: Client) -> None:
    response = manager.post(PROFILE, form(skilled, attributes="seats"))
    assert response.status_code == 422
    assert "“seats” is not a name and a value" in text_of(response)


def test_a_vehicle_has_attributes_and_speaks_no_language(skilled: World, manager: Client) -> None:
    factories.make_resource(skilled.organization, slug="van", name="Van", kind="vehicle", attributes={"seats": 7})
    text = text_of(manager.get("/desk/hours/van/profile/"))
    assert "seats: 7" in text
    assert 'name="languages"' not in text
    assert "No service needs this kind" in text


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.READ_ONLY])
def test_who_may_not_configure_sees_a_profile_and_changes_nothing(
    skilled: World, signed_in: Callable[..., Client], role: str
) -> None:
    browser = signed_in(skilled, role)
    text = text_of(browser.get(PROFILE))
    assert "Since 2015" in text
    assert "Save the profile" not in text
    assert browser.post(PROFILE, form(skilled, more="taping")).status_code == 403
    assert "taping" not in ines(skilled).skills


def test_a_member_sees_nobody_elses_profile(skilled: World, signed_in: Callable[..., Client]) -> None:
    assert signed_in(skilled, Role.MEMBER).get(PROFILE).status_code == 404


def test_only_who_no_longer_fits_is_offered_to_be_given_away(skilled: World, manager: Client) -> None:
    for slug in ("red", "blue"):
        factories.make_resource(skilled.organization, slug=slug, name=slug.title(), kind="vehicle")
    with transaction_for(skilled.organization.id):
        Requirement.objects.create(
            organization=skilled.organization, service=skilled.massage, kind="vehicle", position=1
        )
    skilled.organization.refresh_from_db()
    skilled.book(2, 18)
    with transaction_for(skilled.organization.id):
        Resource.objects.filter(slug="karim").update(skills=["massage", "lang:es"])
    text = text_of(manager.post(WEEK, week_form(skilled, every_day(("08:00", "17:00")))))
    assert "Karim Benali instead of Inés Ortega" in text
    assert "Blue instead of Red" not in text
    assert "Red instead of Blue" not in text
