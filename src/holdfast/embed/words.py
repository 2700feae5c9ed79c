"""What the element says on other sites, in each language that its organization speaks."""

from django.utils import translation
from django.utils.translation import gettext as _


def words_in(language: str, name: str) -> dict[str, str]:
    with translation.override(language):
        return {
            "title": _("Book at %(name)s") % {"name": name},
            "loading": _("The booking page is loading …"),
            "blocked": _(
                "The booking page cannot be shown inside this site. %(name)s can allow it under “On your own site”."
            )
            % {"name": name},
            "offline": _("There is no connection to the booking page. It is tried again as soon as there is one."),
            "retry": _("Try again"),
            "open": _("Open the booking page in a new tab"),
        }
