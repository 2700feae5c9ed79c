"""A run from the command line, and its report in lines of English."""

from collections.abc import Iterator
from datetime import date, timedelta

from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.hours import day_start
from holdfast.domain.reconciling import Finding
from holdfast.payments.errors import GatewayBusy, GatewayError, GatewayUnavailable
from holdfast.payments.gateway import Window
from holdfast.payments.models import Difference, HowResolved
from holdfast.payments.reconciling import running
from holdfast.payments.reconciling.examining import examine

_UNDECIDED = {"none": "alike", "elsewhere": "not ours", "later": "too new", "settled": "bookings settled again"}


def window_of(organization: Organization, since: date | None, until: date | None) -> Window:
    """Local days, the last included; the last eight days where none are named."""
    now, zone = clock.now(), organization.time_zone
    end = min(now, clock.from_minute(day_start(zone, until + timedelta(days=1)))) if until else now
    return Window(clock.from_minute(day_start(zone, since)) if since else end - running.NIGHTLY, end)


def compare(organization: Organization, window: Window) -> Iterator[str]:
    """Change nothing. Raises the gateway's errors."""
    examined = examine(organization_id=organization.id, window=window)
    yield _counted(organization, window, examined.counts)
    for each in examined.findings:
        if each.differs:
            yield f"  {_named(each)}: {'would be repaired' if each.is_safe else 'would be left to a person'}"


def reconcile(organization: Organization, window: Window) -> Iterator[str]:
    """Repair what is safe. Raises ReconciliationUnderWay, and the gateway's errors, which end the run."""
    run = running.begin(
        organization_id=organization.id, since=window.since, until=window.until, by="holdfast reconcile", job=False
    )
    try:
        run = running.perform(organization_id=organization.id, run_id=run.id)
    except (GatewayUnavailable, GatewayBusy) as error:
        running.end_badly(run=run, trouble=error.code)
        raise
    if run.trouble:
        raise GatewayError(f"It ended early: {run.trouble}")
    with transaction_for(organization.id):
        rows = list(Difference.objects.filter(run=run).order_by("found_at", "id"))
        open_rows = Difference.objects.filter(resolved_at=None).count()
    yield _counted(organization, window, run.counts)
    for row in rows:
        done = "repaired" if row.how == HowResolved.BY_ITSELF else "left to a person"
        yield f"  {row.kind} {row.what} {row.object_id}: {done}"
    if open_rows:
        yield f"  {open_rows} left to decide at /desk/payments/reconciliation/"


def _counted(organization: Organization, window: Window, counts: dict[str, int]) -> str:
    said = ", ".join(f"{count} {_UNDECIDED.get(name, name)}" for name, count in sorted(counts.items()) if count)
    return (
        f"{organization.slug}: {window.since:%Y-%m-%d %H:%M} to {window.until:%Y-%m-%d %H:%M} UTC: {said or 'nothing'}"
    )


def _named(finding: Finding) -> str:
    here, there = (f"{each.amount} {each.currency}" if each else "nothing" for each in (finding.here, finding.there))
    return f"{finding.kind} {finding.what} {finding.id or finding.name} (here {here}, there {there}, minor units)"
