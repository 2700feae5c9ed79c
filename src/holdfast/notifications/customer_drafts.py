"""Wording the mails about a customer's account: a link to sign in, a new way in, an erasure."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.bookings.details.facts import Fact
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.customers import links
from holdfast.customers.models import CustomerAccount, ErasureRequest, SignInLink
from holdfast.customers.queries import is_known
from holdfast.domain import hours
from holdfast.events.models import Event
from holdfast.notifications.drafts import Draft, Link, draft
from holdfast.notifications.wording import Words
from holdfast.web import formats

Whom = SignInLink | CustomerAccount | ErasureRequest
# With the places %(organization)s %(until)s.
WORDS = {
    "link_asked": Words(
        gettext_lazy("Sign in at %(organization)s"),
        gettext_lazy("Your link to sign in"),
        gettext_lazy(
            "It works once, until %(until)s. If you did not ask for it, there is nothing to do: "
            "whoever did cannot sign in without this mail."
        ),
    ),
    "password_set": Words(
        gettext_lazy("Your password at %(organization)s"),
        gettext_lazy("Your account has a new password"),
        gettext_lazy(
            "If it was not you who set it, sign in with a link from a mail, remove the password in your account and "
            "sign out everywhere."
        ),
    ),
    "passkey_added": Words(
        gettext_lazy("A new passkey at %(organization)s"),
        gettext_lazy("A passkey was added to your account"),
        gettext_lazy(
            "If it was not you who added it, sign in with a link from a mail, remove the passkey in your account and "
            "sign out everywhere."
        ),
    ),
    "erasure_asked": Words(
        gettext_lazy("Please confirm: erase your data at %(organization)s"),
        gettext_lazy("Shall your data be erased?"),
        gettext_lazy(
            "Confirm it within seven days, and %(organization)s will see to it. If you did not ask for it, "
            "there is nothing to do: nothing is erased."
        ),
    ),
    "erased": Words(
        gettext_lazy("Your data at %(organization)s has been erased"),
        gettext_lazy("Your data has been erased"),
        gettext_lazy(
            "Your name, your contact details and what you wrote are gone. Amounts, dates and references of what was "
            "paid are kept for as long as tax law asks for it, without your name. This is the last mail about it."
        ),
    ),
}


def customer_drafts(event: Event) -> Iterator[Draft]:
    """The mail an event of an account asks for, if it is still of use; inside its tenant's transaction."""
    story = event.kind.removeprefix("customer.")
    whom = _whom(story, event)
    if whom is None:
        return
    organization: Organization = whom.organization
    with translation.override(whom.locale):
        yield draft(
            "customer",
            whom.email,
            _filled(WORDS[story], organization, whom),
            organization,
            facts=[Fact(_("Email"), whom.email)],
            links=[_link(story, organization, whom)],
            footer=_("You receive this mail because somebody asked for it with this address at %(organization)s.")
            % {"organization": organization.name},
            is_urgent=story == "link_asked",
        )


def _whom(story: str, event: Event) -> Whom | None:
    """Whose address it goes to. One that nothing here belongs to gets no mail: no stranger's mailbox is filled."""
    if story == "link_asked":
        links_asked = SignInLink.objects.select_related("organization")
        link = links_asked.filter(id=event.subject, used_at=None, expires_at__gt=clock.now()).first()
        return link if link and is_known(link.email) else None
    if story in ("erasure_asked", "erased"):
        asked = ErasureRequest.objects.select_related("organization").exclude(email="")
        return asked.filter(id=event.subject).first()
    return CustomerAccount.objects.select_related("organization").filter(id=event.subject).first()


def _filled(words: Words, organization: Organization, whom: Whom) -> Words:
    places = {"organization": organization.name, "until": ""}
    if isinstance(whom, SignInLink):
        places["until"] = _until(whom.expires_at, organization.time_zone, whom.time_zone)
    return Words(str(words.subject) % places, str(words.heading) % places, str(words.next_step) % places)


def _until(at: datetime, zone: str, reader_zone: str) -> str:
    """A time of day with its zone, for a mail is read anywhere; on the reader's clock as well where that differs."""
    if hours.clocks_differ(at, reader_zone, zone):
        return formats.moment_for(at, zone, reader_zone, "time")
    return f"{formats.moment(at, zone, 'time')}, {formats.zone_name(zone, at)}"


def _link(story: str, organization: Organization, whom: Whom) -> Link:
    if story == "link_asked":
        return Link(_("Sign in"), links.sign_in_url(organization, whom.id))
    if story == "erasure_asked":
        return Link(_("Confirm"), links.erasure_url(organization, whom.id))
    if story == "erased":
        return Link(_("Book another time"), f"{settings.BASE_URL}/{organization.slug}/booking")
    return Link(_("Open your account"), links.portal_url(organization, "account"))
