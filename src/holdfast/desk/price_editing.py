"""Editing something that decides prices: shown, tried, checked, saved unless somebody else has changed it meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from holdfast.desk.access import Desk
from holdfast.pricing import actions, history
from holdfast.pricing.errors import PricesChanged
from holdfast.pricing.forms import PriceForm

Page = Callable[..., HttpResponseBase]
SAVED = gettext_lazy("“%(name)s” is saved. What is booked keeps its price.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Editing:
    """What is of one kind of row only.

    `page(form, seen, changed=…, status=…)` shows it; `latest()` is the row as others have left it, or raises NotFound;
    `keep(form, seen, by)` saves it, raising PricesChanged, and says whether something is new; `try_out(form, seen)`
    answers `do=try`, where there is such a button.
    """

    form: type[PriceForm]
    page: Page
    latest: Callable[[], Any]
    done: Callable[[], HttpResponseBase]
    keep: Callable[[Any, str | None, str], bool]
    fingerprint: Callable[[Any], str] = history.fingerprint
    try_out: Callable[[PriceForm, str], HttpResponseBase] | None = None
    words: str | Promise = SAVED


def keep_row(form: Any, seen: str | None, by: str) -> bool:
    return actions.keep(row=form.instance, by=by, seen=seen)


def edit(desk: Desk, row: Any, kind: Editing) -> HttpResponseBase:
    """A GET shows the form. A POST names in `seen` what was looked at: 409 when that has changed."""
    is_new = row._state.adding
    sent = desk.request.POST if desk.request.method == "POST" else None
    form = kind.form(sent, instance=row)
    if sent is None:
        return kind.page(form, "" if is_new else kind.fingerprint(row))
    seen = sent.get("seen", "")
    if kind.try_out and sent.get("do") == "try":
        return kind.try_out(form, seen)
    if not form.is_valid():
        return kind.page(form, seen, status=422)
    try:
        saved = kind.keep(form, None if is_new else seen, desk.actor.name)
    except PricesChanged:
        return kind.page(form, kind.fingerprint(kind.latest()), changed=True, status=409)
    if saved:
        messages.success(desk.request, str(kind.words) % {"name": row})
    return kind.done()
