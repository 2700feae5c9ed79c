"""Keeping an extra with its stock and its services, written down as every price is: in the caller's transaction."""

from collections.abc import Collection
from typing import Any

from django.db.models import Max
from django.utils.text import slugify

from holdfast.catalog import actions as catalog
from holdfast.catalog.models import Extra, Organization, Service
from holdfast.core import locking
from holdfast.core.fields import in_language
from holdfast.pricing import history
from holdfast.pricing.errors import PricesChanged

# The services in the history of changes: their ids. The resource that holds the stock is nobody's news.
SERVICES, NOT_TOLD = "services", "held_as_id"


def new_extra(organization: Organization) -> Extra:
    """After all others; not saved."""
    highest = Extra.objects.aggregate(highest=Max("position"))["highest"]
    return Extra(organization=organization, position=0 if highest is None else highest + 1)


def keep_extra(
    *, extra: Extra, services: Collection[Service], organization: Organization, by: str, seen: str | None = None
) -> bool:
    """Save it with exactly these services (none: all). False where nothing is new. What is booked keeps its price and
    what it took.

    `seen`: the fingerprint of what was looked at. Raises PricesChanged when it is another by now, or gone.
    """
    locking.change_catalog()
    before = Extra.objects.filter(pk=extra.pk).first()
    if seen is not None and (before is None or fingerprint(before) != seen):
        raise PricesChanged
    then = _snapshot(before) if before else {}
    extra.slug = extra.slug or _free_slug(in_language(extra.name, organization.default_language))
    catalog.save_extra(extra=extra, language=organization.default_language)
    catalog.offer_with(extra=extra, services=services)
    changes = {name: [then.get(name), value] for name, value in _snapshot(extra).items() if then.get(name) != value}
    if before and not changes:
        return False
    what, told = ("changed", changes) if before else ("created", None)
    history.record(organization_id=organization.pk, row=extra, what=what, by=by, changes=told)
    return True


def fingerprint(extra: Extra) -> str:
    """Another one when the extra or what it is offered with is."""
    return " ".join([history.fingerprint(extra), *_services(extra)])


def _snapshot(extra: Extra) -> dict[str, Any]:
    return {name: value for name, value in history.snapshot(extra).items() if name != NOT_TOLD} | {
        SERVICES: _services(extra)
    }


def _services(extra: Extra) -> list[str]:
    return sorted(str(key) for key in extra.offers.values_list("service_id", flat=True))


def _free_slug(name: str) -> str:
    """What programs call it, made from its name."""
    start = slugify(name)[:36].strip("-") or "extra"
    used = set(Extra.objects.filter(slug__startswith=start).values_list("slug", flat=True))
    return next(
        slug for number in range(1, len(used) + 2) if (slug := f"{start}-{number}" if number > 1 else start) not in used
    )
