"""The configuration: each organization its own, in its languages, and refused in words one can act on."""

from typing import Any

import pytest
from django.test import Client

from holdfast.catalog.models import (
    Closure,
    HoursException,
    Organization,
    Question,
    Requirement,
    Resource,
    Service,
    Team,
    WorkingHours,
)
from holdfast.core.tenancy import transaction_for
from tests import factories
from tests.catalog.admin_forms import rows, shown

RESOURCES = "/admin/catalog/resource/"
SERVICES = "/admin/catalog/service/"
CLOSURES = "/admin/catalog/closure/"
NO_ROWS = {**rows("working_hours", []), **rows("hours_exceptions", [])}
NO_NEEDS = {**rows("requirements", []), **rows("questions", [])}
RESOURCE = {
    "name": "Chair 1", "slug": "", "kind": "room", "lanes": "1", "rank": "0", "weight": "1", "is_active": "on",
}  # fmt: skip
SERVICE = {
    "name_en": "Haircut",
    "slug": "",
    "price_amount": "45.50",
    "price_unit": "booking",
    "duration_minutes": "45",
    "duration_step_minutes": "15",
    "buffer_before_minutes": "0",
    "buffer_after_minutes": "10",
    "step_minutes": "15",
    "notice_minutes": "60",
    "horizon_days": "60",
    "largest_party": "1",
    "holds_per_customer": "1",
    "attendees": "none",
    "assign_by": "priority",
    "asks_places": "none",
    "series_horizon_days": "365",
    "emergency_notice_minutes": "30",
    "emergency_horizon_hours": "24",
    "emergency_surcharge_percent": "0",
    "emergency_surcharge_amount": "0",
    "position": "0",
    "is_active": "on",
}


def page(response: Any) -> str:
    return str(response.content.decode())


def test_signing_in_comes_first(organization: Organization) -> None:
    response = Client().get(RESOURCES)
    assert response.status_code == 302


def test_only_the_organizations_own_rows_are_listed_and_opened(
    admin: Client, organization: Organization, other_organization: Organization
) -> None:
    factories.make_resource(organization, name="Ours")
    theirs = factories.make_resource(other_organization, name="Theirs")
    listed = page(admin.get(RESOURCES))
    assert "Ours" in listed
    assert "Theirs" not in listed
    assert admin.get(f"{RESOURCES}{theirs.pk}/change/").status_code == 302  # to the list, with a message
    assert admin.post(f"{RESOURCES}{theirs.pk}/delete/", {"post": "yes"}).status_code == 302
    with transaction_for(other_organization.pk):
        assert Resource.objects.filter(pk=theirs.pk).exists()


def test_another_organizations_team_cannot_be_chosen(
    admin: Client, organization: Organization, other_organization: Organization
) -> None:
    with transaction_for(other_organization.pk):
        team = Team.objects.create(organization=other_organization, slug="theirs", name="Theirs")
    response = admin.post(f"{RESOURCES}add/", {**RESOURCE, **NO_ROWS, "team": str(team.pk)})
    assert "Select a valid choice." in page(response)


def test_a_new_resource_belongs_to_the_organization_with_its_hours(admin: Client, organization: Organization) -> None:
    hours = rows("working_hours", [{"kind": "regular", "weekday": 0, "starts": "09:00", "ends": "17:30"}])
    exceptions = rows("hours_exceptions", [{"kind": "regular", "date": "2027-01-02", "reason": "Training"}])
    posted = {**RESOURCE, **hours, **exceptions, "skills": " colour , cut,,cut"}
    assert admin.post(f"{RESOURCES}add/", posted).status_code == 302
    with transaction_for(organization.pk):
        resource = Resource.objects.get()
        assert (resource.organization_id, resource.slug) == (organization.pk, "chair-1")
        assert resource.skills == ["colour", "cut"]
        assert str(WorkingHours.objects.get(resource=resource)) == "Monday 09:00–17:30"
        assert HoursException.objects.get(resource=resource).starts is None


def test_a_slug_stands_once_in_an_organization_and_may_stand_in_another(
    admin: Client, organization: Organization, other_organization: Organization
) -> None:
    factories.make_resource(other_organization, slug="chair-1")
    assert admin.post(f"{RESOURCES}add/", {**RESOURCE, **NO_ROWS}).status_code == 302
    again = admin.post(f"{RESOURCES}add/", {**RESOURCE, **NO_ROWS})
    assert "Another one already has the slug “chair-1”." in page(again)


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        ((0, "09:00", "12:00"), (0, "11:00", "15:00"), "Monday 09:00–12:00 and Monday 11:00–15:00 overlap."),
        ((6, "22:00", "02:00"), (0, "01:00", "05:00"), "Sunday 22:00–02:00 and Monday 01:00–05:00 overlap."),
        ((2, "00:00", "00:00"), (2, "10:00", "11:00"), "Wednesday 00:00–00:00 and Wednesday 10:00–11:00 overlap."),
        ((0, "09:00", "12:00"), (0, "12:00", "15:00"), ""),
        ((0, "22:00", "00:00"), (1, "00:00", "03:00"), ""),
    ],
)
def test_hours_that_overlap_are_refused(
    admin: Client, one: tuple[int, str, str], other: tuple[int, str, str], message: str
) -> None:
    given = [
        {"kind": "regular", **dict(zip(("weekday", "starts", "ends"), each, strict=True))} for each in (one, other)
    ]
    response = admin.post(f"{RESOURCES}add/", {**RESOURCE, **NO_ROWS, **rows("working_hours", given)})
    assert response.status_code == (200 if message else 302)
    assert message in page(response)


