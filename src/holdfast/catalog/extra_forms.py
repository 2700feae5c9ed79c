"""What can be typed into an extra, and its checks: for the desk's page and the admin's."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.catalog.service_choice import ServicesForm, services_field

OFFERED_WITH = gettext_lazy("Offered with")


class ExtraForm(ServicesForm):
    kept_as = "offers"
    services = services_field(OFFERED_WITH)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["tax_class"] = cleaned.get("tax_class", "").strip()
        most, stock = cleaned.get("most"), cleaned.get("stock")
        if most and stock and most > stock:
            self.add_error("most", _("There are not so many of it."))
        return cleaned
