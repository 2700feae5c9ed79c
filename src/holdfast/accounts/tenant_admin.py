"""What every page of the admin shares: it works for the organization of the request, and for nobody else."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from holdfast.accounts.models import Membership, Role


def membership_of(request: HttpRequest) -> Membership | None:
    """The role the middleware found (desk/middleware.py)."""
    return getattr(request, "membership", None)


def organization_of(request: HttpRequest) -> Any:
    membership = membership_of(request)
    if membership is None:
        raise RuntimeError("the admin works inside an organization's transaction only")
    return membership.organization


def may_configure(request: HttpRequest) -> bool:
    membership = membership_of(request)
    return membership is not None and membership.may_configure


def is_owner(request: HttpRequest) -> bool:
    membership = membership_of(request)
    return membership is not None and membership.role == Role.OWNER


class TenantPermissions:
    """Who may configure the organization may do so everywhere; Django's own permission tables are not used."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_configure(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_configure(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_configure(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_configure(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_configure(request)


class TenantAdmin(TenantPermissions, ModelAdmin):  # type: ignore[misc]
    """A model of the request's organization: listed, chosen and written for it alone."""

    delete_confirmation_template = "accounts/admin/delete_confirmation.html"
    compressed_fields = True
    warn_unsaved_form = True
    list_filter_submit = False
    show_facets = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        # Row-level security says the same; two locks on the door.
        found: models.QuerySet[Any] = super().get_queryset(request).filter(organization=organization_of(request))
        return found

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.organization = organization_of(request)
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.organization_id = organization_of(request).pk
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for row in formset.save(commit=False):
            row.organization_id = organization_of(request).pk
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()


class TenantInline(TenantPermissions, TabularInline):  # type: ignore[misc]
    """Rows of a tenant's row."""

    extra = 0
    hide_title = True

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.organization = organization_of(request)
        for field in formset.form.base_fields.values():
            # A table's headings do not name its fields for those who cannot see them.
            field.widget.attrs.setdefault("aria-label", str(field.label))
        return formset
