"""The same request sent many times is one booking and one answer (docs/algorithms/idempotency.md)."""

import asyncio
from collections import Counter
from dataclasses import replace

from holdfast.catalog.models import Organization, Service
from tests import factories, proofs
from tests.concurrency import asks
from tests.running import Ask, Client, House, Told, together, with_clients

REPETITIONS = 20


def shop(**service: object) -> tuple[Organization, Service]:
    """Twenty people serve, so that nothing but the key stands between a repetition and a second booking."""
    organization = factories.make_organization()
    for _ in range(REPETITIONS):
        factories.make_resource(organization)
    return organization, factories.make_service(organization, **service)


async def until_answered(client: Client, ask: Ask) -> list[Told]:
    """As a client has to: ask again while the first is being worked on."""
    told = [await client.ask(ask)]
    while told[-1].status == 409 and told[-1].body["code"] == "idempotency_in_progress":
        assert told[-1].headers["Retry-After"] == "1"
        await asyncio.sleep(0.05)
        told.append(await client.ask(ask))
    return told


def test_a_key_sent_20_times_at_once_makes_one_booking_and_gives_one_answer(house: House) -> None:
    organization, service = shop()
    ask = asks.book(organization, service, factories.local(organization, 3, 10), key="once")

    async def run(client: Client) -> list[list[Told]]:
        return list(await asyncio.gather(*(until_answered(client, ask) for _ in range(REPETITIONS))))

    answers = with_clients(house.url, run)
    assert {told[-1].status for told in answers} == {201}
    assert all(told[-1].body == answers[0][-1].body for told in answers)
    replayed = [told[-1].headers.get("Idempotent-Replayed") for told in answers]
    assert Counter(replayed) == {None: 1, "true": REPETITIONS - 1}
    assert proofs.bookings_in(house.database, organization.id) == 1
    proofs.assert_sound(house.database)


def test_a_request_and_its_withdrawal_at_once_agree_on_whether_it_is_booked(house: House) -> None:
    organization, service = shop()
    start = factories.local(organization, 3, 10)
    requests = [asks.book(organization, service, start, key=f"k{number}") for number in range(10)]
    withdrawals = [replace(each, path=f"{each.path}/withdraw") for each in requests]

    async def run(client: Client) -> list[list[Told]]:
        return list(await asyncio.gather(*(until_answered(client, ask) for ask in requests + withdrawals)))

    answers = [told[-1] for told in with_clients(house.url, run)]
    pairs = [(one.status, other.status) for one, other in zip(answers[:10], answers[10:], strict=True)]
    assert set(pairs) <= {(201, 201), (410, 410)}
    assert proofs.bookings_in(house.database, organization.id) == pairs.count((201, 201))


def test_other_keys_are_other_requests(house: House) -> None:
    organization, service = shop()
    start = factories.local(organization, 3, 10)
    answers = together(house, [asks.book(organization, service, start, key=f"k{number}") for number in range(20)])
    assert [each.status for each in answers] == [201] * 20
    assert len({each.body["reference"] for each in answers}) == 20


def test_another_body_under_the_same_key_is_refused(house: House) -> None:
    organization, service = shop()
    start = factories.local(organization, 3, 10)
    first, other = (asks.book(organization, service, start, key="k", note=note) for note in ("", "ring twice"))
    assert together(house, [first])[0].status == 201
    (refused,) = together(house, [other])
    assert (refused.status, refused.body["code"]) == (422, "idempotency_mismatch")
    assert proofs.bookings_in(house.database, organization.id) == 1


def test_a_lost_race_is_not_remembered_but_a_wrong_request_is(house: House) -> None:
    organization = factories.make_organization()
    factories.make_resource(organization)
    service, start = factories.make_service(organization), factories.local(organization, 3, 10)
    (winner,) = together(house, [asks.book(organization, service, start)])
    mine = asks.book(organization, service, start, key="mine")
    assert together(house, [mine])[0].body["code"] == "slot_taken"
    token = winner.body["manage_url"].split("/")[-2]
    cancel = asks.change(organization, winner.body["reference"], "cancel", version=1, token=token)
    assert together(house, [cancel])[0].status == 200
    assert together(house, [mine])[0].status == 201, "the time is free again, so the same request may succeed"

    wrong = asks.book(organization, service, factories.local(organization, 500, 10), key="wrong")
    first, second = together(house, [wrong])[0], together(house, [wrong])[0]
    assert (first.status, first.body["code"]) == (422, "too_far")
    assert (second.status, second.body) == (422, first.body)
    assert second.headers["Idempotent-Replayed"] == "true"


def test_the_same_key_of_another_organization_is_another_key(house: House) -> None:
    shops = [shop(), shop()]
    answers = together(
        house,
        [
            asks.book(organization, service, factories.local(organization, 3, 10), key="shared")
            for organization, service in shops
        ],
    )
    assert [each.status for each in answers] == [201, 201]
    assert "Idempotent-Replayed" not in {*answers[0].headers, *answers[1].headers}


def test_a_key_sent_again_after_all_its_kind_was_taken_still_gives_the_first_answer(house: House) -> None:
    organization = factories.make_organization()
    factories.make_resource(organization)
    service, start = factories.make_service(organization), factories.local(organization, 3, 10)
    ask = asks.book(organization, service, start, key="k")
    (first,) = together(house, [ask])
    (again,) = together(house, [ask])
    assert (again.status, again.body) == (201, first.body)
