"""The sample organizations' accounts at the demo's card company, and the ways to pay they offer by them."""

from collections.abc import Mapping, Sequence

from holdfast.catalog.models import Organization
from holdfast.core.keys import uuid7
from holdfast.core.tenancy import transaction_for
from holdfast.demo.cards import CardCompany
from holdfast.payments import actions
from holdfast.payments.gateways import gateway_of
from holdfast.payments.models import StripeAccount, WebhookSecret
from holdfast.payments.stripe_answers import NOTICES
from holdfast.pricing.models import PaymentMethod, PaymentOption

# In the order in which customers see them: what needs no card is what is chosen at first.
OFFERED: Mapping[str, Sequence[PaymentMethod]] = {
    "paris-elite": (
        PaymentMethod.ON_SITE,
        PaymentMethod.CARD,
        PaymentMethod.CARD_ON_FILE,
        PaymentMethod.CHECKOUT,
    ),
    "harbor-home": (PaymentMethod.ON_SITE, PaymentMethod.CARD_ON_FILE, PaymentMethod.CARD),
}
# What a card costs the business: a percentage, and an amount in the currency's minor unit.
FEES: Mapping[str, tuple[str, int]] = {"paris-elite": ("1.5", 25), "harbor-home": ("2.9", 30)}


def connect(company: CardCompany, *, base: str) -> None:
    """Let the sample organizations take cards, and have them told at `base`; done again, it changes what has moved.

    An organization that somebody has connected to an account of their own is left alone.
    """
    for slug, methods in OFFERED.items():
        organization = Organization.objects.filter(slug=slug).first()
        if organization is not None and _take_cards(organization, methods):
            _listen(organization, company, f"{base}/webhooks/stripe/{slug}")


def _take_cards(organization: Organization, methods: Sequence[PaymentMethod]) -> bool:
    public, secret = _key_of(organization, "pk"), _key_of(organization, "sk")
    with transaction_for(organization.id):
        account = StripeAccount.objects.first()
        if account is not None:
            return account.publishable_key == public
        actions.connect_stripe(organization_id=organization.id, publishable_key=public, secret_key=secret)
        if not PaymentOption.objects.exists():
            for position, method in enumerate(methods, 1):
                percent, fixed = ("0", 0) if method == PaymentMethod.ON_SITE else FEES[organization.slug]
                PaymentOption.objects.create(
                    organization=organization,
                    method=method,
                    position=10 * position,
                    fee_percent=percent,
                    fee_fixed=fixed,
                )
    return True


def _listen(organization: Organization, company: CardCompany, url: str) -> None:
    secret_key = _key_of(organization, "sk")
    endpoints = company.ask("GET", "/v1/webhook_endpoints", secret_key)["data"]
    with transaction_for(organization.id):
        gateway, is_known = gateway_of(organization.id), WebhookSecret.objects.filter(ends_at__isnull=True).exists()
    if is_known and [each["url"] for each in endpoints] == [url]:
        return
    for each in endpoints:
        company.ask("DELETE", f"/v1/webhook_endpoints/{each['id']}", secret_key)
    _endpoint, secret = gateway.listen(url=url, kinds=NOTICES, key=str(uuid7()))
    actions.use_webhook_secret(organization_id=organization.id, secret=secret)


def _key_of(organization: Organization, kind: str) -> str:
    return f"{kind}_test_demo_{organization.slug.replace('-', '_')}"
