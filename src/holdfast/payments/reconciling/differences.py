"""The rows of what differs: found once, resolved once. In the tenant's transaction."""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from holdfast.core import clock
from holdfast.core.keys import uuid7
from holdfast.domain.money import Money
from holdfast.domain.reconciling import Finding
from holdfast.events import actions as events
from holdfast.events.models import Event
from holdfast.payments.models import Difference, HowResolved, Payment, Reconciliation

FOUND = "payment.difference_found"
# Once for a run of the schedule that leaves something new to people: what the mail follows.
LISTED = "reconciliation.listed"
MOST_NAMED = 10
# Found again after this, it is open again: what made it go did not last.
_AGAIN = (HowResolved.GONE, HowResolved.BY_ITSELF)


def sight_of(finding: Finding) -> str:
    """Tells what was seen of one object from what was seen at another time."""
    keys = ",".join(sorted(each.key for each in finding.missing))
    return hashlib.sha256(f"{finding.here}|{finding.there}|{keys}".encode()).hexdigest()[:32]


def note_repair(*, run: Reconciliation, finding: Finding, payment: Payment | None) -> None:
    """Write down what was repaired by itself. The same again, seen before, is a person's: it did not last."""
    row = _row(run, finding, payment, {})
    row.resolved_at, row.how, row.reason = clock.now(), HowResolved.BY_ITSELF, ""
    if not _insert(row):
        _open_again(run, row)


def note_open(*, run: Reconciliation, finding: Finding, payment: Payment | None, details: Mapping[str, Any]) -> None:
    """Keep what a person has to decide, and say so, once."""
    row = _row(run, finding, payment, details)
    if _insert(row):
        _announce(row)
    else:
        _open_again(run, row)


def resolve(*, difference: Difference, how: HowResolved, by: str, reason: str) -> bool:
    """Once: False when somebody else has."""
    changes = {"resolved_at": clock.now(), "how": how, "by": by, "reason": reason}
    return Difference.objects.filter(id=difference.id, resolved_at=None).update(**changes) == 1


def resolve_gone(*, but_for: Collection[str], found: Collection[tuple[str, str, str]]) -> int:
    """What is open and was not found again, as (object, kind, sight); not what waits. Returns how many."""
    gone = [
        each.id
        for each in Difference.objects.filter(resolved_at=None).exclude(object_id__in=but_for)
        if (each.object_id, each.kind, each.sight) not in found
    ]
    changes = {"resolved_at": clock.now(), "how": HowResolved.GONE}
    return Difference.objects.filter(id__in=gone, resolved_at=None).update(**changes)


def announce_new(run: Reconciliation) -> None:
    """Say how many differences were left to people since it was last said, if any were."""
    last = Event.objects.filter(kind=LISTED).order_by("-id").first()
    new = Difference.objects.filter(resolved_at=None, **({"found_at__gt": last.at} if last else {}))
    if found := [str(each.id) for each in new.order_by("found_at", "id")]:
        payload = {"count": len(found), "differences": found[:MOST_NAMED]}
        events.record(organization_id=run.organization_id, kind=LISTED, subject=run.id, payload=payload)


def _row(run: Reconciliation, finding: Finding, payment: Payment | None, details: Mapping[str, Any]) -> Difference:
    here, there = finding.here, finding.there
    return Difference(
        id=uuid7(),
        organization_id=run.organization_id,
        run=run,
        kind=finding.kind.value,
        what=finding.what.value,
        object_id=finding.id or finding.name,
        sight=sight_of(finding),
        payment=UUID(finding.payment) if finding.payment else None,
        booking_id=payment.booking_id if payment else None,
        **_sides(here, there),
        details=dict(details),
        found_at=clock.now(),
    )


def _sides(here: Money | None, there: Money | None) -> dict[str, Any]:
    return {
        "amount_here": here.amount if here else None,
        "currency_here": here.currency if here else "",
        "amount_there": there.amount if there else None,
        "currency_there": there.currency if there else "",
    }


def _insert(row: Difference) -> bool:
    Difference.objects.bulk_create([row], ignore_conflicts=True)
    return Difference.objects.filter(id=row.id).exists()


def _open_again(run: Reconciliation, row: Difference) -> None:
    known = Difference.objects.get(object_id=row.object_id, kind=row.kind, sight=row.sight)
    changes = {"resolved_at": None, "how": "", "by": "", "reason": "", "found_at": clock.now(), "run": run}
    if Difference.objects.filter(id=known.id, how__in=_AGAIN).update(**changes):
        _announce(known)


def _announce(row: Difference) -> None:
    payload = {"difference": row.kind, "what": row.what, "booking": str(row.booking_id) if row.booking_id else None}
    money = {"amount": row.amount_there, "currency": row.currency_there} if row.currency_there else {}
    events.record(organization_id=row.organization_id, kind=FOUND, subject=row.id, payload={**payload, **money})
