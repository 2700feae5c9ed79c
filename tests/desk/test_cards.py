"""How cards are taken, at the desk: keys go in and never come out, and only the owner is there."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from holdfast.accounts.models import Role, User
from holdfast.core.tenancy import transaction_for
from holdfast.domain.money import Money
from holdfast.events.models import Event
from holdfast.payments import accounts, actions, ledger
from holdfast.payments.facts import Fact
from holdfast.payments.gateway import Order
from holdfast.payments.gateways import gateway_of, webhook_secrets_of
from holdfast.payments.models import PaymentKind, StripeAccount, WebhookSecret
from holdfast.stripe_standin.serve import InThread
from tests.desk.conftest import World
from tests.stripe_standin.conftest import KEY, PUBLIC_KEY, standin

__all__ = ["standin"]
SignIn = Callable[..., Client]
HOME = "/desk/settings/payments/"
LIVE = "sk_live_0123456789abcdef"
KEYS = {"do": "connect", "publishable_key": PUBLIC_KEY, "secret_key": KEY}


@pytest.fixture
def owner_desk(signed_in: SignIn, world: World, standin: InThread, settings: Settings) -> Client:
    settings.STRIPE_API_URL = standin.url
    return signed_in(world, Role.OWNER)


def told(world: World) -> list[str]:
    with transaction_for(world.organization.id):
        return [each.payload["what"] for each in Event.objects.filter(kind=accounts.CHANGED).order_by("id")]


def words(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_account_is_connected_once_stripe_knows_its_keys(owner_desk: Client, world: World) -> None:
    answer = owner_desk.post(HOME, KEYS, follow=True)
    page = words(answer)
    assert "Connected to acct_" in page
    assert "Test: no real money" in page
    assert f"•••• {KEY[-4:]}" in page
    assert KEY not in page
    with transaction_for(world.organization.id):
        account = StripeAccount.objects.get()
        assert account.gateway_account == gateway_of(world.organization.id).account().id
    assert told(world) == ["connected"]


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"secret_key": "sk_live_0123456789abcdef"}, 422, "One key is for tests and the other for real money"),
        ({"secret_key": "nonsense-0123456789abcdef"}, 422, "A secret key begins with"),
        ({"publishable_key": "pk_live_0123456789", "secret_key": LIVE}, 422, "Stripe does not accept this secret key"),
        ({"publishable_key": ""}, 422, "Please fill this in."),
        ({"publishable_key": LIVE}, 422, "A publishable key begins with"),
    ],
)
def test_keys_that_stripe_does_not_know_are_refused_in_words_and_never_sent_back(
    owner_desk: Client, world: World, sent: dict[str, str], status: int, said: str
) -> None:
    answer = owner_desk.post(HOME, {**KEYS, **sent})
    page = words(answer)
    assert (answer.status_code, said in page) == (status, True)
    assert "0123456789abcdef" not in page
    assert KEY not in page
    with transaction_for(world.organization.id):
        assert not StripeAccount.objects.exists()


def test_nothing_is_saved_while_stripe_does_not_answer(owner_desk: Client, world: World, settings: Settings) -> None:
    settings.STRIPE_API_URL, settings.STRIPE_RETRIES = "http://127.0.0.1:9", 0
    answer = owner_desk.post(HOME, KEYS)
    assert (answer.status_code, "The card service does not answer" in words(answer)) == (503, True)
    with transaction_for(world.organization.id):
        assert not StripeAccount.objects.exists()


def test_stripe_is_asked_who_this_is_and_its_answer_is_kept(
    owner_desk: Client, world: World, settings: Settings
) -> None:
    actions.connect_stripe(organization_id=world.organization.id, publishable_key=PUBLIC_KEY, secret_key=KEY)
    assert "FR, EUR." in words(owner_desk.post(HOME, {"do": "check"}, follow=True))
    with transaction_for(world.organization.id):
        assert StripeAccount.objects.get().gateway_account.startswith("acct_")
    settings.STRIPE_API_URL, settings.STRIPE_RETRIES = "http://127.0.0.1:9", 0
    assert "The card service does not answer" in words(owner_desk.post(HOME, {"do": "check"}, follow=True))


def test_stripe_is_told_where_to_send_notices_and_the_one_before_is_removed(owner_desk: Client, world: World) -> None:
    owner_desk.post(HOME, KEYS)
    page = words(owner_desk.get(HOME))
    assert "Stripe does not tell us yet what happens" in page
    assert "/webhooks/stripe/salon" in page
    for _ in range(2):
        assert "Stripe sends its notices here now." in words(owner_desk.post(HOME, {"do": "listen"}, follow=True))
    with transaction_for(world.organization.id):
        former, current = WebhookSecret.objects.order_by("created_at")
        assert (former.ends_at is None, current.ends_at is None) == (False, True)
        secrets = webhook_secrets_of(world.organization.id)
        gateway: Any = gateway_of(world.organization.id)
    listening = gateway._v1.webhook_endpoints.list().data
    assert [each.id for each in listening] == [current.endpoint]
    page = words(owner_desk.get(HOME))
    assert "the one before, until" in page
    assert not [each for each in secrets if each in page]
    assert told(world) == ["connected", "listens", "listens"]


def test_listening_asked_again_after_a_crash_makes_no_second_endpoint(owner_desk: Client, world: World) -> None:
    owner_desk.post(HOME, KEYS)
    owner_desk.post(HOME, {"do": "listen"})
    with transaction_for(world.organization.id):
        WebhookSecret.objects.all().delete()  # as if we had died before its secret was kept
    owner_desk.post(HOME, {"do": "listen"})
    with transaction_for(world.organization.id):
        gateway: Any = gateway_of(world.organization.id)
    assert len(gateway._v1.webhook_endpoints.list().data) == 1


def test_a_signing_secret_is_rotated_with_an_overlap(owner_desk: Client, world: World) -> None:
    owner_desk.post(HOME, KEYS)
    owner_desk.post(HOME, {"do": "listen"})
    wrong = owner_desk.post(HOME, {"do": "rotate", "secret": "sk_test_0123456789abcdef"})
    assert (wrong.status_code, "A signing secret begins with whsec_." in words(wrong)) == (422, True)
    assert "0123456789abcdef" not in words(wrong)
    answer = owner_desk.post(HOME, {"do": "rotate", "secret": "whsec_0123456789abcdef"}, follow=True)
    assert "the one before, until" in words(answer)
    assert "0123456789abcdef" not in words(answer)
    with transaction_for(world.organization.id):
        assert webhook_secrets_of(world.organization.id)[0] == "whsec_0123456789abcdef"
        assert len(webhook_secrets_of(world.organization.id)) == 2


def test_cards_are_let_go_only_when_no_payment_is_open(owner_desk: Client, world: World) -> None:
    owner_desk.post(HOME, KEYS)
    owner_desk.post(HOME, {"do": "listen"})
    with transaction_for(world.organization.id):
        gateway: Any = gateway_of(world.organization.id)
    booking = world.book()
    payment = actions.begin_payment(booking=booking, kind=PaymentKind.PREPAID, amount=Money(10_000, "EUR"))
    assert "Not while 1 payment is open" in words(owner_desk.get(f"{HOME}disconnect/"))
    assert booking.customer_name in words(owner_desk.post(f"{HOME}disconnect/"))
    other = owner_desk.post(
        HOME, {**KEYS, "publishable_key": "pk_test_another12345", "secret_key": "sk_test_another12345"}
    )
    assert (other.status_code, "Payments are open at the account" in words(other)) == (409, True)
    asked = gateway.create_payment(order=Order(Money(10_000, "EUR"), "Massage", {}), key="k")
    actions.note_gateway_id(payment=payment, gateway_id=asked.id)
    with transaction_for(world.organization.id):
        from holdfast.domain.ledger import EntryKind

        ledger.add(booking=booking, payment=payment, facts=[Fact(EntryKind.CANCELLED, str(payment.id))])
    assert owner_desk.post(f"{HOME}disconnect/").status_code == 302
    with transaction_for(world.organization.id):
        assert not StripeAccount.objects.exists()
    assert gateway._v1.webhook_endpoints.list().data == []
    assert told(world) == ["connected", "listens", "disconnected"]


def test_a_key_that_cannot_be_opened_any_more_is_said_so(owner_desk: Client, settings: Settings) -> None:
    owner_desk.post(HOME, KEYS)
    settings.SECRET_KEY = "another secret of the installation, long enough"
    owner_desk.force_login(User.objects.get())  # the session was signed with the former one
    page = words(owner_desk.get(HOME))
    assert "The saved key cannot be opened any more" in page


def test_no_key_is_in_the_log(owner_desk: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        owner_desk.post(HOME, KEYS)
        owner_desk.post(HOME, {**KEYS, "publishable_key": "pk_live_0123456789", "secret_key": LIVE})
    assert KEY not in caplog.text
    assert "0123456789abcdef" not in caplog.text


@pytest.mark.parametrize("role", [Role.MANAGER, Role.DISPATCHER, Role.MEMBER, Role.READ_ONLY])
def test_only_an_owner_is_there(signed_in: SignIn, world: World, role: str) -> None:
    browser = signed_in(world, role)
    for path, sent in ((HOME, KEYS), (HOME, {"do": "listen"}), (f"{HOME}disconnect/", {})):
        refused = browser.post(path, sent)
        assert (refused.status_code, "for an owner alone" in words(refused)) == (403, True)
    assert "Card payments" not in words(browser.get("/desk/"))
    assert told(world) == []
