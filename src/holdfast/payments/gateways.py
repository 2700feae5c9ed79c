"""Which gateway an organization pays through: the one there is, reached as the settings say."""

from django.conf import settings

from holdfast.payments.gateway import Gateway
from holdfast.payments.stripe_gateway import Connection, StripeGateway


def gateway_with(secret_key: str) -> Gateway:
    """The account that this key opens. Raises GatewayNotSetUp without one."""
    return StripeGateway(
        secret_key, Connection(address=settings.STRIPE_API_URL, timeout=float(settings.STRIPE_TIMEOUT_SECONDS))
    )
