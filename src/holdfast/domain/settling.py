"""What has to be done next about a booking's money, so that it is paid, refunded or clearly unpaid. Pure.

The same facts ask for the same step, in whatever order they were learned; a step that was done is not asked for again.
Where none is asked for, all is well, or somebody else has to act. The manual is docs/algorithms/settling.md.

All times in minutes (UTC).
"""

from dataclasses import dataclass
from enum import StrEnum

from holdfast.domain.ledger import PaymentStatus, Standing
from holdfast.domain.lifecycle import State
from holdfast.domain.money import Money

# How long before the service money is held on a kept card.
HOLD_AHEAD = 24 * 60
LONGEST_HOLD_AHEAD = 96 * 60
# When nobody has said so long after its end what became of a service, what is held is taken: in any case before the
# bank lets it go, which is after seven days.
TAKE_AFTER = 48 * 60
LONGEST_HELD = 160 * 60
# A card that was refused is tried again so long after the refusal, then no more.
TRY_AGAIN_AFTER = (60, 4 * 60, 12 * 60)
# Refusals that only the customer can do something about.
FOR_THE_CUSTOMER = frozenset({"authentication_required", "authentication_failed", "expired_card", "card_gone"})

AGREED = frozenset({State.CONFIRMED, State.IN_PROGRESS})
OVER = frozenset({State.COMPLETED, State.CANCELLED, State.NO_SHOW})
WAITS_FOR_A_CARD = frozenset({State.PENDING_PAYMENT, State.EXPIRED})


class Do(StrEnum):
    CONFIRM = "confirm"  # the booking that waited has what it waited for; one that expired gets its time again
    GIVE_BACK = "give_back"
    RELEASE = "release"
    CAPTURE = "capture"
    HOLD = "hold"
    CLOSE = "close"  # ways by which somebody could still pay, though nothing is owed


@dataclass(frozen=True, slots=True)
class Step:
    """`amount` is of GIVE_BACK, CAPTURE and HOLD."""

    do: Do
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The kept card was refused at a minute."""

    at: int
    why: str


@dataclass(frozen=True, slots=True)
class Case:
    """All that is known of a booking's money.

    `waits_for`: what had to be paid before it stands, nothing where a card is to be kept. `given_up`: its time could
    not be given again. `is_open`: somebody could pay by a way that is open at the card company, `asks_for_card`: or
    leave a card. `on_cards`: what can be given back to cards, nothing once that has failed. `refusals` of the kept card
    since it was kept or money was last held or taken, oldest first. `held_since`: when the bank was
    first asked for what it holds now; where that is not known, as early as it can have been.
    """

    state: State
    standing: Standing
    starts: int
    ends: int
    now: int
    waits_for: Money
    has_card: bool = False
    given_up: bool = False
    is_open: bool = False
    asks_for_card: bool = False
    on_cards: Money | None = None
    refusals: tuple[Refusal, ...] = ()
    hold_ahead: int = HOLD_AHEAD
    held_since: int | None = None


def next_step(case: Case) -> Step | None:
    """The one thing to do now. While a dispute is open no money moves: the bank decides about it.

    Who has paid has booked all the same. A time that had run out is not given anew for money that is asked back.
    """
    is_disputed = case.standing.status == PaymentStatus.DISPUTED
    if _has_what_it_waited_for(case) and not (is_disputed and case.state == State.EXPIRED):
        return Step(Do.CONFIRM)
    if is_disputed:
        return None
    return _give_back(case) or _about_what_is_held(case) or _hold(case) or _close(case)


def look_again_at(case: Case) -> int | None:
    """The minute at which time alone asks for the next step; None where only news can."""
    if next_step(case) is not None or not _wants_a_hold(case):
        return None
    if case.state in AGREED and case.now < case.starts - case.hold_ahead:
        return case.starts - case.hold_ahead
    again = _try_again_at(case)
    return None if again is None or (case.state in AGREED and again >= case.ends) else again


def _has_what_it_waited_for(case: Case) -> bool:
    if case.state not in WAITS_FOR_A_CARD or case.given_up:
        return False
    there = case.standing.kept + case.standing.held
    return there >= case.waits_for if case.waits_for.amount else case.has_card or there.amount > 0


def _give_back(case: Case) -> Step | None:
    """What is more than the booking costs; money that staff took in cash they give back themselves."""
    most = case.on_cards or Money(0, case.waits_for.currency)
    surplus = min(-case.standing.outstanding, most)
    return Step(Do.GIVE_BACK, surplus) if surplus.amount > 0 else None


def _about_what_is_held(case: Case) -> Step | None:
    held, outstanding = case.standing.held, case.standing.outstanding
    if held.amount <= 0:
        return None
    too_early = case.state in AGREED and case.now < case.starts - case.hold_ahead
    if outstanding.amount <= 0 or too_early:  # nothing is owed, or it was moved to a later day
        return Step(Do.RELEASE)
    is_time = case.state in OVER or (case.state in AGREED and case.now >= _take_at(case))
    return Step(Do.CAPTURE, min(held, outstanding)) if is_time else None


def _take_at(case: Case) -> int:
    """When what is held is taken though nobody said what became of the service."""
    held_since = case.starts - case.hold_ahead if case.held_since is None else case.held_since
    return min(case.ends + TAKE_AFTER, held_since + LONGEST_HELD)


def _missing(case: Case) -> Money:
    """What a kept card may be charged for: never again what it was charged for once, whoever took that back."""
    seen = case.standing
    return min(seen.outstanding, seen.owed - seen.received) - seen.held


def _wants_a_hold(case: Case) -> bool:
    return case.has_card and _missing(case).amount > 0 and case.state in AGREED | OVER


def _hold(case: Case) -> Step | None:
    if not _wants_a_hold(case):
        return None
    if case.state in AGREED and not case.starts - case.hold_ahead <= case.now < case.ends:
        return None  # too early; or nobody has said yet whether the service was given
    again_at = _try_again_at(case) if case.refusals else case.now
    if again_at is None or case.now < again_at:
        return None
    return Step(Do.HOLD, _missing(case))


def _try_again_at(case: Case) -> int | None:
    """After the refusals so far; None where only the customer can help, or it was tried often enough."""
    if not case.refusals:
        return None
    last, tries = case.refusals[-1], len(case.refusals)
    if last.why in FOR_THE_CUSTOMER or tries > len(TRY_AGAIN_AFTER):
        return None
    return last.at + TRY_AGAIN_AFTER[tries - 1]


def _close(case: Case) -> Step | None:
    """A card that is left when all is over would be charged for what is owed, and nobody asked for that."""
    is_useless = case.is_open and case.standing.outstanding.amount <= 0
    return Step(Do.CLOSE) if is_useless or (case.asks_for_card and case.state in OVER) else None
