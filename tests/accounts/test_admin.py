"""Staff and keys in the admin: who may enter, who may do what, and what is never shown twice."""

import re

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from holdfast.accounts import actions
from holdfast.accounts.models import ApiKey, Role, User
from holdfast.accounts.queries import find_api_key, memberships_of
from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from tests import factories

STAFF = "/admin/accounts/membership/"
KEYS = "/admin/accounts/apikey/"
NEW = {"email": "new@example.com", "name": "Noa", "role": "dispatcher", "locale": "fr", "password": "a good password"}


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.MEMBER, Role.READ_ONLY])
def test_only_owners_and_managers_enter(organization: Organization, role: str) -> None:
    client = Client()
    client.force_login(factories.make_staff(organization, role=role))
    assert client.get(STAFF, follow=True).status_code == 403


def test_staff_of_the_organization_are_listed_and_nobody_else(
    admin: Client, owner: User, other_organization: Organization
) -> None:
    stranger = factories.make_staff(other_organization)
    page = admin.get(STAFF).content.decode()
    assert owner.email in page
    assert stranger.email not in page


def test_a_new_person_may_sign_in(admin: Client) -> None:
    assert admin.post(f"{STAFF}add/", NEW).status_code == 302
    user = authenticate(username="new@example.com", password="a good password")
    assert isinstance(user, User)
    assert [each.role for each in memberships_of(user)] == ["dispatcher"]
    assert (user.name, user.locale) == ("Noa", "fr")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"password": "short"}, "This password is too short."),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"role": "emperor"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_at_the_form(admin: Client, changed: dict[str, str], message: str) -> None:
    response = admin.post(f"{STAFF}add/", {**NEW, **changed})
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not User.objects.filter(email="new@example.com").exists()


def test_a_person_who_works_here_already_is_not_added_again(admin: Client, owner: User) -> None:
    response = admin.post(f"{STAFF}add/", {**NEW, "email": owner.email, "password": ""})
    assert "This person already works here" in response.content.decode()


def test_a_new_password_of_ones_own_does_not_end_the_session(admin: Client, owner: User) -> None:
    own = {"role": "owner", "name": "Sam", "locale": "en", "is_active": "on", "password": "another good password"}
    assert admin.post(f"{STAFF}{staff_key(owner)}/change/", own).status_code == 302
    assert admin.get(STAFF).status_code == 200
    assert authenticate(username=owner.email, password="another good password") == owner


def test_the_last_owner_stays(admin: Client, owner: User) -> None:
    own = {"role": "member", "name": "Sam", "locale": "en", "is_active": "on", "password": ""}
    response = admin.post(f"{STAFF}{staff_key(owner)}/change/", own)
    assert "An organization needs at least one owner" in response.content.decode()
    assert admin.post(f"{STAFF}{staff_key(owner)}/delete/", {"post": "yes"}).status_code == 403


def test_a_manager_neither_changes_nor_makes_owners(manager: Client, owner: User) -> None:
    own = {"role": "member", "name": "X", "locale": "en", "is_active": "on", "password": "taken over by me"}
    assert manager.get(f"{STAFF}{staff_key(owner)}/change/").status_code == 200
    assert manager.post(f"{STAFF}{staff_key(owner)}/change/", own).status_code == 403
    response = manager.post(f"{STAFF}add/", {**NEW, "role": "owner"})
    assert "Select a valid choice." in response.content.decode()
    owner.refresh_from_db()
    assert owner.check_password("a good password")


def test_a_member_can_be_removed(admin: Client, organization: Organization) -> None:
    user = factories.make_staff(organization, role=Role.MEMBER)
    assert "Their account stays" in admin.get(f"{STAFF}{staff_key(user)}/delete/").content.decode()
    assert admin.post(f"{STAFF}{staff_key(user)}/delete/", {"post": "yes"}).status_code == 302
    assert memberships_of(user) == []
    assert User.objects.filter(pk=user.pk).exists()


def test_a_secret_is_shown_once_and_not_cached(admin: Client, organization: Organization) -> None:
    response = admin.post(f"{KEYS}add/", {"name": "Site", "may_write": "on"})
    assert "no-store" in response.headers["Cache-Control"]
    found = re.search(r"data-secret>(hf_[\w-]+)<", response.content.decode())
    assert found
    with transaction_for(organization.pk):
        key = find_api_key(found[1])
    assert key is not None
    assert key.may_write
    for address in (KEYS, f"{KEYS}{key.pk}/change/"):
        page = admin.get(address).content.decode()
        assert key.prefix in page
        assert found[1] not in page


def test_a_revoked_key_opens_nothing_and_stays_revoked(admin: Client, organization: Organization) -> None:
    key, secret = actions.create_api_key(organization_id=organization.pk, name="Site")
    address = f"{KEYS}{key.pk}/change/"
    assert admin.post(address, {"name": "Site", "revoked": "on"}).status_code == 302
    with transaction_for(organization.pk):
        assert find_api_key(secret) is None
    assert admin.get(address).status_code == 200
    assert admin.post(address, {"name": "Again"}).status_code == 403
    with transaction_for(organization.pk):
        assert ApiKey.objects.get(pk=key.pk).revoked_at is not None


def test_the_chosen_organization_can_be_changed_to_ones_own_only(
    admin: Client, owner: User, organization: Organization, other_organization: Organization
) -> None:
    address = f"/admin/organization/{other_organization.pk}/"
    assert admin.get(address).status_code == 403
    actions.create_staff(organization_id=other_organization.pk, email=owner.email, role=Role.MANAGER)
    assert admin.get(address).status_code == 302
    assert admin.session["organization_id"] == str(other_organization.pk)
    assert f"/admin/catalog/organization/{other_organization.pk}/" in admin.get("/admin/catalog/organization/").url  # type: ignore[attr-defined]


def staff_key(user: User) -> str:
    return str(memberships_of(user)[0].pk)