def test_hours_of_different_seasons_may_be_the_same(admin: Client) -> None:
    summer = {"kind": "regular", "weekday": 0, "starts": "09:00", "ends": "12:00", "valid_until": "2027-08-31"}
    winter = {"kind": "regular", "weekday": 0, "starts": "10:00", "ends": "12:00", "valid_from": "2027-09-01"}
    posted = {**RESOURCE, **NO_ROWS, **rows("working_hours", [summer, winter])}
    assert admin.post(f"{RESOURCES}add/", posted).status_code == 302


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([{"kind": "regular", "date": "2027-01-02", "starts": "09:00"}], "Fill in both times, or none for a day off."),
        (
            [
                {"kind": "regular", "date": "2027-01-02"},
                {"kind": "regular", "date": "2027-01-02", "starts": "09:00", "ends": "10:00"},
            ],
            "Saturday 2 January 2027 stands there twice, once as a day off. Keep one.",
        ),
        (
            [{"kind": "regular", "date": "2027-01-02", "starts": each, "ends": "12:00"} for each in ("09:00", "10:00")],
            "On Saturday 2 January 2027 two ranges overlap.",
        ),
    ],
)
def test_exceptions_that_contradict_themselves_are_refused(
    admin: Client, given: list[dict[str, str]], message: str
) -> None:
    response = admin.post(f"{RESOURCES}add/", {**RESOURCE, **NO_ROWS, **rows("hours_exceptions", given)})
    assert message in page(response)


def test_a_closure_ends_after_it_starts(admin: Client, organization: Organization) -> None:
    backwards = admin.post(f"{CLOSURES}add/", {"starts_on": "2027-01-02", "ends_on": "2027-01-01"})
    assert "The last day is before the first." in page(backwards)
    assert admin.post(f"{CLOSURES}add/", {"starts_on": "2027-01-02", "ends_on": "2027-01-02"}).status_code == 302
    with transaction_for(organization.pk):
        assert Closure.objects.get().organization_id == organization.pk


def test_a_service_is_written_in_the_organizations_languages_and_priced_in_its_currency(
    admin: Client, organization: Organization
) -> None:
    needs = rows("requirements", [{"kind": "person", "count": "1", "skills": "cut", "position": "0"}])
    questions = rows(
        "questions",
        [
            {
                "key": "hair",
                "kind": "choice",
                "label_en": "Length",
                "choices": "s | Short | Court\nl | Long",
                "position": 0,
            }
        ],
    )
    posted = {**SERVICE, **needs, **questions, "name_fr": "Coupe"}
    response = admin.post(f"{SERVICES}add/", posted, follow=True)
    assert "No resource in use fits the requirement “Person · cut”" in page(response)
    with transaction_for(organization.pk):
        service = Service.objects.get()
        assert service.name == {"en": "Haircut", "fr": "Coupe"}
        assert (service.slug, service.price_amount) == ("haircut", 4550)
        assert Requirement.objects.get(service=service).skills == ["cut"]
        assert Question.objects.get(service=service).choices == [
            {"value": "s", "label": {"en": "Short", "fr": "Court"}},
            {"value": "l", "label": {"en": "Long"}},
        ]


def test_a_page_posted_as_it_was_shown_changes_nothing(admin: Client, organization: Organization) -> None:
    service = factories.make_service(organization, largest_party=3, summary={"en": "Good", "fr": "Bien"})
    with transaction_for(organization.pk):
        Question.objects.create(
            organization=organization, service=service, key="q", kind="choice", label={"en": "Which?"},
            choices=[{"value": "a", "label": {"en": "A", "es": "Á"}}],
        )  # fmt: skip
        before = [list(model.objects.values()) for model in (Service, Requirement, Question)]
    address = f"{SERVICES}{service.pk}/change/"
    assert admin.post(address, shown(admin, address)).status_code == 302
    with transaction_for(organization.pk):
        assert [list(model.objects.values()) for model in (Service, Requirement, Question)] == before


