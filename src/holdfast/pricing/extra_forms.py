"""What the desk asks for an extra, in which parts; the checks are the catalog's."""

from django.utils.translation import gettext_lazy

from holdfast.catalog.extra_forms import ExtraForm
from holdfast.pricing.forms import Part, PriceForm

EXTRA_PRICE = (Part(("amount", "per")), Part(("included",)), Part(("tax_class",)))
EXTRA_COUNT = (Part(("stock", "most"), gettext_lazy("How many there are, and how many one booking may take")),)
EXTRA_SHOWN = (Part(("services",)), Part(("position",)))


class PagedExtraForm(ExtraForm, PriceForm):
    """A number that is left empty is the usual one."""
