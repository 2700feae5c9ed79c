"""Recording what happened, and letting those who asked for it react inside the same transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model
from django.utils.module_loading import import_string

from holdfast.core import clock
from holdfast.core.rows import insert
from holdfast.events.models import Event

Handler = Callable[[Event], None]


def record(
    *, organization_id: UUID, kind: str, subject: UUID, payload: dict[str, Any], beside: Sequence[Model] = ()
) -> Event:
    """Write one event in the running transaction and call its handlers (`config/handlers.py`).

    `beside`: new rows that are written by the same statement, before any handler is called.

    Handlers write rows and defer jobs; they never touch the network, so all of it commits or none of it.
    """
    event = Event(organization_id=organization_id, kind=kind, subject=subject, payload=payload, at=clock.now())
    insert(*beside, event)
    for handle in _handlers().get(kind, ()):
        handle(event)
    return event


@cache
def _handlers() -> Mapping[str, Iterable[Handler]]:
    handlers: Mapping[str, Iterable[Handler]] = import_string(settings.EVENT_HANDLERS)
    return handlers
