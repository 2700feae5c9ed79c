"""People and keys: who may be added, changed and removed, and what is kept of a secret."""

import pytest
from django.contrib.auth import authenticate

from holdfast.accounts import actions
from holdfast.accounts.errors import AlreadyStaff, HasAnAccount, LastOwner, WorksElsewhere
from holdfast.accounts.models import ApiKey, Membership, Role, User
from holdfast.accounts.queries import find_api_key, memberships_of
from holdfast.catalog.models import Organization
from holdfast.core.errors import ValidationError
from holdfast.core.tenancy import set_organization, transaction_for
from tests import factories

PASSWORD = "a good password"


def hire(organization: Organization, email: str = "New@Example.com", **fields: str) -> Membership:
    return actions.create_staff(
        organization_id=organization.pk, email=email, **{"role": Role.MEMBER, "password": PASSWORD, **fields}
    )


def test_new_staff_may_sign_in_with_their_password(organization: Organization) -> None:
    membership = hire(organization, name="Noa")
    user = authenticate(username="NEW@example.com", password=PASSWORD)
    assert user == membership.user
    assert [(each.organization, each.role) for each in memberships_of(membership.user)] == [(organization, "member")]


@pytest.mark.parametrize("password", ["", "short", "password1234"])
def test_a_weak_password_makes_no_account(organization: Organization, password: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        hire(organization, password=password)
    assert {each["field"] for each in refusal.value.extra["errors"]} == {"password"}
    assert User.objects.count() == 0


def test_an_address_that_is_none_is_refused(organization: Organization) -> None:
    with pytest.raises(ValidationError) as refusal:
        hire(organization, email="nobody")
    assert refusal.value.extra["errors"] == [{"field": "email", "message": "Enter a valid email address."}]


def test_a_person_works_once_in_an_organization(organization: Organization) -> None:
    hire(organization)
    with pytest.raises(AlreadyStaff):
        hire(organization)


def test_a_known_person_joins_with_their_own_password(
    organization: Organization, other_organization: Organization
) -> None:
    known = hire(organization).user
    with pytest.raises(HasAnAccount):
        hire(other_organization, password="another password")
    assert hire(other_organization, password="").user == known
    assert [each.organization.name for each in memberships_of(known)] == ["Rival", "Salon"]


def test_nobody_changes_the_account_of_a_person_who_also_works_elsewhere(
    organization: Organization, other_organization: Organization
) -> None:
    membership = hire(organization)
    hire(other_organization, password="")
    same = {"name": "", "locale": "en", "is_active": True}
    with pytest.raises(WorksElsewhere):
        actions.change_staff(membership=membership, role="manager", **{**same, "password": "stolen account"})  # type: ignore[arg-type]
    actions.change_staff(membership=membership, role="manager", **same)  # type: ignore[arg-type]
    assert authenticate(username="new@example.com", password=PASSWORD) is not None
    assert {each.organization.name: each.role for each in memberships_of(membership.user)} == {
        "Salon": "manager",
        "Rival": "member",
    }


def test_an_organization_keeps_an_owner(organization: Organization) -> None:
    owner = hire(organization, role=Role.OWNER)
    with pytest.raises(LastOwner):
        actions.change_staff(membership=owner, role="manager", name="", locale="en", is_active=True)
    with pytest.raises(LastOwner):
        actions.change_staff(membership=owner, role="owner", name="", locale="en", is_active=False)
    with pytest.raises(LastOwner):
        actions.remove_staff(membership=owner)
    factories.make_staff(organization, role=Role.OWNER)
    actions.remove_staff(membership=owner)
    assert memberships_of(owner.user) == []


def test_memberships_of_one_person_show_nobody_elses(
    organization: Organization, other_organization: Organization
) -> None:
    user = hire(organization).user
    hire(other_organization, email="rival@example.com")
    set_organization(None)
    assert [each.user for each in memberships_of(user)] == [user]
    assert Membership.objects.count() == 0


def test_a_key_is_found_by_its_secret_in_its_organization_until_it_is_revoked(
    organization: Organization, other_organization: Organization
) -> None:
    key, secret = actions.create_api_key(organization_id=organization.pk, name="Site", may_write=True)
    assert secret.startswith(key.prefix)
    with transaction_for(organization.pk):
        assert secret not in str(ApiKey.objects.values().get())
        assert find_api_key(secret) == key
        assert find_api_key(secret + "x") is None
    with transaction_for(other_organization.pk):
        assert find_api_key(secret) is None
    actions.revoke_api_key(key=key)
    with transaction_for(organization.pk):
        assert find_api_key(secret) is None
