"""No mail says a word in English to somebody who reads another language, in its subject, its text or its page."""

import re
from dataclasses import replace
from html import unescape

import pytest
from django.utils import translation

from holdfast.bookings.details.columns import Customer
from holdfast.catalog.models import Organization
from holdfast.notifications import alerts, customer_drafts, payment_words, series_drafts, waiting, wording
from holdfast.notifications.drafts import Draft
from holdfast.notifications.wording import Words
from tests import factories
from tests.e2e import pseudo
from tests.notifications.every_mail import World, every_mail

DICTIONARIES: tuple[dict[str, Words], ...] = (
    wording.FOR_CUSTOMER, wording.FOR_BUSINESS, payment_words.FOR_CUSTOMER, payment_words.FOR_BUSINESS,
    series_drafts.FOR_CUSTOMER, series_drafts.FOR_BUSINESS, waiting.WORDS, customer_drafts.WORDS, alerts.FOR_STAFF,
)  # fmt: skip
# References, addresses of pages, the names of cards and of a tax, ids of the card company.
DATA = r"\b[A-Z0-9]{8}\b|https?://\S+|Visa|VAT|x_\d+"
MARKUP = re.compile(r"<style.*?</style>|<!--.*?-->|<[^>]*>", re.DOTALL)
SPOKEN = re.compile(r'(?:alt|title|aria-label)="([^"]+)"')


@pytest.fixture
def world(db: None) -> World:
    name = pseudo.accented
    organization: Organization = factories.make_organization(
        name=name("Salon"), phone="+33199001234", address="1 ŕûé Çļåîŕé", cancellation_notice_minutes=60
    )
    factories.make_resource(organization, slug="lea", name="Ļéå", is_public=True, lanes=4)
    service = factories.make_service(
        organization, name={"en": name("Massage")}, needs=[{"kind": "person", "is_choosable": True}],
        allows_series=True, place={"en": name("Upstairs")},
    )  # fmt: skip
    factories.make_tax(organization, "20")
    factories.make_policy(organization, (60, "50"))
    organization.refresh_from_db()
    customer = Customer(
        name="Åñå Ŕéýéš", email="ana@example.com", phone="+33199001234", locale="en", time_zone="Asia/Tokyo"
    )
    return World(organization, service, replace(factories.DETAILS, customer=customer))


def read(mail: Draft) -> list[str]:
    """Everything that somebody reads, or hears."""
    page = MARKUP.sub("\n", mail.html)
    said = [mail.subject, *mail.text.splitlines(), *unescape(page).splitlines(), *SPOKEN.findall(mail.html)]
    return list(dict.fromkeys(each.strip() for each in said if each.strip()))


def test_every_mail_there_is_speaks_the_language_of_whoever_gets_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pseudo.speak(monkeypatch)
    with translation.override("en"):
        mails = every_mail(world)
        headings = {str(words.heading) for each in DICTIONARIES for words in each.values()}
    wrong = {mail.subject: found for mail in mails if (found := pseudo.untranslated(read(mail), data=DATA))}
    assert wrong == {}
    told = {mail.text.splitlines()[0] for mail in mails}
    assert headings - told == set(), "no event of tests/notifications/every_mail.py tells these"
