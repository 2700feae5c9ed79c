"""Booking inside the business's own site: which sites may show it, and the lines to copy into their pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.catalog import actions
from holdfast.catalog import queries as catalog
from holdfast.catalog.models import Organization
from holdfast.catalog.validators import MOST_ORIGINS
from holdfast.core.errors import ValidationError
from holdfast.desk.access import Desk, desk_view
from holdfast.domain.origins import NoOrigin, Reason, canonical_origin

LINE = (
    '<script type="module" src="{script}"></script>\n<holdfast-booking org="{org}"{service}>\n'
    '  <a href="{page}">{words}</a>\n</holdfast-booking>'
)
FRAME = (
    '<iframe src="{page}" title="{title}" width="100%" height="900"\n  sandbox="allow-scripts allow-same-origin '
    'allow-forms allow-popups\n    allow-popups-to-escape-sandbox allow-downloads"></iframe>'
)


class SitesForm(forms.Form):
    origins = forms.CharField(
        label=gettext_lazy("Sites that may show the booking pages"),
        help_text=gettext_lazy("One a line, such as https://www.example.com. None: no site may."),
        required=False,
        max_length=MOST_ORIGINS * 300,
        widget=forms.Textarea({"rows": 4, "spellcheck": "false", "autocapitalize": "none"}),
    )

    def clean_origins(self) -> list[str]:
        """Each once, as browsers write it."""
        found, wrong = list[str](), list[forms.ValidationError]()
        for line in filter(None, map(str.strip, self.cleaned_data["origins"].splitlines())):
            try:
                found.append(canonical_origin(line if "://" in line else f"https://{line}"))
            except NoOrigin as no:
                wrong.append(forms.ValidationError("%(line)s – %(why)s", params={"line": line, "why": _why(no.reason)}))
        if wrong:
            raise forms.ValidationError(wrong)
        return list(dict.fromkeys(found))


def _why(reason: Reason) -> str:
    return {
        "no address": _("this is not the address of a site."),
        "not https": _("it has to begin with https://, so that nobody on the way can change the page."),
        "more than an origin": _("only the site itself, please, without a path: https://www.example.com."),
        "wildcard": _("each site has to be named; a star would let in any subdomain, forgotten ones too."),
    }[reason]


@desk_view(may="configure")
def own_site(desk: Desk) -> HttpResponseBase:
    """A POST says which sites may; what is wrong comes back with why."""
    organization = desk.organization
    if desk.request.method != "POST":
        return _page(desk, SitesForm({"origins": "\n".join(organization.embed_origins)}))
    form = SitesForm(desk.request.POST)
    if not form.is_valid():
        return _page(desk, form, status=422)
    try:
        actions.allow_sites(organization=organization, origins=form.cleaned_data["origins"])
    except ValidationError as refused:
        for error in refused.extra["errors"]:
            form.add_error(error["field"], error["message"])
        return _page(desk, form, status=422)
    messages.success(desk.request, _("Saved. It holds from now on."))
    return redirect("desk:own-site")


def _page(desk: Desk, form: SitesForm, *, status: int = 200) -> HttpResponseBase:
    context: dict[str, Any] = {"form": form, "shown_at": desk.organization.embed_origins, **lines(desk.organization)}
    return desk.page("desk/own_site.html", context, section="own-site", status=status)


def lines(organization: Organization) -> dict[str, SafeString]:
    """What is copied into a page: the element with its script, and a plain frame for a site that takes no scripts."""
    services = catalog.services_on_offer()
    page = settings.BASE_URL + reverse("wizard:choose", args=[organization.slug])
    title = _("Book at %(name)s") % {"name": organization.name}
    service = format_html(' service="{}"', services[0].slug) if len(services) == 1 else ""
    script = settings.BASE_URL + reverse("embed:script", args=[organization.slug])
    told = {"page": page, "title": title, "script": script, "org": organization.slug, "service": service}
    return {"element": format_html(LINE, **told, words=title), "frame": format_html(FRAME, **told)}
