"""The ladder of an alert: everybody is told at most once, nearest first, and nobody is left out."""

from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.escalation import Rung, first_told, next_told

people = st.lists(st.sampled_from("abcdefg"), max_size=4)
ladders = st.fixed_dictionaries(dict.fromkeys(Rung, people))


@given(ladders)
def test_climbing_tells_everybody_once_and_nobody_before_those_on_duty(ladder: dict[Rung, list[str]]) -> None:
    rung, told = first_told(ladder)
    everybody = {person for each in ladder.values() for person in each}
    if ladder[Rung.DUTY]:
        assert (rung, set(told)) == (Rung.DUTY, set(ladder[Rung.DUTY]))
    else:
        assert set(told) == everybody
    heard = list(told)
    while following := next_told(ladder, rung, heard):
        assert following[0] > rung
        rung, fresh = following
        assert fresh
        assert set(fresh) <= set(ladder[rung])
        heard += fresh
    assert len(heard) == len(set(heard))
    assert set(heard) == everybody


def test_an_empty_ladder_has_nobody() -> None:
    assert first_told({}) == (Rung.ORGANIZATION, ())
    assert next_told({}, Rung.DUTY, ()) is None
