"""The configuration admin: who may enter, what is in it, how it looks."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.sites import UnfoldAdminSite

from holdfast.accounts.admin import ApiKeyAdmin, StaffAdmin
from holdfast.accounts.models import ApiKey, Membership
from holdfast.accounts.queries import membership_in, memberships_of
from holdfast.accounts.tenant_admin import may_configure, membership_of
from holdfast.catalog.admin import ClosureAdmin, LimitAdmin, OrganizationAdmin, ResourceAdmin, ServiceAdmin, TeamAdmin
from holdfast.catalog.admin_extras import ExtraAdmin
from holdfast.catalog.admin_places import NamedPlaceAdmin
from holdfast.catalog.models import Closure, Extra, Limit, NamedPlace, Organization, Resource, Service, Team
from holdfast.desk.middleware import remember
from holdfast.pricing.admin import PromotionAdmin, TariffAdmin, TariffRuleAdmin, TaxRateAdmin
from holdfast.pricing.admin_options import (
    CancellationPolicyAdmin,
    DepositAdmin,
    PaymentOptionAdmin,
    TipChoicesAdmin,
)
from holdfast.pricing.admin_zones import KnownDistanceAdmin, ZoneAdmin
from holdfast.pricing.models import (
    CancellationPolicy,
    Deposit,
    KnownDistance,
    PaymentOption,
    Promotion,
    Tariff,
    TariffRule,
    TaxRate,
    TipChoices,
    Zone,
)


class HoldfastAdminSite(UnfoldAdminSite):  # type: ignore[misc]
    """Open to owners and managers of the organization the session has chosen; signing in is the desk's."""

    index_title = gettext_lazy("Settings")

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active) and may_configure(request)

    def extra_urls(self) -> list[URLPattern]:
        return [path("organization/<uuid:organization_id>/", self.choose_organization, name="choose-organization")]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), resolve_url(settings.LOGIN_URL))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        logout(request)
        return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))

    def choose_organization(self, request: HttpRequest, organization_id: UUID) -> HttpResponse:
        """Work for another organization of one's own from now on. Changes the session and nothing else."""
        if not request.user.is_authenticated or membership_in(request.user, organization_id) is None:
            raise PermissionDenied
        remember(request, organization_id)
        return HttpResponseRedirect(reverse("admin:index"))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """What is used most comes first: no page of links to pages."""
        if not self.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:catalog_service_changelist"))


def organization_name(request: HttpRequest) -> str:
    membership = membership_of(request)
    return membership.organization.name if membership else "Holdfast"


def other_organizations(request: HttpRequest) -> list[dict[str, Any]]:
    """The organizations one can change to; empty when there is only one."""
    if not request.user.is_authenticated:
        return []
    found = memberships_of(request.user)
    return [
        {"title": each.organization.name, "link": reverse("admin:choose-organization", args=[each.organization_id])}
        for each in found
        if len(found) > 1
    ]


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar."""

    def item(title: str, model: str, icon: str) -> dict[str, Any]:
        return {"title": capfirst(title), "icon": icon, "link": reverse(f"admin:{model}_changelist")}

    return [
        {
            "title": _("What is sold"),
            "items": [
                item(_("Services"), "catalog_service", "sell"),
                item(_("Extras"), "catalog_extra", "add_shopping_cart"),
            ],
        },
        {
            "title": _("What it costs"),
            "items": [
                item(_("Tariffs"), "pricing_tariff", "receipt_long"),
                item(_("Rules"), "pricing_tariffrule", "rule"),
                item(_("Promotions"), "pricing_promotion", "loyalty"),
                item(_("Tax rates"), "pricing_taxrate", "percent"),
                item(_("Payment options"), "pricing_paymentoption", "credit_card"),
                item(_("Deposits"), "pricing_deposit", "savings"),
                item(_("Tips"), "pricing_tipchoices", "volunteer_activism"),
                item(_("Cancellation policies"), "pricing_cancellationpolicy", "event_repeat"),
                item(_("Zones"), "pricing_zone", "map"),
                item(_("Distances"), "pricing_knowndistance", "straighten"),
            ],
        },
        {
            "title": _("Who and what is booked"),
            "items": [
                item(_("Resources and hours"), "catalog_resource", "calendar_clock"),
                item(_("Teams"), "catalog_team", "groups"),
                item(_("Places"), "catalog_namedplace", "location_on"),
                item(_("Closures"), "catalog_closure", "event_busy"),
                item(_("Limits"), "catalog_limit", "speed"),
            ],
        },
        {
            "title": _("The business"),
            "items": [
                item(_("Organization"), "catalog_organization", "storefront"),
                item(_("Staff"), "accounts_membership", "badge"),
                item(_("API keys"), "accounts_apikey", "key"),
            ],
        },
    ]


site = HoldfastAdminSite(name="admin")
site.disable_action("delete_selected")
for model, admin in (
    (Organization, OrganizationAdmin),
    (Team, TeamAdmin),
    (Resource, ResourceAdmin),
    (Service, ServiceAdmin),
    (Extra, ExtraAdmin),
    (Closure, ClosureAdmin),
    (Limit, LimitAdmin),
    (Tariff, TariffAdmin),
    (TariffRule, TariffRuleAdmin),
    (TaxRate, TaxRateAdmin),
    (Promotion, PromotionAdmin),
    (PaymentOption, PaymentOptionAdmin),
    (Deposit, DepositAdmin),
    (TipChoices, TipChoicesAdmin),
    (CancellationPolicy, CancellationPolicyAdmin),
    (NamedPlace, NamedPlaceAdmin),
    (Zone, ZoneAdmin),
    (KnownDistance, KnownDistanceAdmin),
    (Membership, StaffAdmin),
    (ApiKey, ApiKeyAdmin),
):
    site.register(model, admin)
