"""No money without a booking, none twice, none lost: whatever goes wrong between any two steps of every story.

Enumerated, not sampled: each story is told once undisturbed, which names its points, then until each has cut it off.
"""

from itertools import groupby, takewhile

import pytest
from pytest_django import Settings

from holdfast.catalog.models import Organization
from holdfast.payments.stripe_answers import NOTICES
from holdfast.stripe_standin.serve import InThread
from tests import factories
from tests.payments.conftest import Shop, open_shop
from tests.payments.reconciled import differing, reconcile
from tests.payments.stories import FEE, STORIES, Reaper, Story, at_the_company, tell
from tests.stripe_receiver import Receiver
from tests.stripe_standin.conftest import Wish

# All that the product asks; confirming is the browser's.
REQUESTS = (
    "POST .*/customers$", "POST .*/payment_intents$", "GET .*/payment_intents/", "POST .*/payment_intents/.*/capture$",
    "POST .*/payment_intents/.*/cancel$", "POST .*/setup_intents$", "GET .*/setup_intents/", "POST .*/sessions$",
    "GET .*/sessions/", "POST .*/sessions/.*/expire$", "POST .*/refunds$", "GET .*/refunds", "GET .*/disputes",
    "GET .*/charges/",
)  # fmt: skip
# What each act asks for at least, so that a fault of it is sure to have happened.
ASKED = {
    "pays": ["POST .*/payment_intents$"],
    "pays_with_a_card_that_is_disputed": ["POST .*/payment_intents$", "GET .*/disputes"],
    "pays_on_the_companys_page": ["POST .*/sessions$"],
    "opens_the_companys_page": ["POST .*/sessions$", "POST .*/sessions/.*/expire$"],
    "leaves_a_card": ["POST .*/customers$", "POST .*/setup_intents$", "GET .*/setup_intents/"],
    "a_day_before": ["POST .*/payment_intents$"],
    "cancels_late": ["POST .*/refunds$"],
    "staff_give_part_back": ["POST .*/refunds$"],
    "complete": ["POST .*/payment_intents/.*/capture$"],
    "no-show": ["POST .*/payment_intents/.*/capture$"],
}
# Of the points of an act, every fourth cuts off the same telling: each cut meets whoever tries again after the last.
APART = 4
told = pytest.mark.parametrize("story", STORIES, ids=str)


@pytest.fixture
def shop(organization: Organization, standin: InThread, receiver: Receiver, wish: Wish, settings: Settings) -> Shop:
    """It is told what the product asks to be told. Cancelling costs a quarter of the price, not coming all of it."""
    factories.make_policy(organization, (60 * 24 * 60, FEE))
    return open_shop(organization, standin, receiver, wish, settings, kinds=NOTICES)


def booked(shop: Shop, story: Story, number: int) -> Shop:
    """Each time another time of another day."""
    return shop.book(story.method, days=10 + number // 11, hour=8 + number % 11)


def ended_well(shop: Shop, story: Story, after: object) -> None:
    seen = shop.standing()
    ending = (shop.now.state, seen.status, seen.kept.amount, seen.held.amount)
    assert ending == (story.state, story.status, story.kept, 0), f"{story}, disturbed at {after}"


def the_company_agrees(story: Story, told: dict[str, Shop]) -> None:
    """It has kept of each booking what the ledger says, and nothing of any other. `told`: after what it went wrong."""
    (*_, shop) = told.values()
    kept = at_the_company(shop)
    assert {after: kept.pop(each.booking.reference, 0) for after, each in told.items()} == dict.fromkeys(
        told, story.kept
    )
    assert not any(kept.values())


def shared_with(story: Story) -> int:
    """How many of its first acts another story before it begins with, paid the same way: those were disturbed there."""
    before = [other for other in STORIES[: STORIES.index(story)] if other.method == story.method]
    same = [takewhile(lambda pair: pair[0] is pair[1], zip(story.acts, other.acts, strict=False)) for other in before]
    return max((len(list(acts)) for acts in same), default=0)


def asked_for(story: Story) -> set[str]:
    return {request for act in story.acts for request in ASKED.get(act.__name__, ())}


def act_of(point: str) -> int:
    return int(point.split()[0])


def some_of_each_act(points: list[str]) -> set[str]:
    """Where one telling is cut off. What nobody came to any more after an earlier cut leads a later telling."""
    acts = (list(group) for _, group in groupby(sorted(points, key=act_of), key=act_of))
    return {point for act in acts for point in act[::APART]}


@told
def test_a_process_killed_at_any_point_leaves_nothing_that_trying_again_does_not_mend(
    shop: Shop, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = Reaper()
    first = booked(shop, story, 0)
    tell(first, story, undisturbed, monkeypatch)
    points = [each for each in undisturbed.seen if act_of(each) >= shared_with(story)]
    assert len(points) > 5
    disturbed: dict[str, Shop] = {}
    while points:
        disturbed[points[0]] = booked(shop, story, len(disturbed) + 1)
        reaper = Reaper(some_of_each_act(points))
        tell(disturbed[points[0]], story, reaper, monkeypatch)
        assert points[0] in reaper.killed, f"nobody came to {points[0]}"
        ended_well(disturbed[points[0]], story, reaper.killed)
        points = [each for each in points if each not in reaper.killed]
    the_company_agrees(story, {"": first, **disturbed})
    assert differing(reconcile(shop)) == {}, "the company and the ledger agree, object by object"


@told
@pytest.mark.parametrize("fault", ["drop", "drop_after", "500_after"])
def test_every_request_is_lost_once_or_its_answer_is_and_in_the_end_nothing_is_different(
    shop: Shop, story: Story, fault: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STRIPE_RETRIES = 0
    for request in REQUESTS:
        shop.wish("fault", do=fault, match=request)
    again = booked(shop, story, 0)
    tell(again, story, Reaper(), monkeypatch)
    assert asked_for(story) <= set(shop.wish("met")), "each of them has gone wrong once"
    shop.wish("forget-faults")
    ended_well(again, story, fault)
    the_company_agrees(story, {fault: again})


@told
@pytest.mark.parametrize("how", [{"copies": 2}, {"order": "newest"}, {"order": "shuffled", "seed": 7}], ids=str)
def test_news_that_comes_twice_or_in_any_order_says_the_same(
    shop: Shop, story: Story, how: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    again = booked(shop, story, 0)
    tell(again.told_as(how), story, Reaper(), monkeypatch)
    ended_well(again, story, how)
    the_company_agrees(story, {str(how): again})
