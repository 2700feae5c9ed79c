"""A salon whose massage may be repeated: two masseuses, Lea whom customers may choose and Mia whom they may too."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from holdfast.catalog.models import Organization, Service
from holdfast.core import clock
from holdfast.domain import hours
from tests import factories

CUSTOMER = {"name": "Ana Reyes", "email": "ana@example.com", "phone": "01 99 00 12 34", "locale": "en"}
Post = Callable[..., Any]


@pytest.fixture
def service(organization: Organization) -> Service:
    factories.make_resource(organization, slug="lea", name="Lea", is_public=True)
    factories.make_resource(organization, slug="mia", name="Mia", is_public=True)
    return factories.make_service(
        organization, slug="massage", needs=[{"kind": "person", "is_choosable": True}], allows_series=True
    )


@pytest.fixture
def post(client: Client) -> Post:
    def send(path: str, body: dict[str, Any], **headers: str) -> Any:
        return client.post(f"/api/v1/salon/{path}", body, content_type="application/json", headers=headers)

    return send


def at(start: datetime, weeks: int, zone: str = "Europe/Paris") -> datetime:
    """The same wall time, weeks later."""
    wall = hours.from_minute(zone, clock.to_minute(start)).replace(tzinfo=None) + timedelta(weeks=weeks)
    return hours.from_minute(zone, hours.to_minute(zone, wall))


def asked(start: datetime, rrule: str = "FREQ=WEEKLY;COUNT=4", **more: Any) -> dict[str, Any]:
    """The body of a preview."""
    resolutions = more.pop("resolutions", [])
    recurrence = {"rrule": rrule, "resolutions": resolutions}
    return {"service": "massage", "starts_at": start.isoformat(), "recurrence": recurrence, **more}
