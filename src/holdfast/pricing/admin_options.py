"""The configuration of how one pays and what cancelling costs; registered in config/admin_site.py."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from holdfast.accounts.tenant_admin import TenantInline, organization_of
from holdfast.catalog.admin import CatalogFields
from holdfast.catalog.form_fields import MoneyField
from holdfast.pricing import option_forms, option_words
from holdfast.pricing.admin import PriceAdmin
from holdfast.pricing.models import CancellationPolicy, CancellationStep, Deposit, PaymentOption, TipChoices


class PaymentOptionAdmin(PriceAdmin):
    form = option_forms.PaymentOptionForm
    list_display = ("__str__", "fee", "is_active")
    list_select_related = ("organization",)
    fields = (
        ("method", "is_active", "position"),
        ("fee_percent", "fee_fixed"),
        ("fee_borne_by", "fee_of_all"),
        "hold_hours",
    )

    @admin.display(description=gettext_lazy("fee"))
    def fee(self, option: PaymentOption) -> str:
        return option_words.fee_words(option, option.organization.currency)


class DepositAdmin(PriceAdmin):
    form = option_forms.DepositForm
    list_display = ("__str__", "asked")
    list_select_related = ("organization", "service")
    fields = ("service", ("percent", "amount"), "whole_within")

    @admin.display(description=gettext_lazy("asked when booking"))
    def asked(self, deposit: Deposit) -> str:
        return option_words.deposit_words(deposit, deposit.organization.currency)


class TipChoicesAdmin(PriceAdmin):
    form = option_forms.TipsForm
    fields = option_forms.TIPS

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not TipChoices.objects.exists()


class CancellationStepInline(CatalogFields, TenantInline):
    model = CancellationStep
    fields = ("within", "percent", "amount")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "amount":
            currency = organization_of(request).currency
            label = f"{capfirst(str(db_field.verbose_name))} ({currency})"
            return MoneyField(currency=currency, label=label, lowest=0, required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class CancellationPolicyAdmin(PriceAdmin):
    form = option_forms.ShareForm
    list_display = ("__str__", "said")
    list_select_related = ("organization", "service")
    fields = ("service", ("percent", "amount"))
    inlines = (CancellationStepInline,)

    @admin.display(description=gettext_lazy("what it costs"))
    def said(self, policy: CancellationPolicy) -> str:
        return "; ".join(option_words.policy_words(policy, policy.organization.currency))
