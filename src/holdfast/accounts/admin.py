"""Who works for the organization, and which programs do; registered in config/admin_site.py."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.accounts import actions
from holdfast.accounts.errors import LastOwner
from holdfast.accounts.forms import ApiKeyForm, StaffForm
from holdfast.accounts.models import Membership, Role
from holdfast.accounts.tenant_admin import TenantAdmin, is_owner, may_configure, organization_of


class StaffAdmin(TenantAdmin):
    """Memberships with the people behind them. Owners are added, changed and removed by owners only."""

    form = StaffForm
    list_display = ("person", "email", "role_name", "may_sign_in")
    list_filter = ("role",)
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")
    ordering = ("user__name", "user__email")
    delete_confirmation_template = "accounts/admin/remove_staff.html"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            fields = ["email", "name", "role", "locale", "password"]
        elif self.has_change_permission(request, obj):
            fields = ["email", "name", "role", "locale", "is_active", "password"]
        else:
            fields = ["email", "person", "role_name"]
        return [(None, {"fields": fields})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # The fields beyond `role` are the form's own: Django must not look for them in the model.
        form = super().get_form(request, obj, change, **{**kwargs, "fields": ("role",)})
        form.by_owner = is_owner(request)
        return form

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_configure(request) and (obj is None or obj.role != Role.OWNER or is_owner(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.has_change_permission(request, obj):
            return False
        try:
            if obj is not None:
                actions.check_another_owner(obj)
        except LastOwner:
            return False
        return True

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The form's actions have written it; a new password of one's own must not end one's session."""
        if obj.user_id == request.user.pk:
            update_session_auth_hash(request, obj.user)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        actions.remove_staff(membership=obj)

    @admin.display(description=gettext_lazy("person"), ordering="user__name")
    def person(self, membership: Membership) -> str:
        return str(membership.user)

    @admin.display(description=gettext_lazy("email"), ordering="user__email")
    def email(self, membership: Membership) -> str:
        return membership.user.email

    @admin.display(description=gettext_lazy("role"), ordering="role")
    def role_name(self, membership: Membership) -> str:
        return str(membership.get_role_display())

    @admin.display(description=gettext_lazy("may sign in"), boolean=True)
    def may_sign_in(self, membership: Membership) -> bool:
        return membership.user.is_active


class ApiKeyAdmin(TenantAdmin):
    form = ApiKeyForm
    list_display = ("name", "prefix", "may_write", "created_at", "revoked_at")
    ordering = ("-created_at",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("name", "may_write")})]
        last = "revoked_at" if obj.revoked_at else "revoked"
        return [(None, {"fields": ("name", "prefix", "may_write", "created_at", last)})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("prefix", "may_write", "created_at")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        fields = ("name", "may_write") if obj is None else ("name",)
        form = super().get_form(request, obj, change, **{**kwargs, "fields": fields})
        if obj is None or obj.revoked_at:
            form.base_fields.pop("revoked", None)
        return form

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_configure(request) and (obj is None or obj.revoked_at is None)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            key, secret = actions.create_api_key(
                organization_id=organization_of(request).pk, name=obj.name, may_write=obj.may_write
            )
            form.instance.pk, form.instance.prefix, form.instance.created_at = key.pk, key.prefix, key.created_at
            form.secret = secret
            request.secret = secret  # type: ignore[attr-defined]
            return
        super().save_model(request, obj, form, change)
        if form.cleaned_data["revoked"]:
            actions.revoke_api_key(key=obj)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """The secret is shown in this answer and nowhere else; no message, session or cache keeps it."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("API key"),
            "key": obj,
            "secret": request.secret,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "accounts/admin/api_key.html", context)
