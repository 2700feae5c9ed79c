"""A booking is given to somebody else: free and fit, told where it matters, and only by staff."""

from typing import Any

import pytest

from holdfast.bookings import actions, queries
from holdfast.bookings.assignment import reassigning
from holdfast.bookings.assignment.assigned import assigned_of
from holdfast.bookings.errors import ResourceNotFree, TransitionNotAllowed, VersionConflict
from holdfast.bookings.models import Booking, Rotation, Transition
from holdfast.bookings.steps import CUSTOMER, Actor
from holdfast.catalog.models import Organization, Resource, Service
from holdfast.core.errors import Forbidden, ValidationError
from holdfast.core.tenancy import transaction_for
from holdfast.events.models import Event
from tests import factories, proofs
from tests.running import at_once

STAFF = Actor("staff", "Sam")


def shop(**service: Any) -> tuple[Organization, Service, list[Resource]]:
    organization = factories.make_organization()
    team = [factories.make_resource(organization, slug=slug, is_public=True) for slug in ("ann", "ben", "cid")]
    needs = service.pop("needs", [{"kind": "person", "is_choosable": True}])
    return organization, factories.make_service(organization, needs=needs, **service), team


def who(booking: Booking) -> list[str]:
    with transaction_for(booking.organization_id):
        return sorted(each["slug"] for each in queries.serving(booking.id))


def reassign(organization: Organization, booking: Booking, resource: str, **more: Any) -> Booking:
    given: dict[str, Any] = {"version": booking.version, "actor": STAFF, **more}
    return reassigning.reassign(organization=organization, booking_id=booking.id, resource=resource, **given)


def test_a_booking_goes_to_whom_staff_say_and_its_history_says_who_and_why(db: None) -> None:
    organization, service, _ = shop()
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10), resource="ann")
    done = reassign(organization, booking, "ben", reason="Ann is ill")
    assert (who(done), done.version) == (["ben"], 2)
    with transaction_for(organization.id):
        step = Transition.objects.filter(booking=booking).last()
        event = Event.objects.get(kind="booking.reassigned")
        [told] = assigned_of(done)
        chosen = Booking.objects.get(id=booking.id).chosen_resource
    assert step is not None
    assert (step.action, step.reason, step.details["before"]["resource"]["slug"]) == ("reassign", "Ann is ill", "ann")
    assert [event.payload[name]["resource"]["slug"] for name in ("before", "after")] == ["ann", "ben"]
    assert event.payload["was_chosen"] is True
    assert chosen is not None
    assert chosen.slug == "ben"
    assert told["because"] == {"code": "by_staff", "by": "Sam", "sentence": "Assigned by Sam."}


def test_who_is_not_free_is_refused_with_what_speaks_against_it_and_nothing_changes(db: None) -> None:
    organization, service, (_, _, cid) = shop()
    start = factories.local(organization, 3, 10)
    booking = factories.make_booking(organization, service, start, resource="ann")
    other = factories.make_booking(organization, service, start, resource="ben")
    with transaction_for(organization.id):
        cid.working_hours.all().delete()
    organization.refresh_from_db()
    with pytest.raises(ResourceNotFree) as busy:
        reassign(organization, booking, "ben")
    [rule] = busy.value.extra["rules"]
    assert (rule["rule"], [each["reference"] for each in rule["taken_by"]]) == ("free", [other.reference])
    with pytest.raises(ResourceNotFree) as away:
        reassign(organization, booking, "cid")
    assert [each["rule"] for each in away.value.extra["rules"]] == ["hours"]
    assert who(booking) == ["ann"]


def test_choices_name_the_free_first_and_say_of_the_others_why_not(db: None) -> None:
    organization, service, _ = shop()
    start = factories.local(organization, 3, 10)
    booking = factories.make_booking(organization, service, start, resource="ann")
    factories.make_booking(organization, service, start, resource="ben")
    with transaction_for(organization.id):
        [choice] = reassigning.choices(organization, booking, STAFF)
    assert choice.serving.slug == "ann"
    assert [each.slug for each in choice.free] == ["cid"]
    [ben] = choice.others
    assert ben.resource.slug == "ben"
    assert [verdict.rule for verdict in ben.verdicts if not verdict.holds] == ["free"]


