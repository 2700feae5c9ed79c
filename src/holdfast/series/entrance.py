"""What the API of bookings asks of this room, by `config/handlers.py` (bookings/series_room.py)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from holdfast.bookings.availability.question import Wish
from holdfast.bookings.details.columns import Details
from holdfast.bookings.limits.overrides import Override
from holdfast.bookings.steps import Actor
from holdfast.catalog.models import Organization
from holdfast.core.idempotency import Answer
from holdfast.series import actions, asked, changes, moving
from holdfast.series.results import booked_document, changed_document


def book_once(
    *,
    organization: Organization,
    wish: Wish,
    starts_at: datetime,
    recurrence: Mapping[str, Any],
    details: Details,
    hold_id: UUID | None,
    actor: Actor,
    override: Override | None,
) -> Answer:
    """`actions.book_once`, from and to the API's words."""
    wanted = asked.read(wish=wish, starts_at=starts_at, zone=organization.time_zone, recurrence=recurrence)
    booked = actions.book_once(
        organization=organization, asked=wanted, details=details, hold_id=hold_id, actor=actor, override=override
    )
    return Answer(201, booked_document(organization, booked), event_id=booked.event_id)


def cancel(*, organization: Organization, **asked_for: Any) -> Answer:
    """`changes.cancel`, and its answer."""
    changed = changes.cancel(organization=organization, **asked_for)
    return Answer(200, changed_document(organization, changed), event_id=changed.event_id)


def confirm(*, organization: Organization, with_moved: bool, **asked_for: Any) -> Answer:
    """`changes.confirm`, and its answer. A date moved by itself waits for approval too, `with_moved` or not."""
    changed = changes.confirm(organization=organization, **asked_for)
    return Answer(200, changed_document(organization, changed), event_id=changed.event_id)


def reschedule(*, organization: Organization, instead: Iterable[Mapping[str, Any]], **asked_for: Any) -> Answer:
    """`changes.reschedule`, from and to the API's words."""
    changed = changes.reschedule(organization=organization, instead=moving.instead_of(instead), **asked_for)
    return Answer(200, changed_document(organization, changed), event_id=changed.event_id)
