"""Compares what the company made in a window with the ledger, and writes nothing.

First theirs is read, then ours, then when theirs last changed: so nothing that changes meanwhile looks like a
difference.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.domain.reconciling import Finding, Moment, There, What, compare
from holdfast.payments.gateway import Window
from holdfast.payments.gateways import gateway_of
from holdfast.payments.models import Difference, InboxEvent, InboxOutcome
from holdfast.payments.reconciling.belief import Belief, believe
from holdfast.payments.reconciling.company import Company, Seen

# Made or changed less than this ago: news of it may be on its way.
QUIET = timedelta(minutes=5)
# A key is good for a day: what was written and not asked for until then is asked for no more.
FORGOTTEN = timedelta(hours=25)
# Around the window, where what was begun at its edges may stand at the company.
MARGIN = timedelta(hours=1)


@dataclass(frozen=True)
class Examined:
    """One finding for each object; `seen` is what the company has, by its ids."""

    findings: list[Finding]
    seen: dict[str, Seen]
    belief: Belief

    @property
    def counts(self) -> dict[str, int]:
        """By class of difference."""
        return dict(Counter(each.kind.value for each in self.findings))


def examine(*, organization_id: UUID, window: Window, tell: Callable[[int], None] = lambda count: None) -> Examined:
    """`tell` hears how many objects are read by now. Outside of transactions; raises the gateway's errors."""
    now = clock.now()
    with transaction_for(organization_id):
        organization = Organization.objects.get(id=organization_id)
        company = Company(gateway_of(organization_id), tell)
        left = list(Difference.objects.filter(resolved_at=None))
    company.read(Window(window.since - MARGIN, min(window.until + MARGIN, now + QUIET)))
    asked = {
        *_unheard(organization_id, company, Window(window.since, now + QUIET)),
        *((What(each.what), each.object_id) for each in left),
    }
    for what, identifier in asked:
        if identifier not in company.seen:
            company.ask_for(what, identifier)
    with transaction_for(organization_id):
        named = [each.payment for each in left if each.payment]
        belief = believe(seen=company.seen.values(), window=window, also=named)
    for each in belief.here:
        if each.id and each.id not in company.seen:
            company.ask_for(each.what, each.id)
    for orphan in [each for each in company.seen.values() if _is_orphan(organization, belief, each)]:
        company.look_closer(orphan.id)
    company.note_news(Window(now - QUIET, clock.now() + QUIET))
    judged = _to_be_judged(organization, window, company, belief, {identifier for _what, identifier in asked})
    moment = Moment(clock.to_minute(now - QUIET), clock.to_minute(now - FORGOTTEN))
    return Examined(compare(judged, belief.here, belief.payments, moment=moment), company.seen, belief)


def _unheard(organization_id: UUID, company: Company, window: Window) -> set[tuple[What, str]]:
    """What notices of the window are about that never came, or still wait: also of objects that are older than it."""
    told = company.told(window)
    with transaction_for(organization_id):
        heard = InboxEvent.objects.filter(event_id__in=list(told)).exclude(outcome=InboxOutcome.WAITING)
        return {told[each] for each in told.keys() - set(heard.values_list("event_id", flat=True))}


def _to_be_judged(
    organization: Organization, window: Window, company: Company, belief: Belief, asked: set[str]
) -> list[There]:
    """Of what was read around the window: what was made in it, asked for, or is believed in."""
    ids = {each.id for each in belief.here} | asked
    names = {each.name for each in belief.here if not each.id}
    return [
        _there(organization, belief, each)
        for each in company.seen.values()
        if window.since <= each.made < window.until or each.id in ids or (each.name and each.name in names)
    ]


def _is_orphan(organization: Organization, belief: Belief, seen: Seen) -> bool:
    is_here = str(seen.payment) in belief.payments
    return seen.what == What.PAYMENT and bool(seen.facts) and seen.is_ours(organization.id) and not is_here


def _there(organization: Organization, belief: Belief, seen: Seen) -> There:
    ours = belief.payments.get(str(seen.payment))
    stated = next((each.amount.currency for each in seen.facts if each.amount), organization.currency)
    currency = ours.currency if ours else stated
    return seen.there(organization.id, currency=currency, kind=belief.kind_of(seen.payment))
