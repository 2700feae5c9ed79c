"""Settling: whatever happened to a booking's money, doing what is asked for ends, and ends well."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.ledger import Entry, EntryKind, agreed_for, standing
from holdfast.domain.lifecycle import State
from holdfast.domain.money import Money
from holdfast.domain.settling import (
    AGREED,
    FOR_THE_CUSTOMER,
    HOLD_AHEAD,
    LONGEST_HELD,
    TAKE_AFTER,
    TRY_AGAIN_AFTER,
    Case,
    Do,
    Refusal,
    Step,
    look_again_at,
    next_step,
)

K = EntryKind
PRICE = 10_000
NOTHING = Money(0, "EUR")
STARTS = 100_000


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


@dataclass
class World:
    """A booking, its ledger, and a card company that does what it is asked."""

    state: State
    entries: list[Entry]
    now: int = STARTS
    waits_for: int = PRICE
    card_is_good: bool = True
    time_is_free: bool = True
    is_open: bool = False
    given_up: bool = False
    refusals: tuple[Refusal, ...] = ()
    done: list[Do] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def case(self) -> Case:
        seen = standing(self.entries, agreed_for(self.state, eur(PRICE)))
        return Case(
            state=self.state,
            standing=seen,
            starts=STARTS,
            ends=STARTS + 60,
            now=self.now,
            waits_for=eur(self.waits_for),
            has_card=any(each.kind == K.CARD_KEPT for each in self.entries),
            given_up=self.given_up,
            is_open=self.is_open,
            on_cards=max(seen.kept, NOTHING),
            refusals=self.refusals,
        )

    def add(self, kind: EntryKind, amount: int = 0, subject: str = "") -> None:
        number = next(self._numbers)
        self.entries.append(Entry(f"did{number}", kind, subject or f"payment{number}", eur(amount)))

    def settle(self) -> list[Do]:
        """Raises AssertionError when it does not end."""
        for _ in range(20):
            step = next_step(self.case())
            if step is None:
                return self.done
            self.done.append(step.do)
            self.do(step)
        raise AssertionError(f"never ends: {self.done}")

    def do(self, step: Step) -> None:
        amount = step.amount.amount if step.amount else 0
        if step.do == Do.CONFIRM and (self.time_is_free or self.state == State.PENDING_PAYMENT):
            self.state = State.CONFIRMED
        elif step.do == Do.CONFIRM:
            self.given_up = True
        elif step.do == Do.GIVE_BACK:
            self.add(K.REFUND_ASKED, amount)
        elif step.do == Do.HOLD and self.card_is_good:
            self.add(K.HELD, amount)
        elif step.do == Do.HOLD:
            self.refusals += (Refusal(self.now, "declined"),)
        elif step.do == Do.CLOSE:
            self.is_open = False
        else:
            self.end_holds(K.CANCELLED if step.do == Do.RELEASE else K.RECEIVED, amount)

    def end_holds(self, kind: EntryKind, amount: int) -> None:
        over = {each.subject for each in self.entries if each.kind in (K.RECEIVED, K.CANCELLED)}
        for held in [each for each in self.entries if each.kind == K.HELD and each.subject not in over]:
            self.add(kind, amount, held.subject)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Anything that can have been learned, also what should never have happened."""
    amounts = st.sampled_from([1, 4_000, PRICE, 2 * PRICE])
    kinds = st.sampled_from([K.HELD, K.RECEIVED, K.CARD_KEPT, K.FAILED, K.CANCELLED, K.STARTED])
    found = draw(st.lists(st.tuples(kinds, amounts, st.sampled_from("abc")), max_size=5))
    entries = {
        (kind, subject): Entry(f"{subject}:{kind}", kind, subject, eur(amount)) for kind, amount, subject in found
    }
    return World(
        state=draw(st.sampled_from(State)),
        entries=list(entries.values()),
        now=STARTS + draw(st.integers(-2 * HOLD_AHEAD, HOLD_AHEAD)),
        waits_for=draw(st.sampled_from([0, 4_000, PRICE])),
        card_is_good=draw(st.booleans()),
        time_is_free=draw(st.booleans()),
        is_open=draw(st.booleans()),
    )


@given(worlds())
def test_it_ends_and_then_each_booking_is_paid_refunded_or_clearly_unpaid(world: World) -> None:
    world.settle()
    seen = world.case().standing
    assert seen.outstanding.amount >= 0, "nothing is kept that is not owed"
    if world.state not in AGREED | {State.REQUESTED, State.HELD, State.PENDING_PAYMENT}:
        assert seen.held.amount == 0, "of what is over, nothing is left at a bank"
    if world.state == State.EXPIRED:
        assert (seen.kept.amount, seen.held.amount) == (0, 0), "no money without a booking"
    if world.is_open:
        assert seen.outstanding.amount > 0, "nobody can pay what is not owed"


@given(worlds())
def test_done_again_it_asks_for_nothing(world: World) -> None:
    before = len(world.settle())
    assert len(world.settle()) == before


@given(worlds(), st.integers(1, 4))
def test_no_card_is_charged_for_more_than_is_owed(world: World, times: int) -> None:
    for _ in range(times):
        world.settle()
        world.now += max(TRY_AGAIN_AFTER)
    seen = world.case().standing
    assert Do.HOLD not in world.done or seen.kept + seen.held <= max(seen.owed, seen.kept)


