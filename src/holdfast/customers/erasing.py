"""Erasing what is known of an address (GDPR, article 17): asked for, confirmed by mail, carried out by staff.

Kept, because the law asks for it (article 17, 3b) or because it may be needed for claims (3e): the ledger, the consents
to keep a card, and of each booking its service, times, price and history. None of that says who it was.
"""

from uuid import UUID

from django.db import IntegrityError

from holdfast.bookings.erasing import erase_attendee, erase_person
from holdfast.bookings.models import Booking
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock, locking
from holdfast.core.errors import NotFound
from holdfast.core.models import IdempotentAnswer
from holdfast.core.tenancy import transaction_for
from holdfast.customers.errors import LinkNotGood, NotErasableYet
from holdfast.customers.links import read_erasure_token
from holdfast.customers.models import CustomerAccount, ErasureRequest, SignInLink
from holdfast.customers.queries import attended_by, entries_of, everything_of, open_erasure, upcoming
from holdfast.domain.waiting import ACTIVE
from holdfast.events import actions as events
from holdfast.waiting import actions as waiting


def ask(*, account: CustomerAccount) -> ErasureRequest:
    """Write down that somebody asks, and have them confirm it by mail; asking twice sends the mail again.

    Raises NotErasableYet.
    """
    with transaction_for(account.organization_id):
        _check_nothing_to_come(account.email)
        asked = open_erasure(account.email) or _new(account)
        if asked.confirmed_at is None:
            _record(asked, "customer.erasure_asked")
    return asked


def confirm(*, organization: Organization, token: str) -> ErasureRequest:
    """Whoever reads the address wants it. Twice does nothing. Raises LinkNotGood."""
    asked = of_token(organization, token)
    with transaction_for(organization.id):
        now = clock.now()
        waits = ErasureRequest.objects.filter(id=asked.id, confirmed_at=None, withdrawn_at=None, done_at=None)
        if waits.update(confirmed_at=now):
            asked.confirmed_at = now
            _record(asked, "customer.erasure_confirmed")
    return asked


def of_token(organization: Organization, token: str) -> ErasureRequest:
    """What a link of a mail is about, unless it was withdrawn. Raises LinkNotGood."""
    request_id = read_erasure_token(token)
    if request_id is None:
        raise LinkNotGood
    with transaction_for(organization.id):
        found = ErasureRequest.objects.filter(id=request_id, withdrawn_at=None).first()
    if found is None:
        raise LinkNotGood
    return found


def withdraw(*, account: CustomerAccount) -> None:
    """They have thought better of it."""
    with transaction_for(account.organization_id):
        still_open = ErasureRequest.objects.filter(email=account.email, done_at=None, withdrawn_at=None)
        still_open.update(withdrawn_at=clock.now())


def carry_out(*, organization: Organization, request_id: UUID, actor: Actor) -> ErasureRequest:
    """Erase all that is known of the address, for good. Twice does nothing. Raises NotFound, NotErasableYet.

    What rooms above know (mails, imported rows) goes in the same transaction, by the handlers of `customer.erased`.
    """
    with transaction_for(organization.id):
        asked = ErasureRequest.objects.filter(id=request_id, withdrawn_at=None).exclude(confirmed_at=None).first()
        if asked is None:
            raise NotFound
        if not ErasureRequest.objects.filter(id=asked.id, done_at=None).update(done_at=clock.now()):
            return asked
        bookings = locking.lock_rows(Booking, id__in=list(everything_of(asked.email).values_list("id", flat=True)))
        _check_nothing_to_come(asked.email)
        for booking in bookings:
            erase_person(booking, organization, actor)
        attended = locking.lock_rows(Booking, id__in=[each.id for each in attended_by(asked.email)])
        for booking in attended:
            erase_attendee(booking, asked.email)
        _leave_the_line(organization, asked.email)
        IdempotentAnswer.objects.filter(body__icontains=asked.email).delete()
        CustomerAccount.objects.filter(email=asked.email).delete()
        SignInLink.objects.filter(email=asked.email).delete()
        ErasureRequest.objects.filter(email=asked.email).exclude(id=asked.id).update(email="")
        ErasureRequest.objects.filter(id=asked.id).update(done_by=actor.name, bookings_erased=len(bookings))
        _record(asked, "customer.erased", bookings=[str(each.id) for each in bookings])
        asked.refresh_from_db()
    return asked


def blocking(email: str) -> list[Booking]:
    """The bookings that are still to come; in the organization's transaction."""
    return list(upcoming(email, clock.now()))


def _check_nothing_to_come(email: str) -> None:
    to_come = blocking(email)
    if to_come:
        raise NotErasableYet(bookings=[each.reference for each in to_come])


def _new(account: CustomerAccount) -> ErasureRequest:
    asked = ErasureRequest(
        organization_id=account.organization_id, email=account.email, locale=account.locale, asked_at=clock.now()
    )
    try:
        with transaction_for(account.organization_id):
            asked.save(force_insert=True)
    except IntegrityError:  # at the same moment, in another window
        return open_erasure(account.email) or asked
    return asked


def _leave_the_line(organization: Organization, email: str) -> None:
    for entry in entries_of(email):
        if entry.state in ACTIVE:
            waiting.leave(organization=organization, entry_id=entry.id)
    entries_of(email).delete()


def _record(asked: ErasureRequest, kind: str, **payload: object) -> None:
    """Nothing in it says who: the log is kept for ever."""
    events.record(organization_id=asked.organization_id, kind=kind, subject=asked.id, payload=dict(payload))
