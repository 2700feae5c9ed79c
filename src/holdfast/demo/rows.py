"""Writing many rows at once, as the tenant: one statement a table, its rows as one JSON document.

Allocations are inserted here and not by `bookings/places/allocations.py` because nobody contends for the past; the
exclusion constraint judges them all the same. Events are rows only: nobody is mailed about last year.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from holdfast.demo.chance import chance, key_at
from holdfast.demo.history import Step, Story
from holdfast.domain.lifecycle import ACTIVE, Action

UPDATE = """
UPDATE bookings_booking b
SET state = step.state, version = b.version + 1, updated_at = step.at,
    calendar_sequence = b.calendar_sequence + step.sequence
FROM json_to_recordset(%s) AS step(id uuid, state varchar, at timestamptz, sequence int)
WHERE b.id = step.id
"""


def write_stories(organization_id: UUID, stories: Sequence[Story]) -> None:
    """Bookings, allocations, transitions, events and notes, in the transaction of that organization."""
    new = [story for story in stories if story.columns]
    insert("bookings_booking", [_booking(organization_id, story) for story in new])
    insert("bookings_allocation", [row for story in new for row in _allocations(organization_id, story)])
    _take_steps([story.steps[1:] if story.columns else story.steps for story in stories], stories)
    told = [(story, number, step) for story in stories for number, step in enumerate(story.steps)]
    told.sort(key=lambda each: (each[2].at, each[0].booking_id, each[1]))
    insert("bookings_transition", [_transition(organization_id, *each) for each in told])
    insert("events_event", [_event(organization_id, *each) for each in told])
    insert("bookings_note", [_note(organization_id, story) for story in new if story.note])


def insert(table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns; the table's own types read the JSON."""
    if not rows:
        return
    columns = sql.SQL(", ").join(map(sql.Identifier, rows[0]))
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)"
    ).format(table=sql.Identifier(table), columns=columns)
    with connection.cursor() as cursor:
        cursor.execute(statement, [_json(rows)])


def _take_steps(all_steps: Iterable[Sequence[Step]], stories: Sequence[Story]) -> None:
    """All first steps, then all second ones, and so on, so that the database's own guard judges every one."""
    waiting = [(story.booking_id, list(steps)) for story, steps in zip(stories, all_steps, strict=True) if steps]
    while waiting:
        rows = []
        for booking_id, steps in waiting:
            step = steps.pop(0)
            sequence = int(step.action == Action.CANCEL)
            rows.append({"id": booking_id, "state": step.target, "at": step.at, "sequence": sequence})
        with connection.cursor() as cursor:
            cursor.execute(UPDATE, [_json(rows)])
        waiting = [each for each in waiting if each[1]]


def _booking(organization_id: UUID, story: Story) -> dict[str, Any]:
    placed = story.steps[0]
    return {
        "id": story.booking_id,
        "organization_id": organization_id,
        "reference": story.reference,
        "state": placed.target,
        "version": 1,
        "calendar_sequence": 0,
        "created_at": placed.at,
        "updated_at": placed.at,
        **story.columns,
    }


def _allocations(organization_id: UUID, story: Story) -> Iterable[dict[str, Any]]:
    if story.placement is None:
        return
    occupation, rng = story.placement.occupation, chance("places", story.booking_id)
    for place in occupation.places:
        yield {
            "id": key_at(story.steps[0].at, rng),
            "organization_id": organization_id,
            "booking_id": story.booking_id,
            "requirement_id": place.requirement_id,
            "resource_id": place.resource_id,
            "lane": place.lane,
            "start_minute": place.start,
            "end_minute": place.end,
            "active": story.state in ACTIVE,
        }


def _transition(organization_id: UUID, story: Story, number: int, step: Step) -> dict[str, Any]:
    return {
        "id": key_at(step.at, chance("step", story.booking_id, story.version + number)),
        "organization_id": organization_id,
        "booking_id": story.booking_id,
        "action": step.action,
        "from_state": step.source,
        "to_state": step.target,
        "actor_kind": step.actor.kind,
        "actor_name": step.actor.name,
        "reason": step.reason,
        "details": {},
        "at": step.at,
    }


def _event(organization_id: UUID, story: Story, number: int, step: Step) -> dict[str, Any]:
    """As `bookings.steps.announce` records it."""
    return {
        "organization_id": organization_id,
        "kind": f"booking.{step.target}",
        "subject": story.booking_id,
        "payload": {
            "reference": story.reference,
            "type": story.columns.get("type", "standard"),
            "state": step.target,
            "version": story.version + number + 1,
            "actor": step.actor.kind,
            "actor_name": step.actor.name,
            "reason": step.reason,
        },
        "at": step.at,
    }


def _note(organization_id: UUID, story: Story) -> dict[str, Any]:
    author, text, at = story.note or ("", "", story.steps[0].at)
    return {
        "id": key_at(at, chance("note", story.booking_id)),
        "organization_id": organization_id,
        "booking_id": story.booking_id,
        "author": author,
        "text": text,
        "at": at,
    }


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, default=_plain, ensure_ascii=False)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
