"""Who reacts to what: event kind → handlers, called inside the transaction that recorded the event."""

from collections.abc import Mapping, Sequence

from holdfast.events.actions import Handler

HANDLERS: Mapping[str, Sequence[Handler]] = {}
CATALOG_GUARDS: list[object] = []
