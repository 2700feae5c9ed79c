"""The configuration of zones and distances; registered in config/admin_site.py."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.accounts.tenant_admin import TenantAdmin, TenantInline, organization_of
from holdfast.catalog.admin import CatalogFields
from holdfast.catalog.form_fields import MoneyField
from holdfast.catalog.models import NamedPlace
from holdfast.domain.geography import polygons_of
from holdfast.pricing import zone_forms
from holdfast.pricing.models import KnownDistance, Zone, ZonePrice
from holdfast.pricing.zone_picture import picture
from holdfast.web import formats


class ZoneAdmin(CatalogFields, TenantAdmin):
    """Zones with their corners counted, and the places that lie in them."""

    form = zone_forms.ZoneForm
    list_display = ("title", "corners", "places_within", "position")
    readonly_fields = ("shape",)
    fields = ("name", "area", "file", "shape", "position")

    @admin.display(description=gettext_lazy("zone"), ordering="position")
    def title(self, zone: Zone) -> str:
        return str(zone)

    @admin.display(description=gettext_lazy("corners"))
    def corners(self, zone: Zone) -> int:
        return sum(len(each.outer) - 1 for each in polygons_of(zone.area))

    @admin.display(description=gettext_lazy("places in it"))
    def places_within(self, zone: Zone) -> str:
        polygons = polygons_of(zone.area)
        places = NamedPlace.objects.filter(organization_id=zone.organization_id)
        return ", ".join(str(each) for each in places if any(one.contains(each.point) for one in polygons)) or "–"

    @admin.display(description=gettext_lazy("as drawn"))
    def shape(self, zone: Zone) -> SafeString | str:
        """All zones and places of the organization, this one filled: what was drawn is seen before it counts."""
        if zone._state.adding:
            return _("Save it to see it.")
        others = Zone.objects.filter(organization_id=zone.organization_id).exclude(pk=zone.pk)
        places = NamedPlace.objects.filter(organization_id=zone.organization_id, is_active=True)
        return picture(zone, list(others), list(places))


class ZonePriceInline(CatalogFields, TenantInline):
    """A rule's table."""

    model = ZonePrice
    form = zone_forms.ZonePriceForm
    fields = ("origin", "destination", "amount")
    hide_title = False
    verbose_name_plural = gettext_lazy("table of prices by zones (for “an amount by zones”)")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "amount":
            currency = organization_of(request).currency
            return MoneyField(currency=currency, label=f"{capfirst(str(db_field.verbose_name))} ({currency})")
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class KnownDistanceAdmin(CatalogFields, TenantAdmin):
    form = zone_forms.KnownDistanceForm
    list_display = ("__str__", "kilometres")
    list_select_related = ("origin", "destination")
    fields = (("origin", "destination"), "metres")

    @admin.display(description=gettext_lazy("distance"), ordering="metres")
    def kilometres(self, distance: KnownDistance) -> str:
        return formats.kilometres(Decimal(distance.metres) / 1000)
