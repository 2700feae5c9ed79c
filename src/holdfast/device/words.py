"""The texts of the pages that are drawn on the device, in the active language: scripts have none of their own."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from holdfast.catalog.models import Organization
from holdfast.web import formats

Texts = dict[str, Any]


def place_of(organization: Organization) -> Texts:
    """Where the device is to ask, and in whose language and zone it speaks."""
    slug, language = organization.slug, get_language() or organization.default_language
    return {
        "org": slug,
        "api": f"/api/v1/{slug}",
        "locale": language,
        "zone": organization.time_zone,
        "zone_name": formats.zone_name(organization.time_zone),
        "clocks": _clocks(),
        "home": reverse("wizard:organization", args=[slug]),
        "booking": reverse("wizard:choose", args=[slug]),
        "offline": reverse("device:offline", args=[slug]),
        "settings": f"{reverse('device:settings', args=[slug])}?language={language}",
        "catalog_url": f"{reverse('device:catalog', args=[slug])}?language={language}",
    }


def _clocks() -> Texts:
    """As the pages with a connection say it (bookings/availability/month.py, web/formats.py:moment_for)."""
    zones = {"zone": "{zone}", "own": "{own}"}
    return {
        "both": _("%(when)s, %(zone)s; for you %(own)s") % {**zones, "when": "{when}"},
        "zone": _("Times in %(zone)s") % zones,
        "zones": _("Times in %(zone)s, and below them in yours, %(own)s") % zones,
        "own_zone": _("%(city)s time") % {"city": "{city}"},
        "own": _("%(time)s your time") % {"time": "{time}"},
    }


def offline() -> Texts:
    return {
        "as_of": _("Free times as of {time}. Whether yours is still free is looked at when it is sent."),
        "as_of_others": _(
            "Free times as of {time}, for another length, number of people or person: of yours nothing is known here. "
            "Whether it is free is looked at when it is sent."
        ),
        "catalog_as_of": _("What is on offer as of {time}: we cannot be reached at the moment."),
        "built_in": _("What is on offer as this page was kept on {time}: we cannot be reached at the moment."),
        "back": _("You are connected again."),
        "go_on": _("Book in the usual way"),
        "no_times": _(
            "No free times are known on this device. They are kept when you look at a service while connected."
        ),
        "looking": _("Looking for free times"),
        "by_card_only": _("This is paid on line when it is booked, and that waits for a connection."),
        "pay_on_day": _("You pay on the day. Paying on line waits for a connection."),
        "perhaps_booked": _(
            "If you had already pressed “Book”, we may have it: look for our mail before you send it again."
        ),
        "change_service": _("Choose another service"),
        "day": _("Day"),
        "time": _("Time"),
        "people": _("People"),
        "length": _("Length"),
        "member": _("With"),
        "anybody": _("Whoever is free"),
        "pickup": _("From"),
        "dropoff": _("To"),
        "place": _("Place"),
        "place_other": _("Another place"),
        "address": _("{end}: street and number, terminal or door"),
        "name": _("Name"),
        "email": _("Email"),
        "email_hint": _("The confirmation is sent here."),
        "phone": _("Phone"),
        "phone_hint": _("With the country code, such as +33, if it is of another country."),
        "attendee": _("Person {number}: name"),
        "note": _("Anything we should know"),
        "choose": _("Please choose"),
        "yes": _("Yes"),
        "no": _("No"),
        "optional": _("optional"),
        "send": _("Send when connected"),
        "send_hint": _("It is kept on this device, sent once there is a connection, and then forgotten here."),
        "send_now": _("Send"),
        "send_now_hint": _("It is sent at once, and then forgotten on this device."),
        "edit_title": _("Put your booking right"),
        "edit_lead": _("It is not booked yet. What you change here is sent anew, and the time is looked at again."),
        **_twins(),
        "see_queue": _("See what this device keeps"),
        "required": _("Please fill this in."),
        "invalid_email": _("This is not a whole email address, such as name@example.com."),
        **_judged(),
    }


def _twins() -> Texts:
    return {
        "twin": _("A booking of the same service at the same time waits on this device already. Both would be booked."),
        "twin_sent": _("You have booked the same service at the same time from this device already: {reference}."),
        "twice": _("Book it twice"),
    }


def _judged() -> Texts:
    """As the server says it (bookings/schemas, bookings/details/answers.py)."""
    said = {
        "one_line": _("Please write it on one line, without invisible characters."),
        "too_long": _("Please use at most %(most)d characters."),
        "no_number": _("Please give a telephone number, such as +33 1 99 00 12 34."),
        "no_digits": _("This telephone number has too few or too many digits."),
        "no_whole_number": _("Please answer with a whole number."),
        "too_small": _("Please answer with %(least)d or more."),
        "too_large": _("Please answer with %(most)d or less."),
    }
    return {name: text.replace("%(most)d", "{most}").replace("%(least)d", "{least}") for name, text in said.items()}


def settings() -> Texts:
    return {
        "none": _("Nothing waits on this device."),
        "states": {
            "waiting": _("Waiting for a connection"),
            "asked_first": _("We look whether it arrived"),
            "sending": _("Being sent"),
            "conflict": _("The time is taken"),
            "wrong": _("Something has to be put right"),
            "over": _("The time has passed"),
            "sent": _("Booked"),
        },
        "said": {
            "conflict": _("Somebody else took this time meanwhile. Nothing is booked yet. These are free:"),
            "no_alternatives": _("Somebody else took this time meanwhile. Nothing is booked. Please choose another."),
            "hold_expired": _(
                "The time is not held for you any more. If you had pressed “Book”, look for our mail first."
            ),
            "stale": _("We do not know whether this arrived. Look for our mail before you send it again."),
            "maybe_yours": _(
                "This time is taken, perhaps by your own booking, if it arrived before. Look for our mail before you "
                "choose another."
            ),
            "perhaps": _(
                "We do not know yet whether it arrived. It is sent again under the same number, and booked only once."
            ),
            "over_unknown": _(
                "The time has passed. We do not know whether it arrived: look for our mail. Your details are gone from "
                "this device."
            ),
            "over": _("It could not be sent in time. Nothing was booked, and your details are gone from this device."),
            "sent": _("You are booked. The confirmation is on its way by mail."),
            "requested": _("We have your request and answer by mail."),
        },
        **_twins(),
        "field_error": _("%(label)s: %(value)s") % {"label": "{field}", "value": "{message}"},
        "wishes": {
            "change": _(
                "What you sent before may have arrived already. We look first, as soon as there is a connection: if it "
                "is booked, you change it on its page; if not, your change is sent."
            ),
            "delete": _(
                "It may have arrived already. We look first, as soon as there is a connection: if it is not booked, it "
                "is deleted and never will be; if it is, you can cancel it from here."
            ),
        },
        "late": {
            "change": _(
                "This was booked as you first sent it, before your change arrived. Change or cancel it on its page; "
                "the link is in our mail as well."
            ),
            "delete": _(
                "This was booked before you deleted it, and is booked still. If you do not want it, cancel it on its "
                "page; the link is in our mail as well."
            ),
        },
        "reference": _("Reference"),
        "open": _("Change or cancel"),
        "send_now": _("Try now"),
        "edit": _("Edit"),
        "delete": _("Delete"),
        "delete_anyway": _("Delete here without looking"),
        "forget": _("Remove from this device"),
        "again": _("Ask for {time} again"),
        "other_times": _("Other times"),
        "next": _("Next attempt"),
        "at_once": _("as soon as there is a connection"),
        "attempts": _("Attempts"),
        "last_error": _("Last answer"),
        "pressed": _("Kept since"),
        "errors": {
            "offline": _("No connection"),
            "timeout": _("No answer in time"),
            "unexpected": _("We could not answer"),
            "stale": _("None for most of a day"),
            "stopped": _("Not waited for any more"),
        },
        "live": _live(),
        "cleared": _("This device keeps nothing any more, and we have forgotten this browser."),
        "still_kept": _(
            "This device is cleared. We could not be reached, so these are not ended yet: a time that is held for you, "
            "the booking you were in the middle of, your last confirmation, and being signed in. It is done by itself "
            "as soon as there is a connection; leave the device to nobody before."
        ),
        "deleted": _("Deleted from this device."),
    }


def _live() -> Texts:
    return {
        "of": _("What is listened to"),
        "times_of": _("Free times: {service}"),
        "mine": _("My bookings (once signed in)"),
        "transport": _("Transport"),
        "transports": {"sse": _("Server-sent events"), "ws": _("WebSocket")},
        "state": _("State"),
        "states": {
            "closed": _("Off"),
            "connecting": _("Connecting"),
            "open": _("Connected"),
            "waiting": _("Connection lost, trying again"),
            "paused": _("Paused while this page is not seen"),
            "refused": _("Refused"),
        },
        "last_event": _("Last event"),
        "no_event": _("None since this page was opened"),
        "kinds": {"availability-updated": _("Free times changed"), "booking": _("A booking changed")},
        "heard": _("Last sign of life"),
        "latency": _("Delay of the last event"),
        "unknown": _("Not known yet"),
        "reconnects": _("Connected again"),
        "times": {"one": _("{count} time"), "other": _("{count} times")},
        "use": _("Use {transport}"),
    }
