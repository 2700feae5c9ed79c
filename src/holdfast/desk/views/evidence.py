"""What was agreed and what happened, on one page to print or save for a bank that asks about a payment."""

import re

from django.http import HttpResponseBase

from holdfast.bookings.details import facts, ladder_words
from holdfast.bookings.details.price_words import lines_of
from holdfast.core import clock
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.money import money_of
from holdfast.desk.queries import booking_by_reference
from holdfast.desk.timeline import timeline
from holdfast.notifications.models import Message
from holdfast.notifications.queries import sent_to_customer
from holdfast.pricing.tax_words import included_words

# Whoever has the link of a mail may move and cancel the booking.
LINK = re.compile(r"https?://\S+")


@desk_view()
def evidence(desk: Desk, reference: str) -> HttpResponseBase:
    """Facts, price, terms, consent, money, history, mails; no internal notes, because it leaves the house."""
    found = booking_by_reference(reference)
    money = money_of(found)
    context = {
        "booking": found,
        "facts": facts.for_business(found, ""),
        "price_lines": lines_of(found),
        "taxes": included_words(found.price_lines, found.price_currency),
        "terms": ladder_words.rungs(found, found.created_at, form="when_long"),
        "due_now": found.terms.get("due_now", 0),
        "consents": list(found.consents.all()),
        "money": money,
        "timeline": list(reversed(timeline(found, money.rows, with_notes=False))),
        "mails": [_without_links(mail) for mail in sent_to_customer(found.id, found.customer_email)],
        "made_at": clock.now(),
    }
    return desk.page("desk/evidence.html", context)


def _without_links(mail: Message) -> Message:
    mail.text = LINK.sub("[…]", mail.text)
    return mail
