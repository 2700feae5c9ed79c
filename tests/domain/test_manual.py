"""The manual is run: every example of these pages gives what is printed there."""

import doctest
from pathlib import Path
from random import Random

import pytest

from holdfast.domain.slots import Placed, decide, offered
from tests.domain import scale

MANUAL = Path(__file__).parents[2] / "docs" / "algorithms"


@pytest.mark.parametrize(
    ("page", "at_least"),
    [
        ("availability.md", 26),
        ("emergency.md", 20),
        ("assignment.md", 15),
        ("waiting-list.md", 10),
        ("limits.md", 12),
        ("hours-and-conflicts.md", 10),
        ("ledger.md", 14),
        ("reconciling.md", 20),
        ("pricing.md", 60),
        ("streams.md", 4),
    ],
)
def test_every_example_of_the_manual_is_true(page: str, at_least: int) -> None:
    outcome = doctest.testfile(str(MANUAL / page), module_relative=False, encoding="utf-8")
    assert outcome.attempted >= at_least
    assert outcome.failed == 0


@pytest.mark.parametrize("overlapping", [False, True])
def test_page_and_commit_agree_at_a_real_size(overlapping: bool) -> None:
    request = scale.request(3, overlapping=overlapping)
    on_offer = set(offered(request).minutes())
    chance = Random(1)
    for _ in range(150):
        start = request.window.origin + 15 * chance.randrange(30 * 96)
        assert isinstance(decide(request, start), Placed) == (start in on_offer)
    assert 100 < len(on_offer) < 1110
