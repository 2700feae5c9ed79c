"""Who reacts to what: event kind → handlers, called inside the transaction that recorded the event."""

from collections.abc import Mapping, Sequence

from holdfast.alerts.handlers import alert_staff, stop_alerts
from holdfast.alerts.money import watch_money
from holdfast.bookings.changed_hours.conflicts import broken_bookings
from holdfast.bookings.changed_hours.keeping import keep_accepted
from holdfast.bookings.series_room import SeriesRoom
from holdfast.catalog.guards import Guard
from holdfast.events.actions import Handler
from holdfast.notifications.handlers import (
    queue_alert_mail,
    queue_booking_mail,
    queue_customer_mail,
    queue_mail_to_who_chose,
)
from holdfast.payments.handlers import ask_for_difference, owe_fee, settle_money
from holdfast.series import entrance
from holdfast.waiting.handlers import (
    end_offer_and_pass_on,
    offer_by_new_hours,
    offer_freed_time,
    withdraw_what_cannot_be_told,
)

HANDLERS: Mapping[str, Sequence[Handler]] = {
    "booking.requested": [queue_booking_mail, alert_staff],
    "booking.confirmed": [queue_booking_mail, alert_staff],
    "booking.rescheduled": [queue_booking_mail, offer_freed_time, settle_money, ask_for_difference],
    "booking.reassigned": [queue_mail_to_who_chose, offer_freed_time],
    "booking.cancelled": [queue_booking_mail, offer_freed_time, stop_alerts, owe_fee, settle_money, watch_money],
    "booking.expired": [end_offer_and_pass_on, settle_money],
    "booking.released": [end_offer_and_pass_on],
    "series.booked": [queue_booking_mail],
    "series.confirmed": [queue_booking_mail],
    "series.rescheduled": [queue_booking_mail],
    "series.cancelled": [queue_booking_mail],
    "booking.in_progress": [stop_alerts],
    "booking.completed": [stop_alerts, settle_money, watch_money],
    "booking.no_show": [stop_alerts, owe_fee, settle_money, watch_money],
    "payment.asked": [queue_booking_mail],
    "payment.card_kept": [settle_money, watch_money, queue_booking_mail],
    "payment.held": [settle_money, watch_money],
    "payment.received": [settle_money, watch_money, queue_booking_mail],
    "payment.failed": [watch_money, queue_booking_mail],
    "payment.cancelled": [settle_money, watch_money],
    "payment.let_off": [settle_money, watch_money],
    "payment.refund_asked": [watch_money],
    "payment.refund_pending": [queue_booking_mail],
    "payment.refund_failed": [settle_money, watch_money, queue_booking_mail],
    "payment.refunded": [settle_money, watch_money, queue_booking_mail],
    "payment.too_late": [settle_money, queue_booking_mail],
    "payment.disputed": [watch_money, queue_booking_mail],
    "payment.dispute_won": [settle_money, watch_money, queue_booking_mail],
    "payment.dispute_lost": [settle_money, watch_money, queue_booking_mail],
    "reconciliation.listed": [queue_booking_mail],
    "catalog.changed": [offer_by_new_hours],
    "catalog.override": [keep_accepted],
    "alert.raised": [queue_alert_mail],
    "alert.escalated": [queue_alert_mail],
    "waiting.joined": [queue_booking_mail],
    "waiting.offered": [queue_booking_mail],
    "waiting.passed": [queue_booking_mail],
    "waiting.expired": [queue_booking_mail],
    "waiting.removed": [queue_booking_mail],
    "customer.link_asked": [queue_customer_mail],
    "customer.password_set": [queue_customer_mail],
    "customer.passkey_added": [queue_customer_mail],
    "message.failed": [withdraw_what_cannot_be_told],
}
# Who is asked, before a change of the catalog is kept, which bookings it would break (catalog/guards.py).
CATALOG_GUARDS: Sequence[Guard] = [broken_bookings]
# Who books and changes several dates at once, at the addresses of one booking (bookings/series_room.py).
SERIES_ROOM = SeriesRoom(
    book_once=entrance.book_once,
    cancel=entrance.cancel,
    confirm=entrance.confirm,
    reschedule=entrance.reschedule,
)
