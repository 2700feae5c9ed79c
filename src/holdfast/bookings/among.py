"""One date of a series is decided among its others: what they take is taken, and they may reach further ahead."""

from array import array
from dataclasses import dataclass, replace
from sys import byteorder

from holdfast.bookings.allocations import Occupation
from holdfast.bookings.availability import Question
from holdfast.bookings.limits import Seen, Taken
from holdfast.domain import hours


@dataclass(frozen=True, slots=True)
class Among:
    """The other dates of a series: what they occupy, and the last minute at which a date of it may start."""

    occupations: tuple[Occupation, ...] = ()
    latest: int | None = None

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

        None of them may be in the database yet: it would count twice.
        """
        if not self.occupations:
            return seen
        numbers = {resource.id: number for number, resource in enumerate(question.resources, 1)}
        own = array("i")
        for occupation in self.occupations:
            for place in occupation.places:
                if place.resource_id in numbers:
                    own.extend((numbers[place.resource_id], place.lane, place.start, place.end))
        if byteorder == "little":
            own.byteswap()
        return Seen((seen.packed or b"") + own.tobytes(), self._counted(seen, question))

    def _counted(self, seen: Seen, question: Question) -> Taken:
        team_of = {resource.id: resource.team for resource in question.resources}
        counted = {limit: dict(days) for limit, days in seen.counted.items()}
        for limit in question.plan.limits:
            if limit.kind == "customer" and limit.id not in seen.counted:
                continue
            days = counted.setdefault(limit.id, {})
            for occupation in self.occupations:
                teams = {team_of.get(place.resource_id) for place in occupation.places}
                if limit.team is None or limit.team in teams:
                    day = hours.date_of(question.plan.time_zone, _start_of(occupation, question))
                    days[day] = days.get(day, 0) + (question.wish.party_size if limit.counts_people else 1)
        return counted


def _start_of(occupation: Occupation, question: Question) -> int:
    """When the booking starts whose places these are: each has the buffers of its resource before it."""
    place = occupation.places[0]
    return place.start + question.own.get(place.resource_id, question.rules).buffer_before
