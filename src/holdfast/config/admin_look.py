"""The admin's look: Unfold with our own calm green, the organization's name, and a sidebar in our words."""

from typing import Any

from django.templatetags.static import static

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "holdfast.config.admin_site.organization_name",
    "SITE_HEADER": "holdfast.config.admin_site.organization_name",
    "SITE_URL": "/desk/",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("web/favicon.svg")}],
    "SITE_DROPDOWN": "holdfast.config.admin_site.other_organizations",
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
    "COLORS": {
        # The default accent #1f5f4a and its neighbours.
        "primary": {
            "50": "#eff7f3",
            "100": "#d8ebe2",
            "200": "#b3d7c6",
            "300": "#84bca3",
            "400": "#7fbba0",
            "500": "#5aa586",
            "600": "#1f5f4a",
            "700": "#1b5240",
            "800": "#174234",
            "900": "#13362b",
            "950": "#0a1f19",
        },
    },
    "STYLES": [lambda _request: static("accounts/admin.css")],
    "SIDEBAR": {"navigation": "holdfast.config.admin_site.navigation"},
}
