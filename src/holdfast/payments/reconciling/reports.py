"""Reads for whoever looks at runs and differences. In the tenant's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from holdfast.domain.reconciling import DifferenceKind
from holdfast.payments.models import Difference, HowResolved, Reconciliation

RUNS, RESOLVED = 10, 20
_COMPARED = {each.value for each in DifferenceKind}


@dataclass(frozen=True, slots=True)
class RunReport:
    """`looked` objects were compared; `repaired` and `left` are the rows that the run wrote first."""

    run: Reconciliation
    repaired: int
    left: int

    @property
    def looked(self) -> int:
        return sum(count for name, count in self.run.counts.items() if name in _COMPARED)

    @property
    def settled(self) -> int:
        return int(self.run.counts.get("settled", 0))

    @property
    def seconds(self) -> int:
        return round(((self.run.ended_at or self.run.seen_at) - self.run.started_at).total_seconds())

    @property
    def share(self) -> int | None:
        """Per cent of what is to be compared; None while it is read."""
        return self.run.done * 100 // self.run.total if self.run.done and self.run.total else None


def last_runs() -> Sequence[RunReport]:
    """Newest first."""
    by_itself = Q(differences__how=HowResolved.BY_ITSELF)
    rows = Reconciliation.objects.annotate(
        repaired=Count("differences", filter=by_itself), left=Count("differences", filter=~by_itself)
    )
    return [RunReport(row, row.repaired, row.left) for row in rows.order_by("-started_at", "-id")[:RUNS]]


def open_differences() -> Sequence[Difference]:
    return list(Difference.objects.filter(resolved_at=None).select_related("booking").order_by("found_at", "id"))


def lately_resolved() -> Sequence[Difference]:
    """By people or by themselves, newest first."""
    found = Difference.objects.exclude(resolved_at=None).select_related("booking")
    return list(found.order_by("-resolved_at", "-id")[:RESOLVED])
