"""Idempotency keys, pages of lists, and faults: what a client has to live with."""

import threading
import time
from typing import Any

import pytest
import stripe

from holdfast.stripe_standin.app import Standin
from holdfast.stripe_standin.serve import InThread
from holdfast.stripe_standin.store import Store
from tests.asking import http
from tests.stripe_standin.conftest import KEY, Client, Wish, paying

ONCE: Any = {"idempotency_key": "one-and-only"}


def count(client: Client) -> int:
    return len(client.v1.payment_intents.list({"limit": 100}).data)


def test_the_same_key_gets_the_same_answer_for_a_day(client: Client, wish: Wish) -> None:
    first = client.v1.payment_intents.create(paying(), ONCE)
    wish("clock", advance=24 * 3600 - 60)
    again = client.v1.payment_intents.create(paying(), ONCE)
    assert (again.id, again.last_response.headers["idempotent-replayed"]) == (first.id, "true")
    assert again.last_response.headers["original-request"] == first.last_response.request_id
    wish("clock", advance=61)
    assert client.v1.payment_intents.create(paying(), ONCE).id != first.id


def test_a_decline_is_remembered_and_a_wrong_parameter_is_not(client: Client) -> None:
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            client.v1.payment_intents.create(paying("pm_card_chargeDeclined"), ONCE)
    assert count(client) == 1
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create(paying(amount=1), {"idempotency_key": "two"})
    assert client.v1.payment_intents.create(paying(), {"idempotency_key": "two"}).status == "succeeded"


@pytest.mark.parametrize("other", ["parameters", "endpoint"])
def test_a_key_is_for_one_request_alone(client: Client, other: str) -> None:
    paid = client.v1.payment_intents.create(paying(), ONCE)
    requests = {
        "parameters": lambda: client.v1.payment_intents.create(paying(amount=9501), ONCE),
        "endpoint": lambda: client.v1.refunds.create({"payment_intent": paid.id}, ONCE),
    }
    with pytest.raises(stripe.IdempotencyError, match=f"same {other}"):
        requests[other]()


def test_a_key_that_is_being_worked_on_is_refused(client: Client, standin: InThread, wish: Wish) -> None:
    wish("fault", do="delay", match="POST /v1/payment_intents", seconds=1.5)
    slow = threading.Thread(target=lambda: client.v1.payment_intents.create(paying(), ONCE))
    slow.start()
    while standin.standin.faults.wished[0].times:  # until the first one is being held up
        time.sleep(0.01)
    with pytest.raises(stripe.StripeError) as refused:
        client.v1.payment_intents.create(paying(), ONCE)
    assert refused.value.http_status == 409
    assert "in-progress request using this Idempotent Key" in str(refused.value)
    slow.join()
    assert count(client) == 1


def test_lists_are_paged_newest_first_and_filtered_by_time(client: Client, wish: Wish) -> None:
    early = [client.v1.payment_intents.create(paying(amount=1000 + n)).id for n in range(12)]
    start = wish("clock", advance=100)
    late = client.v1.payment_intents.create(paying(amount=5000)).id
    page = client.v1.payment_intents.list({"limit": 5})
    assert ([each.amount for each in page.data], page.has_more) == ([5000, 1011, 1010, 1009, 1008], True)
    after = client.v1.payment_intents.list({"limit": 100, "starting_after": early[2]})
    assert ([each.amount for each in after.data], after.has_more) == ([1001, 1000], False)
    assert [each.id for each in page.auto_paging_iter()] == [late, *early[::-1]]
    assert [each.id for each in client.v1.payment_intents.list({"created": {"gte": start}}).data] == [late]
    assert len(client.v1.payment_intents.list({"created": {"lt": start}, "limit": 100}).data) == 12


@pytest.mark.parametrize(
    ("fault", "charged"),
    [("500", 0), ("429", 0), ("drop", 0), ("drop_after", 1), ("timeout", 0), ("timeout_after", 1), ("500_after", 1)],
)
def test_a_fault_happens_before_or_after_the_charge(client: Client, wish: Wish, fault: str, charged: int) -> None:
    wish("fault", do=fault, match="POST /v1/payment_intents$", seconds=0.2)
    with pytest.raises(stripe.StripeError):
        client.v1.payment_intents.create(paying(), ONCE)
    assert count(client) == charged
    if fault == "500_after":  # remembered, as Stripe remembers its own failures
        with pytest.raises(stripe.APIError):
            client.v1.payment_intents.create(paying(), ONCE)
    else:
        assert client.v1.payment_intents.create(paying(), ONCE).status == "succeeded"
    assert count(client) == 1


def test_what_is_kept_in_a_file_is_there_after_a_restart(tmp_path: Any) -> None:
    store = Store(str(tmp_path / "stripe.sqlite"))
    store.add("acct_1", {"id": "cus_1", "object": "customer", "created": 1})
    store.advance(100)
    store.close()
    again = Standin(str(tmp_path / "stripe.sqlite"))
    assert again.store.get("acct_1", "customer", "cus_1") == {"id": "cus_1", "object": "customer", "created": 1}
    assert again.store.now() > Store().now() + 90


def test_faults_that_do_not_exist_are_refused(standin: InThread) -> None:
    told = http.post(f"{standin.url}/_standin/fault", json={"do": "explode"}, auth=(KEY, ""))
    assert told.status_code == 400
