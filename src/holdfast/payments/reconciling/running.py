"""One run: compared, repaired where it is safe, settled. Cut off anywhere and run again, it ends the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from procrastinate.contrib.django import app

from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.reconciling import DifferenceKind, Finding
from holdfast.payments.errors import GatewayBusy, GatewayError, GatewayUnavailable, ReconciliationUnderWay
from holdfast.payments.gateway import Window
from holdfast.payments.gateways import gateway_of
from holdfast.payments.models import Reconciliation, Stage
from holdfast.payments.reconciling import differences, mending, sweeping
from holdfast.payments.reconciling.examining import QUIET, Examined, examine

RECONCILE = "payments.reconcile"
# What the nightly run looks at: a bank holds money for a week.
NIGHTLY = timedelta(days=8)
# A run that has given no sign of life for so long is over, whatever became of it.
LIFE = timedelta(minutes=20)
EACH = 25  # objects between two signs of life


def begin(*, organization_id: UUID, since: datetime, until: datetime, by: str = "", job: bool = True) -> Reconciliation:
    """Write that a run begins, with its job. Raises ReconciliationUnderWay, and GatewayNotSetUp without an account."""
    now = clock.now()
    over = {"ended_at": now, "stage": Stage.FAILED, "trouble": "cut_off"}
    try:
        with transaction_for(organization_id):
            gateway_of(organization_id)
            Reconciliation.objects.filter(ended_at=None, seen_at__lt=now - LIFE).update(**over)
            run = Reconciliation.objects.create(
                organization_id=organization_id, since=since, until=until, by=by, started_at=now, seen_at=now
            )
            if job:
                app.configure_task(RECONCILE).defer(organization_id=str(organization_id), run_id=str(run.id))
    except IntegrityError:
        raise ReconciliationUnderWay from None
    return run


def perform(*, organization_id: UUID, run_id: UUID) -> Reconciliation:
    """All of a run; one that has ended stays as it is. Outside of transactions.

    Raises GatewayUnavailable and GatewayBusy: then it is to be run again. What else goes wrong ends the run.
    """
    with transaction_for(organization_id):
        run = Reconciliation.objects.get(id=run_id)
    if run.ended_at is None:
        with _trouble_noted(run):
            examined = examine(
                organization_id=organization_id,
                window=Window(run.since, run.until),
                tell=lambda count: _live(run, stage=Stage.READING, done=0, total=count) if count % EACH == 0 else None,
            )
            _repair(run, examined)
            _live(run, stage=Stage.SETTLING)
            window = Window(run.since, min(run.until, clock.now() - QUIET))
            settled = sweeping.settle_forgotten(organization_id=organization_id, window=window)
            _end(run, examined, settled)
    return run


def _repair(run: Reconciliation, examined: Examined) -> None:
    with transaction_for(run.organization_id):
        gateway = gateway_of(run.organization_id)
    total = len(examined.findings)
    for number, each in enumerate(examined.findings):
        if number % EACH == 0:
            _live(run, stage=Stage.REPAIRING, done=number, total=total)
        payment = examined.belief.rows.get(each.payment)
        if each.differs and (payment is None or not each.is_safe):
            mending.leave(run=run, finding=each, payment=payment, **_details(examined, each))
        elif payment and (each.differs or each.missing):
            mending.mend(gateway=gateway, run=run, finding=each, payment=payment, is_there=each.id in examined.seen)
    _live(run, stage=Stage.REPAIRING, done=total, total=total)


def _details(examined: Examined, finding: Finding) -> dict[str, Any]:
    """What helps people to find it: the booking's reference that it carries."""
    seen = examined.seen.get(finding.id)
    return (
        {"reference": seen.metadata.get("booking", "")}
        if seen and not examined.belief.rows.get(finding.payment)
        else {}
    )


def _end(run: Reconciliation, examined: Examined, settled: int) -> None:
    later = {each.id or each.name for each in examined.findings if each.kind == DifferenceKind.LATER}
    found = {(each.id or each.name, each.kind.value, differences.sight_of(each)) for each in examined.findings}
    with transaction_for(run.organization_id):
        differences.resolve_gone(but_for=later, found=found)
        now = clock.now()
        counts = {**examined.counts, "settled": settled}
        has_ended = _write(run, stage=Stage.DONE, ended_at=now, seen_at=now, counts=counts, trouble="")
        if has_ended and not run.by:  # who started it by hand looks at it
            differences.announce_new(run)


@contextmanager
def _trouble_noted(run: Reconciliation) -> Iterator[None]:
    try:
        yield
    except (GatewayUnavailable, GatewayBusy) as error:
        _live(run, trouble=error.code)
        raise
    except GatewayError as error:
        end_badly(run=run, trouble=error.code)


def end_badly(*, run: Reconciliation, trouble: str) -> None:
    """It will not be run again."""
    with transaction_for(run.organization_id):
        now = clock.now()
        _write(run, stage=Stage.FAILED, ended_at=now, seen_at=now, trouble=trouble)


def _live(run: Reconciliation, **fields: Any) -> None:
    with transaction_for(run.organization_id):
        _write(run, seen_at=clock.now(), **fields)


def _write(run: Reconciliation, **fields: Any) -> bool:
    """Of a run that has not ended, else False: what somebody else has given up stays so."""
    is_going = Reconciliation.objects.filter(id=run.id, ended_at=None).update(**fields) == 1
    if is_going:
        for name, value in fields.items():
            setattr(run, name, value)
    return is_going
