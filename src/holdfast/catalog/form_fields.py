"""Form fields for what the catalog keeps: text in several languages, lists of words, money, answers to choose from."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from holdfast.catalog.models import Language
from holdfast.core.fields import LocalizedField
from holdfast.domain.money import Money, exponent

LONGEST_WORD = 40


class LocalizedWidget(forms.MultiWidget):
    """One input for each language of the organization, each with its name."""

    template_name = "catalog/admin/localized.html"
    text: type[forms.Widget] = UnfoldAdminTextInputWidget
    long_text: type[forms.Widget] = UnfoldAdminTextareaWidget

    def __init__(self, languages: Sequence[str], *, long: bool, label: str) -> None:
        self.languages = languages
        kind = self.long_text if long else self.text
        attrs = [{"lang": code, "aria-label": f"{label} ({Language(code).label})", "rows": "3"} for code in languages]
        super().__init__({code: kind(each) for code, each in zip(languages, attrs, strict=True)})

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        return [(value or {}).get(code, "") for code in self.languages]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["several"] = len(self.languages) > 1
        for code, subwidget in zip(self.languages, context["widget"]["subwidgets"], strict=True):
            subwidget["language"] = Language(code).label
        return context


class PageLocalizedWidget(LocalizedWidget):
    """The same on a page of ours."""

    template_name = "web/widgets/localized.html"
    text, long_text = forms.TextInput, forms.Textarea


class LocalizedFormField(forms.MultiValueField):
    """`{"en": …, "fr": …}` from one input for each language; if required, then in the default language."""

    def __init__(
        self,
        *,
        languages: Sequence[str],
        default_language: str,
        long: bool = False,
        widget: type[LocalizedWidget] = LocalizedWidget,
        **kwargs: Any,
    ) -> None:
        self.languages = languages
        self.default_language = default_language
        self.kept: dict[str, str] = {}
        fields = [forms.CharField(required=False) for _code in languages]
        inputs = widget(languages, long=long, label=str(kwargs.get("label", "")))
        super().__init__(fields, require_all_fields=False, widget=inputs, **kwargs)

    @classmethod
    def of(
        cls, field: LocalizedField, organization: Any, *, long: bool, widget: type[LocalizedWidget] = LocalizedWidget
    ) -> "LocalizedFormField":
        """The form field of a model's field, in the organization's languages."""
        return cls(
            languages=organization.languages,
            default_language=organization.default_language,
            long=long,
            widget=widget,
            label=capfirst(str(field.verbose_name)),
            help_text=field.help_text,
            required=not field.blank,
        )

    def keep(self, texts: dict[str, str] | None) -> None:
        """Remember texts in languages the organization does not use at present: they are not thrown away."""
        self.kept = {code: text for code, text in (texts or {}).items() if code not in self.languages}

    def compress(self, data_list: list[str]) -> dict[str, str]:
        texts = {code: text for code, text in zip(self.languages, data_list, strict=False) if text}
        if self.required and not texts.get(self.default_language):
            language = Language(self.default_language).label
            raise ValidationError(_("Fill in the text in %(language)s.") % {"language": language})
        return self.kept | texts


class WordsField(forms.CharField):
    """A list of words, typed with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": UnfoldAdminTextInputWidget(), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        words = value if isinstance(value, list | tuple) else str(value or "").split(",")
        return list(dict.fromkeys(word.strip() for word in words if word.strip()))

    def validate(self, value: Any) -> None:
        long = next((word for word in value if len(word) > LONGEST_WORD), None)
        if long:
            raise ValidationError(_("“%(word)s” is longer than 40 characters.") % {"word": long})

    def run_validators(self, value: Any) -> None:
        """Those of text do not fit a list."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


class AttributesField(forms.CharField):
    """Numbers and words with a name, one a line: `seats: 7`. Names are kept in small letters, so that they meet."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "widget": UnfoldAdminTextareaWidget(attrs={"rows": "3"}), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{name}: {each}" for name, each in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        found: dict[str, int | float | str] = {}
        for line in filter(None, map(str.strip, str(value or "").splitlines())):
            name, colon, text = (part.strip() for part in line.partition(":"))
            name = name.lower()
            if not (name and colon and text):
                raise ValidationError(_("“%(line)s” is not a name and a value, such as: seats: 7") % {"line": line})
            if max(len(name), len(text)) > LONGEST_WORD:
                raise ValidationError(_("“%(word)s” is longer than 40 characters.") % {"word": line})
            if name in found:
                raise ValidationError(_("“%(name)s” stands on two lines.") % {"name": name})
            found[name] = _number(text)
        return found

    def validate(self, value: Any) -> None:
        """Done line by line."""

    def run_validators(self, value: Any) -> None:
        """Those of text do not fit."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or {}))
        except ValidationError:
            return True


def _number(text: str) -> int | float | str:
    """A number where the text is one, with a point or a comma; else the text."""
    if re.fullmatch(r"-?\d{1,15}", text):
        return int(text)
    return float(text.replace(",", ".")) if re.fullmatch(r"-?\d{1,12}[.,]\d{1,6}", text) else text


class MoneyField(forms.DecimalField):
    """Minor units of a currency, typed in its major unit: 95.00 for 9500 cents. `lowest` None: negative ones too."""

    def __init__(
        self,
        *,
        currency: str,
        lowest: int | None = 0,
        widget: type[forms.NumberInput] = UnfoldAdminDecimalFieldWidget,
        **kwargs: Any,
    ) -> None:
        self.currency = currency
        digits = exponent(currency)
        number = widget(attrs={"step": str(Decimal(1).scaleb(-digits)), "inputmode": "decimal"})
        super().__init__(min_value=lowest, max_digits=15, decimal_places=digits, widget=number, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return Money(value, self.currency).decimal() if type(value) is int else value

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        return None if amount is None else int(amount.scaleb(exponent(self.currency)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))


class ChoicesField(forms.CharField):
    """The answers to choose from, one a line: `value | text | text in the next language`."""

    default_help = gettext_lazy("One answer a line: a short key, then its text in each language, with | between them.")

    def __init__(self, *, languages: Sequence[str], **kwargs: Any) -> None:
        self.languages = languages
        super().__init__(required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": "3"}), **kwargs)
        self.help_text = self.help_text or self.default_help

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(
            " | ".join([choice["value"], *(choice["label"].get(code, "") for code in self.languages)]).rstrip(" |")
            for choice in value
        )

    def to_python(self, value: Any) -> Any:
        lines = [[part.strip() for part in line.split("|")] for line in str(value or "").splitlines() if line.strip()]
        return [
            {"value": key, "label": {code: text for code, text in zip(self.languages, texts, strict=False) if text}}
            for key, *texts in lines
        ]

    def validate(self, value: Any) -> None:
        keys = [choice["value"] for choice in value]
        for choice in value:
            if not choice["value"] or not choice["label"]:
                raise ValidationError(_("Each line needs a key and a text, such as: t1 | Terminal 1"))
            if keys.count(choice["value"]) > 1:
                raise ValidationError(_("The key “%(key)s” stands on two lines.") % {"key": choice["value"]})

    def run_validators(self, value: Any) -> None:
        """Those of text do not fit a list."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial or []) != self.prepare_value(self.to_python(data)))
