"""An organization's keys: checked, sealed, changed, and shown to nobody."""

import pytest
from django.db import connection

from holdfast.catalog.models import Organization
from holdfast.core.errors import ValidationError
from holdfast.core.tenancy import transaction_for
from holdfast.payments import actions
from holdfast.payments.errors import GatewayNotSetUp
from holdfast.payments.gateways import gateway_of, webhook_secrets_of
from holdfast.payments.models import StripeAccount

PUBLIC, SECRET, SIGNING = "pk_test_0123456789", "sk_test_0123456789", "whsec_0123456789"


def connect(organization: Organization, secret_key: str = SECRET) -> None:
    actions.connect_stripe(organization_id=organization.id, publishable_key=PUBLIC, secret_key=secret_key)


def test_no_secret_stands_in_the_database_as_it_is(organization: Organization) -> None:
    connect(organization)
    actions.use_webhook_secret(organization_id=organization.id, secret=SIGNING)
    with transaction_for(organization.id), connection.cursor() as cursor:
        cursor.execute("SELECT sealed_secret_key FROM payments_stripeaccount")
        (key,) = cursor.fetchone()
        cursor.execute("SELECT sealed FROM payments_webhooksecret")
        (signing,) = cursor.fetchone()
        assert webhook_secrets_of(organization.id) == [SIGNING]
    assert "0123456789" not in key + signing


def test_an_account_is_connected_once_and_its_keys_can_be_changed(organization: Organization) -> None:
    connect(organization)
    connect(organization, "rk_test_9876543210")
    with transaction_for(organization.id):
        assert StripeAccount.objects.count() == 1


def test_another_organization_has_no_account_by_that(
    organization: Organization, other_organization: Organization
) -> None:
    connect(organization)
    with transaction_for(other_organization.id), pytest.raises(GatewayNotSetUp):
        gateway_of(other_organization.id)
    with transaction_for(other_organization.id), pytest.raises(GatewayNotSetUp):
        webhook_secrets_of(other_organization.id)


@pytest.mark.parametrize(
    ("public", "secret", "field"),
    [
        ("sk_test_0123456789", SECRET, "publishable_key"),
        (PUBLIC, "pk_test_0123456789", "secret_key"),
        (PUBLIC, "sk_live_0123456789", "secret_key"),
        (PUBLIC, "", "secret_key"),
    ],
)
def test_keys_that_cannot_be_a_pair_are_refused_without_repeating_them(
    organization: Organization, public: str, secret: str, field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.connect_stripe(organization_id=organization.id, publishable_key=public, secret_key=secret)
    assert [each["field"] for each in refused.value.extra["errors"]] == [field]
    assert "0123456789" not in str(refused.value.problem())
    with transaction_for(organization.id):
        assert not StripeAccount.objects.exists()


def test_a_signing_secret_that_is_none_is_refused(organization: Organization) -> None:
    connect(organization)
    with pytest.raises(ValidationError):
        actions.use_webhook_secret(organization_id=organization.id, secret="sk_test_0123456789")
