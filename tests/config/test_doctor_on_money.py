"""The doctor sees what would cost customers or the business money, and says what to do."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from pytest_django import Settings

from holdfast.catalog.models import Organization
from holdfast.config import doctor_money
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.payments import actions
from holdfast.payments.models import InboxEvent
from holdfast.pricing.models import ExchangeRate, PaymentOption
from tests import factories

PUBLIC, SECRET, SIGNING = "pk_test_0123456789", "sk_test_0123456789", "whsec_0123456789"


def test_a_service_without_any_price_under_a_tariff_is_named(organization: Organization) -> None:
    factories.make_service(organization, slug="free", name={"en": "Fitting"}, price_amount=0)
    assert doctor_money.tariffs().state == "well"
    factories.make_tariff(organization, {"effect": "add", "amount": 500})
    found = doctor_money.tariffs()
    assert (found.state, "Salon: Fitting" in found.found) == ("weak", True)
    factories.make_tariff(organization, {"effect": "per_hour", "amount": 500}, in_force=False)
    assert doctor_money.tariffs().state == "weak"


def test_a_price_of_the_tariff_is_enough(organization: Organization) -> None:
    factories.make_service(organization, price_amount=0)
    factories.make_tariff(organization, {"effect": "per_hour", "amount": 6000})
    assert doctor_money.tariffs().state == "well"


def test_a_promotion_that_nobody_can_get_is_named_with_its_reason(organization: Organization) -> None:
    factories.make_promotion(organization, code="OFF", uses=0, is_active=False)
    assert doctor_money.promotions().state == "well"
    factories.make_promotion(organization, uses=0)
    assert doctor_money.promotions().found == "1 can never be given: Salon: Spring: It may be used 0 times."


@pytest.mark.parametrize(("age", "state"), [(None, "well"), (7, "well"), (8, "weak")])
def test_old_exchange_rates_are_no_rates(organization: Organization, age: int | None, state: str) -> None:
    if age is not None:
        day = clock.now().date() - timedelta(days=age)
        ExchangeRate.objects.create(day=day, currency="USD", per_euro=Decimal("1.1"))
    assert doctor_money.exchange_rates().state == state


def test_cards_need_an_account_a_key_and_somebody_who_listens(organization: Organization, settings: Settings) -> None:
    assert doctor_money.card_accounts().found == "no organization takes cards"
    with transaction_for(organization.id):
        PaymentOption.objects.create(organization=organization, method="card")
    assert "no account is connected" in doctor_money.card_accounts().found
    actions.connect_stripe(organization_id=organization.id, publishable_key=PUBLIC, secret_key=SECRET)
    found = doctor_money.card_accounts()
    assert (found.state, "no signing secret" in found.found) == ("ill", True)
    actions.use_webhook_secret(organization_id=organization.id, secret=SIGNING)
    assert doctor_money.card_accounts().found == "1 organizations take cards"
    settings.SECRET_KEY = "quite another secret of the installation"
    found = doctor_money.card_accounts()
    assert ("cannot be opened" in found.found, "0123456789" in found.found) == (True, False)


@pytest.mark.parametrize(("minutes", "state"), [(5, "well"), (15, "weak"), (1500, "ill")])
def test_notices_that_wait_too_long_are_counted(organization: Organization, minutes: int, state: str) -> None:
    with transaction_for(organization.id):
        InboxEvent.objects.create(
            organization=organization, event_id="evt_1", kind="refund.updated", subject_kind="refund", subject="re_1",
            payload=b"{}", received_at=clock.now() - timedelta(minutes=minutes),
        )  # fmt: skip
    assert doctor_money.notices().state == state


def test_jobs_that_were_given_up_are_named_for_a_week(organization: Organization) -> None:
    assert doctor_money.failed_jobs().state == "well"
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH job AS (INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES
            ('default', 'payments.settle', 'failed') RETURNING id)
            INSERT INTO procrastinate_events (job_id, type, at) SELECT id, 'failed', now() FROM job"""
        )
    found = doctor_money.failed_jobs()
    assert (found.state, found.found) == ("weak", "given up in the last 7 days: 1 × payments.settle")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '8 days'")
    assert doctor_money.failed_jobs().state == "well"
