"""The configuration of an organization and what it offers; registered in config/admin_site.py."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.forms import DateInput, TimeInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import INPUT_CLASSES, UnfoldAdminColorInputWidget

from holdfast.accounts.models import User
from holdfast.accounts.tenant_admin import TenantAdmin, TenantInline, organization_of
from holdfast.catalog import forms, queries
from holdfast.catalog.admin_guarded import GuardedAdmin
from holdfast.catalog.form_fields import AttributesField, ChoicesField, LocalizedFormField, MoneyField, WordsField
from holdfast.catalog.models import (
    HoursException,
    Limit,
    Organization,
    Question,
    Requirement,
    Resource,
    Service,
    WorkingHours,
)
from holdfast.core.fields import LocalizedField, in_language
from holdfast.web import formats

LONG_TEXTS = frozenset({"about", "description"})


class CatalogFields:
    """Form fields for the catalog's own kinds of columns."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        organization = organization_of(request)
        names = {"label": capfirst(str(db_field.verbose_name)), "help_text": db_field.help_text}
        if isinstance(db_field, LocalizedField):
            return LocalizedFormField.of(db_field, organization, long=db_field.name in LONG_TEXTS)
        if isinstance(db_field, ArrayField) and db_field.name in ("skills", "public_attributes"):
            return WordsField(required=False, **names)
        if db_field.name == "attributes":
            return AttributesField(**names)
        if db_field.name in ("price_amount", "emergency_surcharge_amount"):
            return MoneyField(currency=organization.currency, label=f"{names['label']} ({organization.currency})")
        if isinstance(db_field, models.JSONField) and db_field.name == "choices":
            return ChoicesField(languages=organization.languages, label=names["label"])
        if isinstance(db_field, models.TimeField):
            kwargs["widget"] = TimeInput(format="%H:%M", attrs={"type": "time", "class": " ".join(INPUT_CLASSES)})
        elif isinstance(db_field, models.DateField):
            kwargs["widget"] = DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": " ".join(INPUT_CLASSES)})
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if db_field.name == "slug":
            field.required = False
            field.help_text = gettext_lazy("Part of addresses and of the API. Left empty, it is made from the name.")
        elif db_field.name.endswith("_minutes") and "minutes" not in str(field.label).lower():
            field.label = _("%(label)s (minutes)") % {"label": field.label}
        return field


