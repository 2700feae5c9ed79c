"""Who is signed in at an organization's portal: a cookie for each organization, apart from the staff's session."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token

from holdfast.catalog.models import Organization
from holdfast.core import clock
from holdfast.core.tenancy import transaction_for
from holdfast.customers.errors import SignInAgain
from holdfast.customers.models import CustomerAccount, CustomerSession, Way
from holdfast.customers.tries import digest_of

LIFETIME = timedelta(days=30)
# How long after showing who one is by a link or a passkey the ways to sign in may be changed.
FRESH = timedelta(hours=1)


def cookie_name(slug: str) -> str:
    """Of an organization; `live/` reads it as well (docs/adr/0029)."""
    return f"customer-{slug}"


def current(request: HttpRequest, organization: Organization) -> CustomerSession | None:
    """The session of this browser, with its account; None where nobody is signed in here."""
    secret = request.COOKIES.get(cookie_name(organization.slug), "")
    if not 20 < len(secret) < 100:
        return None
    with transaction_for(organization.id):
        found = CustomerSession.objects.select_related("account").filter(digest=digest_of(secret))
        return found.filter(expires_at__gt=clock.now()).first()


def begin(request: HttpRequest, response: HttpResponse, account: CustomerAccount, way: Way) -> None:
    """Sign this browser in: a new secret whatever it had before, which opens nothing from now on."""
    organization: Organization = account.organization
    secret, now = secrets.token_urlsafe(32), clock.now()
    before = current(request, organization)
    with transaction_for(organization.id):
        if before:
            CustomerSession.objects.filter(id=before.id).delete()
        CustomerSession.objects.create(
            organization=organization,
            account=account,
            digest=digest_of(secret),
            way=way,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    rotate_token(request)
    _set_cookie(response, cookie_name(organization.slug), secret, LIFETIME)


def end(request: HttpRequest, response: HttpResponse, organization: Organization, *, everywhere: bool = False) -> None:
    """Sign this browser out, or all of this customer's."""
    session = current(request, organization)
    if session:
        with transaction_for(organization.id):
            ended = {"account_id": session.account_id} if everywhere else {"id": session.id}
            CustomerSession.objects.filter(**ended).delete()
    rotate_token(request)
    response.delete_cookie(cookie_name(organization.slug), samesite="Lax")


def check_fresh(session: CustomerSession) -> None:
    """Raises SignInAgain unless a link or a passkey has shown lately who this is."""
    if not is_fresh(session):
        raise SignInAgain


def is_fresh(session: CustomerSession) -> bool:
    return session.way in (Way.LINK, Way.PASSKEY) and session.created_at > clock.now() - FRESH


def browser_secret(request: HttpRequest) -> str:
    """What this browser was given when it asked for a link; "" where it did not."""
    return request.COOKIES.get(ASKED, "")[:100]


def remember_asking(response: HttpResponse, secret: str, lifetime: timedelta) -> None:
    """Let this browser be known again when the link is opened."""
    _set_cookie(response, ASKED, secret, lifetime)


ASKED = "customer-asked"


def _set_cookie(response: HttpResponse, name: str, value: str, lifetime: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lifetime.total_seconds()),
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )
