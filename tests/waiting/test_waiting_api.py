"""The waiting list over HTTP: what is sent, what comes back, and who may see it."""

import json
from typing import Any

import pytest
from django.test import Client

from holdfast.accounts.actions import create_api_key
from holdfast.catalog.models import Service
from holdfast.core.tenancy import transaction_for
from holdfast.waiting.models import WaitingEntry
from tests.contract.answers import misfits
from tests.waiting.conftest import Shop
from tools import openapi

LIST = "/api/v1/salon/waiting-list"
PATH = "/api/v1/{org}/waiting-list"
DOCUMENT = openapi.document()


def fits(answer: Any, path: str, method: str) -> Any:
    """The answer's JSON, which is what the document says."""
    found = json.loads(answer.content)
    content = DOCUMENT["paths"][path][method]["responses"][str(answer.status_code)]["content"]
    ((_type, media),) = content.items()
    assert list(misfits(DOCUMENT, media["schema"], found)) == []
    return found


@pytest.fixture
def body(shop: Shop) -> dict[str, Any]:
    return {
        "service": shop.service.slug,
        "from": shop.day().isoformat(),
        "until": shop.day().isoformat(),
        "earliest": "10:00",
        "customer": {"name": "Maria Reyes", "email": "maria@example.com", "phone": "01 99 00 12 34", "locale": "fr"},
    }


def post(client: Client, path: str, body: Any = None, **headers: str) -> Any:
    return client.post(path, json.dumps(body or {}), content_type="application/json", headers=headers)


def test_joining_is_answered_once_for_a_key_and_tells_what_was_understood(
    client: Client, shop: Shop, body: dict[str, Any]
) -> None:
    answers = [post(client, LIST, body, **{"Idempotency-Key": "once"}) for _ in range(2)]
    first, again = (fits(each, PATH, "post") for each in answers)
    assert first == again
    assert (answers[1].status_code, answers[1].headers["Idempotent-Replayed"]) == (201, "true")
    assert {name: first[name] for name in ("state", "earliest", "latest", "party_size", "offer")} == {
        "state": "waiting", "earliest": "10:00", "latest": "24:00", "party_size": 1, "offer": None,
    }  # fmt: skip
    assert first["customer"]["phone"] == "+33199001234"
    with transaction_for(shop.organization.id):
        assert WaitingEntry.objects.count() == 1


def test_the_times_of_day_that_are_told_can_be_sent_again(client: Client, shop: Shop, body: dict[str, Any]) -> None:
    told = fits(post(client, LIST, body | {"latest": "24:00"}), PATH, "post")
    assert (told["earliest"], told["latest"]) == ("10:00", "24:00")


def test_the_token_s_bearer_sees_the_offer_and_claims_it_once(client: Client, shop: Shop, body: dict[str, Any]) -> None:
    entry = fits(post(client, LIST, body), PATH, "post")
    token = {"X-Waiting-Token": entry["token"]}
    assert fits(post(client, f"{LIST}/{entry['id']}/claim", **token), f"{PATH}/{{entry_id}}/claim", "post")["code"] == (
        "offer_over"
    )
    shop.cancel(shop.booked[0])
    seen = fits(client.get(f"{LIST}/{entry['id']}", headers=token), f"{PATH}/{{entry_id}}", "get")
    assert (seen["state"], seen["offer"]["starts_at"]) == ("offered", shop.start(10).isoformat())
    booked, again = (
        fits(
            post(client, f"{LIST}/{entry['id']}/claim", {"note": "Ring"}, **token), f"{PATH}/{{entry_id}}/claim", "post"
        )
        for _ in range(2)
    )
    assert booked["reference"] == again["reference"]
    assert (booked["state"], booked["note"], booked["customer"]["email"]) == ("confirmed", "Ring", "maria@example.com")


def test_leaving_by_the_token(client: Client, shop: Shop, body: dict[str, Any]) -> None:
    entry = fits(post(client, LIST, body), PATH, "post")
    path = f"{LIST}/{entry['id']}"
    left = post(client, f"{path}/leave", **{"X-Waiting-Token": entry["token"]})
    assert fits(left, f"{PATH}/{{entry_id}}/leave", "post")["state"] == "left"


def test_strangers_find_no_entry_and_keys_read_the_line(client: Client, shop: Shop, body: dict[str, Any]) -> None:
    entry = fits(post(client, LIST, body), PATH, "post")
    other = shop.join("Ben")
    for path, headers in (
        (LIST, {}),
        (f"{LIST}/{entry['id']}", {}),
        (f"{LIST}/{other.id}", {"X-Waiting-Token": entry["token"]}),
    ):
        assert client.get(path, headers=headers).status_code == 404
    assert post(client, f"{LIST}/{other.id}/leave", **{"X-Waiting-Token": entry["token"]}).status_code == 404
    reader = create_api_key(organization_id=shop.organization.id, name="Reader", may_write=False)[1]
    read = client.get(LIST, headers={"Authorization": f"Bearer {reader}"})
    found = fits(read, PATH, "get")["entries"]
    assert [(each["customer"]["name"], each["token"]) for each in found] == [("Maria Reyes", None), ("Ben", None)]
    refused = post(client, f"{LIST}/{other.id}/leave", Authorization=f"Bearer {reader}")
    assert fits(refused, f"{PATH}/{{entry_id}}/leave", "post")["code"] == "forbidden"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"service": "nothing"}, 404, "not_found"),
        ({"until": "2020-01-01"}, 422, "validation_error"),
        ({"from": "2090-01-01", "until": "2090-01-02"}, 422, "validation_error"),
        ({"earliest": "18:00", "latest": "09:00"}, 422, "validation_error"),
        ({"party_size": 9}, 422, "party_too_large"),
        ({"duration_minutes": 61}, 422, "validation_error"),
        ({"resource": "nobody"}, 404, "not_found"),
    ],
)
def test_what_cannot_be_waited_for_is_refused(
    client: Client, shop: Shop, body: dict[str, Any], change: dict[str, Any], status: int, code: str
) -> None:
    refused = post(client, LIST, body | change)
    assert (refused.status_code, json.loads(refused.content)["code"]) == (status, code)


def test_what_is_free_is_named_instead(client: Client, shop: Shop, body: dict[str, Any]) -> None:
    refused = fits(post(client, LIST, body | {"until": shop.day(4).isoformat()}), PATH, "post")
    assert refused["code"] == "free_already"
    assert refused["alternatives"][0] == shop.start(10, days=4).isoformat()


def test_who_claims_says_who_comes_where_the_service_asks(client: Client, shop: Shop, body: dict[str, Any]) -> None:
    with transaction_for(shop.organization.id):
        Service.objects.update(attendees="required")
    entry = fits(post(client, LIST, body), PATH, "post")
    path, token = f"{LIST}/{entry['id']}/claim", {"X-Waiting-Token": entry["token"]}
    shop.cancel(shop.booked[0])
    refused = fits(post(client, path, **token), f"{PATH}/{{entry_id}}/claim", "post")
    assert [each["field"] for each in refused["errors"]] == ["attendees"]
    answer = post(client, path, {"attendees": [{"name": "Lea Reyes"}]}, **token)
    booked = fits(answer, f"{PATH}/{{entry_id}}/claim", "post")
    assert booked["attendees"] == [{"name": "Lea Reyes", "email": ""}]
    assert int(answer["Event-Id"]) > 0
