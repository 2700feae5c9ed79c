"""What can be typed into an extra, and its checks: for the desk's page and the admin's."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.catalog.forms import TenantForm
from holdfast.catalog.models import Service


def services_field(widget: type[forms.CheckboxSelectMultiple]) -> "forms.ModelMultipleChoiceField[Service]":
    return forms.ModelMultipleChoiceField(
        Service.objects.none(), label=gettext_lazy("Offered with"), required=False, widget=widget,
        help_text=gettext_lazy("None chosen: every service."),
    )  # fmt: skip


class ExtraForm(TenantForm):
    services = services_field(forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = self.fields["services"]
        assert isinstance(services, forms.ModelMultipleChoiceField)  # noqa: S101 - declared above
        services.queryset = Service.objects.filter(organization=self.organization)
        if not self.instance._state.adding:
            services.initial = list(self.instance.offers.values_list("service_id", flat=True))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["tax_class"] = cleaned.get("tax_class", "").strip()
        most, stock = cleaned.get("most"), cleaned.get("stock")
        if most and stock and most > stock:
            self.add_error("most", _("There are not so many of it."))
        return cleaned
