"""Wording the mails of an alert: to each who is told, in their language, with the link that says "I do it"."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.alerts.links import alert_url
from holdfast.alerts.models import AlertNotice, Channel
from holdfast.bookings.details import facts
from holdfast.bookings.models import Booking
from holdfast.events.models import Event
from holdfast.notifications.drafts import Draft, Link, draft, filled
from holdfast.notifications.wording import Words
from holdfast.payments import bill

FOR_STAFF = {
    "alert.raised": Words(
        gettext_lazy("Emergency: %(service)s, %(when)s, %(customer)s"),
        gettext_lazy("Somebody is needed for an emergency"),
        gettext_lazy("You are told because you are on duty. Call the customer, and tell the others by the button."),
    ),
    "alert.escalated": Words(
        gettext_lazy("Emergency, nobody yet: %(service)s, %(when)s, %(customer)s"),
        gettext_lazy("Nobody is taking care of this emergency yet"),
        gettext_lazy("Those told before you have not answered. Call the customer, and tell the others by the button."),
    ),
}


def alert_drafts(event: Event, booking: Booking) -> Iterator[Draft]:
    """One for each whom the event names and who is told by mail; none once somebody takes care of it."""
    notices = AlertNotice.objects.filter(
        id__in=event.payload["notices"],
        channel=Channel.MAIL,
        alert__acknowledged_at=None,
        alert__closed_at=None,
    )
    numbers = {key: number for number, key in enumerate(event.payload["notices"], 1)}
    for notice in notices:
        with translation.override(notice.language):
            yield draft(
                f"staff-{numbers[str(notice.id)]}",
                notice.address,
                filled(FOR_STAFF[event.kind], event, booking),
                booking.organization,
                facts=facts.for_business(booking, ""),
                bill=bill.for_business(booking),
                links=[
                    Link(_("I’ll take care of it"), alert_url(booking.organization.slug, notice.id)),
                    Link(_("Open on the desk"), f"{settings.BASE_URL}/desk/bookings/{booking.reference}/"),
                ],
                footer=_("You receive this mail because %(organization)s alerts you of emergencies.")
                % {"organization": booking.organization.name},
                is_urgent=True,
            )
