"""Unfold's own words that Django's admin does not know: named here so that our catalogs carry them."""

from django.utils.translation import gettext_noop as _

WORDS = (
    _("Click to cancel"),
    _("Dark"),
    _("Expand row"),
    _("False"),
    _("Filters"),
    _("General"),
    _("Go back"),
    _("Light"),
    _("More actions"),
    _("Next"),
    _("No results found"),
    _("Previous"),
    _("Reset filters"),
    _("Select value"),
    _("System"),
    _("This item will be deleted."),
    _("This page yielded into no results. Create a new item or reset your filters."),
    _("True"),
    _("Type to search"),
)
