"""Extras: what may be taken besides a service, for how much and how many there are; made, changed and archived."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdfast.catalog.models import Extra
from holdfast.core.errors import NotFound
from holdfast.core.fields import in_language
from holdfast.desk import price_history
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.price_editing import Editing, edit
from holdfast.desk.price_fields import form_class, shown
from holdfast.desk.views.bookings import Chip
from holdfast.pricing import actions, extras, wording
from holdfast.pricing.extra_forms import EXTRA_COUNT, EXTRA_PRICE, EXTRA_SHOWN, PagedExtraForm
from holdfast.pricing.forms import PriceForm, names_of
from holdfast.pricing.terms import extra_of, row_of

NAMES = ("name", "about", *(each for each in names_of(EXTRA_PRICE, EXTRA_COUNT, EXTRA_SHOWN) if each != "services"))
ARCHIVED = "archived"
configures = partial(desk_view, may="configure", refusal="desk/prices_refused.html")


@dataclass(frozen=True, slots=True)
class Row:
    """`services`: those it is offered with; none: all."""

    extra: Extra
    price: str
    services: list[str]


@desk_view()
def extras_list(desk: Desk) -> HttpResponseBase:
    """Those on offer; `?state=archived` the others."""
    found = list(Extra.objects.prefetch_related("offers__service"))
    archived = desk.request.GET.get("state") == ARCHIVED
    counts = {on: sum(each.is_active == on for each in found) for on in (True, False)}
    context = {
        "rows": [_row(desk, each) for each in found if each.is_active != archived],
        "chips": [
            Chip(_("On offer"), "?", not archived, counts[True]),
            Chip(_("Archived"), f"?state={ARCHIVED}", archived, counts[False]),
        ],
        "archived": archived,
        "any": bool(found),
        "tab": "extras",
    }
    return desk.page("desk/extras.html", context, section="prices")


@configures()
def new_extra(desk: Desk) -> HttpResponseBase:
    return _edit(desk, extras.new_extra(desk.organization))


@configures()
def extra(desk: Desk, extra_id: UUID) -> HttpResponseBase:
    return _edit(desk, _found(extra_id))


@require_POST
@configures()
def switch_extra(desk: Desk, extra_id: UUID) -> HttpResponseBase:
    """POST `on`: "1" or nothing."""
    found, on = _found(extra_id), desk.request.POST.get("on") == "1"
    actions.switch(row=found, on=on, by=desk.actor.name)
    words = (
        _("“%(name)s” is on offer again.") if on else _("“%(name)s” is archived. What is booked keeps what it took.")
    )
    messages.success(desk.request, words % {"name": found})
    return redirect("desk:extra", extra_id)


def _edit(desk: Desk, found: Extra) -> HttpResponseBase:
    def keep(form: Any, seen: str | None, by: str) -> bool:
        services = list(form.cleaned_data["services"])
        return extras.keep_extra(
            extra=form.instance, services=services, organization=desk.organization, by=by, seen=seen
        )

    kind = Editing(
        form=form_class(PagedExtraForm, Extra, NAMES, desk.organization),
        page=partial(_page, desk),
        latest=lambda: _found(found.pk),
        done=lambda: redirect("desk:extras"),
        keep=keep,
        fingerprint=extras.fingerprint,
    )
    return edit(desk, found, kind)


def _page(desk: Desk, form: PriceForm, seen: str, *, changed: bool = False, status: int = 200) -> HttpResponseBase:
    kept = None if form.instance._state.adding else _found(form.instance.pk)
    context: dict[str, Any] = {
        "row": _row(desk, kept) if kept else None,
        "form": form,
        "seen": seen,
        "price": shown(form, EXTRA_PRICE),
        "count": shown(form, EXTRA_COUNT),
        "offered": shown(form, EXTRA_SHOWN),
        "changed": changed,
        "history": price_history.told(kept.pk, desk.organization.currency) if kept else [],
    }
    return desk.page("desk/extra.html", context, section="prices", status=status)


def _row(desk: Desk, found: Extra) -> Row:
    services = [in_language(each.service.name) for each in found.offers.all()]
    return Row(found, wording.extra_price(extra_of(row_of(found)), desk.organization.currency), services)


def _found(extra_id: UUID) -> Extra:
    """Raises NotFound."""
    found = Extra.objects.prefetch_related("offers__service").filter(pk=extra_id).first()
    if found is None:
        raise NotFound
    return found
