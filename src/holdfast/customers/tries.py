"""Counting who tries to sign in. Addresses that nobody has are counted as all others: the answer tells nothing."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Q

from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.customers.errors import TooManyTries
from holdfast.customers.models import SignInTry

WINDOW = timedelta(minutes=15)
# Of one address from anywhere; and from one network for whomever: a household or an office shares one.
MOST_FOR_PERSON, MOST_FROM_NETWORK = 5, 30


def count(organization: Organization, kind: str, *, email: str, network: str) -> None:
    """Count a try before anything is looked at. Raises TooManyTries.

    It is written and committed first and counted afterwards, so that many at once cannot slip through together.
    """
    now, person = clock.now(), digest_of(email)
    with transaction_for(organization.id):
        SignInTry.objects.create(organization=organization, kind=kind, network=network, person=person, at=now)
        recent = SignInTry.objects.filter(Q(person=person) | Q(network=network), kind=kind, at__gt=now - WINDOW)
        found = recent.aggregate(
            person=Count("id", filter=Q(person=person)), network=Count("id", filter=Q(network=network))
        )
    if found["person"] > MOST_FOR_PERSON or found["network"] > MOST_FROM_NETWORK:
        raise TooManyTries(retry_after=int(WINDOW.total_seconds()))


def forgive(organization: Organization, kind: str, *, email: str) -> None:
    """Whoever signed in is who they say: their earlier mistakes no longer count. In a transaction of it."""
    SignInTry.objects.filter(organization=organization, kind=kind, person=digest_of(email)).delete()


def digest_of(text: str) -> str:
    """Tells two texts apart and neither of them to anybody."""
    return hashlib.sha256(f"{settings.SECRET_KEY}:{text}".encode()).hexdigest()
