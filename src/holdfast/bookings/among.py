"""One date of a series is decided among its others: what they take is taken, and they may reach further ahead."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from struct import iter_unpack, pack
from uuid import UUID

from holdfast.bookings.allocations import Occupation
from holdfast.bookings.availability import Question
from holdfast.bookings.limits import Seen, Taken
from holdfast.domain import hours


@dataclass(frozen=True, slots=True)
class Among:
    """The other dates of a series: what they occupy, and the last minute at which a date of it may start.

    `leaving`: by booking, what those that are moved together give back.
    """

    occupations: tuple[Occupation, ...] = ()
    latest: int | None = None
    leaving: Mapping[UUID, Occupation] = field(default_factory=dict)

    def but_for(self, booking_id: UUID) -> "Among":
        """Without what one of them gives back: whoever moves it leaves it out of all counts anyway."""
        return replace(self, leaving={key: each for key, each in self.leaving.items() if key != booking_id})

    def and_also(self, occupation: Occupation) -> "Among":
        """With one more date."""
        return replace(self, occupations=(*self.occupations, occupation))

    def reaching(self, question: Question) -> Question:
        """The question with the series' horizon in place of the service's."""
        if self.latest is None:
            return question
        latest = self.latest
        return question.with_rules(lambda each: replace(each, latest=max(latest, each.latest)))

    def added(self, seen: Seen, question: Question) -> Seen:
        """What was seen, with what the other dates occupy of the question's resources, and use of its limits.

        None of them may be in the database yet: it would count twice. Without what they give back.
        """
        if not (self.occupations or self.leaving):
            return seen
        numbers = {resource.id: number for number, resource in enumerate(question.resources, 1)}
        left = {row for occupation in self.leaving.values() for row in _rows(occupation, numbers)}
        rows = [row for row in iter_unpack(">4i", seen.packed or b"") if row not in left]
        for occupation in self.occupations:
            rows += _rows(occupation, numbers)
        return Seen(b"".join(pack(">4i", *row) for row in rows), self._counted(seen, question))

    def _counted(self, seen: Seen, question: Question) -> Taken:
        team_of = {resource.id: resource.team for resource in question.resources}
        counted = {limit: dict(days) for limit, days in seen.counted.items()}
        changes = [*((each, 1) for each in self.occupations), *((each, -1) for each in self.leaving.values())]
        for limit in question.plan.limits:
            if limit.kind == "customer" and limit.id not in seen.counted:
                continue
            days = counted.setdefault(limit.id, {})
            for occupation, sign in changes:
                teams = {team_of.get(place.resource_id) for place in occupation.places}
                if limit.team is None or limit.team in teams:
                    day = hours.date_of(question.plan.time_zone, _start_of(occupation, question))
                    weight = question.wish.party_size if limit.counts_people else 1
                    days[day] = max(0, days.get(day, 0) + sign * weight)
        return counted


def _rows(occupation: Occupation, numbers: Mapping[UUID, int]) -> list[tuple[int, int, int, int]]:
    """As `busy.BUSY` numbers and packs them."""
    return [
        (numbers[place.resource_id], place.lane, place.start, place.end)
        for place in occupation.places
        if place.resource_id in numbers
    ]


def _start_of(occupation: Occupation, question: Question) -> int:
    """When the booking starts whose places these are: each has the buffers of its resource before it."""
    place = occupation.places[0]
    return place.start + question.own.get(place.resource_id, question.rules).buffer_before
