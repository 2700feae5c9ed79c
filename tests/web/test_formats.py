"""Dates, money and durations as each language writes them, in the zone that is named."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from holdfast.web import formats

AT = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)
NEAR_MIDNIGHT = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)  # already Friday in Paris
NBSP, THIN = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("language", "form", "words"),
    [
        ("en", "time", f"2:00{THIN}PM"),
        ("en", "day", "Thu, Mar 12"),
        ("en", "day_full", "Thursday, March 12"),
        ("en", "day_long", "Thursday, March 12, 2026"),
        ("en", "month", "March 2026"),
        ("en", "when", f"Thu, Mar 12, 2:00{THIN}PM"),
        ("fr", "time", "14:00"),
        ("fr", "day", "jeu. 12 mars"),
        ("fr", "day_full", "jeudi 12 mars"),
        ("fr", "when_long", "jeudi 12 mars 2026, 14:00"),
        ("es", "day_full", "jueves, 12 de marzo"),
        ("es", "day_long", "jueves, 12 de marzo de 2026"),
        ("es", "month", "marzo de 2026"),
    ],
)
def test_a_moment_reads_as_people_of_that_language_write_it(language: str, form: str, words: str) -> None:
    with override(language):
        assert formats.moment(AT, "Europe/Paris", form) == words


def test_the_day_is_that_of_the_named_zone() -> None:
    with override("en"):
        assert formats.moment(NEAR_MIDNIGHT, "Europe/Paris", "day_full") == "Friday, March 13"
        assert formats.moment(NEAR_MIDNIGHT, "America/New_York", "day_full") == "Thursday, March 12"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        formats.moment(AT.replace(tzinfo=None), "Europe/Paris")


def test_a_calendar_date_needs_no_zone() -> None:
    with override("fr"):
        assert formats.day(date(2026, 3, 12)) == "jeudi 12 mars"


@pytest.mark.parametrize(
    ("language", "amount", "currency", "long", "short"),
    [
        ("en", 9500, "EUR", "€95.00", "€95"),
        ("en", 9550, "USD", "$95.50", "$95.50"),
        ("en", 9500, "JPY", "¥9,500", "¥9,500"),
        ("en", 12345, "KWD", f"KWD{NBSP}12.345", f"KWD{NBSP}12.345"),
        ("fr", 950000, "EUR", f"9{THIN}500,00{NBSP}€", f"9{THIN}500{NBSP}€"),
        ("es", 9500, "EUR", f"95,00{NBSP}€", f"95{NBSP}€"),
    ],
)
def test_money_is_whole_minor_units_in_words(language: str, amount: int, currency: str, long: str, short: str) -> None:
    with override(language):
        assert formats.money(amount, currency) == long
        assert formats.money_short(amount, currency) == short


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Paris", "Paris time (GMT+1)"),
        ("America/New_York", "New York time (GMT−4)"),
        ("Asia/Kolkata", "Kolkata time (GMT+5:30)"),
        ("UTC", "UTC (GMT)"),
    ],
)
def test_a_zone_is_called_by_its_city_and_its_shift_at_that_moment(zone: str, words: str) -> None:
    with override("en"):
        assert formats.zone_name(zone, AT) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (45, "45 min"),
        (60, "1 hour"),
        (90, "1 h 30 min"),
        (120, "2 hours"),
        (1440, "1 day"),
        (2880, "2 days"),
        (0, "0 min"),
    ],
)
def test_a_duration_is_said_in_its_largest_fitting_units(count: int, words: str) -> None:
    with override("en"):
        assert formats.minutes(count) == words.replace(" ", "\u00a0"), "a line ended inside a duration"


def test_a_colon_stands_as_the_language_sets_it() -> None:
    for language, words in (("en", "Fee: €5"), ("fr", "Fee\N{NO-BREAK SPACE}: €5"), ("es", "Fee: €5")):
        with override(language):
            assert formats.labelled("Fee", "€5") == words
