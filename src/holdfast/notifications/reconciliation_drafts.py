"""Wording the mail about what the nightly reconciliation left to people."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.bookings.details.facts import Fact
from holdfast.catalog.models import Organization
from holdfast.events.models import Event
from holdfast.notifications.drafts import Draft, Link, draft
from holdfast.notifications.wording import Words
from holdfast.payments.models import Difference
from holdfast.payments.reconciling import words


def reconciliation_drafts(event: Event) -> Iterator[Draft]:
    """One to the business for each run that found something new; what is decided by now is not named."""
    organization = Organization.objects.get(id=event.organization_id)
    named = Difference.objects.filter(id__in=event.payload["differences"], resolved_at=None)
    with translation.override(organization.default_language):
        found = [Fact(str(words.KINDS[each.kind]), words.sentence(each)) for each in named.order_by("found_at", "id")]
        if not found:
            return
        number = int(event.payload["count"])
        heading = ngettext(
            "%(number)s difference with the card company is yours to decide",
            "%(number)s differences with the card company are yours to decide",
            number,
        ) % {"number": number}
        yield draft(
            "business",
            organization.email,
            Words(
                heading,
                heading,
                _("What was safe was repaired by itself. Nothing is done about the rest until somebody decides."),
            ),
            organization,
            facts=found,
            links=[Link(_("Open on the desk"), f"{settings.BASE_URL}/desk/payments/reconciliation/")],
            footer=_("You receive this mail because it is the address of %(organization)s.")
            % {"organization": organization.name},
        )
