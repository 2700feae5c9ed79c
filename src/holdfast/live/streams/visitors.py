"""Who comes to listen, and to what they may: by a service's name, a booking's link, a key, or a session."""

import re
from dataclasses import dataclass
from datetime import date
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from weakref import WeakValueDictionary

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core import signing
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from holdfast.accounts.models import User
from holdfast.accounts.queries import digest_of
from holdfast.bookings.availability.plan import ServicePlan
from holdfast.bookings.availability.span import Span, span_of
from holdfast.core import clock
from holdfast.core.errors import Forbidden, NotFound, ValidationError
from holdfast.core.signing import read_manage_token
from holdfast.customers import sessions
from holdfast.customers.tries import digest_of as digest_of_cookie
from holdfast.live.availability import Availability
from holdfast.live.database import Database
from holdfast.live.streams.envelopes import Customer, Listening, Public, SignedIn, Staff
from holdfast.live.streams.errors import CredentialsNeeded, ForeignOrigin

DAYS = 31
MOST_DIGITS = 18
# As Django's database sessions are signed.
SESSION_SALT = "django.contrib.sessions.SessionStore"
STAFF_COOKIE, CUSTOMER_COOKIE = re.compile(r"[a-z0-9]{8,64}"), re.compile(r"[A-Za-z0-9_-]{21,99}")

BOOKING = "SELECT 1 FROM bookings_booking WHERE id = %(booking)s"
KEY = "SELECT 1 FROM accounts_apikey WHERE digest = %(digest)s AND revoked_at IS NULL"
SESSION = "SELECT session_data FROM django_session WHERE session_key = %(key)s AND expire_date > %(now)s"
PERSON = "SELECT password FROM accounts_user WHERE id = %(user)s AND is_active"
CUSTOMER = """
SELECT a.email FROM customers_customersession s JOIN customers_customeraccount a ON a.id = s.account_id
WHERE s.digest = %(digest)s AND s.expires_at > %(now)s
"""
MEMBER = "SELECT 1 FROM accounts_membership WHERE user_id = %(user)s AND organization_id = %(organization)s"


@dataclass(frozen=True, slots=True)
class Asking:
    """What a request says of itself. `is_socket`: browsers open these across sites, with cookies, and hide nothing."""

    slug: str
    query: dict[str, str]
    headers: dict[str, str]
    is_socket: bool

    @property
    def secret(self) -> str:
        """A program's key."""
        return self.headers.get("authorization", "").removeprefix("Bearer ").strip()

    @property
    def last_event_id(self) -> int | None:
        """The header's goes before the address's, which stays what it was when a browser connects again."""
        text = self.headers.get("last-event-id") or self.query.get("last_event_id") or ""
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
            raise ValidationError(errors=[{"field": "last_event_id", "message": _("a whole number")}])
        return int(text)

    @property
    def customer_cookie(self) -> str:
        return _cookie(self.headers, sessions.cookie_name(self.slug), CUSTOMER_COOKIE)

    @property
    def staff_cookie(self) -> str:
        return _cookie(self.headers, settings.SESSION_COOKIE_NAME, STAFF_COOKIE)


