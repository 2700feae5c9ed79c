"""The catalogs say everything in every language, or `check` says what is missing."""

import gettext
import json
from pathlib import Path

import pytest

from tools import translations
from tools.template_text import literal_texts

CODE = """
from django.utils.translation import gettext as _, ngettext, npgettext, pgettext
_("Book")
pgettext("verb", "Book")
ngettext("%(count)s place", "%(count)s places", 2)
npgettext("class", "one {name}", "{count} {name}", 2)
"""
TEMPLATE = """<p>
  {% translate "Free until" %}
    {% blocktranslate trimmed count n=n %}
      one day
    {% plural %}
      {{ n }} days
    {% endblocktranslate %}
  <a href="{% url 'x' %}" title="{% translate 'Close' context 'door' %}">{{ _("Later") }}</a>
</p>
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    (tmp_path / "app" / "templates" / "app").mkdir(parents=True)
    (tmp_path / "app" / "code.py").write_text(CODE)
    (tmp_path / "app" / "templates" / "app" / "page.html").write_text(TEMPLATE)
    return tmp_path


FRENCH: dict[str, str | list[str]] = {
    "%(count)s place": ["%(count)s place", "%(count)s places"],
    "Book": "Réserver",
    "Free until": "Gratuit jusqu’au",
    "Later": "Plus tard",
    "class\x04one {name}": ["un {name}", "{count} {name}"],
    "door\x04Close": "Fermer",
    "one day": ["un jour", "%(n)s jours"],
    "verb\x04Book": "Réservez",
}


def po(sources: Path, language: str = "fr") -> str:
    return translations.po_path(sources, language).read_text("utf-8")


def compiled(sources: Path, language: str) -> gettext.GNUTranslations:
    with translations.po_path(sources, language).with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_messages_of_code_and_templates_are_found_before_any_catalog_exists(sources: Path) -> None:
    assert translations.missing("fr", sources) == sorted(FRENCH)


def test_catalogs_carry_no_dates_and_no_line_numbers(sources: Path) -> None:
    translations.extract(sources)
    before = po(sources)
    (sources / "app" / "code.py").write_text("# one line more\n" + CODE)
    translations.extract(sources)
    assert po(sources) == before
    assert "Date" not in before
    assert "#: app/code.py\n" in before


def test_filled_translations_are_kept_and_unused_ones_dropped(sources: Path) -> None:
    assert translations.fill("fr", FRENCH, sources) == []
    assert translations.missing("fr", sources) == []
    (sources / "app" / "code.py").write_text('_("Book")')
    translations.extract(sources)
    assert "Réserver" in po(sources)
    assert "{name}" not in po(sources)


def test_compiled_catalogs_answer_like_gettext(sources: Path) -> None:
    translations.fill("fr", FRENCH, sources)
    translations.compile_catalogs(sources)
    catalog = compiled(sources, "fr")
    assert catalog.gettext("Book") == "Réserver"
    assert catalog.pgettext("verb", "Book") == "Réservez"
    assert [catalog.ngettext("one day", "%(n)s days", n) for n in (0, 1, 2)] == ["un jour", "un jour", "%(n)s jours"]


def test_french_marks_never_begin_or_end_a_line_alone(sources: Path) -> None:
    typed = "« Réserver » : lundi, 9:30 ; voulez-vous ? Oui ! %(n)s"
    (sources / "app" / "code.py").write_text('_("Book %(n)s")')
    for language in ("fr", "es"):
        translations.fill(language, {"Book %(n)s": typed}, sources)
    translations.compile_catalogs(sources)
    french, spanish = (compiled(sources, language).gettext("Book %(n)s") for language in ("fr", "es"))
    assert french == "«\u00a0Réserver\u00a0»\u00a0: lundi, 9:30\u202f; voulez-vous\u202f? Oui\u202f! %(n)s"
    assert spanish == typed, "Spanish sets no such spaces"
    assert typed in po(sources), "translators see what they typed"


def test_check_names_what_is_not_translated_in_each_language(sources: Path) -> None:
    translations.fill("fr", FRENCH, sources)
    translations.fill("es", {**FRENCH, "Later": ""}, sources)
    assert translations.check(sources) == ['es: not translated: "Later"']


def test_an_uncertain_translation_counts_as_missing(sources: Path) -> None:
    translations.fill("fr", FRENCH, sources)
    path = translations.po_path(sources, "fr")
    path.write_text(po(sources).replace('msgid "Later"', '#, fuzzy\nmsgid "Later"'))
    assert translations.missing("fr", sources) == ["Later"]
    assert 'fr: not translated: "Later"' in translations.check(sources)


def test_a_translation_with_other_placeholders_is_refused(sources: Path) -> None:
    complaints = translations.fill("fr", {"one day": ["un jour", "%(jours)s jours"], "Nowhere": "Nulle part"}, sources)
    assert complaints == [
        '"one day": other placeholders in "%(jours)s jours"',
        '"Nowhere": no such message in the code',
    ]


def test_check_finds_other_placeholders_in_a_catalog(sources: Path) -> None:
    for language in translations.LANGUAGES:
        translations.fill(language, FRENCH, sources)
    path = translations.po_path(sources, "es")
    path.write_text(po(sources, "es").replace("%(n)s jours", "jours"))
    # As the text without its number: allowed, for "one day" has none either.
    assert translations.check(sources) == []
    path.write_text(po(sources, "es").replace("{count} {name}", "{nombre}"))
    assert translations.check(sources) == ['es: other placeholders in "{nombre}": "class\\u0004one {name}"']


def test_the_command_says_what_is_wrong_and_fails(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert translations.main(["check"], sources) == 1
    assert 'fr: not translated: "Book"' in capsys.readouterr().err
    file = sources / "fr.json"
    file.write_text(json.dumps(FRENCH))
    assert [translations.main(["fill", language, str(file)], sources) for language in translations.LANGUAGES] == [0, 0]
    assert translations.main(["check"], sources) == 0
    assert translations.main(["missing", "es"], sources) == 0
    assert capsys.readouterr().out == "[]\n"


def test_a_source_that_cannot_be_read_changes_no_catalog(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    translations.fill("fr", FRENCH, sources)
    before = po(sources)
    (sources / "app" / "templates" / "app" / "page.html").write_text("{% blocktranslate %}no end")
    (sources / "app" / "code.py").write_text('_("never closed')
    assert translations.main(["extract"], sources) == 1
    assert "app/code.py cannot be read" in capsys.readouterr().err
    assert po(sources) == before


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>\nHello</p>", [(2, "Hello")]),
        ('<a\n aria-label="Close">×</a>', [(2, 'aria-label="Close"')]),
        (
            '<img alt="A car"><input placeholder="Name" title="{% translate "Name" %}">',
            [(1, 'alt="A car"'), (1, 'placeholder="Name"')],
        ),
        ('<input type="submit" value="Save">', [(1, 'value="Save"')]),
        ('{{ price|default:"free" }}', [(1, "free")]),
        ('<i class="{{ tone|default:"quiet" }}"></i>', []),
        ('{% include "a.html" with label="Save" %}', [(1, 'label="Save"')]),
        ('{% include "a.html" with label=_("Save") %}', []),
        ("{% blocktranslate %}Hello <b>you</b>{% endblocktranslate %}{% comment %}why{% endcomment %}", []),
        ("<script>let a = 'b'</script><style>p { color: red }</style><!-- note -->", []),
        ("<p>{{ count }} · 12:30 – &nbsp;{{ name }} Holdfast</p>", []),
        ("<p>km {# untranslated: the symbol of a unit #}</p>", []),
        ("<p>km {# untranslated: #}</p>", [(1, "km")]),
        ('<option {% if a %}selected{% endif %} value="a">{{ a }}</option>', []),
    ],
)
def test_text_outside_translations_is_found_where_it_stands(template: str, found: list[tuple[int, str]]) -> None:
    assert [(each.line, each.text) for each in literal_texts(template)] == found


def test_a_plain_text_template_is_all_visible() -> None:
    assert [each.line for each in literal_texts("{{ name }}\n<Hello>\n", html=False)] == [2]
