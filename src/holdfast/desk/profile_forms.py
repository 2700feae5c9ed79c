"""The form of a resource's profile: what it can do, what customers read of it, whether they may choose it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from holdfast.catalog.form_fields import AttributesField, WordsField
from holdfast.catalog.members import LANGUAGE, Profile, Serving, languages_in
from holdfast.catalog.models import Organization, Resource, ResourceKind, Team
from holdfast.core.fields import in_language
from holdfast.desk.profile_words import language_name, skill_words

# Offered besides those that the business already speaks or asks for.
COMMON_LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "zh")


class ProfileForm(forms.Form):
    """`skills` and `languages` are boxes of what is known here; `more` takes any other word."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=32)
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("Skills"), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), required=False, widget=forms.CheckboxSelectMultiple
    )
    more = WordsField(
        label=gettext_lazy("Further skills"),
        required=False,
        max_length=400,
        widget=forms.TextInput(),
        help_text=gettext_lazy("Words with commas between them; a service can ask for them."),
    )
    attributes = AttributesField(
        label=gettext_lazy("Attributes"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Numbers and words with a name, one a line: seats: 7"),
    )
    team = forms.ModelChoiceField(
        Team.objects.none(), label=gettext_lazy("Team"), required=False, empty_label=gettext_lazy("None")
    )
    is_public = forms.BooleanField(label=gettext_lazy("Customers may choose it"), required=False)

    def __init__(
        self,
        sent: QueryDict | None,
        resource: Resource,
        organization: Organization,
        servings: Sequence[Serving],
        skills: Iterable[str],
        **initial: Any,
    ) -> None:
        super().__init__(sent, initial={**_initial(resource), **initial})
        self.resource, self.organization = resource, organization
        known = set(skills)
        self._choices("skills", [(each, _asked_by(each, servings)) for each in sorted(known) if not _speaks(each)])
        if resource.kind == ResourceKind.PERSON:
            codes = {*COMMON_LANGUAGES, *organization.languages, *languages_in(known)}
            self._choices(
                "languages", sorted(((code, language_name(code)) for code in codes), key=lambda each: each[1])
            )
        else:
            del self.fields["languages"]
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)  # noqa: S101 - declared above
        team.queryset = Team.objects.filter(organization=organization)
        for code in organization.languages:
            name = {"language": get_language_info(code)["name_translated"]}
            self.fields[f"about-{code}"] = forms.CharField(
                label=_("What customers read (%(language)s)") % name,
                required=False,
                max_length=600,
                initial=(resource.about or {}).get(code, ""),
                widget=forms.Textarea({"rows": 3, "lang": code}),
            )
        if organization.public_attributes:
            shown = {"names": ", ".join(organization.public_attributes)}
            self.fields["attributes"].help_text = _("One a line, such as seats: 7. Customers see: %(names)s.") % shown
        choosing = [in_language(each.service.name) for each in servings if each.choosable]
        self.fields["is_public"].help_text = (
            _("Where they choose somebody: %(services)s.") % {"services": ", ".join(choosing)}
            if choosing
            else _("No service lets them choose at present; that is set at the service’s requirement.")
        )

    @property
    def boxes(self) -> list[forms.BoundField]:
        """The fields that have something to tick."""
        return [self[name] for name in ("skills", "languages") if getattr(self.fields.get(name), "choices", None)]

    @property
    def about_fields(self) -> list[forms.BoundField]:
        return [self[f"about-{code}"] for code in self.organization.languages]

    def profile(self) -> Profile:
        """What was chosen; after `is_valid`. Texts in languages the organization does not use are kept."""
        given = self.cleaned_data
        spoken = (LANGUAGE + code for code in given.get("languages", ()))
        about = dict(self.resource.about or {})
        about |= {code: given[f"about-{code}"] for code in self.organization.languages}
        team: Team | None = given["team"]
        return Profile(
            skills=tuple(sorted({*given["skills"], *spoken, *given["more"]})),
            attributes=given["attributes"],
            team=_key(team),
            about={code: text for code, text in about.items() if text},
            is_public=given["is_public"],
        )

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = choices


def _initial(resource: Resource) -> Mapping[str, Any]:
    return {
        "skills": [each for each in resource.skills if not _speaks(each)],
        "languages": languages_in(resource.skills),
        "attributes": resource.attributes,
        "team": resource.team_id,
        "is_public": resource.is_public,
    }


def _asked_by(skill: str, servings: Sequence[Serving]) -> str:
    """ "tour – asked for by City tour, Wine tour"."""
    names = [in_language(each.service.name) for each in servings if any(skill in asks.skills for asks in each.asks)]
    words = {"skill": skill_words(skill), "services": ", ".join(names)}
    return _("%(skill)s – asked for by %(services)s") % words if names else str(words["skill"])


def _speaks(skill: str) -> bool:
    return skill.startswith(LANGUAGE)


def _key(team: Team | None) -> UUID | None:
    return team.pk if team else None
