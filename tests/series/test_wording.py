"""A rule in the words that customers and staff read."""

from datetime import datetime

import pytest
from django.utils import translation

from holdfast.domain.recurrence import parse
from holdfast.series.wording import rule_in_words

CASES = [
    ("FREQ=WEEKLY;COUNT=12", "Every Tuesday at 2:30 PM, 12 times"),
    ("FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20260331", "Every Tuesday and Thursday at 2:30 PM, until Tuesday, March 31, 2026"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=6", "Every 2 weeks on Tuesday at 2:30 PM, 6 times"),
    ("FREQ=DAILY;COUNT=5", "Every day at 2:30 PM, 5 times"),
    ("FREQ=DAILY;INTERVAL=3;COUNT=5", "Every 3 days at 2:30 PM, 5 times"),
    ("FREQ=DAILY;BYDAY=TU,FR;COUNT=5", "Every Tuesday and Friday at 2:30 PM, 5 times"),
    ("FREQ=MONTHLY;COUNT=3", "Every month on day 3 at 2:30 PM, 3 times"),
    ("FREQ=MONTHLY;BYDAY=1TU;COUNT=1", "Every month on the first Tuesday at 2:30 PM, 1 time"),
    ("FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR;COUNT=4", "Every 2 months on the last Friday at 2:30 PM, 4 times"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1,15;COUNT=4", "Every month on the last day and day 15 at 2:30 PM, 4 times"),
    (
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1;COUNT=4",
        "Every month on the last of Monday and Tuesday at 2:30 PM, 4 times",
    ),
]


@pytest.mark.parametrize(("rrule", "words"), CASES)
def test_a_rule_reads_as_people_say_it(rrule: str, words: str) -> None:
    first = datetime.fromisoformat("2026-03-03T14:30")
    said = rule_in_words(parse(rrule), first.time(), first.date())
    assert said.replace("\u202f", " ") == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Chaque mardi à 14:30, 12 fois"),
        ("es", "Cada martes a las 14:30, 12 veces"),
    ],
)
def test_in_the_readers_language(language: str, words: str) -> None:
    first = datetime.fromisoformat("2026-03-03T14:30")
    with translation.override(language):
        assert rule_in_words(parse("FREQ=WEEKLY;COUNT=12"), first.time(), first.date()) == words
