"""How one pays and what cancelling costs, laid down at the desk: shown to customers from the next plan on."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.models import Role
from holdfast.catalog.models import Organization
from holdfast.core.tenancy import transaction_for
from holdfast.pricing.models import CancellationPolicy, Deposit, PaymentOption, TipChoices
from tests import factories

HERE = "/desk/prices/payment/"


@pytest.fixture
def desk(client: Client, organization: Organization) -> Client:
    client.force_login(factories.make_staff(organization))
    return client


def step(number: int, within: str = "", unit: str = "60", percent: str = "", amount: str = "") -> dict[str, str]:
    named = {"within": within, "within_unit": unit, "percent": percent, "amount": amount}
    return {f"step{number}_{name}": value for name, value in named.items()}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_ladder_is_laid_down_changed_and_ended(desk: Client, organization: Organization) -> None:
    sent = {"percent": "100", **step(0, "2", percent="80"), **step(1, "1", "1440", amount="20.00")}
    said = text(desk.post(f"{HERE}cancellation/new/", sent, follow=True))
    assert "with less notice than 1 day: €20.00" in said.replace("\xa0", " ")
    assert "with less notice than 2 hours: 80%" in said.replace("\xa0", " ")
    assert "not coming: 100%" in said
    with transaction_for(organization.id):
        policy = CancellationPolicy.objects.get()
        steps: list[Any] = list(policy.steps.values_list("within", "percent", "amount"))
    assert steps == [(1440, None, 2000), (120, 80, None)]
    page = desk.get(f"{HERE}cancellation/{policy.pk}/")
    assert page.context["form"]["step0_amount"].value() == Decimal("20.00")
    seen = page.context["seen"]
    changed = {"percent": "50", "seen": seen, **step(0, "3", percent="40")}
    assert desk.post(f"{HERE}cancellation/{policy.pk}/", changed).status_code == 302
    assert desk.post(f"{HERE}cancellation/{policy.pk}/", changed).status_code == 409
    history = text(desk.get(f"{HERE}cancellation/{policy.pk}/")).replace("\xa0", " ")
    assert "created it" in history
    assert "Not coming costs, in percent: 100% → 50%" in history
    before = "with less notice than 1 day: €20.00; with less notice than 2 hours: 80%"
    assert f"What cancelling costs: {before} → with less notice than 3 hours: 40%" in history
    with transaction_for(organization.id):
        steps = list(policy.steps.values_list("within", "percent"))
    assert steps == [(180, 40)]
    desk.post(f"{HERE}cancellation/{policy.pk}/delete/")
    with transaction_for(organization.id):
        assert not CancellationPolicy.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"percent": ""}, "Fill in a percentage or an amount."),
        ({"percent": "50", "amount": "10"}, "leave one of the two empty"),
        ({"percent": "50", **step(0, percent="50")}, "Say within how much notice"),
        ({"percent": "50", **step(0, "2")}, "Fill in a percentage or an amount."),
        ({"percent": "50", **step(0, "2", percent="5"), **step(1, "120", "1", percent="6")}, "the same notice"),
    ],
)
def test_what_is_not_a_ladder_is_refused_with_what_to_do(desk: Client, sent: dict[str, str], said: str) -> None:
    answer = desk.post(f"{HERE}cancellation/new/", sent)
    assert answer.status_code == 422
    assert said in text(answer)


def test_there_is_one_deposit_for_all_services_and_it_asks_for_something(
    desk: Client, organization: Organization
) -> None:
    assert "A deposit of nothing" in text(desk.post(f"{HERE}deposit/new/", {"percent": "0"}))
    whole = {"whole_within": "2", "whole_within_unit": "1440"}
    assert "30%; all at once within 2" in text(
        desk.post(f"{HERE}deposit/new/", {"percent": "30", **whole}, follow=True)
    )
    assert "There is one for this already" in text(desk.post(f"{HERE}deposit/new/", {"amount": "10.00"}))
    with transaction_for(organization.id):
        assert Deposit.objects.get().whole_within == 2880


def test_tips_and_methods_are_changed_where_they_stand(desk: Client, organization: Organization) -> None:
    said = text(desk.post(f"{HERE}tips/new/", {"percents": "15, 5, 5", "is_free": "on"}, follow=True))
    assert "5% and 15%, or any amount" in said
    fee = {"is_active": "on", "fee_percent": "1.5", "fee_fixed": "0.25", "fee_borne_by": "customer"}
    assert "1.5% + €0.25, borne by the customer" in text(desk.post(f"{HERE}methods/card/", fee, follow=True))
    refused = desk.post(f"{HERE}methods/on_site/", fee)
    assert "Paying on site has no fee" in text(refused)
    assert desk.get(f"{HERE}methods/none/").status_code == 404
    with transaction_for(organization.id):
        assert TipChoices.objects.get().percents == [5, 15]
        assert PaymentOption.objects.get().fee_fixed == 25


def test_who_may_not_configure_sees_it_and_changes_nothing(client: Client, organization: Organization) -> None:
    client.force_login(factories.make_staff(organization, Role.DISPATCHER))
    assert client.get(HERE).status_code == 200
    assert client.post(f"{HERE}tips/new/", {"percents": "5"}).status_code == 403
    with transaction_for(organization.id):
        assert not TipChoices.objects.exists()


def test_how_long_before_money_is_held_is_said_for_a_card_that_is_kept_and_for_no_other(
    desk: Client, organization: Organization
) -> None:
    assert "hold_hours" not in desk.get(f"{HERE}methods/card/").context["form"].fields
    here = f"{HERE}methods/card_on_file/"
    assert desk.get(here).context["form"]["hold_hours"].value() == 24
    sent = {"is_active": "on", "position": "10", "fee_percent": "0", "fee_fixed": "0", "fee_borne_by": "business"}
    for refused in ("0", "97"):
        assert desk.post(here, {**sent, "hold_hours": refused}).status_code == 422
    said = text(desk.post(here, {**sent, "hold_hours": "96"}, follow=True))
    assert "The price is held 4 days before the service" in said
    with transaction_for(organization.id):
        assert PaymentOption.objects.get(method="card_on_file").hold_hours == 96
