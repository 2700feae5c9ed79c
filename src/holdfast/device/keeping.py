"""What a device keeps of an organization: the files and pages that work without a connection, and its catalog."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.urls import reverse

import holdfast.device
import holdfast.web
from holdfast.bookings.availability import plan_cache
from holdfast.bookings.details import paying
from holdfast.catalog import documents, queries
from holdfast.catalog.models import Organization
from holdfast.pricing.models import PaymentMethod

_ROOMS = (Path(holdfast.web.__file__).parent, Path(holdfast.device.__file__).parent)
_KINDS = ("*.css", "*.js", "*.svg")
_LEFT_OUT = frozenset({"web/desk.css"})
_OF_OTHER_ROOMS = frozenset({"wizard/wizard.css"})
# Pages about somebody's bookings, below `/{org}/`: with a slash at its end, all that is under it.
_PERSONAL = (
    "portal/",
    "manage/",
    "waiting/",
    "alerts/",
    "booking/offer/",
    "booking/confirmation",
    "confirmation",
    "booking/pay",
    "booking/pay/again",
)
# How long a page or free times are waited for before what is kept is shown.
PATIENCE_MS = 6000


def shell_files() -> list[str]:
    """The addresses of all static files that the pages without a connection need, with their hashes."""
    names = {
        path.relative_to(room / "static").as_posix()
        for room in _ROOMS
        for kind in _KINDS
        for path in (room / "static").rglob(kind)
    }
    return [static(name) for name in sorted((names - _LEFT_OUT) | _OF_OTHER_ROOMS)]


def shell_of(organization: Organization) -> dict[str, Any]:
    """What the service worker is told. `version` changes with whatever it keeps: then a new one is installed."""
    slug = organization.slug
    shell = {
        "org": slug,
        "scope": reverse("wizard:organization", args=[slug]),
        "api": f"/api/v1/{slug}",
        "catalog": reverse("device:catalog", args=[slug]),
        "language": organization.default_language,
        "files": shell_files(),
        "offline": reverse("device:offline", args=[slug]),
        "settings": reverse("device:settings", args=[slug]),
        "mine": reverse("device:mine", args=[slug]),
        "personal": [f"/{slug}/{each}" for each in _PERSONAL],
        "patience_ms": PATIENCE_MS,
        "languages": list(organization.languages),
    }
    facts = json.dumps(
        [shell, _pages_digest(), organization.name, organization.accent, organization.phone, organization.address]
    )
    return {**shell, "version": hashlib.blake2b(facts.encode(), digest_size=8).hexdigest()}


@cache
def _pages_digest() -> str:
    """Of what the kept pages are made of: their templates and their words in every language."""
    made_of = [path for room in _ROOMS for path in (room / "templates").rglob("*.html")]
    made_of += _ROOMS[0].parent.glob("locale/*/LC_MESSAGES/*.mo")
    return hashlib.blake2b(b"".join(path.read_bytes() for path in sorted(made_of)), digest_size=8).hexdigest()


def catalog_of(organization: Organization) -> dict[str, Any]:
    """Services with who can be chosen and whether they can be paid on site, places, the organization itself.

    In the active language; inside the tenant's transaction.
    """
    extras = queries.extras_on_offer()
    return {
        "organization": documents.organization_document(organization),
        "places": [documents.place_document(each) for each in queries.named_places()],
        "services": [
            {
                **documents.service_document(service, organization.currency, extras),
                "on_site": _is_paid_on_site(organization, service.slug),
                "team_members": [
                    documents.team_member_document(each, organization) for each in queries.team_members(service)
                ],
            }
            for service in queries.services_on_offer()
        ],
    }


def _is_paid_on_site(organization: Organization, service: str) -> bool:
    plan = plan_cache.plan_for(organization.id, organization.catalog_version, service)
    return PaymentMethod.ON_SITE in paying.offered(plan)
