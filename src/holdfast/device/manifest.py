"""What a device shows of an organization's pages once they are installed (W3C, Web Application Manifest)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from holdfast.catalog.models import Organization
from holdfast.core.fields import in_language
from holdfast.device import icons
from holdfast.web.colors import LIGHT_GROUND, accents

SHORTEST_NAME = 12


def manifest_of(organization: Organization) -> dict[str, Any]:
    """In the active language. `id` stays what it is: an installed application is known by it."""
    home = reverse("wizard:organization", args=[organization.slug])
    light, _dark = accents(organization.accent)
    return {
        "id": home,
        "name": organization.name,
        "short_name": _short(organization.name),
        "description": in_language(organization.tagline) or in_language(organization.about),
        "lang": get_language() or organization.default_language,
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": LIGHT_GROUND,
        "theme_color": light.fill,
        "icons": [_icon(organization, purpose, size) for purpose in ("any", "maskable") for size in icons.SIZES],
        "shortcuts": [
            _shortcut(organization, _("Book"), reverse("wizard:choose", args=[organization.slug])),
            _shortcut(organization, _("My bookings"), reverse("portal:home", args=[organization.slug])),
            _shortcut(organization, _("Waiting to be sent"), reverse("device:settings", args=[organization.slug])),
        ],
    }


def icon_url(organization: Organization, purpose: str, size: int) -> str:
    """With what it shows in the address, so that it may be kept for good."""
    path = reverse("device:icon", args=[organization.slug, purpose, size])
    return f"{path}?of={organization.accent.removeprefix('#')}-{organization.catalog_version}"


def _icon(organization: Organization, purpose: str, size: int) -> dict[str, str]:
    src = icon_url(organization, purpose, size)
    return {"src": src, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def _shortcut(organization: Organization, name: str, url: str) -> dict[str, Any]:
    return {"name": name, "url": url, "icons": [_icon(organization, "any", icons.SIZES[0])]}


def _short(name: str) -> str:
    """As many whole words as fit below an icon, at least the first."""
    short = ""
    for word in name.split():
        if short and len(f"{short} {word}") > SHORTEST_NAME:
            break
        short = f"{short} {word}".strip()
    return short
