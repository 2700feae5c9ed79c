"""A field's label, hint and error belong to it for everyone, also for those who hear the page."""

import re

import pytest
from django import forms
from django.template import engines
from django.utils.translation import override

from holdfast.web.phones import PhoneField, country_choices


class Details(forms.Form):
    email = forms.EmailField(label="Email", help_text="The confirmation goes here.")
    company = forms.CharField(label="Company", required=False)
    seat = forms.ChoiceField(label="Seat", choices=[("a", "Aisle"), ("w", "Window")], widget=forms.RadioSelect)
    terms = forms.BooleanField(label="I agree")
    phone = PhoneField(country="FR", label="Phone", required=False)


def rendered(form: forms.Form, name: str) -> str:
    template = engines["django"].from_string("{% load holdfast %}{% field bound %}")
    with override("en"):
        return str(template.render({"bound": form[name]}))


def phone(typed: str, country: str = "FR") -> tuple[str | None, list[str]]:
    form = Details({"phone": typed, "phone_country": country})
    form.full_clean()
    return form.cleaned_data.get("phone"), [str(error) for error in form.errors.get("phone", [])]


def test_an_error_is_tied_to_its_field_with_the_hint() -> None:
    html = rendered(Details({"email": "ana"}), "email")
    assert 'for="id_email"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_email_helptext"' in html
    assert 'id="id_email_error"' in html
    assert 'value="ana"' in html


def test_what_may_stay_empty_says_so() -> None:
    assert "(optional)" in rendered(Details(), "company")
    assert "(optional)" not in rendered(Details(), "email")


def test_a_choice_is_a_group_with_its_question() -> None:
    html = rendered(Details(), "seat")
    assert "<legend>Seat" in html
    assert len(re.findall(r'<label class="choice"><input type="radio"', html)) == 2


def test_a_checkbox_is_wrapped_by_its_words() -> None:
    assert re.search(r'<label class="check"><input type="checkbox"[^>]*><span>I agree', rendered(Details(), "terms"))


def test_a_phone_label_names_the_number_and_the_country_names_itself() -> None:
    html = rendered(Details(), "phone")
    assert 'for="id_phone_1"' in html
    assert re.search(r'<select name="phone_country"[^>]*aria-label="Country of the number"', html)
    assert '<option value="FR" selected>France +33</option>' in html
    assert re.search(r'<input type="tel" name="phone"[^>]*autocomplete="tel-national"[^>]*id="id_phone_1"', html)


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("01 44 55 66 77", "FR", "+33144556677"),
        ("+44 20 7946 0018", "FR", "+442079460018"),
        ("(212) 555-0187", "US", "+12125550187"),
        ("", "FR", ""),
        ("  ", "FR", ""),
    ],
)
def test_a_number_is_kept_in_its_international_form(typed: str, country: str, kept: str) -> None:
    assert phone(typed, country) == (kept, [])


@pytest.mark.parametrize("typed", ["12", "call me", "01 44 55 66 77 88 99 00 11"])
def test_a_number_that_cannot_be_called_is_refused_with_the_way_out(typed: str) -> None:
    kept, errors = phone(typed)
    assert kept is None
    assert len(errors) == 1
    assert "too short, too long" in errors[0]


def test_countries_are_named_and_sorted_in_the_language_of_the_page() -> None:
    with override("fr"):
        names = [name for _region, name in country_choices()]
    assert names.index("Allemagne +49") < names.index("Émirats arabes unis +971") < names.index("France +33")
