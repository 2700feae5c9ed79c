"""One date of a series is decided among its others: what they take is taken, and they may reach further ahead."""

from array import array
from dataclasses import dataclass, replace
from sys import byteorder

from holdfast.bookings.allocations import Occupation
from holdfast.bookings.availability import Question


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
        return replace(question, rules=replace(question.rules, latest=max(self.latest, question.rules.latest)))

    def added(self, packed: bytes | None, question: Question) -> bytes | None:
        """Busy time as `busy.BUSY` packs it, with what the other dates occupy of the question's resources."""
        if not self.occupations:
            return packed
        numbers = {resource.id: number for number, resource in enumerate(question.resources, 1)}
        own = array("i")
        for occupation in self.occupations:
            for place in occupation.places:
                if place.resource_id in numbers:
                    own.extend((numbers[place.resource_id], place.lane, occupation.start, occupation.end))
        if byteorder == "little":
            own.byteswap()
        return (packed or b"") + own.tobytes()
