"""Public holidays of a country and of a region of it, named in the reader's language where they are known in it."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

import holidays

# What the library calls our languages; for some countries it knows fewer.
_LANGUAGES = {"en": ("en_US", "en_GB", "en"), "fr": ("fr",), "es": ("es",)}


def public_holidays(country: str, region: str, years: Iterable[int], language: str = "en") -> Mapping[date, str]:
    """Each date with its name, in order. A region that the country does not have adds nothing."""
    return _named(country, region, tuple(years), language)


def regions(country: str) -> list[tuple[str, str]]:
    """(code, name) of the regions that have holidays of their own, by name; by code where they have none."""
    known = holidays.country_holidays(country)
    names: dict[str, str] = {}
    for alias, code in getattr(known, "subdivisions_aliases", {}).items():
        names[code] = max(names.get(code, ""), alias, key=len)  # an alias can be an abbreviation
    return sorted(((code, names.get(code, code)) for code in known.subdivisions), key=lambda each: each[1])


@lru_cache(maxsize=256)
def _named(country: str, region: str, years: tuple[int, ...], language: str) -> Mapping[date, str]:
    known = holidays.country_holidays(country)
    spoken = next((code for code in _LANGUAGES.get(language, ()) if code in known.supported_languages), None)
    subdivision = region if region in known.subdivisions else None
    found = holidays.country_holidays(country, subdiv=subdivision, years=years, language=spoken)
    return dict(sorted(found.items()))
