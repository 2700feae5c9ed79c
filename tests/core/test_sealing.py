"""Secrets at rest open only to their organization, for their purpose, with a key of the installation."""

from uuid import UUID

import pytest
from pytest_django import Settings

from holdfast.core.sealing import CannotOpen, seal, unseal

ONE, OTHER = UUID(int=1), UUID(int=2)


def test_what_is_sealed_shows_nothing_and_opens_again() -> None:
    sealed = seal("sk_test_0123456789", organization_id=ONE, purpose="key")
    assert "0123456789" not in sealed
    assert seal("sk_test_0123456789", organization_id=ONE, purpose="key") != sealed
    assert unseal(sealed, organization_id=ONE, purpose="key") == "sk_test_0123456789"


@pytest.mark.parametrize(("organization", "purpose"), [(OTHER, "key"), (ONE, "another")])
def test_a_row_copied_elsewhere_does_not_open(organization: UUID, purpose: str) -> None:
    sealed = seal("secret", organization_id=ONE, purpose="key")
    with pytest.raises(CannotOpen):
        unseal(sealed, organization_id=organization, purpose=purpose)


def test_what_was_altered_does_not_open() -> None:
    sealed = seal("secret", organization_id=ONE, purpose="key")
    with pytest.raises(CannotOpen):
        unseal(sealed[:-4] + "AAA=", organization_id=ONE, purpose="key")


def test_after_a_change_of_the_secret_key_the_old_one_still_opens_while_it_is_kept(settings: Settings) -> None:
    sealed = seal("secret", organization_id=ONE, purpose="key")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key, just as long as the one before it"
    settings.SECRET_KEY_FALLBACKS = [old]
    assert unseal(sealed, organization_id=ONE, purpose="key") == "secret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(CannotOpen):
        unseal(sealed, organization_id=ONE, purpose="key")
