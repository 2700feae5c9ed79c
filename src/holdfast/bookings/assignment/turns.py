"""Rotations: whose turn it is at a service that assigns in turns, kept in the transaction of the booking.

A turn is taken when a time is held or booked, and given back when that comes to nothing: a page that was left or a
booking that was cancelled costs nobody their turn.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from holdfast.bookings.models import Booking, Rotation
from holdfast.core import locking
from holdfast.domain import assignment

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """By resource: what the rotation owes it, in weights, and how many turns it has had."""

    owed: Mapping[UUID, int]
    turns: Mapping[UUID, int]


def lock(*service_ids: UUID) -> None:
    locking.lock_turns(("rotation", each) for each in service_ids)


def lock_those_of(bookings: Iterable[Booking]) -> None:
    """Before several bookings of several services are given up in one transaction."""
    lock(*{booking.service_id for booking in bookings if turns_of(booking.assigned)})


def standing(service_id: UUID) -> Standing:
    row = Rotation.objects.filter(service_id=service_id).values_list("owed", "turns").first() or ({}, {})
    owed, turns = ({UUID(key): number for key, number in each.items()} for each in row)
    return Standing(owed, turns)


def turns_of(assigned: Iterable[Entry]) -> list[Entry]:
    """The entries of `Booking.assigned` that were somebody's turn."""
    return [entry for entry in assigned if "shares" in entry]


def take(*, organization_id: UUID, service_id: UUID, assigned: Sequence[Entry]) -> None:
    """Count the turns among `assigned`. After `lock`, in the transaction that claims the places."""
    if turns := newly_taken(assigned):
        _write(organization_id, service_id, taken=turns, given_back=())


def give_back(booking: Booking, kept: Iterable[Entry] = ()) -> None:
    """Undo the booking's turns but for those `kept`, before its places are freed: who waits for them has a turn."""
    if turns := not_kept(booking.assigned, kept):
        lock(booking.service_id)
        _write(booking.organization_id, booking.service_id, taken=(), given_back=turns)


def newly_taken(assigned: Iterable[Entry]) -> list[Entry]:
    """The turns among the entries that a booking did not have before."""
    return [entry for entry in turns_of(assigned) if not entry.get("kept")]


def not_kept(assigned: Iterable[Entry], kept: Iterable[Entry]) -> list[Entry]:
    """The turns among a booking's entries that come to nothing when it keeps no more than those `kept`."""
    resources = {entry["resource"] for entry in kept if entry.get("kept")}
    return [entry for entry in turns_of(assigned) if entry["resource"] not in resources]


def owed_after(
    owed: Mapping[UUID, int], *, taken: Iterable[Entry], given_back: Iterable[Entry] = ()
) -> Mapping[UUID, int]:
    """What the rotation owes once these turns are taken and those given back; in any order it comes to the same."""
    for entry in taken:
        resource, shares = _turn(entry)
        owed = assignment.after_turn(owed, shares, resource, list(shares))
    for entry in given_back:
        resource, shares = _turn(entry)
        owed = assignment.turn_undone(owed, shares, resource)
    return owed


def _write(organization_id: UUID, service_id: UUID, *, taken: Sequence[Entry], given_back: Sequence[Entry]) -> None:
    before = standing(service_id)
    owed, turns = owed_after(before.owed, taken=taken, given_back=given_back), dict(before.turns)
    for entry in taken:
        resource, _shares = _turn(entry)
        turns[resource] = turns.get(resource, 0) + 1
    for entry in given_back:
        resource, _shares = _turn(entry)
        turns[resource] = turns.get(resource, 1) - 1
    row = Rotation(organization_id=organization_id, service_id=service_id, owed=_plain(owed), turns=_plain(turns))
    Rotation.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["service"], update_fields=["owed", "turns"]
    )


def _turn(entry: Entry) -> tuple[UUID, dict[UUID, int]]:
    return UUID(entry["resource"]), {UUID(key): weight for key, weight in entry["shares"].items()}


def _plain(numbers: Mapping[UUID, int]) -> dict[str, int]:
    return {str(key): number for key, number in numbers.items()}
