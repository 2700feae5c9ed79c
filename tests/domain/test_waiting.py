"""What becomes of an entry, and which starts it waits for: compared with the slow and obvious way."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.waiting import ACTIVE, STEPS, Waiting, Wanted, as_markdown, fitting

PAGE = Path(__file__).parents[2] / "docs" / "algorithms" / "waiting-list.md"
# In Paris the clock changes on 28 March 2027.
FIRST = date(2027, 3, 26)
ORIGIN = int(datetime(2027, 3, 25, tzinfo=ZoneInfo("UTC")).timestamp()) // 60


def test_the_table_of_the_manual_is_the_code_s() -> None:
    assert as_markdown() in PAGE.read_text("utf-8")


def test_from_where_an_entry_has_no_place_in_the_line_no_way_leads_on() -> None:
    assert {source for ways in STEPS.values() for source in ways} == ACTIVE
    assert {goal for ways in STEPS.values() for goal in ways.values()} == set(Waiting)


def slowly(starts: list[int], wanted: Wanted, now: int) -> list[int]:
    """Each start as a person with a calendar and a watch would judge it."""
    found = []
    for start in starts:
        local = datetime.fromtimestamp(start * 60, ZoneInfo("UTC")).astimezone(ZoneInfo(wanted.zone))
        days = [wanted.first + timedelta(days=number) for number in range((wanted.last - wanted.first).days + 1)]
        minutes = range(wanted.since, wanted.until)
        lost = {minute for before in wanted.passed for minute in range(before, before + wanted.duration)}
        mine = set(range(start, start + wanted.duration))
        ahead = start - now
        if local.date() in days and local.hour * 60 + local.minute in minutes and ahead > wanted.lead:
            found += [start] if not mine & lost else []
    return found


@given(
    zone=st.sampled_from(["Europe/Paris", "America/New_York", "Pacific/Auckland"]),
    days=st.integers(0, 3),
    ahead=st.integers(0, 2),
    times=st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda pair: pair[0] < pair[1]),
    lead=st.integers(0, 90),
    duration=st.sampled_from([15, 45, 60]),
    starts=st.lists(st.integers(0, 5 * 96).map(lambda quarter: ORIGIN + 15 * quarter), max_size=30),
    passed=st.frozensets(st.integers(0, 5 * 96).map(lambda quarter: ORIGIN + 15 * quarter), max_size=3),
    now=st.integers(0, 4 * 1440),
)
def test_what_is_waited_for_is_what_a_person_would_say(
    zone: str, days: int, ahead: int, times: tuple[int, int], lead: int, duration: int, starts: list[int],
    passed: frozenset[int], now: int,
) -> None:  # fmt: skip
    first = FIRST + timedelta(days=ahead)
    wanted = Wanted(zone, first, first + timedelta(days=days), times[0] * 60, times[1] * 60, lead, duration, passed)
    assert list(fitting(starts, wanted, ORIGIN + now)) == slowly(starts, wanted, ORIGIN + now)
