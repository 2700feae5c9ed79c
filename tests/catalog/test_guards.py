"""Saving never breaks existing bookings silently."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.models import User
from holdfast.bookings.changed_hours.conflicts import broken_bookings
from holdfast.bookings.models import Booking, KeptBooking
from holdfast.catalog.models import Closure, Organization, Resource, Service, WorkingHours
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from tests import factories
from tests.catalog.admin_forms import shown


@pytest.fixture
def resource(organization: Organization) -> Resource:
    return factories.make_resource(organization, name="Camille")


@pytest.fixture
def service(organization: Organization, resource: Resource) -> Service:
    return factories.make_service(organization)


@pytest.fixture
def booking(organization: Organization, service: Service) -> Booking:
    """The day after tomorrow from 18:00 to 19:00."""
    return factories.make_booking(organization, service, factories.local(organization, 2, 18))


def page(response: Any) -> str:
    return str(response.content.decode())


def day_of(booking: Booking) -> date:
    return factories.local(booking.organization, 2, 0).date()


def closing(booking: Booking) -> dict[str, str]:
    return {"starts_on": str(day_of(booking)), "ends_on": str(day_of(booking)), "reason": "Works"}


def overrides(organization: Organization) -> list[dict[str, Any]]:
    with transaction_for(organization.pk):
        return [event.payload for event in Event.objects.filter(kind="catalog.override")]


CLOSURE = "/admin/catalog/closure/add/"


def test_a_closure_over_a_booking_is_shown_and_not_saved(
    admin: Client, organization: Organization, booking: Booking
) -> None:
    response = admin.post(CLOSURE, closing(booking))
    assert response.status_code == 200
    text = page(response)
    assert f'href="/desk/bookings/{booking.reference}/"' in text
    assert "This change leaves 1 booking without a place" in text
    for words in ("Ana Reyes", "The business is closed then.", "Keep these bookings as they are", 'value="Works"'):
        assert words in text
    with transaction_for(organization.pk):
        assert not Closure.objects.exists()
    assert overrides(organization) == []


def test_a_closure_over_a_booking_is_saved_once_somebody_says_so_and_that_is_noted(
    admin: Client, organization: Organization, booking: Booking, owner: User
) -> None:
    response = admin.post(CLOSURE, {**closing(booking), "keep_bookings": booking.reference})
    assert response.status_code == 302
    with transaction_for(organization.pk):
        closure = Closure.objects.get()
        assert Booking.objects.get().state == "confirmed"
    assert overrides(organization) == [
        {
            "subject": f"closure {closure}",
            "references": [booking.reference],
            "reasons": {booking.reference: "closed"},
            "by": {"id": str(owner.pk), "name": "Sam Owner"},
        }
    ]


@pytest.mark.parametrize(("typed", "reason"), [("Ana knows", "Ana knows"), ("", "closure ")])
def test_a_booking_kept_in_the_configuration_stands_as_kept_with_its_reason(
    admin: Client, organization: Organization, booking: Booking, typed: str, reason: str
) -> None:
    admin.post(CLOSURE, {**closing(booking), "keep_bookings": booking.reference, "keep_reason": typed})
    with transaction_for(organization.pk):
        [kept] = KeptBooking.objects.filter(booking=booking)
        assert broken_bookings(organization_id=organization.pk) == []
    assert (kept.code, kept.words, kept.actor_name) == ("closed", "The business is closed then.", "Sam Owner")
    assert (kept.starts_at, kept.reason.startswith(reason)) == (booking.starts_at, True)
    told = page(admin.get(f"/desk/bookings/{booking.reference}/"))
    assert "Kept by Sam Owner although it no longer fits" in told
    assert kept.reason in told


def test_a_yes_to_one_booking_is_no_yes_to_another(
    admin: Client, organization: Organization, service: Service, booking: Booking
) -> None:
    other = factories.make_booking(organization, service, factories.local(organization, 2, 10))
    response = admin.post(CLOSURE, {**closing(booking), "keep_bookings": booking.reference})
    assert response.status_code == 200
    assert f'value="{other.reference} {booking.reference}"' in page(response)


def test_what_is_broken_already_is_not_asked_about_again(
    admin: Client, organization: Organization, booking: Booking
) -> None:
    admin.post(CLOSURE, {**closing(booking), "keep_bookings": booking.reference})
    later = day_of(booking) + timedelta(days=30)
    assert admin.post(CLOSURE, {"starts_on": str(later), "ends_on": str(later)}).status_code == 302
    assert len(overrides(organization)) == 1


def test_a_closure_elsewhere_in_time_is_simply_saved(
    admin: Client, organization: Organization, booking: Booking
) -> None:
    later = day_of(booking) + timedelta(days=1)
    assert admin.post(CLOSURE, {"starts_on": str(later), "ends_on": str(later)}).status_code == 302
    assert overrides(organization) == []


def change_hours(admin: Client, resource: Resource, ends: str, **more: str) -> Any:
    address = f"/admin/catalog/resource/{resource.pk}/change/"
    posted = shown(admin, address)
    assert posted["working_hours-0-ends"] == "20:00"
    ending = {f"working_hours-{number}-ends": ends for number in range(7)}
    return admin.post(address, {**posted, **ending, **more})


def test_shorter_hours_are_tried_and_undone(
    admin: Client, organization: Organization, resource: Resource, booking: Booking
) -> None:
    response = change_hours(admin, resource, "18:30")
    assert "Camille does not work then." in page(response)
    assert response.context["adminform"].form.instance.pk == resource.pk
    with transaction_for(organization.pk):
        assert {str(each.ends) for each in WorkingHours.objects.all()} == {"20:00:00"}
    assert change_hours(admin, resource, "19:00").status_code == 302


def test_shorter_hours_are_saved_with_a_yes(
    admin: Client, organization: Organization, resource: Resource, booking: Booking
) -> None:
    assert change_hours(admin, resource, "18:30", keep_bookings=booking.reference).status_code == 302
    with transaction_for(organization.pk):
        assert {str(each.ends) for each in WorkingHours.objects.all()} == {"18:30:00"}
    assert overrides(organization)[0]["reasons"] == {booking.reference: f"outside_hours:{resource.pk}"}


def test_removing_hours_is_tried_too(admin: Client, resource: Resource, booking: Booking) -> None:
    address = f"/admin/catalog/resource/{resource.pk}/change/"
    posted = {**shown(admin, address), **{f"working_hours-{number}-DELETE": "on" for number in range(7)}}
    assert "Camille does not work then." in page(admin.post(address, posted))


def test_a_day_off_over_a_booking_is_shown(admin: Client, resource: Resource, booking: Booking) -> None:
    address = f"/admin/catalog/resource/{resource.pk}/change/"
    off = {
        "hours_exceptions-TOTAL_FORMS": "1",
        "hours_exceptions-0-kind": "regular",
        "hours_exceptions-0-date": str(day_of(booking)),
    }
    assert "Camille does not work then." in page(admin.post(address, {**shown(admin, address), **off}))


def test_taking_a_resource_out_of_use_names_its_bookings(admin: Client, resource: Resource, booking: Booking) -> None:
    address = f"/admin/catalog/resource/{resource.pk}/change/"
    posted = shown(admin, address)
    del posted["is_active"]
    assert "Camille is no longer in use." in page(admin.post(address, posted))


def test_a_further_requirement_names_the_bookings_that_lack_it(
    admin: Client, service: Service, booking: Booking
) -> None:
    address = f"/admin/catalog/service/{service.pk}/change/"
    row = {"kind": "room", "count": "1", "position": "1"}
    more = {"requirements-TOTAL_FORMS": "2", **{f"requirements-1-{name}": value for name, value in row.items()}}
    text = page(admin.post(address, {**shown(admin, address), **more}))
    assert "The service now also needs: Room." in text


def test_a_second_of_a_kind_names_the_bookings_that_have_one(admin: Client, service: Service, booking: Booking) -> None:
    address = f"/admin/catalog/service/{service.pk}/change/"
    text = page(admin.post(address, {**shown(admin, address), "requirements-0-count": "2"}))
    assert "The service now also needs: 2 × Person" in text


def test_an_attribute_that_is_asked_for_names_the_bookings_without_it(
    admin: Client, service: Service, booking: Booking
) -> None:
    address = f"/admin/catalog/service/{service.pk}/change/"
    text = page(admin.post(address, {**shown(admin, address), "requirements-0-attributes": "chairs: 2"}))
    assert "Camille no longer fits “Person" in text
    assert "chairs ≥ 2”." in text


def test_a_skill_asked_for_names_the_bookings_of_those_who_lack_it(
    admin: Client, service: Service, booking: Booking
) -> None:
    address = f"/admin/catalog/service/{service.pk}/change/"
    text = page(admin.post(address, {**shown(admin, address), "requirements-0-skills": "shiatsu"}))
    assert "Camille no longer fits “Person · shiatsu”." in text


def test_another_time_zone_names_the_bookings_it_moves_out_of_hours(
    admin: Client, organization: Organization, booking: Booking
) -> None:
    own = f"/admin/catalog/organization/{organization.pk}/change/"
    text = page(admin.post(own, {**shown(admin, own), "time_zone": "Asia/Tokyo"}))
    assert "Camille does not work then." in text
    organization.refresh_from_db()
    assert organization.time_zone == "Europe/Paris"


@pytest.mark.parametrize("kind", ["resource", "service"])
def test_what_has_bookings_cannot_be_deleted_but_taken_out_of_use(
    admin: Client, organization: Organization, resource: Resource, service: Service, booking: Booking, kind: str
) -> None:
    found = {"resource": resource, "service": service}[kind]
    for response in (
        admin.get(f"/admin/catalog/{kind}/{found.pk}/delete/"),
        admin.post(f"/admin/catalog/{kind}/{found.pk}/delete/", {"post": "yes"}),
    ):
        assert "cannot be deleted: 1 booking belongs to it" in page(response)
        assert f'href="/admin/catalog/{kind}/{found.pk}/change/#id_is_active"' in page(response)
    with transaction_for(organization.pk):
        assert type(found).objects.filter(pk=found.pk).exists()  # type: ignore[attr-defined]


def test_what_has_no_bookings_can_be_deleted(admin: Client, organization: Organization, resource: Resource) -> None:
    assert admin.post(f"/admin/catalog/resource/{resource.pk}/delete/", {"post": "yes"}).status_code == 302
    with transaction_for(organization.pk):
        assert not Resource.objects.exists()


def test_bookings_that_are_over_or_cancelled_are_nobodys_concern(
    admin: Client, organization: Organization, booking: Booking
) -> None:
    with transaction_for(organization.pk):
        Booking.objects.update(state="cancelled", version=2)
        booking.allocations.update(active=False)
        Closure.objects.create(organization=organization, starts_on=day_of(booking), ends_on=day_of(booking))
        assert broken_bookings(organization_id=organization.pk) == []


def test_bookings_to_come_are_read_in_a_fixed_number_of_queries(
    organization: Organization, service: Service, booking: Booking, django_assert_num_queries: Any
) -> None:
    for hour in (9, 10, 11):
        factories.make_booking(organization, service, factories.local(organization, 3, hour))
    with transaction_for(organization.pk), django_assert_num_queries(7):
        assert broken_bookings(organization_id=organization.pk) == []
