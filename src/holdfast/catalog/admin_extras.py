"""The configuration of extras: what they cost, with which services they are offered, and how many there are."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from holdfast.accounts.tenant_admin import organization_of
from holdfast.catalog import actions
from holdfast.catalog.admin import CatalogFields
from holdfast.catalog.admin_guarded import GuardedAdmin
from holdfast.catalog.extra_forms import OFFERED_WITH, ExtraForm
from holdfast.catalog.form_fields import MoneyField
from holdfast.catalog.models import Extra
from holdfast.catalog.service_choice import services_field
from holdfast.web import formats


class AdminExtraForm(ExtraForm):
    services = services_field(OFFERED_WITH, UnfoldAdminCheckboxSelectMultipleWidget)


class ExtraAdmin(CatalogFields, GuardedAdmin):
    """A lower number asks first, if bookings have the ones that would be gone."""

    form = AdminExtraForm
    list_display = ("title", "price", "counted", "most", "is_active")
    list_filter = ("is_active",)
    search_fields = ("slug",)
    list_select_related = ("organization",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "about", "position", "is_active")}),
        (gettext_lazy("Price"), {"fields": (("amount", "per"), "included", "tax_class")}),
        (gettext_lazy("How many"), {"fields": ("most", "stock")}),
        (gettext_lazy("With which services"), {"fields": ("services",)}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "amount":
            currency = organization_of(request).currency
            return MoneyField(currency=currency, label=_("Price (%(currency)s)") % {"currency": currency})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self._remember(request)
        organization = organization_of(request)
        obj.organization_id = organization.pk
        actions.save_extra(extra=obj, language=organization.default_language)
        actions.offer_with(extra=obj, services=form.cleaned_data["services"])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._remember(request)
        key = obj.pk
        actions.delete_extra(extra=obj)
        obj.pk = key  # Django forgets it, the event names it
        self._check(request, obj)

    def bookings_count(self, obj: Any) -> int:
        return 0  # bookings keep what they took, and what it was called

    @admin.display(description=gettext_lazy("extra"), ordering="position")
    def title(self, extra: Extra) -> str:
        return str(extra)

    @admin.display(description=gettext_lazy("price"), ordering="amount")
    def price(self, extra: Extra) -> str:
        return f"{formats.money(extra.amount, extra.organization.currency)} {extra.get_per_display()}"

    @admin.display(description=gettext_lazy("how many there are"), ordering="stock")
    def counted(self, extra: Extra) -> str:
        return str(extra.stock) if extra.stock is not None else _("not counted")
