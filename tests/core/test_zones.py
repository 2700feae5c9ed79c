"""Every machine reads the same zones."""

import importlib.metadata
import zoneinfo
from datetime import datetime, timedelta

import holdfast


def test_zones_are_read_from_the_pinned_package_and_not_from_the_system() -> None:
    assert holdfast.__doc__
    assert zoneinfo.TZPATH == ()
    assert importlib.metadata.version("tzdata") >= "2026"


def test_a_law_of_2026_is_known() -> None:
    """British Columbia keeps its summer time from November 2026 on; a system of 2025 does not know."""
    winter = datetime(2027, 1, 15, 12, tzinfo=zoneinfo.ZoneInfo("America/Vancouver"))
    assert winter.utcoffset() == timedelta(hours=-7)
