"""What somebody waits for, as pages and mails list it; in the active language, on the business's clock."""

from datetime import time

from babel.dates import format_time
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.bookings.details import extras
from holdfast.bookings.details.facts import Fact
from holdfast.core.fields import in_language
from holdfast.domain.hours import DAY
from holdfast.waiting.models import WaitingEntry
from holdfast.web import formats


def for_entry(entry: WaitingEntry) -> list[Fact]:
    """What, on which dates and at which times of day, with whom."""
    party = entry.party_size
    people = ngettext("%(count)s person", "%(count)s people", party) % {"count": party} if party > 1 else ""
    with_whom = [Fact(_("With"), entry.chosen_resource.name)] if entry.chosen_resource else []
    taken = [Fact(_("Extras"), ", ".join(extras.in_words(entry.extras)))] if entry.extras else []
    return [
        Fact(_("What"), in_language(entry.service.name), people),
        Fact(_("When"), dates(entry), times_of_day(entry)),
        *with_whom,
        *taken,
    ]


def dates(entry: WaitingEntry) -> str:
    """ "Thursday, March 12", or the first and the last day."""
    if entry.first_date == entry.last_date:
        return formats.day(entry.first_date)
    return f"{formats.day(entry.first_date, 'day')} – {formats.day(entry.last_date, 'day')}"


def times_of_day(entry: WaitingEntry) -> str:
    """ "Starting between 2:00 PM and 6:00 PM"; "At any time of day"."""
    since, until = _clock(entry.since_minute), _clock(entry.until_minute)
    if entry.since_minute and entry.until_minute < DAY:
        return _("Starting between %(since)s and %(until)s") % {"since": since, "until": until}
    if entry.since_minute:
        return _("Starting at %(since)s or later") % {"since": since}
    if entry.until_minute < DAY:
        return _("Starting before %(until)s") % {"until": until}
    return _("At any time of day")


def _clock(minute: int) -> str:
    return str(format_time(time(minute % DAY // 60, minute % 60), "short", locale=formats.current_locale()))
