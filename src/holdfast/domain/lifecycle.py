"""The states of a booking and every way between them: one table.

The database's trigger is generated from `pairs()`, the desk's buttons from `actions_from()`, the manual's table from
`as_markdown()`. A way that is not in TRANSITIONS does not exist.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What a booking is."""

    HELD = "held"
    PENDING_PAYMENT = "pending_payment"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    EXPIRED = "expired"


class Action(StrEnum):
    """What can be done to a booking."""

    HOLD = "hold"
    REQUEST = "request"
    BOOK = "book"
    CONFIRM = "confirm"
    START = "start"
    COMPLETE = "complete"
    CANCEL = "cancel"
    NO_SHOW = "no_show"
    EXPIRE = "expire"
    RELEASE = "release"
    REINSTATE = "reinstate"


class Actor(StrEnum):
    """Who may do it. Integrators' keys act as staff; jobs and payment webhooks as the system."""

    CUSTOMER = "customer"
    STAFF = "staff"
    SYSTEM = "system"


class IllegalTransition(Exception):
    """No way leads from this state by this action."""

    def __init__(self, state: State | None, action: Action, target: State | None = None) -> None:
        self.state, self.action, self.target = state, action, target
        aim = f" to {target}" if target else ""
        super().__init__(f"cannot {action}{aim} what is {state or 'new'}")


@dataclass(frozen=True, slots=True)
class Transition:
    """By `action`, one of `actors` takes a booking from `source` (None: it does not exist yet) to `target`."""

    action: Action
    source: State | None
    target: State
    actors: frozenset[Actor]


def _ways(action: Action, sources: str, targets: str, actors: str) -> tuple[Transition, ...]:
    who = frozenset(Actor(name) for name in actors.split())
    return tuple(
        Transition(action, None if source == "new" else State(source), State(target), who)
        for source in sources.split()
        for target in targets.split()
    )


TRANSITIONS: tuple[Transition, ...] = (
    *_ways(Action.HOLD, "new", "held", "customer staff system"),
    *_ways(Action.REQUEST, "new held", "requested", "customer staff"),
    *_ways(Action.BOOK, "new held", "confirmed pending_payment requested", "customer staff"),
    *_ways(Action.CONFIRM, "requested", "confirmed", "staff"),
    *_ways(Action.CONFIRM, "pending_payment", "confirmed", "staff system"),
    *_ways(Action.START, "confirmed", "in_progress", "staff"),
    *_ways(Action.COMPLETE, "confirmed in_progress", "completed", "staff system"),
    *_ways(Action.CANCEL, "pending_payment requested confirmed", "cancelled", "customer staff system"),
    *_ways(Action.NO_SHOW, "confirmed in_progress", "no_show", "staff"),
    *_ways(Action.EXPIRE, "held pending_payment", "expired", "system"),
    *_ways(Action.RELEASE, "held", "expired", "customer staff system"),
    # Paid when its time had run out, and the time was still free.
    *_ways(Action.REINSTATE, "expired", "confirmed", "system"),
)

# In these states a booking occupies its resources. A completed one did, and stays on the calendar.
ACTIVE: frozenset[State] = frozenset(State) - {State.CANCELLED, State.EXPIRED}
# In these it is agreed or asked for and has not begun: it may move to another time.
MOVABLE: frozenset[State] = frozenset({State.REQUESTED, State.CONFIRMED})
# From these no way leads on.
FINAL: frozenset[State] = frozenset(State) - {way.source for way in TRANSITIONS if way.source is not None}


def targets(state: State | None, action: Action, actor: Actor | None = None) -> tuple[State, ...]:
    """Where the action can lead from here (None: a new booking), for this actor if one is named."""
    return tuple(
        way.target
        for way in TRANSITIONS
        if way.source == state and way.action == action and (actor is None or actor in way.actors)
    )


def next_state(
    state: State | None, action: Action, target: State | None = None, *, actor: Actor | None = None
) -> State:
    """The state the action leads to. `state` None is a booking that does not exist yet.

    `book` leads to one of several, so it must name its target. Raises IllegalTransition where no way leads, or none
    for this actor; ValueError where several do and none is named.
    """
    possible = targets(state, action, actor)
    if target is not None and target in possible:
        return target
    if target is not None or not possible:
        raise IllegalTransition(state, action, target)
    if len(possible) > 1:
        raise ValueError(f"{action} leads to {', '.join(possible)}: name one")
    return possible[0]


def actions_from(state: State | None, actor: Actor | None = None) -> tuple[Action, ...]:
    """What can be done from here, in the table's order, by this actor if one is named."""
    return tuple(action for action in Action if targets(state, action, actor))


def pairs() -> frozenset[tuple[State, State]]:
    """Every (from, to) between states: what the database's trigger lets through on UPDATE."""
    return frozenset((way.source, way.target) for way in TRANSITIONS if way.source is not None)


def initial() -> frozenset[State]:
    """The states a booking may be created in: what the database lets through on INSERT."""
    return frozenset(way.target for way in TRANSITIONS if way.source is None)


def as_markdown() -> str:
    """States x actions as a table: in each field where the action leads."""
    rows = [["from", *Action], ["---"] * (len(Action) + 1)]
    rows += [
        [state or "new", *(", ".join(targets(state, action)) or "·" for action in Action)]
        for state in (None, *State)
        if state not in FINAL
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
