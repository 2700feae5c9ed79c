"""Staff of one organization see and change nothing of another; roles stop where they should."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from holdfast.accounts.models import Role
from holdfast.bookings.details.columns import Customer, Details
from holdfast.bookings.models import Booking, Note
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.desk.middleware import SESSION_KEY
from tests import factories
from tests.desk.conftest import World, add_membership, make_member

SignIn = Callable[..., Client]
READ = ["", "move/", "cancel/", "confirm/", "no-show/"]
CHANGES = ["confirm/", "cancel/", "start/", "complete/", "no-show/", "note/", "move/"]


def foreign_name(rival: World) -> Booking:
    """A booking of the rival's, with a name that appears nowhere else."""
    customer = Customer(name="Zelda Secret", email="zelda@secret.example")
    with clock.stopped(factories.local(rival.organization, 0, 6)):  # today, whatever the hour
        return rival.book(days=0, hour=19, approve=True, details=Details(customer=customer))


@pytest.mark.parametrize(
    "page", ["/desk/", "/desk/bookings/?period=all", "/desk/bookings/?q=Zelda", "/desk/bookings/new/"]
)
def test_no_list_names_anything_of_another_organization(
    signed_in: SignIn, world: World, rival: World, page: str
) -> None:
    secret = foreign_name(rival)
    body = signed_in(world, Role.OWNER).get(page).content.decode()
    assert (secret.customer_name in body, secret.reference in body, "Rival" in body) == (False, False, False)


def test_the_export_holds_nothing_of_another_organization(signed_in: SignIn, world: World, rival: World) -> None:
    foreign_name(rival)
    own = world.book()
    response = signed_in(world, Role.OWNER).get("/desk/bookings.csv?period=all")
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert (own.reference in text, "Zelda" in text) == (True, False)


@pytest.mark.parametrize("path", READ)
def test_guessing_the_address_of_a_foreign_booking_finds_nothing(
    signed_in: SignIn, world: World, rival: World, path: str
) -> None:
    secret = foreign_name(rival)
    response = signed_in(world, Role.OWNER).get(f"/desk/bookings/{secret.reference}/{path}")
    assert response.status_code == 404
    assert "Zelda" not in response.content.decode()


@pytest.mark.parametrize("path", CHANGES)
def test_no_form_changes_a_foreign_booking(signed_in: SignIn, world: World, rival: World, path: str) -> None:
    secret = foreign_name(rival)
    sent = {"version": secret.version, "text": "mine now", "starts_at": secret.starts_at.isoformat()}
    response = signed_in(world, Role.OWNER).post(f"/desk/bookings/{secret.reference}/{path}", sent)
    assert response.status_code == 404
    assert (rival.again(secret).state, rival.again(secret).version) == ("requested", secret.version)
    with transaction_for(rival.organization.id):
        assert Note.objects.count() == 0


def test_bulk_changes_skip_foreign_bookings(signed_in: SignIn, world: World, rival: World) -> None:
    secret = foreign_name(rival)
    response = signed_in(world, Role.OWNER).post(
        "/desk/bookings/bulk/", {"action": "confirm", "booking": f"{secret.reference}:{secret.version}"}
    )
    assert response.status_code == 422
    assert rival.again(secret).state == "requested"


def test_a_booking_cannot_be_made_with_a_foreign_service(signed_in: SignIn, world: World, rival: World) -> None:
    with transaction_for(rival.organization.id):
        rival.massage.slug = "secret-service"
        rival.massage.save()
    body = signed_in(world).get("/desk/bookings/new/?service=secret-service").content.decode()
    assert ('value="secret-service"' in body, "time-link" in body) == (False, False)


@pytest.mark.parametrize("tampered", ["rival", "nonsense", "unknown"])
def test_a_tampered_session_gets_ones_own_organization(
    signed_in: SignIn, world: World, rival: World, tampered: str
) -> None:
    secret = foreign_name(rival)
    browser = signed_in(world, Role.OWNER)
    session: Any = browser.session
    session[SESSION_KEY] = {"rival": str(rival.organization.id), "nonsense": "x", "unknown": str(uuid4())}[tampered]
    session.save()
    response = browser.get(f"/desk/bookings/{secret.reference}/")
    assert response.status_code == 404
    assert "Salon" in response.content.decode()
    assert browser.session[SESSION_KEY] == str(world.organization.id)


def test_switching_works_between_ones_own_organizations_only(client: Client, world: World, rival: World) -> None:
    user = make_member(world, Role.OWNER)
    client.force_login(user)
    assert client.post("/desk/organization/", {"organization": "rival"}).status_code == 404
    add_membership(user, rival, Role.READ_ONLY)
    secret = foreign_name(rival)
    address = f"/desk/bookings/{secret.reference}/"
    assert client.get(address).status_code == 404
    assert client.post("/desk/organization/", {"organization": "rival"}).headers["Location"] == "/desk/"
    assert client.get(address).status_code == 200
    # the role goes with the organization: an owner there, a reader here
    assert client.post(f"{address}confirm/", {"version": secret.version}).status_code == 403


def test_switching_needs_a_form(client: Client, world: World) -> None:
    client.force_login(make_member(world, Role.OWNER))
    assert client.get("/desk/organization/").status_code == 405


@pytest.mark.parametrize("role", [Role.MEMBER, Role.READ_ONLY])
def test_those_who_may_only_look_are_refused_in_words(signed_in: SignIn, world: World, role: str) -> None:
    booking = world.book(approve=True)
    browser = signed_in(world, role)
    page = browser.get(f"/desk/bookings/{booking.reference}/").content.decode()
    assert ">Confirm<" not in page
    assert "can look at bookings, not change them" in page
    for path in CHANGES:
        refused = browser.post(f"/desk/bookings/{booking.reference}/{path}", {"version": booking.version, "text": "x"})
        assert refused.status_code == 403, path
        assert "needs a dispatcher, manager or owner" in refused.content.decode()
    assert browser.get("/desk/bookings/new/").status_code == 403
    assert browser.post("/desk/bookings/bulk/", {"action": "confirm"}).status_code == 403
    assert world.again(booking).version == booking.version


@pytest.mark.parametrize(("role", "shown"), [(Role.OWNER, True), (Role.MANAGER, True), (Role.DISPATCHER, False)])
def test_configuration_is_offered_to_those_who_may(signed_in: SignIn, world: World, role: str, shown: bool) -> None:
    assert ("Configuration" in signed_in(world, role).get("/desk/").content.decode()) is shown
