"""The configuration of prices; registered in config/admin_site.py."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from holdfast.accounts.tenant_admin import TenantAdmin, organization_of
from holdfast.catalog.admin import CatalogFields
from holdfast.catalog.form_fields import MoneyField
from holdfast.catalog.service_choice import services_field
from holdfast.pricing import actions, forms, wording
from holdfast.pricing.admin_zones import ZonePriceInline
from holdfast.pricing.forms import Part
from holdfast.pricing.models import Promotion, Tariff, TariffRule
from holdfast.pricing.promotion_words import benefit_words
from holdfast.web import formats

Fields = list[str | tuple[str, ...]]


def rows_of(parts: tuple[Part, ...]) -> Fields:
    """A line of a fieldset for each part."""
    return [part.fields if len(part.fields) > 1 else part.fields[0] for part in parts]


class PriceAdmin(CatalogFields, TenantAdmin):
    """Amounts in the organization's currency; days of the week to tick; and who changed what is written down."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "weekdays":
            return forms.weekdays_field(UnfoldAdminCheckboxSelectMultipleWidget)
        if db_field.name in forms.MONEY:
            currency = organization_of(request).currency
            label = f"{capfirst(str(db_field.verbose_name))} ({currency})"
            lowest = None if db_field.model is TariffRule else 0
            initial = None if db_field.null else 0
            return MoneyField(
                currency=currency, label=label, lowest=lowest, required=not db_field.null, initial=initial
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.organization_id = organization_of(request).pk
        actions.keep(row=obj, by=str(request.user))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        actions.remove(row=obj, by=str(request.user))


class TariffAdmin(PriceAdmin):
    """One tariff is in force; others are drafts, to be tried before they are."""

    form = forms.TariffForm
    list_display = ("name", "in_force", "tax_included", "rule_count")
    fields = ("name", ("tax_included", "rounding", "coin"))
    actions = ("put_in_force", "copy_as_draft")

    @admin.display(description=gettext_lazy("rules"))
    def rule_count(self, tariff: Tariff) -> int:
        return tariff.rules.count()

    @admin.action(description=gettext_lazy("Put in force"))
    def put_in_force(self, request: HttpRequest, chosen: QuerySet[Tariff]) -> None:
        if chosen.count() != 1:
            messages.error(request, _("Choose one tariff: only one can be in force."))
            return
        tariff = chosen.get()
        actions.put_in_force(tariff_id=tariff.pk, by=str(request.user))
        messages.success(request, _("“%(name)s” is in force. What is booked keeps its price.") % {"name": tariff.name})

    @admin.action(description=gettext_lazy("Copy as a draft"))
    def copy_as_draft(self, request: HttpRequest, chosen: QuerySet[Tariff]) -> None:
        for tariff in chosen:
            copied = actions.copy_tariff(tariff_id=tariff.pk, by=str(request.user))
            messages.success(request, _("“%(name)s” is a draft that you can change.") % {"name": copied.name})


class TariffRuleAdmin(PriceAdmin):
    """Rules in their order: what is charged, and when."""

    form = forms.TariffRuleForm
    list_display = ("__str__", "tariff", "position", "what", "when", "is_active")
    list_filter = ("tariff", "is_active")
    list_select_related = ("tariff", "organization", "service", "from_zone", "to_zone")
    ordering = ("-tariff__in_force", "tariff", "position", "id")
    fieldsets = (
        (None, {"fields": ("tariff", "name", "position", "is_active")}),
        (gettext_lazy("What is charged"), {"fields": rows_of(forms.RULE_CHARGES)}),
        (gettext_lazy("At which times"), {
            "fields": rows_of(forms.RULE_TIMES),
            "description": gettext_lazy("On the business's clock. What is left empty does not matter."),
        }),
        (gettext_lazy("Which bookings"), {"fields": rows_of(forms.RULE_BOOKINGS)}),
        (gettext_lazy("What serves"), {
            "fields": rows_of(forms.RULE_SERVING),
            "description": gettext_lazy(
                "What the service requires, or whom the customer chose: a price is shown before it is known who else "
                "serves."
            ),
        }),
        (gettext_lazy("From where to where"), {
            "fields": rows_of(forms.RULE_WAY),
            "description": gettext_lazy("Of services that ask for places; one place is both."),
        }),
    )  # fmt: skip
    inlines = (ZonePriceInline,)

    @admin.display(description=gettext_lazy("effect"))
    def what(self, rule: TariffRule) -> str:
        return wording.effect_words(rule, rule.organization.currency)

    @admin.display(description=gettext_lazy("when"))
    def when(self, rule: TariffRule) -> str:
        return wording.condition_words(rule) or _("always")


class TaxRateAdmin(PriceAdmin):
    form = forms.TaxRateForm
    list_display = ("__str__", "percent", "service", "tax_class", "valid_from", "valid_until")
    list_select_related = ("service",)
    fields = ("name", "percent", "service", "tax_class", ("valid_from", "valid_until"))


class AdminPromotionForm(forms.PromotionForm):
    services = services_field(forms.MEANT_FOR, UnfoldAdminCheckboxSelectMultipleWidget)


class PromotionAdmin(PriceAdmin):
    """Promotions with how often they are used, and what was booked with them."""

    form = AdminPromotionForm
    list_display = ("__str__", "code", "what", "used", "taken_off", "revenue", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("organization", "extra")
    fieldsets = (
        (None, {"fields": ("name", "code", "is_active")}),
        (gettext_lazy("What it takes off"), {"fields": rows_of(forms.PROMOTION_GIVES)}),
        (gettext_lazy("When and for what"), {"fields": rows_of(forms.PROMOTION_WHEN)}),
        (gettext_lazy("How often"), {
            "fields": rows_of(forms.PROMOTION_LIMITS),
            "description": gettext_lazy(
                "Of a promotion with a code. A cancelled booking gives its use back. A customer is an email address "
                "or a telephone number."
            ),
        }),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        kept = ~Q(uses_made__booking__state__in=("cancelled", "expired"))
        found: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = found.annotate(
            times_used=Count("uses_made", filter=kept),
            sum_taken_off=Sum("uses_made__taken_off", filter=kept, default=0),
            sum_booked=Sum("uses_made__booking__price_amount", filter=kept, default=0),
        )  # fmt: skip
        return counted

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.organization_id = organization_of(request).pk
        actions.keep(row=obj, by=str(request.user), services=form.cleaned_data["services"])

    @admin.display(description=gettext_lazy("takes off"))
    def what(self, promotion: Promotion) -> str:
        return benefit_words(promotion, promotion.organization.currency)

    @admin.display(description=gettext_lazy("used"))
    def used(self, promotion: Any) -> str:
        if promotion.uses is None:
            return str(promotion.times_used)
        return _("%(used)s of %(most)s") % {"used": promotion.times_used, "most": promotion.uses}

    @admin.display(description=gettext_lazy("taken off"))
    def taken_off(self, promotion: Any) -> str:
        return formats.money(promotion.sum_taken_off, promotion.organization.currency)

    @admin.display(description=gettext_lazy("revenue with it"))
    def revenue(self, promotion: Any) -> str:
        return formats.money(promotion.sum_booked, promotion.organization.currency)
