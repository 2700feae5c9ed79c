"""An organization that takes cards at a stand-in, and a customer's browser that confirms what a page asks for."""

from typing import Any

import httpx
from pytest_django import Settings

from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from holdfast.payments import actions
from holdfast.payments.models import StripeAccount
from holdfast.pricing.models import PaymentOption
from holdfast.stripe_standin.serve import InThread

KEY, PUBLIC_KEY = "sk_test_standin0001", "pk_test_standin0001"
VISA, DECLINED, POOR, ASKS = "4242424242424242", "4000000000000002", "4000000000009995", "4000002760003184"
DISPUTED = "4000000000000259"
# The bank asks at first, and then has no money.
ASKS_AND_IS_POOR = "4000008260003178"


def take_cards(organization: Organization, standin: InThread, settings: Settings, *methods: str) -> StripeAccount:
    """Offer these methods, in this order, by an account at the stand-in."""
    settings.STRIPE_API_URL = settings.STRIPE_CHECKOUT_URL = standin.url
    settings.STRIPE_SCRIPT_URL = f"{standin.url}/v3/"
    settings.STRIPE_FRAME_URLS = []
    account = actions.connect_stripe(organization_id=organization.id, publishable_key=PUBLIC_KEY, secret_key=KEY)
    with transaction_for(organization.id):
        for position, method in enumerate(methods):
            PaymentOption.objects.create(organization=organization, method=method, position=position)
    organization.refresh_from_db()
    return account


def confirm(standin: InThread, client_secret: str, number: str = VISA) -> Any:
    """As the card form does, with the publishable key and the client secret; the intent, or `error`."""
    name = client_secret.partition("_secret")[0]
    room = "setup_intents" if name.startswith("seti_") else "payment_intents"
    card = {"number": number, "exp_month": "12", "exp_year": "34", "cvc": "123"}
    data = {f"payment_method_data[card][{each}]": value for each, value in card.items()}
    data |= {"key": PUBLIC_KEY, "client_secret": client_secret, "payment_method_data[type]": "card"}
    return httpx.post(f"{standin.url}/v1/{room}/{name}/confirm", data=data).json()


def pay_on_their_page(url: str, number: str = VISA) -> httpx.Response:
    """As a customer does on the hosted page, without scripts; where it leads."""
    return httpx.post(url, data={"number": number, "expiry": "12/34", "cvc": "123"})
