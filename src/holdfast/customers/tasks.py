"""Periodic tidying. Nothing depends on it: a link, a challenge or a session that is too old opens nothing anyway."""

from datetime import timedelta
from uuid import UUID

from procrastinate import JobContext

from holdfast.catalog.queries import organization_ids
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.customers.models import Challenge, CustomerSession, SignInLink, SignInTry
from holdfast.customers.tries import WINDOW

# Long enough to look into what went wrong with a mail.
KEPT = timedelta(days=2)


def forget_old_proofs(context: JobContext, timestamp: int) -> None:
    """Periodic: remove what has run out, with the addresses in it."""
    for organization_id in organization_ids():
        forget(organization_id)


def forget(organization_id: UUID) -> None:
    now = clock.now()
    with transaction_for(organization_id):
        SignInLink.objects.filter(expires_at__lt=now - KEPT).delete()
        SignInTry.objects.filter(at__lt=now - WINDOW).delete()
        Challenge.objects.filter(expires_at__lt=now).delete()
        CustomerSession.objects.filter(expires_at__lt=now).delete()
