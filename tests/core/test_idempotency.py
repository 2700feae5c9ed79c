"""One key, one answer: what is remembered, for whom, and what is not (docs/algorithms/idempotency.md)."""

from typing import Any

import pytest
from django.db import transaction

from holdfast.catalog.models import Organization, Team
from holdfast.core.errors import (
    Busy,
    Forbidden,
    HoldfastError,
    IdempotencyMismatch,
    NotFound,
    ValidationError,
)
from holdfast.core.idempotency import Answer, answer_once
from holdfast.core.models import IdempotentAnswer
from holdfast.core.tenancy import transaction_for


class Taken(HoldfastError):
    code, status = "slot_taken", 409


class TooMany(HoldfastError):
    code, status = "too_many", 429


class Work:
    """Writes a row, then answers or fails as told; counts how often it was done."""

    def __init__(self, organization: Organization, end: Exception | None = None) -> None:
        self.organization, self.end, self.times = organization, end, 0

    def __call__(self) -> Answer:
        self.times += 1
        Team.objects.create(organization=self.organization, slug=f"team-{self.times}", name="Team")
        if self.end is not None:
            raise self.end
        return Answer(201, {"number": self.times})

    def ask(self, key: str | None = "k", operation: str = "x", **request: Any) -> Answer:
        return answer_once(
            organization_id=self.organization.id, key=key, operation=operation, request=request, work=self
        )

    def rows(self) -> int:
        with transaction_for(self.organization.id):
            return Team.objects.count()


def test_the_work_is_done_once_and_its_answer_given_again(organization: Organization) -> None:
    work = Work(organization)
    first, second = work.ask(a=1), work.ask(a=1)
    assert (first.status, first.body, first.replayed) == (201, {"number": 1}, False)
    assert (second.status, second.body, second.replayed) == (201, {"number": 1}, True)
    assert (work.times, work.rows()) == (1, 1)


def test_without_a_key_it_is_done_each_time(organization: Organization) -> None:
    work = Work(organization)
    assert [work.ask(key=None).body, work.ask(key="").body] == [{"number": 1}, {"number": 2}]
    with transaction_for(organization.id):
        assert not IdempotentAnswer.objects.exists()


def test_the_order_of_the_bodys_members_does_not_matter_but_its_values_do(organization: Organization) -> None:
    work = Work(organization)
    work.ask(a=1, b=[1, 2])
    assert work.ask(b=[1, 2], a=1).replayed
    for other in ({"a": 1, "b": [2, 1]}, {"a": "1", "b": [1, 2]}, {"a": 1}):
        with pytest.raises(IdempotencyMismatch):
            work.ask(**other)
    assert work.times == 1


def test_another_operation_or_organization_has_keys_of_its_own(
    organization: Organization, other_organization: Organization
) -> None:
    ours, theirs = Work(organization), Work(other_organization)
    assert not ours.ask(operation="x").replayed
    assert not ours.ask(operation="y").replayed
    assert not theirs.ask(operation="x").replayed
    assert (ours.times, theirs.times) == (2, 1)


@pytest.mark.parametrize("refusal", [ValidationError(errors=[]), NotFound()])
def test_a_lasting_refusal_is_remembered_and_leaves_nothing_behind(
    organization: Organization, refusal: HoldfastError
) -> None:
    work = Work(organization, end=refusal)
    first, second = work.ask(), work.ask()
    assert (first.status, first.body["code"], first.replayed) == (refusal.status, refusal.code, False)
    assert (second.status, second.body, second.replayed) == (first.status, first.body, True)
    assert (work.times, work.rows()) == (1, 0)


@pytest.mark.parametrize("end", [Taken(), TooMany(), Forbidden(), Busy(), RuntimeError("a bug")])
def test_what_may_end_otherwise_next_time_is_not_remembered(organization: Organization, end: Exception) -> None:
    work = Work(organization, end=end)
    for _ in range(2):
        with pytest.raises(type(end)):
            work.ask()
    assert (work.times, work.rows()) == (2, 0)
    work.end = None
    assert work.ask().body == {"number": 3}


def test_the_answer_is_stored_in_the_transaction_of_the_work_or_not_at_all(organization: Organization) -> None:
    work = Work(organization)
    with transaction_for(organization.id):
        assert work.ask().status == 201
        transaction.set_rollback(True)
    assert work.rows() == 0
    with transaction_for(organization.id):
        assert not IdempotentAnswer.objects.exists()