@given(worlds())
def test_money_in_dispute_is_left_alone(world: World) -> None:
    """But who paid before anybody knew of the dispute has booked."""
    world.add(K.DISPUTED, 1, "dispute")
    assert world.settle() in ([], [Do.CONFIRM])
    assert not world.done or world.state == State.CONFIRMED


def test_what_was_paid_is_confirmed_though_it_is_disputed_but_an_expired_time_stays_expired() -> None:
    paid = [Entry("r", K.RECEIVED, "payment", eur(PRICE)), Entry("d", K.DISPUTED, "dispute", eur(PRICE))]
    assert World(State.PENDING_PAYMENT, list(paid)).settle() == [Do.CONFIRM]
    late = World(State.EXPIRED, list(paid))
    assert late.settle() == []
    late.add(K.DISPUTE_WON, PRICE, "dispute")
    assert late.settle() == [Do.CONFIRM]


def kept(state: State = State.CONFIRMED, **more: object) -> World:
    return World(state, [Entry("c", K.CARD_KEPT, "setup", NOTHING)], waits_for=0, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("minutes", "done"), [(HOLD_AHEAD + 1, []), (HOLD_AHEAD, [Do.HOLD]), (1, [Do.HOLD])])
def test_a_kept_card_is_held_a_day_before_the_service(minutes: int, done: list[Do]) -> None:
    world = kept(now=STARTS - minutes)
    assert world.settle() == done
    assert look_again_at(replace(world.case(), now=STARTS - HOLD_AHEAD - 5)) == (None if done else STARTS - HOLD_AHEAD)


def test_what_was_held_is_taken_when_the_service_was_given_and_let_go_when_it_was_cancelled_in_time() -> None:
    world = kept()
    world.settle()
    world.state = State.COMPLETED
    assert world.settle() == [Do.HOLD, Do.CAPTURE]
    assert world.case().standing.kept == eur(PRICE)
    other = kept()
    other.settle()
    other.state = State.CANCELLED
    assert other.settle() == [Do.HOLD, Do.RELEASE]


def test_of_what_was_held_a_late_fee_is_taken_and_the_rest_let_go() -> None:
    world = kept()
    world.settle()
    world.state = State.NO_SHOW
    world.add(K.OWED, 2_500, "booking")
    assert world.settle() == [Do.HOLD, Do.CAPTURE]
    assert (world.case().standing.kept, world.case().standing.held) == (eur(2_500), NOTHING)


def test_a_refused_card_is_tried_again_three_times_and_then_it_is_up_to_people() -> None:
    world = kept(card_is_good=False, now=STARTS - HOLD_AHEAD)
    world.settle()
    tries = []
    for _ in range(5):
        again = look_again_at(world.case())
        if again is None:
            break
        tries.append(again - world.now)
        world.now = again
        world.settle()
    assert tuple(tries) == TRY_AGAIN_AFTER
    assert world.done == [Do.HOLD] * (1 + len(TRY_AGAIN_AFTER))


@pytest.mark.parametrize("why", sorted(FOR_THE_CUSTOMER))
def test_what_only_the_customer_can_mend_is_not_tried_again(why: str) -> None:
    world = kept(refusals=(Refusal(STARTS - 600, why),))
    assert world.settle() == []
    assert look_again_at(world.case()) is None


@pytest.mark.parametrize("kind", [K.REFUNDED, K.DISPUTE_LOST])
def test_what_somebody_took_back_is_not_charged_again(kind: EntryKind) -> None:
    world = kept(State.COMPLETED)
    world.settle()
    world.add(kind, PRICE, "taken back")
    before = list(world.done)
    assert world.settle() == before == [Do.HOLD, Do.CAPTURE]


def test_money_held_for_a_service_that_was_moved_away_is_let_go_until_its_day_is_near() -> None:
    world = kept()
    world.settle()
    assert next_step(replace(world.case(), starts=STARTS + 9 * 24 * 60)) == Step(Do.RELEASE)


def test_what_nobody_said_anything_about_is_taken_before_the_bank_lets_go_and_not_held_again() -> None:
    world = kept()
    world.settle()
    world.now = STARTS + 60 + TAKE_AFTER
    assert world.settle() == [Do.HOLD, Do.CAPTURE]
    long = kept()
    long.settle()
    stays = replace(long.case(), ends=STARTS + 9 * 24 * 60, held_since=STARTS - HOLD_AHEAD + 30)
    taken = STARTS - HOLD_AHEAD + 30 + LONGEST_HELD
    assert [next_step(replace(stays, now=taken - 1)), next_step(replace(stays, now=taken))] == [
        None, Step(Do.CAPTURE, eur(PRICE)),
    ]  # fmt: skip
    late = kept(now=STARTS + 61)
    assert late.settle() == []


def test_late_money_is_given_its_time_or_given_back() -> None:
    paid = [Entry("r", K.RECEIVED, "payment", eur(PRICE))]
    in_time, too_late = World(State.EXPIRED, list(paid)), World(State.EXPIRED, list(paid), time_is_free=False)
    assert (in_time.settle(), in_time.state) == ([Do.CONFIRM], State.CONFIRMED)
    assert (too_late.settle(), too_late.state) == ([Do.CONFIRM, Do.GIVE_BACK], State.EXPIRED)
