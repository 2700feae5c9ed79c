"""What the desk itself writes: attempts to sign in, and the language a person reads."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Q

from holdfast.accounts.models import User
from holdfast.core import clock
from holdfast.desk.errors import TooManyAttempts
from holdfast.desk.models import SignInAttempt

WINDOW = timedelta(minutes=15)
# One person from one place; and one place for whomever: an office shares an address, a guesser tries many people.
MOST_FOR_PERSON, MOST_FROM_ADDRESS = 5, 50


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
