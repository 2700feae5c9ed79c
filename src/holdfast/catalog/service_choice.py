"""The choice of services that something is for: rows of its own, one for each service, none for all of them."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from holdfast.catalog.forms import TenantForm
from holdfast.catalog.models import Service


def services_field(
    label: str | Promise, widget: type[forms.CheckboxSelectMultiple] = forms.CheckboxSelectMultiple
) -> "forms.ModelMultipleChoiceField[Service]":
    return forms.ModelMultipleChoiceField(
        Service.objects.none(), label=label, required=False, widget=widget,
        help_text=gettext_lazy("None chosen: every service."),
    )  # fmt: skip


class ServicesForm(TenantForm):
    """With a field `services` among the organization's; `kept_as` names the rows that hold the choice."""

    kept_as: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = self.fields["services"]
        assert isinstance(services, forms.ModelMultipleChoiceField)  # noqa: S101 - as the class says
        services.queryset = Service.objects.filter(organization=self.organization)
        if not self.instance._state.adding:
            services.initial = list(getattr(self.instance, self.kept_as).values_list("service_id", flat=True))
