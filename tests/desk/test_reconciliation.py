"""Where the card company and the ledger differ, at the desk: compared on demand, decided with a reason, by who may."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from holdfast.accounts.models import Role
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.payments.models import Difference, Reconciliation
from holdfast.payments.reconciling import console, running
from tests import factories
from tests.payments.conftest import Shop, receiver, shop, standin, wish
from tests.payments.losses import orphan, payment_notice_lost, rows
from tests.payments.reconciled import later, reconcile

__all__ = ["receiver", "shop", "standin", "wish"]
PAGE = "/desk/payments/reconciliation/"


def browser_of(organization: Organization, role: str = Role.MANAGER) -> Client:
    browser = Client()
    browser.force_login(factories.make_staff(organization, role=role, password="a good password"))
    return browser


def shown(browser: Client) -> str:
    return unescape(browser.get(PAGE).content.decode())


def titles(body: str) -> list[str]:
    return re.findall(r'class="empty-title">([^<]*)<', body)


def test_without_cards_and_without_a_run_the_page_says_so(organization: Organization, shop: Shop) -> None:
    other = factories.make_organization()
    assert titles(shown(browser_of(other))) == ["Cards are not taken yet"]
    assert titles(shown(browser_of(organization))) == ["Nothing was compared yet"]


def test_who_may_not_configure_sees_nothing_and_starts_nothing(shop: Shop) -> None:
    browser = browser_of(shop.organization, Role.DISPATCHER)
    assert browser.get(PAGE).status_code == 403
    assert browser.post(PAGE, {"since": "2026-01-01", "until": "2026-01-02"}).status_code == 403
    with transaction_for(shop.organization.id):
        assert not Reconciliation.objects.exists()


def test_a_run_is_started_once_shows_how_far_it_is_and_what_it_did(shop: Shop) -> None:
    one = payment_notice_lost(shop)
    browser = browser_of(shop.organization)
    today = clock.now().date()
    days = {"since": (today - timedelta(days=2)).isoformat(), "until": today.isoformat()}
    with later():
        assert browser.post(PAGE, days).status_code == 302
        body = shown(browser)
        assert 'data-live="2"' in body
        assert "Reading what the card company has …" in body
        browser.post(PAGE, days)
        assert "A reconciliation is running already" in shown(browser)
        (job,) = ProcrastinateJob.objects.filter(task_name=running.RECONCILE).values_list("args", flat=True)
        running.perform(organization_id=shop.organization.id, run_id=job["run_id"])
        shop.work()
    body = shown(browser)
    assert "data-live" not in body
    assert titles(body) == ["Nothing is left to decide"]
    assert "Repaired by itself" in body
    assert re.findall(r'data-label="(Repaired|Left to you)">(\d+)<', body) == [("Repaired", "1"), ("Left to you", "0")]
    assert one.now.state == "confirmed"


@pytest.mark.parametrize(
    "days",
    [
        {"since": "2026-01-02", "until": "2026-01-01"},
        {"since": "", "until": "2026-01-01"},
        {"since": "2025-01-01", "until": "2026-01-01"},
    ],
)
def test_days_that_make_no_window_are_refused(shop: Shop, days: dict[str, str]) -> None:
    assert browser_of(shop.organization).post(PAGE, days).status_code == 422
    with transaction_for(shop.organization.id):
        assert not Reconciliation.objects.exists()


def test_a_difference_is_decided_with_a_reason_after_being_told_what_happens(shop: Shop) -> None:
    intent = orphan(shop)
    reconcile(shop)
    (row,) = rows(shop)
    browser = browser_of(shop.organization)
    assert "1 difference with the card company is yours to decide" in browser.get("/desk/").content.decode()
    dispatcher = browser_of(shop.organization, Role.DISPATCHER)
    assert "yours to decide" not in dispatcher.get("/desk/").content.decode()
    body = shown(browser)
    assert "The card company has €100.00 of a payment that is not known here." in body
    ways = re.findall(rf'href="({PAGE}{row.id}/[a-z_]+/)">([^<]*)<', body)
    assert [label for _address, label in ways] == ["Give it back", "Put it to a booking", "Mark as known"]
    address = ways[0][0]
    assert "goes back to the card it came from" in browser.get(address).content.decode()
    assert browser.post(address, {"reason": " "}).status_code == 422
    assert browser.post(f"{PAGE}{row.id}/adopt/", {"reason": "x", "reference": "NOBODY"}).status_code == 409
    assert browser.post(address, {"reason": "They paid twice"}).status_code == 302
    (row,) = rows(shop)
    assert (row.how, row.reason, bool(row.by)) == ("refunded", "They paid twice", True)
    assert [each.amount.amount for each in shop.gateway.refunds_of(intent)] == [10_000]
    assert "They paid twice" in shown(browser)
    assert browser.post(address, {"reason": "again"}).status_code == 302
    assert len(list(shop.gateway.refunds_of(intent))) == 1


def test_another_organizations_difference_is_not_there(shop: Shop) -> None:
    orphan(shop)
    reconcile(shop)
    (row,) = rows(shop)
    assert browser_of(factories.make_organization()).get(f"{PAGE}{row.id}/know/").status_code == 404
    assert browser_of(shop.organization).get(f"{PAGE}{row.id}/take_word/").status_code == 404


def test_the_command_says_what_differs_and_with_dry_run_changes_nothing(shop: Shop) -> None:
    one = payment_notice_lost(shop)
    orphan(shop)
    with later():
        window = console.window_of(shop.organization, None, None)
        said = "\n".join(console.compare(shop.organization, window))
        assert "1 missing_here, 1 orphan" in said
        assert "would be repaired" in said
        with transaction_for(shop.organization.id):
            assert not Difference.objects.exists()
            assert not Reconciliation.objects.exists()
        said = "\n".join(console.reconcile(shop.organization, window))
        one.work()
    assert sorted(re.findall(r": (repaired|left to a person)", said)) == ["left to a person", "repaired"]
    assert "1 left to decide at /desk/payments/reconciliation/" in said
    assert one.now.state == "confirmed"