class OrganizationAdmin(CatalogFields, GuardedAdmin):
    form = forms.OrganizationForm
    fieldsets = (
        (None, {"fields": ("name", "slug", "tagline", "about", "accent")}),
        (gettext_lazy("Contact"), {"fields": ("email", "phone", "address")}),
        (gettext_lazy("Place, language and money"), {
            "fields": (
                "time_zone", "country", "observes_holidays", "holiday_region",
                "currency", "languages", "default_language", "detour_percent",
            ),
        }),
        (gettext_lazy("Booking"), {
            "fields": (
                "hold_minutes", "holds_from_one_address", "cancellation_notice_minutes", "waiting_offer_minutes",
                "public_attributes",
            ),
        }),
        (gettext_lazy("Emergencies"), {"fields": ("escalation_minutes",)}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return Organization.objects.filter(pk=organization_of(request).pk)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one organization to change: no list of one."""
        return HttpResponseRedirect(reverse("admin:catalog_organization_change", args=[organization_of(request).pk]))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "slug":  # an organization's address is never made up
            return super(CatalogFields, self).formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "accent":
            kwargs["widget"] = UnfoldAdminColorInputWidget(attrs={"type": "color"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self._remember(request)
        obj.save()


class TeamAdmin(CatalogFields, TenantAdmin):
    form = forms.TenantForm
    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    fields = ("name", "slug")


class WorkingHoursInline(CatalogFields, TenantInline):
    model = WorkingHours
    form = forms.WorkingHoursForm
    formset = forms.WorkingHoursFormSet
    fields = ("kind", "weekday", "starts", "ends", "valid_from", "valid_until")


class HoursExceptionInline(CatalogFields, TenantInline):
    model = HoursException
    form = forms.HoursExceptionForm
    formset = forms.HoursExceptionFormSet
    fields = ("kind", "date", "starts", "ends", "reason")
    verbose_name_plural = gettext_lazy("exceptions: dates that differ (without times, a day off or off call)")


class ResourceAdmin(CatalogFields, GuardedAdmin):
    form = forms.ResourceForm
    inlines = (WorkingHoursInline, HoursExceptionInline)
    list_display = ("name", "kind", "team", "places", "skill_words", "is_public", "is_active")
    list_filter = ("kind", "team", "is_active")
    list_select_related = ("team",)
    search_fields = ("name", "slug")
    fieldsets = (
        (None, {"fields": ("name", "slug", "kind", "team", "about", "is_active")}),
        (gettext_lazy("What it can do"), {"fields": ("skills", "attributes", "lanes", "largest_party")}),
        (gettext_lazy("How it is chosen"), {"fields": ("rank", "weight", "is_public")}),
        (
            gettext_lazy("In place of the service’s"),
            {
                "fields": ("buffer_before_minutes", "buffer_after_minutes", "notice_minutes", "horizon_days"),
                "description": gettext_lazy("Left empty, what the service says holds for this resource too."),
            },
        ),
        (gettext_lazy("Alerts"), {"fields": ("user",)}),
    )

    @admin.display(description=gettext_lazy("places"), ordering="lanes")
    def places(self, resource: Resource) -> int:
        return resource.lanes

    @admin.display(description=gettext_lazy("skills"))
    def skill_words(self, resource: Resource) -> str:
        return ", ".join(resource.skills)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":  # people are known to several organizations: these are ours
            kwargs["queryset"] = User.objects.filter(memberships__organization=organization_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def bookings_count(self, obj: Any) -> int:
        return int(obj.allocations.values("booking").distinct().count())


class RequirementInline(CatalogFields, TenantInline):
    model = Requirement
    form = forms.RequirementForm
    fields = ("kind", "count", "skills", "attributes", "team", "per_person", "is_choosable", "position")


class QuestionInline(CatalogFields, TenantInline):
    model = Question
    hide_title = False
    form = forms.QuestionForm
    template = "admin/edit_inline/stacked.html"
    fields = (
        ("key", "kind"), ("label", "hint"), "choices", ("smallest", "largest"), ("is_required", "position"),
    )  # fmt: skip


class ServiceAdmin(CatalogFields, GuardedAdmin):
    form = forms.ServiceForm
    inlines = (RequirementInline, QuestionInline)
    list_display = ("title", "length", "price", "needs_approval", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("slug",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "summary", "description", "place", "position", "is_active")}),
        (gettext_lazy("Price"), {"fields": ("price_amount", "price_unit")}),
        (gettext_lazy("Length"), {
            "fields": (
                "duration_minutes", "longest_duration_minutes", "duration_step_minutes",
                "buffer_before_minutes", "buffer_after_minutes",
            ),
        }),
        (gettext_lazy("When and how it is booked"), {
            "fields": (
                "step_minutes", "notice_minutes", "horizon_days", "largest_party", "attendees", "needs_approval",
                "holds_per_customer",
                "assign_by",
            ),
        }),
        (gettext_lazy("Where"), {
            "fields": ("asks_places", ("usual_pickup", "usual_dropoff")),
            "description": gettext_lazy("Customers choose among the named places, or say where in their own words."),
        }),
        (gettext_lazy("Series"), {"fields": ("allows_series", "series_horizon_days")}),
        (gettext_lazy("Emergencies"), {
            "fields": (
                "offers_emergency", "emergency_notice_minutes", "emergency_horizon_hours",
                "emergency_surcharge_percent", "emergency_surcharge_amount",
            ),
        }),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("service"), ordering="position")
    def title(self, service: Service) -> str:
        return in_language(service.name)

    @admin.display(description=gettext_lazy("duration"), ordering="duration_minutes")
    def length(self, service: Service) -> str:
        shortest = formats.minutes(service.duration_minutes)
        longest = service.longest_duration_minutes
        return f"{shortest} – {formats.minutes(longest)}" if longest else shortest

    @admin.display(description=gettext_lazy("price"), ordering="price_amount")
    def price(self, service: Service) -> str:
        amount = formats.money(service.price_amount, service.organization.currency)
        return f"{amount} {service.get_price_unit_display()}"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("organization")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        requirements = list(form.instance.requirements.all())
        if not requirements:
            messages.warning(
                request, _("The service needs no resource yet: add a requirement so that it can be booked.")
            )
        for requirement in requirements:
            found = queries.resources_fitting(requirement)
            fitting = len(found)
            for resource in found:
                if forms.too_long(form.instance, resource):
                    messages.warning(
                        request,
                        _("With the buffers of %(name)s a booking would be longer than three days: it is not offered.")
                        % {"name": resource.name},
                    )
            if not fitting:
                messages.warning(
                    request,
                    _("No resource in use fits the requirement “%(requirement)s”: nobody can book this service.")
                    % {"requirement": requirement},
                )
            elif fitting < requirement.count:
                messages.warning(
                    request,
                    _("Too few resources in use fit the requirement “%(requirement)s”: nobody can book this service.")
                    % {"requirement": requirement},
                )

    def bookings_count(self, obj: Any) -> int:
        return int(obj.bookings.count())


class LimitAdmin(CatalogFields, TenantAdmin):
    """Nothing booked is broken by a limit, so nothing is asked before it is saved."""

    form = forms.LimitForm
    list_display = ("words", "kind", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("team", "service")
    fieldsets = (
        (None, {"fields": ("kind", "team", "service", "most", "is_active")}),
        (gettext_lazy("What is counted"), {
            "fields": ("counts", ("period", "rolling_days")),
            "description": gettext_lazy(
                "People can be counted for a service; a period other than a day is for each customer. "
                "A booking counts on the day on which it starts."
            ),
        }),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("limit"))
    def words(self, limit: Limit) -> str:
        return str(limit)


class ClosureAdmin(CatalogFields, GuardedAdmin):
    form = forms.ClosureForm
    list_display = ("starts_on", "ends_on", "reason")
    fields = (("starts_on", "ends_on"), "reason", "closes_on_call")
