"""One date of a series is decided among its others: what they take is taken, and they may reach further ahead."""

from dataclasses import dataclass, replace
from struct import iter_unpack, pack
from uuid import UUID

from holdfast.bookings.allocations import Occupation
from holdfast.bookings.availability import Question


@dataclass(frozen=True, slots=True)
class Among:
    """The other dates of a series: what they occupy, and the last minute at which a date of it may start."""

    occupations: tuple[Occupation, ...] = ()
    latest: int | None = None
    # (resource, lane, start, end) of what they give back, when they are moved together.
    leaving: frozenset[tuple[UUID, int, int, int]] = frozenset()

    def and_also(self, occupation: Occupation) -> "Among":
        """With one more date."""
        return replace(self, occupations=(*self.occupations, occupation))

    def reaching(self, question: Question) -> Question:
        """The question with the series' horizon in place of the service's."""
        if self.latest is None:
            return question
        return replace(question, rules=replace(question.rules, latest=max(self.latest, question.rules.latest)))

    def added(self, packed: bytes | None, question: Question) -> bytes | None:
        """Busy time as `busy.BUSY` packs it, with what the other dates occupy and without what they give back."""
        if not (self.occupations or self.leaving):
            return packed
        numbers = {resource.id: number for number, resource in enumerate(question.resources, 1)}
        left = {(numbers[resource], *rest) for resource, *rest in self.leaving if resource in numbers}
        rows = [row for row in _unpacked(packed) if row not in left]
        for occupation in self.occupations:
            rows += [
                (numbers[place.resource_id], place.lane, occupation.start, occupation.end)
                for place in occupation.places
                if place.resource_id in numbers
            ]
        return b"".join(pack(">4i", *row) for row in rows)


def _unpacked(packed: bytes | None) -> list[tuple[int, int, int, int]]:
    return list(iter_unpack(">4i", packed or b""))
