"""Who changed which price, when, and from what to what: events of the kind `pricing.changed`, never changed themselves.

A rule's changes are told of its tariff, so that a tariff's history is whole.
"""

import hashlib
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model

from holdfast.events import actions as events
from holdfast.events.models import Event
from holdfast.pricing.models import Promotion, TariffRule

KIND = "pricing.changed"
# The services that a promotion is for: their ids.
SERVICES = "services"
_NOT_TOLD = frozenset({"id", "organization_id"})


def snapshot(row: Model) -> dict[str, Any]:
    """What it says, as JSON can hold it."""
    found = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    if isinstance(row, Promotion):
        found[SERVICES] = sorted(str(key) for key in row.meant_for.values_list("service_id", flat=True))
    return {name: _plain(value) for name, value in found.items() if name not in _NOT_TOLD}


def fingerprint(row: Model) -> str:
    """A short text that is another when the row is."""
    return hashlib.blake2b(repr(sorted(snapshot(row).items())).encode(), digest_size=8).hexdigest()


def record(*, organization_id: UUID, row: Model, what: str, by: str, changes: dict[str, Any] | None = None) -> None:
    """Write down that `by` did it, in the running transaction; `changes`: column → [before, after]."""
    subject = row.tariff_id if isinstance(row, TariffRule) else row.pk
    payload = {"what": what, "of": row._meta.model_name, "name": str(row), "by": by, "changes": changes or {}}
    events.record(organization_id=organization_id, kind=KIND, subject=subject, payload=payload)


def of_subject(subject: UUID, most: int = 20) -> list[Event]:
    """The last changes of it, the newest first. Inside the tenant's transaction."""
    return list(Event.objects.filter(subject=subject, kind=KIND).order_by("-id")[:most])


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
