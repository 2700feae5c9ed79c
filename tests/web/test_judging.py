"""What is typed without a connection is judged on the device by the server's rules: nobody learns it hours later."""

import random
from collections.abc import Callable

from playwright.sync_api import Page

from holdfast.bookings.schemas import normal_phone
from holdfast.web.phones import plan_of

Show = Callable[..., Page]
EMPTY = "<!doctype html><title>Test</title><body></body>"
JUDGE = """async ([fields, values, numbers]) => {
    const { problemsIn } = await import("/static/device/asked.js");
    const names = ["required", "one_line", "invalid_email", "no_number", "no_digits", "no_whole_number"];
    const texts = Object.fromEntries(names.map((name) => [name, name]));
    const limits = { too_long: "≤{most}", too_small: "≥{least}", too_large: "≤{most}" };
    return problemsIn(fields, values, { texts: { ...texts, ...limits }, numbers });
}"""
NUMBERS = """async (cases) => {
    const { wrongWithNumber } = await import("/static/device/telephone.js");
    return cases.map(([plan, typed]) => wrongWithNumber(typed, plan));
}"""
WRONG = {
    ("text", "Zoe\x01 Quux"): "one_line",
    ("text", "Zoe\tQuux"): "one_line",
    ("text", "Zoe\u202eQuux"): "one_line",
    ("text", "Zoë नी\u200d 👩\u200d👧 O’Neil"): None,
    ("text", "x" * 121): "≤120",
    ("text", "👩" * 120): None,
    ("email", "ana@example"): "invalid_email",
    ("email", "ana..reyes@example.com"): "invalid_email",
    ("email", "o'neil+salon@sub.example.com"): None,
    ("tel", "abc"): "no_number",
    ("tel", "+999 1234567"): "no_number",
    ("tel", "06 12 34"): "no_digits",
    ("tel", "06 12 34 56 78"): None,
    ("tel", "+44 20 7946 0958"): None,
    ("number", "two"): "no_whole_number",
    ("number", "0"): "≥1",
    ("number", "10"): "≤9",
}


def test_each_field_says_what_the_server_would(show: Show) -> None:
    names = [f"f{number}" for number in range(len(WRONG))]
    kinds = [kind for kind, _typed in WRONG]
    limits = {"text": {"longest": 120, "oneLine": True}, "number": {"smallest": 1, "largest": 9}}
    fields = [
        {"name": name, "label": name, "kind": kind, "required": False, **limits.get(kind, {})}
        for name, kind in zip(names, kinds, strict=True)
    ]
    fields.append({"name": "missing", "label": "", "kind": "text", "required": True})
    values = {name: typed for name, (_kind, typed) in zip(names, WRONG, strict=True)}
    said = show(EMPTY).evaluate(JUDGE, [fields, values, plan_of("FR")])
    assert said.pop("missing") == "required"
    assert {(kind, values[name]): said.get(name) for name, kind in zip(names, kinds, strict=True)} == WRONG


def test_no_number_is_refused_that_the_server_would_take(show: Show) -> None:
    chance = random.Random(7)
    forms = ["{}", "+{}", "00{}", "0{}", "{} ext. 12", "({}) 5", "+33{}", "011{}", "{}a"]
    plans = {country: plan_of(country) for country in ("FR", "US", "GB", "IT", "DE", "RU", "AU", "SG", "HU", "MX")}
    typed = [
        (country, chance.choice(forms).format("".join(chance.choices("0123456789", k=chance.randint(1, 14)))))
        for country in plans
        for _ in range(100)
    ]
    refused = show(EMPTY).evaluate(NUMBERS, [[plans[country], number] for country, number in typed])
    strict = [asked for asked, why in zip(typed, refused, strict=True) if why and is_taken(*asked)]
    assert strict == []
    lax = sum(1 for asked, why in zip(typed, refused, strict=True) if not why and not is_taken(*asked))
    assert lax < len(typed) / 4  # letters, extensions and foreign prefixes are left to the server


def is_taken(country: str, number: str) -> bool:
    try:
        return bool(normal_phone(number, country))
    except ValueError:
        return False
