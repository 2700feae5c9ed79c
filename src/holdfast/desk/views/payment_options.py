"""How customers pay, what is asked at once, tips, and what cancelling costs: laid down by the business."""

from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from holdfast.core.errors import NotFound
from holdfast.desk import price_history
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.price_editing import Editing, edit, keep_row
from holdfast.desk.price_fields import form_class
from holdfast.payments.queries import takes_cards
from holdfast.pricing import actions, history, option_forms, option_words, policies
from holdfast.pricing.models import CancellationPolicy, Deposit, PaymentMethod, PaymentOption, TipChoices
from holdfast.pricing.option_forms import PolicyForm

configures = partial(desk_view, may="configure", refusal="desk/prices_refused.html")
METHODS = tuple(each for each in PaymentMethod if each != PaymentMethod.NONE)
KINDS: dict[str, Any] = {
    "deposit": (Deposit, option_forms.DepositForm, option_forms.DEPOSIT, gettext_lazy("Deposit")),
    "tips": (TipChoices, option_forms.TipsForm, option_forms.TIPS, gettext_lazy("Tips")),
    "cancellation": (CancellationPolicy, PolicyForm, option_forms.POLICY, gettext_lazy("Cancelling and not coming")),
}


@desk_view()
def payment_options(desk: Desk) -> HttpResponseBase:
    """All of it on one page."""
    currency = desk.organization.currency
    known = {each.method: each for each in PaymentOption.objects.all()}
    tips = TipChoices.objects.first()
    context = {
        "methods": [_method_row(known.get(each), each, currency) for each in METHODS],
        "default_on_site": not any(each.is_active for each in known.values()),
        "takes_cards": takes_cards(),
        "deposits": [(each, option_words.deposit_words(each, currency)) for each in option_forms.rows_of(Deposit)],
        "tips": tips,
        "tips_words": option_words.tips_words(tips),
        "policies": [
            (each, option_words.policy_words(each, currency)) for each in option_forms.rows_of(CancellationPolicy)
        ],
        "tab": "payment",
    }
    return desk.page("desk/payment_options.html", context, section="prices")


@configures()
def payment_method(desk: Desk, method: str) -> HttpResponseBase:
    """A method is one of the four; its row is there from the first change on."""
    if method not in METHODS:
        raise NotFound
    new = PaymentOption(organization=desk.organization, method=method, is_active=False)
    found = PaymentOption.objects.filter(method=method).first() or new
    title = str(PaymentMethod(method).label)
    names = option_forms.KEPT_CARD if method == PaymentMethod.CARD_ON_FILE else option_forms.OPTION
    return _edit(desk, found, option_forms.PaymentOptionForm, names, title)


@configures()
def new_option(desk: Desk, kind: str) -> HttpResponseBase:
    model, form, names, title = _kind(kind)
    found = TipChoices.objects.first() if model is TipChoices else None
    usual = {"percent": Decimal(100)} if model is CancellationPolicy else {}
    return _edit(desk, found or model(organization=desk.organization, **usual), form, names, str(title), kind)


@configures()
def option(desk: Desk, kind: str, option_id: UUID) -> HttpResponseBase:
    model, form, names, title = _kind(kind)
    return _edit(desk, _found(model, option_id), form, names, str(title), kind)


@require_POST
@configures()
def delete_option(desk: Desk, kind: str, option_id: UUID) -> HttpResponseBase:
    actions.remove(row=_found(_kind(kind)[0], option_id), by=desk.actor.name)
    messages.success(desk.request, _("Deleted. What is booked keeps what was agreed."))
    return redirect("desk:payment-options")


def _edit(
    desk: Desk, found: Any, base: type[Any], names: tuple[str, ...], title: str, kind: str = ""
) -> HttpResponseBase:
    def page(form: Any, seen: str, **told: Any) -> HttpResponseBase:
        return _page(desk, form, title, kind, seen=seen, **told)

    editing = Editing(
        form=form_class(base, type(found), names, desk.organization),
        page=page,
        latest=lambda: _found(type(found), found.pk),
        done=lambda: redirect("desk:payment-options"),
        keep=_keep,
        fingerprint=_seen,
        words=gettext_lazy("Saved. What is booked keeps what was agreed."),
    )
    return edit(desk, found, editing)


def _keep(form: Any, seen: str | None, by: str) -> bool:
    """It is said to be saved even where nothing is new."""
    if isinstance(form, PolicyForm):
        policies.keep_policy(policy=form.instance, steps=form.steps, by=by, seen=seen)
    else:
        keep_row(form, seen, by)
    return True


def _page(
    desk: Desk, form: Any, title: str, kind: str, *, seen: str, changed: bool = False, status: int = 200
) -> HttpResponseBase:
    told = [] if form.instance._state.adding else price_history.told(form.instance.pk, desk.organization.currency)
    own, steps = [form[name] for name in form.fields if not name.startswith("step")], isinstance(form, PolicyForm)
    context = {
        "form": form,
        "title": title,
        "kind": kind,
        "first": own[:1] if steps else own,
        "steps": form.step_fields if steps else [],
        "own": own[1:] if steps else [],
        "kept": None if form.instance._state.adding or not kind else form.instance,
        "seen": seen,
        "changed": changed,
        "history": told,
    }
    return desk.page("desk/payment_option.html", context, section="prices", status=status)


def _method_row(option: PaymentOption | None, method: PaymentMethod, currency: str) -> dict[str, Any]:
    return {
        "method": method,
        "is_offered": option is not None and option.is_active,
        "fee": option_words.fee_words(option, currency) if option else "",
        "held": option_words.hold_words(option) if option else "",
        "by_card": method != PaymentMethod.ON_SITE,
    }


def _seen(row: Any) -> str:
    return policies.fingerprint(row) if isinstance(row, CancellationPolicy) else history.fingerprint(row)


def _kind(kind: str) -> Any:
    if kind not in KINDS:
        raise NotFound
    return KINDS[kind]


def _found(model: type[Any], key: UUID) -> Any:
    """Raises NotFound."""
    found = model.objects.filter(pk=key).first()
    if found is None:
        raise NotFound
    return found
