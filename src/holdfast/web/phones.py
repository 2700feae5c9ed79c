"""A telephone field with its country: people type the number as they know it, we keep it as E.164."""

import unicodedata
from functools import cache
from typing import Any

import phonenumbers
from babel import Locale
from django import forms
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat

from holdfast.web.formats import current_locale


class PhoneWidget(forms.MultiWidget):
    """A country (`<name>_country`) and a number (`<name>`), filled by the browser where it knows them."""

    template_name = "web/widgets/phone.html"
    use_fieldset = False

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        country = forms.Select(
            {"class": "input", "autocomplete": "tel-country-code", "aria-label": _("Country of the number")},
            choices=CallableChoiceIterator(country_choices),  # asked anew for each page: names are in its language
        )
        number = forms.TextInput({"class": "input", "type": "tel", "autocomplete": "tel-national"})
        super().__init__({"country": country, "": number}, {"class": "phone", **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        # the group's own class stays on the group; all else (id, aria-*) belongs to the two controls
        shared = {key: content for key, content in {**self.attrs, **(attrs or {})}.items() if key != "class"}
        kept, self.attrs = self.attrs, {}
        try:
            context: dict[str, Any] = super().get_context(name, value, shared)
        finally:
            self.attrs = kept
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_1" if id_ else ""

    def decompress(self, value: Any) -> list[str]:
        """`+33144556677` → `["FR", "1 44 55 66 77"]`; what cannot be read stays in the number as it is."""
        try:
            number = phonenumbers.parse(str(value or ""))
        except NumberParseException:
            return ["", str(value or "")]
        national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        return [phonenumbers.region_code_for_number(number) or "", national]


class PhoneField(forms.MultiValueField):
    """Cleans to E.164 (`+33144556677`) or to "" when left empty and not required."""

    default_error_messages = {
        "invalid": _("Check the number: it is too short, too long, or belongs to another country than the one chosen.")
    }

    def __init__(self, *, country: str, **options: Any) -> None:
        """`country`: ISO 3166 code that is chosen at first, usually the organization's."""
        self.country = country
        parts = (
            forms.ChoiceField(choices=country_choices, required=False),
            forms.CharField(required=False, max_length=40),
        )
        super().__init__(fields=parts, require_all_fields=False, widget=PhoneWidget(), **options)
        if not self.initial:
            self.initial = [country, ""]

    def compress(self, values: list[str]) -> str:
        region, typed = [*values, "", ""][:2]
        if not typed.strip():
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return ""
        try:
            number = phonenumbers.parse(typed, region or self.country)
        except NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def in_groups(number: str) -> str:
    """E.164 in groups a person can read and dial, with its country code; what cannot be read stays as it is."""
    try:
        return str(phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL))
    except NumberParseException:
        return number


def country_choices() -> list[tuple[str, str]]:
    """Every country with telephones as `("FR", "France +33")`, by its name in the active language."""
    return _choices(current_locale())


@cache
def _choices(locale: Locale) -> list[tuple[str, str]]:
    named = (
        (region, f"{locale.territories.get(region, region)} +{phonenumbers.country_code_for_region(region)}")
        for region in phonenumbers.SUPPORTED_REGIONS
    )
    return sorted(named, key=lambda choice: _without_accents(choice[1]))


def plan_of(country: str) -> dict[str, Any]:
    """What a script judges a number by that is typed in that country (`device/telephone.js`).

    `lengths`: by calling code, how many digits a number may have without it, as `is_possible_number` sees it.
    """
    told = PhoneMetadata.metadata_for_region(country)
    return {
        "calling": str(phonenumbers.country_code_for_region(country) or ""),
        "trunk": (told.national_prefix if told else "") or "",
        "abroad": (told.international_prefix if told else "") or "",
        "lengths": _lengths(),
    }


@cache
def _lengths() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        plans = [
            PhoneMetadata.metadata_for_region_or_calling_code(code, region)
            for region in (*regions, phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY)
        ]
        descriptions = [plan.general_desc for plan in plans if plan and plan.general_desc]
        possible = {each for one in descriptions for each in (*one.possible_length, *one.possible_length_local_only)}
        found[str(code)] = sorted(possible)
    return found


def _without_accents(text: str) -> str:
    return unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