def test_texts_in_a_language_not_used_at_present_are_kept(admin: Client, organization: Organization) -> None:
    service = factories.make_service(organization)
    with transaction_for(organization.pk):
        Organization.objects.filter(pk=organization.pk).update(languages=["en"])
    address = f"{SERVICES}{service.pk}/change/"
    assert admin.post(address, {**shown(admin, address), "name_en": "Back massage"}).status_code == 302
    with transaction_for(organization.pk):
        assert Service.objects.get().name == {"en": "Back massage", "fr": "Massage", "es": "Masaje"}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name_en": "", "name_fr": "Coupe"}, "Fill in the text in English."),
        ({"duration_minutes": "4300", "buffer_after_minutes": "30"}, "three days (4320 minutes) at most"),
        ({"longest_duration_minutes": "4320"}, "three days (4320 minutes) at most"),
        ({"longest_duration_minutes": "30"}, "The longest duration is shorter than the duration."),
        ({"price_amount": "45.505"}, "Ensure that there are no more than 2 decimal places."),
        ({"price_amount": "-1"}, "Ensure this value is greater than or equal to 0."),
    ],
)
def test_a_service_that_cannot_be_is_refused_in_words(admin: Client, changed: dict[str, str], message: str) -> None:
    response = admin.post(f"{SERVICES}add/", {**SERVICE, **NO_NEEDS, **changed})
    assert response.status_code == 200
    assert message in page(response)


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ("", "A list needs answers to choose from."),
        ("short", "Each line needs a key and a text, such as: t1 | Terminal 1"),
        ("a | A\na | B", "The key “a” stands on two lines."),
    ],
)
def test_a_list_needs_answers(admin: Client, choices: str, message: str) -> None:
    question = {"key": "q", "kind": "choice", "label_en": "Which?", "choices": choices, "position": 0}
    posted = {**SERVICE, **NO_NEEDS, **rows("questions", [question])}
    assert message in page(admin.post(f"{SERVICES}add/", posted))


def test_an_organization_changes_itself_and_neither_grows_nor_goes(
    admin: Client, organization: Organization, other_organization: Organization
) -> None:
    own = f"/admin/catalog/organization/{organization.pk}/change/"
    assert admin.get("/admin/catalog/organization/", follow=True).redirect_chain[-1][0] == own
    assert admin.post(own, {**shown(admin, own), "name": "Salon Ada"}).status_code == 302
    organization.refresh_from_db()
    assert organization.name == "Salon Ada"
    assert admin.get(f"/admin/catalog/organization/{other_organization.pk}/change/").status_code == 302
    assert admin.get("/admin/catalog/organization/add/").status_code == 403
    assert admin.post(f"/admin/catalog/organization/{organization.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"slug": "admin"}, "The address “admin” is taken by Holdfast itself."),
        ({"slug": "rival"}, "Organization with this Address already exists."),
        ({"time_zone": "Paris"}, "“Paris” is not a time zone."),
        ({"languages": ["fr"]}, "The default language must be one of the languages."),
    ],
)
def test_an_organization_that_cannot_be_is_refused_in_words(
    admin: Client, organization: Organization, other_organization: Organization, changed: dict[str, Any], message: str
) -> None:
    own = f"/admin/catalog/organization/{organization.pk}/change/"
    response = admin.post(own, {**shown(admin, own), **changed})
    assert message in page(response)


def test_a_team_that_is_required_cannot_be_deleted(admin: Client, organization: Organization) -> None:
    with transaction_for(organization.pk):
        team = Team.objects.create(organization=organization, slug="day", name="Day")
    factories.make_service(organization, needs=({"kind": "person", "team": team},))
    address = f"/admin/catalog/team/{team.pk}/delete/"
    assert "cannot be deleted while these need it" in page(admin.post(address, {"post": "yes"}))
    with transaction_for(organization.pk):
        assert Team.objects.filter(pk=team.pk).exists()


def test_attributes_are_numbers_and_words_with_a_name(admin: Client, organization: Organization) -> None:
    posted = {**RESOURCE, **NO_ROWS, "attributes": "Seats: 7\n\nfuel : electric\nlength: 5,1", "weight": "1"}
    assert admin.post(f"{RESOURCES}add/", posted).status_code == 302
    with transaction_for(organization.pk):
        resource = Resource.objects.get()
    assert resource.attributes == {"seats": 7, "fuel": "electric", "length": 5.1}
    address = f"{RESOURCES}{resource.pk}/change/"
    assert sorted(shown(admin, address)["attributes"].split("\n")) == ["fuel: electric", "length: 5.1", "seats: 7"]
    for wrong, words in (
        ("seats", "“seats” is not a name and a value, such as: seats: 7"),
        ("seats: 1\nSeats: 2", "“seats” stands on two lines."),
    ):
        assert words in page(admin.post(address, {**shown(admin, address), "attributes": wrong}))


def test_own_buffers_may_not_make_a_booking_longer_than_three_days(admin: Client, organization: Organization) -> None:
    service = factories.make_service(organization, duration_minutes=60, longest_duration_minutes=4000)
    resource = factories.make_resource(organization)
    address = f"{RESOURCES}{resource.pk}/change/"
    text = page(admin.post(address, {**shown(admin, address), "buffer_after_minutes": "321"}))
    assert f"With these buffers, “{service}” would last longer than three days (4320 minutes)." in text
    assert admin.post(address, {**shown(admin, address), "buffer_after_minutes": "320"}).status_code == 302
    with transaction_for(organization.pk):
        resource.refresh_from_db()
    assert (resource.buffer_after_minutes, resource.buffer_before_minutes, resource.notice_minutes) == (320, None, None)
