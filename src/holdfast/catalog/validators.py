"""What a catalog's codes must be: zones, currencies and countries that exist."""

import zoneinfo
from functools import cache

import holidays
from babel.numbers import list_currencies
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from holdfast.domain.origins import NoOrigin, canonical_origin

# A header names them all.
MOST_ORIGINS = 20


@cache
def known_zones() -> frozenset[str]:
    """The IANA names this system knows; read from its files once."""
    return frozenset(zoneinfo.available_timezones())


def validate_time_zone(value: str) -> None:
    """An IANA zone name, such as Europe/Paris."""
    if value not in known_zones():
        raise ValidationError(_("“%(zone)s” is not a time zone. Use a name such as Europe/Paris.") % {"zone": value})


def validate_currency(value: str) -> None:
    """An ISO 4217 code, such as EUR."""
    if value not in list_currencies():
        raise ValidationError(_("“%(code)s” is not a currency. Use a code such as EUR.") % {"code": value})


def validate_country(value: str) -> None:
    """An ISO 3166-1 alpha-2 code of a country whose holidays are known, such as FR."""
    if value not in holidays.list_supported_countries():
        raise ValidationError(_("“%(code)s” is not a known country. Use a code such as FR.") % {"code": value})


# Addresses of our own that an organization's would hide.
RESERVED_SLUGS = frozenset({"accounts", "admin", "api", "demo", "desk", "healthz", "i18n", "static", "webhooks"})


def validate_organization_slug(value: str) -> None:
    """An address that is not one of the product's own."""
    if value in RESERVED_SLUGS:
        raise ValidationError(_("The address “%(slug)s” is taken by Holdfast itself.") % {"slug": value})


def validate_origins(values: list[str]) -> None:
    """Each written as browsers write it (domain/origins.py); at most MOST_ORIGINS."""
    if len(values) > MOST_ORIGINS:
        raise ValidationError(_("At most %(count)d sites.") % {"count": MOST_ORIGINS})
    for value in values:
        try:
            good = canonical_origin(value) == value
        except NoOrigin:
            good = False
        if not good:
            raise ValidationError(_("“%(value)s” is not an origin such as https://www.example.com.") % {"value": value})