class Visitors:
    """Reads who somebody is, without the ORM: a few round trips, and no connection is kept."""

    def __init__(self, database: Database, availability: Availability) -> None:
        self._database, self._availability = database, availability
        self._known: WeakValueDictionary[object, Public] = WeakValueDictionary()

    async def recognize(self, asking: Asking) -> tuple[UUID, Listening]:
        """The organization, and what they may hear of it. Raises HoldfastError, psycopg.Error.

        Who asks for what is public may say who they are, but not wrongly: their key may have been revoked.
        """
        organization_id = await self._availability.organization_of(asking.slug)
        token = asking.query.get("token") or asking.headers.get("x-manage-token")
        customer = await self._customer(organization_id, token) if token else None
        if "service" in asking.query:
            if asking.secret:
                await self._check_staff(organization_id, Staff(program=digest_of(asking.secret)))
            return organization_id, await self._public(asking)
        return organization_id, customer or await self._by_session(organization_id, asking)

    async def check(self, organization_id: UUID, known: SignedIn | Staff) -> None:
        """Raises CredentialsNeeded or Forbidden when they have signed out since, or may listen no more."""
        if isinstance(known, Staff):
            await self._check_staff(organization_id, known)
            return
        asked = {"digest": known.session, "now": clock.now()}
        if await self._database.read(organization_id, CUSTOMER, asked) is None:
            raise CredentialsNeeded

    async def renewed(self, slug: str, known: Public, version: int) -> Public:
        """The same by the catalog's present version. Raises NotFound when its service is gone."""
        plan = await self._availability.plan_of(slug, known.service)
        if plan.version < version:
            plan = await self._availability.plan_of(slug, known.service, anew=True)
        return self._shared(plan, known.service, known.span.first, known.span.days)

    async def _public(self, asking: Asking) -> Public:
        try:
            first = date.fromisoformat(asking.query["from"]) if "from" in asking.query else None
            days = int(asking.query.get("days", DAYS))
        except ValueError:
            raise ValidationError(
                errors=[{"field": "from, days", "message": _("a date such as 2026-03-29, a whole number")}]
            ) from None
        service = asking.query["service"]
        plan = await self._availability.plan_of(asking.slug, service)
        return self._shared(plan, service, first, days)

    def _shared(self, plan: ServicePlan, service: str, first: date | None, days: int) -> Public:
        """The same object for thousands who listen to the same: what they are told is looked up by it."""
        span = span_of(plan, first=first, days=days, zone=None, now=clock.now())
        key = (plan.organization_id, service, span, plan.version)
        if (found := self._known.get(key)) is None:
            found = self._known[key] = _public(plan, service, span)
        return found

    async def _customer(self, organization_id: UUID, token: str) -> Customer:
        booking = read_manage_token(token)
        if booking is None:
            raise CredentialsNeeded
        if await self._database.read(organization_id, BOOKING, {"booking": booking}) is None:
            raise NotFound
        return Customer(booking)

    async def _by_session(self, organization_id: UUID, asking: Asking) -> SignedIn | Staff:
        """Who is signed in as both says by `scope` which of them listens; staff, where nothing is said."""
        wanted = asking.query.get("scope")
        if wanted == SignedIn.scope:
            return await self._signed_in(organization_id, asking)
        try:
            return await self._staff(organization_id, asking)
        except CredentialsNeeded:
            if wanted is not None or not asking.customer_cookie or "authorization" in asking.headers:
                raise
            return await self._signed_in(organization_id, asking)

    async def _signed_in(self, organization_id: UUID, asking: Asking) -> SignedIn:
        digest = digest_of_cookie(asking.customer_cookie)
        row = await self._database.read(organization_id, CUSTOMER, {"digest": digest, "now": clock.now()})
        if row is None:
            raise CredentialsNeeded
        if asking.is_socket and not _is_own_page(asking.headers):
            raise ForeignOrigin
        return SignedIn(row[0], digest)

    async def _staff(self, organization_id: UUID, asking: Asking) -> Staff:
        if asking.secret:
            staff = Staff(program=digest_of(asking.secret))
        elif not asking.staff_cookie:
            raise CredentialsNeeded
        elif asking.is_socket and not _is_own_page(asking.headers):
            raise ForeignOrigin
        else:
            staff = Staff(session=asking.staff_cookie)
        await self._check_staff(organization_id, staff)
        return staff

    async def _check_staff(self, organization_id: UUID, staff: Staff) -> None:
        if staff.program:
            if await self._database.read(organization_id, KEY, {"digest": staff.program}) is None:
                raise CredentialsNeeded
            return
        user = await self._person(staff.session)
        if await self._database.read(organization_id, MEMBER, {"user": user}) is None:
            raise Forbidden

    async def _person(self, key: str) -> UUID:
        """Who is signed in by this session, as Django's middleware would say."""
        row = await self._database.read(None, SESSION, {"key": key, "now": clock.now()})
        said = _decoded(row[0]) if row else {}
        if said.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS or SESSION_KEY not in said:
            raise CredentialsNeeded
        user = UUID(said[SESSION_KEY])
        person = await self._database.read(None, PERSON, {"user": user})
        if person is None:
            raise CredentialsNeeded
        account = User(password=person[0])
        hashes = [account.get_session_auth_hash(), *account.get_session_auth_fallback_hash()]
        if not any(constant_time_compare(said.get(HASH_SESSION_KEY, ""), each) for each in hashes):
            raise CredentialsNeeded
        return user


def _public(plan: ServicePlan, service: str, span: Span) -> Public:
    extras = {each.stock.id for each in plan.extras.values() if each.stock}
    resources = frozenset({each.id for each in plan.resources} | extras)
    before = max([int(plan.service["buffer_before_minutes"]), *[each.buffer_before or 0 for each in plan.resources]])
    after = max([int(plan.service["buffer_after_minutes"]), *[each.buffer_after or 0 for each in plan.resources]])
    return Public(service, span, resources, max(plan.durations()) + after, before, plan.version)


def _cookie(headers: dict[str, str], name: str, looks: re.Pattern[str]) -> str:
    """Its value, "" where there is none that looks like one."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found and looks.fullmatch(found.value) else ""


def _decoded(text: str) -> dict[str, Any]:
    try:
        found = signing.loads(text, salt=SESSION_SALT, serializer=signing.JSONSerializer)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def _is_own_page(headers: dict[str, str]) -> bool:
    """Whether the page that opens a socket is ours (RFC 6455, 10.2)."""
    origin = headers.get("origin", "")
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    parts = urlsplit(origin)
    is_secret = parts.scheme == "https" or (parts.scheme == "http" and not settings.SECURE)
    return is_secret and parts.netloc == headers.get("host")
