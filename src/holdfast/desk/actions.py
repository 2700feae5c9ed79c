"""What the desk itself writes: bookings made for a customer, attempts to sign in, the language a person reads."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from holdfast.accounts.models import User
from holdfast.bookings import actions as bookings
from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Details
from holdfast.bookings.errors import refusal
from holdfast.bookings.limits.overrides import Override
from holdfast.bookings.repeats import answer_settled, patiently
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.errors import IdempotencyMismatch, ValidationError
from holdfast.core.idempotency import Answer
from holdfast.desk.errors import TooManyAttempts
from holdfast.desk.models import SignInAttempt
from holdfast.series import actions as series
from holdfast.series.asked import Asked

WINDOW = timedelta(minutes=15)
# One person from one place; and one place for whomever: an office shares an address, a guesser tries many people.
MOST_FOR_PERSON, MOST_FROM_ADDRESS = 5, 50


def book(
    *,
    organization: Organization,
    wish: Wish,
    starts_at: datetime,
    details: Details,
    actor: Actor,
    key: str,
    sent: Mapping[str, object],
    override: Override | None = None,
) -> str:
    """Book for a customer; the same form (`key`, `sent`) sent twice books once. Returns the reference.

    `override`: beyond a limit. Raises what `bookings.actions.book_once` raises, and ValidationError for another form
    with the key of an earlier one.
    """

    def work() -> Answer:
        booked = bookings.book_once(
            organization=organization,
            wish=wish,
            starts_at=starts_at,
            details=details,
            actor=actor,
            override=override,
        )
        return Answer(201, {"reference": booked.reference})

    request = {**sent, "at": starts_at.isoformat(), "wish": repr(wish)}
    return str(_once(organization, key, request, work)["reference"])


def book_series(
    *,
    organization: Organization,
    asked: Asked,
    details: Details,
    actor: Actor,
    key: str,
    sent: Mapping[str, object],
    override: Override | None = None,
) -> tuple[UUID, int]:
    """All dates of a series, as `book` books one. Returns the series' id and how many dates were booked.

    Raises what `series.actions.book_once` raises, and ValidationError as `book`.
    """

    def work() -> Answer:
        booked = series.book_once(
            organization=organization, asked=asked, details=details, actor=actor, override=override
        )
        return Answer(201, {"series": str(booked.series.id), "count": len(booked.bookings)})

    request = {**sent, "walls": [wall.isoformat() for wall in asked.walls], "wish": repr(asked.wish)}
    made = _once(organization, key, request, work)
    return UUID(made["series"]), int(made["count"])


def _once(
    organization: Organization, key: str, request: dict[str, object], work: Callable[[], Answer]
) -> dict[str, Any]:
    """What `work` made, however often the form is sent. Raises its refusals, those that were remembered too."""
    try:
        answer = patiently(
            lambda: answer_settled(
                organization_id=organization.id, key=key, operation="desk-book", request=request, work=work
            )
        )
    except IdempotencyMismatch:
        raise ValidationError(_("This form was out of date. Look once more, then decide.")) from None
    if "limit" in answer.body:
        told = {name: answer.body[name] for name in ("limit", "day", "most", "alternatives")}
        raise refusal(answer.body["code"], **told)
    if answer.status != 201:
        raise ValidationError(answer.body.get("detail"), errors=answer.body.get("errors", []))
    return answer.body


def count_attempt(*, address: str, email: str) -> None:
    """Count an attempt to sign in, before its password is looked at. Raises TooManyAttempts.

    It is written first and counted afterwards, so that many at once cannot slip through together.
    """
    now = clock.now()
    SignInAttempt.objects.filter(at__lte=now - WINDOW).delete()
    person = _digest(email)
    SignInAttempt.objects.create(address=address, person=person, at=now)
    counts = SignInAttempt.objects.filter(address=address).aggregate(
        address=Count("id"), person=Count("id", filter=Q(person=person))
    )
    if counts["person"] > MOST_FOR_PERSON or counts["address"] > MOST_FROM_ADDRESS:
        raise TooManyAttempts(retry_after=int(WINDOW.total_seconds()))


def forgive_attempts(*, address: str, email: str) -> None:
    """Whoever signed in knows the password: their earlier mistakes no longer count."""
    SignInAttempt.objects.filter(address=address, person=_digest(email)).delete()


def choose_language(*, user: User, language: str) -> None:
    """Speak another of our languages to a person; an unknown one changes nothing."""
    if language in dict(settings.LANGUAGES):
        user.locale = language
        user.save(update_fields=["locale"])


def _digest(email: str) -> str:
    return hashlib.sha256(f"{settings.SECRET_KEY}:{email.strip().lower()}".encode()).hexdigest()
