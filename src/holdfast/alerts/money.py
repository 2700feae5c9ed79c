"""Which alerts a booking's money asks for, and opening and closing them: they are what its ledger says, nothing else.

Nobody is woken for money: such an alert climbs no ladder, stands on Today and in the list, and the business gets one
mail of what happened (notifications/payment_drafts.py).
"""

from collections.abc import Sequence

from holdfast.alerts import actions
from holdfast.alerts.models import Alert, AlertKind
from holdfast.bookings.models import Booking, BookingState
from holdfast.core import clock
from holdfast.domain.escalation import Rung
from holdfast.domain.ledger import EntryKind, Standing
from holdfast.events.models import Event
from holdfast.payments import ledger
from holdfast.payments.models import LedgerEntry, PaymentKind

MONEY = (AlertKind.PAYMENT_FAILED, AlertKind.FEE_UNPAID, AlertKind.REFUND_FAILED, AlertKind.DISPUTE)
_RESOLVED = (EntryKind.HELD, EntryKind.RECEIVED)


def watch_money(event: Event) -> None:
    """In the transaction of news of money: what needs a person is raised, what settled itself is over."""
    if not ledger.is_about_money(event):
        return
    booking = Booking.objects.get(id=event.subject)
    rows = ledger.rows_of(booking)
    wanted = wanted_of(booking, rows, ledger.standing_by(rows, booking))
    known = list(Alert.objects.filter(booking=booking, kind__in=MONEY))
    for alert in known:
        if alert.is_open and (alert.kind, alert.about) not in wanted:
            actions.close(alert)
    told = {(alert.kind, alert.about) for alert in known}
    Alert.objects.bulk_create(
        (
            Alert(
                organization_id=booking.organization_id,
                booking=booking,
                kind=kind,
                about=about,
                rung=Rung.ORGANIZATION,
                raised_at=clock.now(),
            )
            for kind, about in sorted(wanted - told)
        ),
        ignore_conflicts=True,
    )


def wanted_of(booking: Booking, rows: Sequence[LedgerEntry], now: Standing) -> set[tuple[str, str]]:
    """(kind, the id of the entry it is about) of everything that needs a person. `rows` oldest first."""
    found = {(AlertKind.DISPUTE.value, str(row.id)) for row in _open_disputes(rows)}
    failed = [row for row in rows if row.kind == EntryKind.REFUND_FAILED]
    if failed and now.outstanding.amount < 0:
        found.add((AlertKind.REFUND_FAILED.value, str(failed[-1].id)))
    refused = _refusals(rows)
    if refused and now.outstanding > now.held:
        is_fee = booking.state in (BookingState.CANCELLED, BookingState.NO_SHOW)
        kind = AlertKind.FEE_UNPAID if is_fee else AlertKind.PAYMENT_FAILED
        found.add((kind.value, str(refused[0].id)))
    return found


def _open_disputes(rows: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    decided = {row.subject for row in rows if row.kind in (EntryKind.DISPUTE_WON, EntryKind.DISPUTE_LOST)}
    return [row for row in rows if row.kind == EntryKind.DISPUTED and row.subject not in decided]


def _refusals(rows: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """Of a kept card, since money was last held or taken: on a page the customer has seen it and tries again."""
    resolved = max((row.at for row in rows if row.kind in _RESOLVED), default=None)
    return [
        row
        for row in rows
        if row.kind == EntryKind.FAILED
        and row.payment
        and row.payment.kind == PaymentKind.CARD_HOLD
        and (resolved is None or row.at > resolved)
    ]
