"""Signing in: calm words, no way to guess a password, no way to be sent elsewhere."""

from datetime import timedelta

import pytest
from django.test import Client

from holdfast.accounts.models import Role
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.desk.models import SignInAttempt
from tests import factories
from tests.desk.conftest import PASSWORD, World, make_member

WRONG = "This email and password do not belong together. Check both; capital letters count."
TOO_MANY = "There were too many attempts with this address. Wait 15 minutes"


def attempt(client: Client, email: str, password: str, **more: str) -> tuple[int, str, str]:
    response = client.post("/desk/sign-in/", {"email": email, "password": password, **more})
    return response.status_code, response.headers.get("Location", ""), response.content.decode()


def test_email_in_any_case_and_password_open_the_desk(client: Client, world: World) -> None:
    user = make_member(world, Role.OWNER)
    status, location, _body = attempt(client, f" {user.email.upper()} ", PASSWORD)
    assert (status, location) == (302, "/desk/")
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(client: Client, world: World, known: bool) -> None:
    email = make_member(world, Role.OWNER).email if known else "nobody@example.com"
    status, _location, body = attempt(client, email, "a wrong password")
    assert status == 422
    assert WRONG in body
    assert client.get("/desk/").status_code == 302


def test_somebody_who_may_not_sign_in_any_more_does_not(client: Client, world: World) -> None:
    user = make_member(world, Role.OWNER, is_active=False)
    assert attempt(client, user.email, PASSWORD)[0] == 422


def test_an_empty_form_says_which_field_is_missing(client: Client, db: None) -> None:
    status, _location, body = attempt(client, "", "")
    assert status == 422
    assert body.count("Please fill this in.") == 2
    assert SignInAttempt.objects.count() == 0


def test_a_guest_is_led_to_the_page_they_wanted(client: Client, world: World) -> None:
    booking = world.book()
    wanted = f"/desk/bookings/{booking.reference}/?x=1"
    sent_to = client.get(wanted)
    assert sent_to.headers["Location"] == f"/desk/sign-in/?next=/desk/bookings/{booking.reference}/%3Fx%3D1"
    user = make_member(world, Role.OWNER)
    assert attempt(client, user.email, PASSWORD, next=wanted)[1] == wanted


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_never_leads_to_another_site(client: Client, world: World, elsewhere: str) -> None:
    user = make_member(world, Role.OWNER)
    assert attempt(client, user.email, PASSWORD, next=elsewhere)[:2] == (302, "/desk/")


def test_the_sixth_attempt_is_refused_even_with_the_right_password(client: Client, world: World) -> None:
    user = make_member(world, Role.OWNER)
    assert [attempt(client, user.email, "wrong")[0] for _ in range(6)] == [422] * 5 + [429]
    response = client.post("/desk/sign-in/", {"email": user.email, "password": PASSWORD})
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "900"
    assert TOO_MANY in response.content.decode()


def test_after_a_quarter_of_an_hour_one_may_try_again(client: Client, world: World) -> None:
    user, start = make_member(world, Role.OWNER), clock.now()
    with clock.stopped(start):
        for _ in range(6):
            attempt(client, user.email, "wrong")
    with clock.stopped(start + timedelta(minutes=15)):
        assert attempt(client, user.email, PASSWORD)[0] == 302


def test_one_persons_mistakes_keep_nobody_else_out(client: Client, world: World) -> None:
    clumsy, other = make_member(world, Role.OWNER), make_member(world, Role.MANAGER)
    for _ in range(6):
        attempt(client, clumsy.email, "wrong")
    assert attempt(client, other.email, PASSWORD)[0] == 302


def test_somebody_elsewhere_cannot_lock_a_person_out(world: World) -> None:
    user = make_member(world, Role.OWNER)
    for _ in range(6):
        attempt(Client(REMOTE_ADDR="192.0.2.1"), user.email, "wrong")
    assert attempt(Client(REMOTE_ADDR="192.0.2.2"), user.email, PASSWORD)[0] == 302


def test_all_addresses_of_one_ipv6_network_count_as_one(world: World) -> None:
    user = make_member(world, Role.OWNER)
    statuses = [
        attempt(Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}"), user.email, "wrong")[0] for number in range(1, 7)
    ]
    assert statuses == [422] * 5 + [429]
    assert attempt(Client(REMOTE_ADDR="2001:db8:1:3::1"), user.email, PASSWORD)[0] == 302


def test_trying_many_people_from_one_place_ends_too(client: Client, db: None) -> None:
    statuses = [attempt(client, f"person-{number}@example.com", "wrong")[0] for number in range(51)]
    assert statuses == [422] * 50 + [429]


def test_signing_in_forgives_earlier_mistakes(client: Client, world: World) -> None:
    user = make_member(world, Role.OWNER)
    for _ in range(4):
        attempt(client, user.email, "wrong")
    assert attempt(client, user.email, PASSWORD)[0] == 302
    assert SignInAttempt.objects.count() == 0


def test_attempts_are_kept_without_anybodys_address_in_words(client: Client, db: None) -> None:
    attempt(client, "ana@example.com", "wrong")
    kept = SignInAttempt.objects.get()
    assert "ana" not in kept.person
    assert len(kept.person) == 64


def test_signing_out_needs_a_form_and_ends_the_session(client: Client, world: World) -> None:
    client.force_login(make_member(world, Role.OWNER))
    assert client.get("/desk/sign-out/").status_code == 405
    assert client.post("/desk/sign-out/").headers["Location"] == "/desk/sign-in/"
    assert client.get("/desk/").status_code == 302


def test_forms_without_their_token_are_refused(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_member(world, Role.OWNER))
    booking = world.book(approve=True)
    answer = strict.post(f"/desk/bookings/{booking.reference}/confirm/", {"version": booking.version})
    assert answer.status_code == 403
    assert world.again(booking).state == "requested"


def test_somebody_without_an_organization_is_told_whom_to_ask(client: Client, db: None) -> None:
    organization = factories.make_organization()
    user = factories.make_staff(organization)
    with transaction_for(organization.id):
        user.memberships.all().delete()
    client.force_login(user)
    response = client.get("/desk/")
    assert response.status_code == 403
    assert "Ask an owner of your organization to add you" in response.content.decode()


def test_pages_are_not_kept_by_the_browser(client: Client, world: World) -> None:
    client.force_login(make_member(world, Role.OWNER))
    assert client.get("/desk/").headers["Cache-Control"] == "private, no-store"


def test_each_person_reads_their_own_language_and_may_choose_another(client: Client, world: World) -> None:
    user = make_member(world, Role.OWNER, locale="fr")
    client.force_login(user)
    page = client.get("/desk/", headers={"Accept-Language": "es"})
    assert (page.headers["Content-Language"], '<html lang="fr"' in page.content.decode()) == ("fr", True)
    client.post("/desk/language/", {"language": "es", "next": "/desk/bookings/"})
    assert client.get("/desk/").headers["Content-Language"] == "es"
    client.post("/desk/language/", {"language": "klingon"})
    assert client.get("/desk/").headers["Content-Language"] == "es"


def test_the_configuration_speaks_the_same_language_as_the_desk(client: Client, world: World) -> None:
    client.force_login(make_member(world, Role.OWNER, locale="fr"))
    page = client.get("/admin/catalog/closure/", headers={"Accept-Language": "es"}).content.decode()
    assert ("Fermetures" in page, "Cierres" in page) == (True, False)
