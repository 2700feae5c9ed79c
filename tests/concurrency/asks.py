"""The requests that concurrency tests send."""

from datetime import datetime
from typing import Any

from holdfast.accounts.actions import create_api_key
from holdfast.catalog.models import Organization, Service
from tests.running import Ask

CUSTOMER = {"name": "Ana Reyes", "email": "ana@example.com", "phone": "+33199001234", "locale": "en"}


def book(organization: Organization, service: Service, starts_at: datetime, *, key: str = "", **body: Any) -> Ask:
    wish = {"service": service.slug, "starts_at": starts_at.isoformat(), "customer": CUSTOMER, **body}
    return Ask(f"{organization.slug}/bookings", wish, {"Idempotency-Key": key} if key else {})


def hold(organization: Organization, service: Service, starts_at: datetime) -> Ask:
    return Ask(f"{organization.slug}/holds", {"service": service.slug, "starts_at": starts_at.isoformat()})


def change(
    organization: Organization,
    reference: str,
    action: str,
    *,
    version: int,
    token: str = "",
    secret: str = "",
    **body: Any,
) -> Ask:
    """By the bearer of the link (`token`) or of a key (`secret`)."""
    headers = {"X-Manage-Token": token} if token else {"Authorization": f"Bearer {secret}"}
    return Ask(f"{organization.slug}/bookings/{reference}/{action}", {"version": version, **body}, headers)


def staff_key(organization: Organization) -> str:
    """The secret of a key that may change bookings."""
    return create_api_key(organization_id=organization.id, name="Front desk", may_write=True)[1]
