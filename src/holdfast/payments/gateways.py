"""Which gateway an organization pays through: the one there is, with its own keys, reached as the settings say."""

from uuid import UUID

from django.conf import settings
from django.db.models import Q

from holdfast.core import clock
from holdfast.core.sealing import unseal
from holdfast.payments.errors import GatewayNotSetUp
from holdfast.payments.gateway import Gateway
from holdfast.payments.models import StripeAccount, WebhookSecret
from holdfast.payments.stripe_gateway import Connection, StripeGateway

SECRET_KEY, WEBHOOK_SECRET = "stripe secret key", "stripe webhook secret"


def gateway_of(organization_id: UUID) -> Gateway:
    """In a transaction of the organization; its calls belong outside. Raises GatewayNotSetUp."""
    account = StripeAccount.objects.first()
    if account is None:
        raise GatewayNotSetUp
    return gateway_with(unseal(account.sealed_secret_key, organization_id=organization_id, purpose=SECRET_KEY))


def gateway_with(secret_key: str) -> Gateway:
    """The account that this key opens. Raises GatewayNotSetUp without one."""
    return StripeGateway(
        secret_key,
        Connection(
            address=settings.STRIPE_API_URL,
            timeout=float(settings.STRIPE_TIMEOUT_SECONDS),
            retries=settings.STRIPE_RETRIES,
        ),
    )


def webhook_secrets_of(organization_id: UUID) -> list[str]:
    """Those that are good now, the newest first. In a transaction of the organization. Raises GatewayNotSetUp."""
    good = Q(ends_at__isnull=True) | Q(ends_at__gt=clock.now())
    sealed = WebhookSecret.objects.filter(good).order_by("-created_at").values_list("sealed", flat=True)
    secrets = [unseal(each, organization_id=organization_id, purpose=WEBHOOK_SECRET) for each in sealed]
    if not secrets:
        raise GatewayNotSetUp
    return secrets
