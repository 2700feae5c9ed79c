"""The configuration of named places; registered in config/admin_site.py."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.accounts.tenant_admin import TenantAdmin
from holdfast.catalog.admin import CatalogFields
from holdfast.catalog.forms import TenantForm
from holdfast.catalog.models import NamedPlace
from holdfast.catalog.whereabouts import home_of

# Degrees: who is nearer to home with latitude and longitude exchanged has exchanged them.
FAR = 15


class NamedPlaceForm(TenantForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        latitude, longitude = cleaned.get("latitude"), cleaned.get("longitude")
        home = home_of(self.organization.time_zone)
        if latitude is None or longitude is None or home is None:
            return cleaned
        north, east = (Decimal(each) / 10**7 for each in (home.latitude, home.longitude))
        far = abs(latitude - north) > FAR or abs(longitude - east) > FAR
        if far and abs(longitude - north) <= FAR and abs(latitude - east) <= FAR:
            self.add_error(
                "latitude", _("Latitude and longitude seem to be exchanged: this is far from your business.")
            )
        return cleaned


class NamedPlaceAdmin(CatalogFields, TenantAdmin):
    """Places that customers choose by name, and that prices by zones and distance know."""

    form = NamedPlaceForm
    list_display = ("title", "slug", "latitude", "longitude", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("slug",)
    fields = ("name", "slug", ("latitude", "longitude"), ("position", "is_active"))

    @admin.display(description=gettext_lazy("place"), ordering="position")
    def title(self, place: NamedPlace) -> str:
        return str(place)
