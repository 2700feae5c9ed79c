"""One date of a series is decided among its others: what they take is taken, and they may reach further ahead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from struct import iter_unpack, pack
from uuid import UUID

from holdfast.bookings.assignment import assigning, turns
from holdfast.bookings.assignment.turns import Entry
from holdfast.bookings.availability.question import Question
from holdfast.bookings.limits.allowances import Seen, Taken
from holdfast.bookings.places.allocations import Occupation, Place
from holdfast.domain import hours
from holdfast.domain.assignment import Ordering, Policy


@dataclass(frozen=True, slots=True)
class Among:
    """The other dates of a series: what they occupy, and the last minute at which a date of it may start.

    `leaving`: by booking, what those that are moved together give back. `taken` and `given_back`: the turns that the
    dates decided so far took of the service's rotation and gave back to it. `served`: the minute at which each resource
    serves the latest of them. `held`: holds among them, which are in the database as nobody's.
    """

    occupations: tuple[Occupation, ...] = ()
    latest: int | None = None
    leaving: Mapping[UUID, Occupation] = field(default_factory=dict)
    taken: tuple[Entry, ...] = ()
    given_back: tuple[Entry, ...] = ()
    served: Mapping[UUID, int] = field(default_factory=dict)
    held: tuple[Occupation, ...] = ()

    def but_for(self, booking_id: UUID) -> "Among":
        """Without what one of them gives back: whoever moves it leaves it out of all counts anyway."""
        return replace(self, leaving={key: each for key, each in self.leaving.items() if key != booking_id})

    def and_also(self, occupation: Occupation, assigned: Iterable[Entry], before: Iterable[Entry] = ()) -> "Among":
        """With one more date and who serves it; `before`: who served it until it was moved."""
        assigned = list(assigned)
        return replace(
            self,
            occupations=(*self.occupations, occupation),
            taken=(*self.taken, *turns.newly_taken(assigned)),
            given_back=(*self.given_back, *turns.not_kept(before, assigned)),
            served=self._served_by(occupation),
        )

    def and_held(self, occupation: Occupation) -> "Among":
        """With a date that a hold keeps: it is read as taken and counted by day, but not yet as this customer's."""
        return replace(self, served=self._served_by(occupation), held=(*self.held, occupation))

    def and_taken_over(
        self, left: Mapping[UUID, Occupation], occupation: Occupation, assigned: Iterable[Entry]
    ) -> "Among":
        """With a date whose hold leaves its places (`left`, by the hold's id) for others."""
        among = self.and_also(occupation, assigned)
        return replace(among, leaving={**among.leaving, **left}, held=(*among.held, occupation))

    def ordering(self, by: Ordering, question: Question, start: int) -> Ordering:
        """The facts as they are once the other dates are written: their turns taken, their minutes occupied.

        Without it all dates would be decided by one standing, and could all go to the same resource.
        """
        if by.policy is Policy.ROUND_ROBIN:
            owed = turns.owed_after(by.facts.owed, taken=self.taken, given_back=self.given_back)
            return replace(by, facts=replace(by.facts, owed=owed))
        if by.policy is Policy.LEAST_BUSY:
            return replace(by, facts=replace(by.facts, minutes=self._minutes(by.facts.minutes, question, start)))
        if by.policy is Policy.LAST_SEEN:
            return replace(by, facts=replace(by.facts, served=_latest(by.facts.served, self.served)))
        return by

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
        if not (self.occupations or self.leaving or self.held):
            return seen
        numbers = {resource.id: number for number, resource in enumerate(question.occupied, 1)}
        left = {row for occupation in self.leaving.values() for row in _rows(occupation, numbers)}
        rows = [row for row in iter_unpack(">4i", seen.packed or b"") if row not in left]
        for occupation in self.occupations:
            rows += _rows(occupation, numbers)
        return Seen(b"".join(pack(">4i", *row) for row in rows), self._counted(seen, question))

    def _served_by(self, occupation: Occupation) -> Mapping[UUID, int]:
        return _latest(self.served, {place.resource_id: place.start for place in occupation.places})

    def _minutes(
        self, minutes: Mapping[UUID, tuple[int, int]], question: Question, start: int
    ) -> Mapping[UUID, tuple[int, int]]:
        day, week = assigning.day_and_week(question, start)
        found = dict(minutes)
        for occupation, sign in self._changes():
            for place in occupation.places:
                today, in_week = found.get(place.resource_id, (0, 0))
                found[place.resource_id] = (
                    today + sign * _within(place, *day),
                    in_week + sign * _within(place, *week),
                )
        return found

    def _changes(self) -> list[tuple[Occupation, int]]:
        return [*((each, 1) for each in self.occupations), *((each, -1) for each in self.leaving.values())]

    def _counting(self, kind: str) -> list[tuple[Occupation, int]]:
        return self._changes() + [(each, 1) for each in self.held if kind == "customer"]

    def _counted(self, seen: Seen, question: Question) -> Taken:
        team_of = {resource.id: resource.team for resource in question.resources}
        counted = {limit: dict(days) for limit, days in seen.counted.items()}
        for limit in question.plan.limits:
            if limit.kind == "customer" and limit.id not in seen.counted:
                continue
            days = counted.setdefault(limit.id, {})
            for occupation, sign in self._counting(limit.kind):
                teams = {team_of.get(place.resource_id) for place in occupation.places}
                if limit.team is None or limit.team in teams:
                    day = hours.date_of(question.plan.time_zone, _start_of(occupation, question))
                    weight = question.wish.party_size if limit.counts_people else 1
                    days[day] = max(0, days.get(day, 0) + sign * weight)
        return counted


def _latest(one: Mapping[UUID, int], other: Mapping[UUID, int]) -> Mapping[UUID, int]:
    return {
        key: max(minute for minute in (one.get(key), other.get(key)) if minute is not None) for key in {*one, *other}
    }


def _within(place: Place, first: int, end: int) -> int:
    """The minutes of a place in [first, end)."""
    return max(0, min(place.end, end) - max(place.start, first))


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
