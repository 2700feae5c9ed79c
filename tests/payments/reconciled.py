"""A run of the reconciliation, and what it found."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.payments.models import Reconciliation
from holdfast.payments.reconciling import running
from tests.payments.conftest import Shop


@contextmanager
def later(minutes: int = 10) -> Iterator[None]:
    """What was made is no longer too young to be judged."""
    with clock.stopped(clock.now() + timedelta(minutes=minutes)):
        yield


def reconcile(shop: Shop, minutes: int = 10) -> Reconciliation:
    """A run that begins so many minutes from now, with what follows from it."""
    with later(minutes):
        now = clock.now()
        run = running.begin(organization_id=shop.organization.id, since=now - running.NIGHTLY, until=now, job=False)
        running.perform(organization_id=shop.organization.id, run_id=run.id)
        shop.work()
        with transaction_for(shop.organization.id):
            return Reconciliation.objects.get(id=run.id)


def differing(run: Reconciliation) -> dict[str, int]:
    """By class, what differed, and how many bookings were settled."""
    return {name: count for name, count in run.counts.items() if count and name not in {"none", "elsewhere", "later"}}
