"""One booking: its facts, its timeline, and every step it can take."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from holdfast.bookings import actions
from holdfast.bookings.assignment.assigned import assigned_of
from holdfast.bookings.assignment.reassigning import REASSIGNABLE
from holdfast.bookings.details import attending
from holdfast.bookings.details.answers import in_words
from holdfast.bookings.details.attendees import in_words as in_lines
from holdfast.bookings.details.ladder_words import rungs
from holdfast.bookings.details.price_words import lines_of
from holdfast.bookings.errors import TransitionNotAllowed, VersionConflict
from holdfast.bookings.limits import overrides
from holdfast.bookings.models import Booking
from holdfast.bookings.stops.telling import stops_of
from holdfast.catalog.models import Question
from holdfast.core import clock
from holdfast.core.errors import HoldfastError, NotFound, ValidationError
from holdfast.core.fields import in_language
from holdfast.core.tenancy import transaction_for
from holdfast.desk import money_acts, verbs
from holdfast.desk.access import Desk, desk_view
from holdfast.desk.forms import ChangeForm
from holdfast.desk.money import money_of, words_of_ending
from holdfast.desk.queries import booking_by_reference
from holdfast.desk.timeline import timeline
from holdfast.desk.verbs import Verb
from holdfast.desk.views.session import safe_goal
from holdfast.desk.views.today import row_of
from holdfast.payments.ledger import rows_of
from holdfast.pricing.tax_words import included_words
from holdfast.series.queries import place_of


@desk_view()
def booking(desk: Desk, reference: str) -> HttpResponseBase:
    return booking_page(desk, booking_by_reference(reference))


@desk_view(may="change", transaction=False)
def change(desk: Desk, reference: str, action: str) -> HttpResponseBase:
    """GET asks, POST does. What cannot be done any more is explained on the booking as it is now."""
    with transaction_for(desk.organization.id):
        found = booking_by_reference(reference)
        verb = verbs.verb_of(action, found)
        if verb is None:
            raise NotFound
        form = ChangeForm(desk.request.POST or None)
        if desk.request.method != "POST" or not form.is_valid():
            return _question(desk, found, verb, form)
    try:
        verbs.do(verb, organization=desk.organization, booking_id=found.id, actor=desk.actor, **form.cleaned_data)
    except HoldfastError as error:
        return refused(desk, reference, error)
    messages.success(desk.request, str(verb.done))
    return redirect(safe_goal(desk.request) if desk.request.POST.get("next") else found_at(found))


@require_POST
@desk_view(may="change", transaction=False)
def note(desk: Desk, reference: str) -> HttpResponseBase:
    with transaction_for(desk.organization.id):
        found = booking_by_reference(reference)
    text = desk.request.POST.get("text", "")[:4000]
    try:
        actions.add_note(organization=desk.organization, booking_id=found.id, text=text, author=desk.actor.name)
    except ValidationError:
        with transaction_for(desk.organization.id):
            problem = _("The note is empty. Write something first.")
            return booking_page(desk, booking_by_reference(reference), note_error=problem, status=422)
    messages.success(desk.request, _("Note added."))
    return redirect(found_at(found))


def refused(desk: Desk, reference: str, error: HoldfastError) -> HttpResponseBase:
    """The booking as it is now, and above it why nothing was changed."""
    with transaction_for(desk.organization.id):
        found = booking_by_reference(reference)
        return booking_page(desk, found, refusal=refusal_words(found, error), status=error.status)


def refusal_words(found: Booking, error: HoldfastError) -> dict[str, str]:
    """What happened, what is safe, what to do."""
    if isinstance(error, VersionConflict):
        last = timeline(found, rows_of(found))
        return {
            "title": _("Somebody changed this booking in the meantime"),
            "text": _("Nothing of yours was saved. This is the booking as it is now; look at it and choose again."),
            "last": last[0].words if last else "",
        }
    if isinstance(error, TransitionNotAllowed):
        return {
            "title": _("This cannot be done any more"),
            "text": _("Nothing was changed. The booking is as you see it here."),
            "last": "",
        }
    return {"title": str(error.title), "text": str(error.detail if error.detail != error.title else ""), "last": ""}


def booking_page(desk: Desk, found: Booking, *, status: int = 200, **more: Any) -> HttpResponseBase:
    """Inside the tenant's transaction."""
    now, money = clock.now(), money_of(found)
    offered = verbs.offered(found, now)
    asked = [verb for verb in (offered.likely, *offered.others) if verb and verb.asks]
    context = {
        "booking": found,
        "row": row_of(found, now),
        "offered": offered,
        "confirm_words": verbs.consequence(verbs.CONFIRM, found) if offered.likely is verbs.CONFIRM else "",
        "questions": [
            {"verb": verb, "consequence": verbs.consequence(verb, found), "fee": verbs.fee(verb, found, now)}
            for verb in asked
        ],
        "rungs": rungs(found, found.created_at),
        "price_lines": lines_of(found),
        "taxes": included_words(found.price_lines, found.price_currency),
        "answers": answers_of(found),
        "overrides": overrides.of_booking(found),
        "assigned": assigned_of(found),
        "attendees": in_lines(found.attendees),
        "stops": stops_of(found),
        "may_name": desk.may_change and attending.may_change(found, desk.actor),
        "may_reassign": desk.may_change and found.state in REASSIGNABLE,
        "customer_language": language_of(found.customer_locale),
        "timeline": timeline(found, money.rows),
        "money": money,
        "money_words": words_of_ending(money),
        "money_acts": money_acts.offered(money),
        "place": place_of(found),
        **more,
    }
    return desk.page("desk/booking.html", context, status=status)


def answers_of(found: Booking) -> list[tuple[str, Any]]:
    """What the customer answered, in the questions' words; an answer whose question is gone keeps its key."""
    if not found.answers:
        return []
    asked = {question.key: question for question in Question.objects.filter(service_id=found.service_id)}
    known = [
        (in_language(each.label), in_words(each.kind, each.choices, found.answers[key]))
        for key, each in asked.items()
        if key in found.answers
    ]
    return known + [(key, value) for key, value in found.answers.items() if key not in asked]


def language_of(code: str) -> str:
    """The name of the language the customer reads, in the reader's; the code where we do not know it."""
    try:
        return str(get_language_info(code)["name_translated"]).capitalize()
    except KeyError:
        return code


def found_at(found: Booking) -> str:
    return reverse("desk:booking", args=[found.reference])


def _question(desk: Desk, found: Booking, verb: Verb, form: ChangeForm) -> HttpResponseBase:
    now, money = clock.now(), money_of(found)
    context = {"booking": found, "row": row_of(found, now), "verb": verb, "form": form, "money": money,
               "money_words": words_of_ending(money), "consequence": verbs.consequence(verb, found),
               "fee": verbs.fee(verb, found, now)}  # fmt: skip
    return desk.page("desk/question.html", context, status=422 if form.is_bound else 200)
