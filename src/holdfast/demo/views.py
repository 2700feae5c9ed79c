"""The demo's mailbox: what customers and the business would have received."""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from holdfast.catalog.models import Organization
from holdfast.notifications.models import CaughtMail

MAILS_A_PAGE = 50
# A mail is somebody else's page: no scripts, nothing loaded, links open outside of the frame it is shown in.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; frame-ancestors 'self'"
)
TABS = ("message", "text", "headers")

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def only_in_the_demo(view: View[P]) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(require_safe(guarded))


@only_in_the_demo
def mails(request: HttpRequest) -> HttpResponse:
    """Every mail caught, newest first; `?organization=<slug>` for one business's only."""
    chosen = request.GET.get("organization", "")
    caught = CaughtMail.objects.defer("source")
    if chosen:
        caught = caught.filter(organization_slug=chosen)
    page = Paginator(caught, MAILS_A_PAGE).get_page(request.GET.get("page"))
    organizations = list(Organization.objects.order_by("name"))
    zones = {organization.slug: organization.time_zone for organization in organizations}
    rows = [{"mail": each, "zone": zones.get(each.organization_slug, "UTC")} for each in page]
    return render(
        request, "demo/mails.html", {"page": page, "rows": rows, "organizations": organizations, "chosen": chosen}
    )


@only_in_the_demo
def mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One mail; `?view=` is one of TABS."""
    caught = get_object_or_404(CaughtMail, id=mail_id)
    message = _message(caught)
    tab = request.GET.get("view", TABS[0])
    organization = Organization.objects.filter(slug=caught.organization_slug).first()
    context = {
        "mail": caught,
        "tab": tab if tab in TABS else TABS[0],
        "tabs": TABS,
        "text": _text(message),
        "headers": list(message.items()),
        "has_calendar": _calendar(message) is not None,
        "sender_organization": organization,
        "zone": organization.time_zone if organization else "UTC",
    }
    return render(request, "demo/mail.html", context)


@only_in_the_demo
def mail_html(request: HttpRequest, mail_id: int) -> HttpResponse:
    """The mail as its reader sees it, for the frame of its page."""
    part = _message(get_object_or_404(CaughtMail, id=mail_id)).get_body(("html",))
    if part is None:
        raise Http404
    html = str(part.get_content()).replace("<head>", '<head><base target="_blank">', 1)
    response = HttpResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@only_in_the_demo
def mail_calendar(request: HttpRequest, mail_id: int) -> HttpResponse:
    """The calendar file attached to the mail."""
    part = _calendar(_message(get_object_or_404(CaughtMail, id=mail_id)))
    if part is None:
        raise Http404
    return HttpResponse(
        part.get_payload(decode=True),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="booking.ics"'},
    )


def _message(caught: CaughtMail) -> EmailMessage:
    message = message_from_bytes(bytes(caught.source), policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what the default policy makes
    return message


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    return str(part.get_content()) if part else ""


def _calendar(message: EmailMessage) -> EmailMessage | None:
    return next((part for part in message.walk() if part.get_content_type() == "text/calendar"), None)
