"""The states of a booking: the table, the whole table, and nothing but the table."""

import pytest

from holdfast.domain.lifecycle import (
    ACTIVE,
    FINAL,
    MOVABLE,
    Action,
    Actor,
    IllegalTransition,
    State,
    actions_from,
    as_markdown,
    initial,
    next_state,
    pairs,
    targets,
)

WAYS = {
    (None, "hold"): {"held"},
    (None, "request"): {"requested"},
    (None, "book"): {"confirmed", "pending_payment", "requested"},
    ("held", "request"): {"requested"},
    ("held", "book"): {"confirmed", "pending_payment", "requested"},
    ("held", "expire"): {"expired"},
    ("held", "release"): {"expired"},
    ("pending_payment", "confirm"): {"confirmed"},
    ("pending_payment", "cancel"): {"cancelled"},
    ("pending_payment", "expire"): {"expired"},
    ("requested", "confirm"): {"confirmed"},
    ("requested", "cancel"): {"cancelled"},
    ("confirmed", "start"): {"in_progress"},
    ("confirmed", "complete"): {"completed"},
    ("confirmed", "cancel"): {"cancelled"},
    ("confirmed", "no_show"): {"no_show"},
    ("in_progress", "complete"): {"completed"},
    ("in_progress", "no_show"): {"no_show"},
    ("expired", "reinstate"): {"confirmed"},
}


@pytest.mark.parametrize("state", [None, *State])
@pytest.mark.parametrize("action", Action)
def test_every_state_by_every_action_leads_where_the_manual_says(state: State | None, action: Action) -> None:
    expected = WAYS.get((state, action), set())
    assert set(targets(state, action)) == expected
    for target in State:
        if target in expected:
            assert next_state(state, action, target) is target
        else:
            with pytest.raises(IllegalTransition):
                next_state(state, action, target)


def test_a_state_that_follows_alone_needs_no_naming() -> None:
    assert next_state(None, Action.HOLD) is State.HELD
    assert next_state(State.CONFIRMED, Action.CANCEL) is State.CANCELLED
    with pytest.raises(ValueError, match="name one"):
        next_state(None, Action.BOOK)


def test_a_refused_transition_says_which() -> None:
    with pytest.raises(IllegalTransition, match="cannot start what is cancelled") as refused:
        next_state(State.CANCELLED, Action.START)
    assert (refused.value.state, refused.value.action) == (State.CANCELLED, Action.START)
    with pytest.raises(IllegalTransition, match="cannot start what is new"):
        next_state(None, Action.START)


def test_customers_cannot_confirm_themselves_nor_can_jobs_approve() -> None:
    assert next_state(State.REQUESTED, Action.CONFIRM, actor=Actor.STAFF) is State.CONFIRMED
    for actor in (Actor.CUSTOMER, Actor.SYSTEM):
        with pytest.raises(IllegalTransition):
            next_state(State.REQUESTED, Action.CONFIRM, actor=actor)
    assert next_state(State.PENDING_PAYMENT, Action.CONFIRM, actor=Actor.SYSTEM) is State.CONFIRMED


def test_what_can_be_done_from_each_state() -> None:
    assert actions_from(State.CONFIRMED) == (Action.START, Action.COMPLETE, Action.CANCEL, Action.NO_SHOW)
    assert actions_from(State.CONFIRMED, Actor.CUSTOMER) == (Action.CANCEL,)
    assert actions_from(None) == (Action.HOLD, Action.REQUEST, Action.BOOK)
    assert all(actions_from(state) == () for state in FINAL)


def test_what_may_move_is_what_was_asked_for_or_agreed_and_may_still_be_cancelled_by_staff() -> None:
    assert sorted(MOVABLE) == [State.CONFIRMED, State.REQUESTED]
    assert all(Action.CANCEL in actions_from(state, Actor.STAFF) for state in MOVABLE)


def test_final_states_have_no_way_out_and_only_lost_bookings_free_their_resources() -> None:
    assert {"completed", "cancelled", "no_show"} == FINAL
    assert set(State) - ACTIVE == {"cancelled", "expired"}


def test_the_databases_pairs_are_the_tables() -> None:
    assert pairs() == {(State(s), State(t)) for (s, _), ts in WAYS.items() if s is not None for t in ts}
    assert initial() == {"held", "requested", "confirmed", "pending_payment"}


def test_the_manuals_table() -> None:
    head, rule, *rows = as_markdown().splitlines()
    assert head.split(" | ")[1:4] == ["hold", "request", "book"]
    assert rule.count("---") == 1 + len(Action)
    assert "| requested | · | · | · | confirmed | · | · | cancelled | · | · | · | · |" in rows
    assert len(rows) == 1 + len(State) - len(FINAL)
