"""Every component, looked at by axe and by measure, on a phone and a desktop, in light and in dark."""

import calendar
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.http import HttpRequest
from django.template.backends.django import DjangoTemplates
from django.utils.translation import override
from playwright.sync_api import Page

from holdfast.web.phones import PhoneField
from holdfast.web.states import BOOKING_STATES

HERE = Path(__file__).parent
AT = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)
BUILTINS = ["django.templatetags.i18n", "django.templatetags.static", "holdfast.web.templatetags.holdfast"]
TOO_SMALL = """() => [...document.querySelectorAll("a, button, input, select, summary, textarea")]
    .filter((one) => one.checkVisibility() && !one.matches(
        ".skip-link, .chip, .row-link, p a, dd a, [type=radio], [type=checkbox]"))
    .filter((one) => { const box = one.getBoundingClientRect(); return box.height < 43.5 })
    .map((one) => one.outerHTML.slice(0, 80))"""


class Details(forms.Form):
    name = forms.CharField(label="Full name", widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(label="Email", help_text="The confirmation goes here.")
    phone = PhoneField(country="FR", label="Phone", required=False)
    luggage = forms.ChoiceField(label="Luggage", choices=[("1", "Hand luggage"), ("2", "Suitcases")])
    seats = forms.ChoiceField(
        label="Child seat", required=False, choices=[("n", "None"), ("b", "Baby")], widget=forms.RadioSelect
    )
    notes = forms.CharField(label="Anything else", required=False, widget=forms.Textarea({"rows": 3}))
    news = forms.BooleanField(label="Send me a reminder", required=False)


def day(number: int) -> dict[str, Any]:
    return {
        "number": number,
        "label": f"March {number}",
        "free": number > 8,
        "today": number == 9,
        "chosen": number == 12,
    }


def row(time: str, name: str, state: str) -> dict[str, Any]:
    return {"time": time, "length": 90, "name": name, "detail": "Airport transfer", "state": state, "price": 9500}


def pattern_page(accent: str) -> str:
    """The page of every component, for a made-up organization with this accent."""
    request = HttpRequest()
    request.csp_nonce = "once"  # type: ignore[attr-defined]
    weeks = [
        [day(number) if number else None for number in week] for week in calendar.Calendar().monthdayscalendar(2026, 3)
    ]
    context = {
        "request": request,
        "organization": SimpleNamespace(name="Paris Élite", accent=accent, languages=["en", "fr", "es"]),
        "at": AT,
        "now": AT.isoformat(),
        "until": (AT + timedelta(minutes=9)).isoformat(),
        "form": Details({"name": "Ana Ruiz", "email": "ana", "luggage": "1"}),
        "weeks": weeks,
        "weekdays": list(calendar.day_name),
        "groups": [
            ("Morning", [{"start": "09:00", "price": 9500}, {"start": "10:00", "price": 9550, "left": 2}]),
            ("Afternoon", [{"start": "14:00", "price": 9500, "chosen": True}, {"start": "15:00", "gone": True}]),
        ],
        "rows": [row("09:00", "Ana Ruiz Fernández de la Torre", "requested"), row("10:30", "John Park", "confirmed")],
        "states": list(BOOKING_STATES),
    }
    engine = DjangoTemplates({"NAME": "patterns", "DIRS": [HERE], "APP_DIRS": True, "OPTIONS": {"builtins": BUILTINS}})
    with override("en"):
        return str(engine.get_template("patterns/all.html").render(context))


@pytest.mark.parametrize(
    ("accent", "width", "scheme"),
    [("#1f5f4a", 390, "light"), ("#1f5f4a", 1280, "dark"), ("#ffd400", 390, "dark"), ("#ffd400", 1280, "light")],
)
def test_every_component_is_accessible(show: Callable[..., Page], accent: str, width: int, scheme: str) -> None:
    viewport = {"width": width, "height": 844}
    page = show(pattern_page(accent), viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    page.wait_for_function("document.querySelector('hold-countdown').textContent.includes(':')")
    violations = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
    assert page.evaluate(TOO_SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.complaints == []  # type: ignore[attr-defined]
