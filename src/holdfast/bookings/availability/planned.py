"""What a plan is made of: resources, what a service needs of them, and the extras that are offered with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from holdfast.domain.pricing.conditions import Attribute, Serving
from holdfast.domain.pricing.extras import Extra
from holdfast.domain.slots import Rules


@dataclass(frozen=True, slots=True)
class PlannedResource:
    """A resource that may serve; `schedule` is the number of its working hours in the plan.

    `emergency_schedule`: of those with its on-call hours, where the service takes emergencies.
    Buffers and notice (minutes) and horizon (days) are its own in place of the service's; None: the service's.
    """

    id: UUID
    slug: str
    name: str
    kind: str
    lanes: int
    largest_party: int | None
    rank: int
    weight: int
    is_public: bool
    schedule: int
    team: UUID | None
    emergency_schedule: int
    buffer_before: int | None = None
    buffer_after: int | None = None
    notice: int | None = None
    horizon: int | None = None
    skills: frozenset[str] = frozenset()
    attributes: Mapping[str, Attribute] = field(default_factory=dict, hash=False)

    @property
    def serving(self) -> Serving:
        """What prices may ask of it."""
        return Serving(self.kind, self.skills, self.attributes)

    @property
    def has_own_rules(self) -> bool:
        return (self.buffer_before, self.buffer_after, self.notice, self.horizon) != (None, None, None, None)

    def changed(self, usual: Rules, *, earliest: int | None, latest: int | None) -> Rules:
        """The service's rules with its own buffers, and what else is not None."""
        own = {
            "buffer_before": self.buffer_before,
            "buffer_after": self.buffer_after,
            "earliest": earliest,
            "latest": latest,
        }
        return replace(usual, **{name: value for name, value in own.items() if value is not None})


@dataclass(frozen=True, slots=True)
class PlannedNeed:
    """What the service needs: `count` different resources of the pool, of each so many `lanes`."""

    id: UUID
    per_person: bool
    is_choosable: bool
    pool: tuple[PlannedResource, ...]
    count: int = 1
    lanes: int = 1
    # What the service asks of whatever fills it: a price may depend on that, before anybody is chosen.
    asks: Serving | None = None


@dataclass(frozen=True, slots=True)
class PlannedExtra:
    """What may be taken besides. `stock`: the resource whose places are how many there are; None: not counted.

    One that is not `offered` is known for bookings that took it when it was.
    """

    id: str
    slug: str
    name: dict[str, str]
    about: dict[str, str]
    most: int
    per: str
    is_offered: bool
    priced: Extra
    stock: PlannedResource | None

    @property
    def largest(self) -> int:
        """So many can be chosen at most."""
        return self.most if self.stock is None else min(self.most, self.stock.lanes)


@dataclass(frozen=True, slots=True)
class TakenExtra:
    """An extra that somebody chose, and how many of it."""

    extra: PlannedExtra
    count: int

    def need(self) -> PlannedNeed | None:
        """What it occupies: places of its stock, all the time that the service and its buffers take."""
        stock = self.extra.stock
        if stock is None:
            return None
        return PlannedNeed(stock.id, per_person=False, is_choosable=False, pool=(stock,), lanes=self.count)