def test_of_a_bundle_one_is_replaced_and_the_rest_stays(db: None) -> None:
    organization, service, _ = shop(needs=[{"kind": "person"}, {"kind": "vehicle"}])
    factories.make_resource(organization, slug="car", kind="vehicle")
    factories.make_resource(organization, slug="van", kind="vehicle", rank=1)
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10))
    person = next(each for each in who(booking) if each in ("ann", "ben", "cid"))
    done = reassign(organization, booking, "van")
    assert who(done) == sorted([person, "van"])
    with transaction_for(organization.id):
        codes = {each["resource"]: each["because"]["code"] for each in assigned_of(done)}
    assert codes == {person: "lot", "van": "by_staff"}


def test_what_does_not_fit_or_serves_already_is_refused(db: None) -> None:
    organization, service, _ = shop()
    factories.make_resource(organization, slug="car", kind="vehicle")
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10), resource="ann")
    for resource, instead_of in (("car", None), ("ann", None), ("nobody", None), ("ben", "cid")):
        with pytest.raises(ValidationError):
            reassign(organization, booking, resource, instead_of=instead_of)


def test_with_two_alike_it_must_be_said_whom_the_new_one_replaces(db: None) -> None:
    organization, service, _ = shop(needs=[{"kind": "person"}, {"kind": "person"}])
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10))
    [left] = {"ann", "ben", "cid"} - set(who(booking))
    with pytest.raises(ValidationError) as refused:
        reassign(organization, booking, left)
    assert refused.value.extra["errors"][0]["field"] == "instead_of"
    replaced, stays = who(booking)
    assert who(reassign(organization, booking, left, instead_of=replaced)) == sorted([left, stays])


def test_only_staff_reassign_and_only_what_they_saw_and_what_is_still_to_come(db: None) -> None:
    organization, service, _ = shop()
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10), resource="ann")
    with pytest.raises(Forbidden):
        reassign(organization, booking, "ben", actor=CUSTOMER)
    with pytest.raises(VersionConflict):
        reassign(organization, booking, "ben", version=7)
    actions.cancel(organization=organization, booking_id=booking.id, version=1, actor=STAFF)
    with pytest.raises(TransitionNotAllowed):
        reassign(organization, booking, "ben", version=2)


def test_a_turn_that_staff_give_to_somebody_else_is_given_back(db: None) -> None:
    organization, service, _ = shop(assign_by="round_robin")
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10))
    [first] = who(booking)
    reassign(organization, booking, "ben" if first != "ben" else "ann")
    with transaction_for(organization.id):
        row = Rotation.objects.get(service=service)
    assert set(row.turns.values()) == {0}
    assert set(row.owed.values()) == {0}


def test_notice_and_grid_do_not_speak_against_it_for_the_time_was_agreed(db: None) -> None:
    organization, service, _ = shop()
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10, 30), resource="ann")
    with transaction_for(organization.id):
        Service.objects.update(step_minutes=60, notice_minutes=30 * 24 * 60, horizon_days=1)
    organization.refresh_from_db()
    assert who(reassign(organization, booking, "ben")) == ["ben"]


def test_of_two_who_reassign_at_once_one_does_and_the_other_is_told(committed_db: str) -> None:
    organization, service, _ = shop()
    booking = factories.make_booking(organization, service, factories.local(organization, 3, 10), resource="ann")
    ends = at_once([lambda: reassign(organization, booking, "ben"), lambda: reassign(organization, booking, "cid")])
    [won] = [end for end in ends if isinstance(end, Booking)]
    assert [type(end) for end in ends if isinstance(end, Exception)] == [VersionConflict]
    assert who(booking) == who(won)
    proofs.assert_sound(committed_db)


def test_two_bookings_given_to_the_same_resource_at_once_end_with_one_of_them(committed_db: str) -> None:
    organization, service, _ = shop()
    start = factories.local(organization, 3, 10)
    pair = [factories.make_booking(organization, service, start, resource=slug) for slug in ("ann", "ben")]
    deadlocks = proofs.deadlocks(committed_db)
    ends = at_once([lambda each=each: reassign(organization, each, "cid") for each in pair])  # type: ignore[misc]
    assert sorted(type(end).__name__ for end in ends) == ["Booking", "ResourceNotFree"]
    assert proofs.deadlocks(committed_db) == deadlocks
    proofs.assert_sound(committed_db)
