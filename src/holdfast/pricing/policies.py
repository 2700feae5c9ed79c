"""Keeping a cancellation policy with the steps of its ladder: in the caller's tenant transaction."""

from collections.abc import Iterable, Mapping
from typing import Any

from holdfast.core import locking
from holdfast.pricing import history
from holdfast.pricing.errors import PricesChanged
from holdfast.pricing.models import CancellationPolicy, CancellationStep

# The steps in the history of changes, and what is told of each.
LADDER, STEP = "steps", ("within", "percent", "amount")


def keep_policy(
    *, policy: CancellationPolicy, steps: Iterable[Mapping[str, Any]], by: str, seen: str | None = None
) -> None:
    """With exactly these steps. What is booked keeps the ladder that it has.

    `seen`: the fingerprint of what was looked at. Raises PricesChanged when it is another by now, or gone.
    """
    locking.change_catalog()
    before = CancellationPolicy.objects.filter(pk=policy.pk).first()
    if seen is not None and (before is None or fingerprint(before) != seen):
        raise PricesChanged
    then = _snapshot(before) if before else {}
    policy.save(force_insert=before is None)
    CancellationStep.objects.filter(policy=policy).delete()
    CancellationStep.objects.bulk_create(
        CancellationStep(organization_id=policy.organization_id, policy=policy, **step) for step in steps
    )
    now = _snapshot(policy)
    changes = {name: [then.get(name), value] for name, value in now.items() if then.get(name) != value}
    if before is None or changes:
        what = "created" if before is None else "changed"
        told = changes if before else None
        history.record(organization_id=policy.organization_id, row=policy, what=what, by=by, changes=told)


def _snapshot(policy: CancellationPolicy) -> dict[str, Any]:
    """With its ladder: `within`, `percent`, `amount` of each step."""
    steps = [history.snapshot(step) for step in policy.steps.order_by("-within")]
    return history.snapshot(policy) | {LADDER: [[step[name] for name in STEP] for step in steps]}


def fingerprint(policy: CancellationPolicy) -> str:
    """Another one when the policy or any of its steps is."""
    return " ".join([history.fingerprint(policy), *(history.fingerprint(step) for step in policy.steps.all())])
