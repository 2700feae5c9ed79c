"""The catalogs of translations, without GNU gettext: `extract`, `missing`, `fill`, `compile`, `check`.

    python tools/translations.py extract              scan the code and bring the .po files up to date
    python tools/translations.py missing fr           what French still lacks, as a JSON list
    python tools/translations.py fill fr FILE.json    {msgid: text or [one, many]}; "context\\x04msgid" if in context
    python tools/translations.py compile              write the .mo files that Django reads
    python tools/translations.py check                fail if anything a person sees is not translated

The .po files carry no dates and no line numbers and are sorted, so that a change shows only what changed.
"""

import argparse
import fcntl
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.template_text import literal_texts  # noqa: E402 - this file is also started as a script
from tools.typography import typeset  # noqa: E402

SOURCES = ROOT / "src" / "holdfast"
LANGUAGES = ("fr", "es")
TEMPLATE_SUFFIXES = frozenset({".html", ".txt"})
CONTEXT = "\x04"  # gettext's own separator of context and text

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
NAMED = re.compile(r"%\((\w+)\)[a-z]|(?<!\{)\{(\w+)[^{}]*\}(?!\})")
POSITIONAL = re.compile(r"(?<!%)(?:%%)*(%[sd]|\{\})")


class CatalogError(Exception):
    """Something a person must mend first, said in a line."""


def po_path(sources: Path, language: str) -> Path:
    return sources / "locale" / language / "LC_MESSAGES" / "django.po"


def scan(sources: Path = SOURCES) -> Catalog:
    """Every message of the code and the templates, untranslated."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for path in _source_files(sources):
        name = path.relative_to(sources).as_posix()
        try:
            for message, context in _messages(path):
                catalog.add(message, context=context, locations=[(name, 0)])
        except Exception as error:
            raise CatalogError(f"{name} cannot be read: {error}") from error
    return catalog


def template_files(sources: Path) -> list[Path]:
    paths = (path for path in sources.rglob("*") if path.suffix in TEMPLATE_SUFFIXES)
    return sorted(path for path in paths if "templates" in path.relative_to(sources).parts)


def up_to_date(language: str, sources: Path = SOURCES) -> Catalog:
    """The language's catalog with exactly the messages of the code, its translations kept. Writes nothing."""
    path = po_path(sources, language)
    known = read_po(BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)
    result = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for message in _real(scan(sources)):
        added = result.add(message.id, context=message.context, locations=sorted(set(message.locations)))
        kept = known.get(_singular(message), message.context)
        if kept is not None and _fits(message, kept.string, result.num_plurals):
            added.string, added.flags = kept.string, added.flags | (kept.flags & {"fuzzy"})
    return result


def extract(sources: Path = SOURCES, languages: Sequence[str] = LANGUAGES) -> None:
    for language in languages:
        _write(up_to_date(language, sources), language, sources)


def missing(language: str, sources: Path = SOURCES) -> list[str]:
    """The messages without a (certain) translation, as the keys that `fill` takes."""
    return [_key(message) for message in _real(up_to_date(language, sources)) if not _translated(message)]


def fill(language: str, translations: dict[str, str | list[str]], sources: Path = SOURCES) -> list[str]:
    """Put translations in; the complaints about those that could not be are returned."""
    catalog = up_to_date(language, sources)
    messages = {_key(message): message for message in _real(catalog)}
    complaints = []
    for key, given in translations.items():
        string = tuple(given) if isinstance(given, list) else given
        message = messages.get(key)
        if message is None:
            complaints.append(f"{_shown(key)}: no such message in the code")
        elif not _fits(message, string, catalog.num_plurals):
            wanted = f"a list of {catalog.num_plurals} forms" if message.pluralizable else "one text"
            complaints.append(f"{_shown(key)}: needs {wanted}")
        elif wrong := _wrong_placeholders(message.id, string):
            complaints.append(f"{_shown(key)}: {wrong}")
        else:
            message.string = string
            message.flags.discard("fuzzy")
    _write(catalog, language, sources)
    return complaints


def compile_catalogs(sources: Path = SOURCES, languages: Sequence[str] = LANGUAGES) -> None:
    for language in languages:
        path = po_path(sources, language)
        if path.exists():
            content = BytesIO()
            write_mo(content, _typeset(read_po(BytesIO(path.read_bytes()), locale=language), language))
            _replace(path.with_suffix(".mo"), content.getvalue())


def _typeset(catalog: Catalog, language: str) -> Catalog:
    for message in _real(catalog):
        if isinstance(message.string, str):
            message.string = typeset(language, message.string)
        else:
            message.string = tuple(typeset(language, form) for form in message.string or ())
    return catalog


def check(sources: Path = SOURCES, languages: Sequence[str] = LANGUAGES) -> list[str]:
    """Everything that keeps a person from reading in their own language, one line each; empty when all is well."""
    problems = []
    for language in languages:
        for message in _real(up_to_date(language, sources)):
            if not _translated(message):
                problems.append(f"{language}: not translated: {_shown(_key(message))}")
            elif wrong := _wrong_placeholders(message.id, message.string):
                problems.append(f"{language}: {wrong}: {_shown(_key(message))}")
    for path in template_files(sources):
        name = path.relative_to(sources).as_posix()
        found = literal_texts(path.read_text("utf-8"), html=path.suffix == ".html")
        problems += [f"{name}:{each.line}: literal text: {each.text}" for each in found]
    return problems


def _source_files(sources: Path) -> list[Path]:
    return sorted([*sources.rglob("*.py"), *template_files(sources)])


def _messages(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    content = path.read_text("utf-8")
    if path.suffix != ".py":
        # templatize leaves calls of gettext among X's; its indentation means nothing, and Python's tokenizer minds it.
        content = "\n".join(line.strip() for line in templatize(content, origin=path.name).splitlines())
    found = babel_extract("python", BytesIO(content.encode()), KEYWORDS, options={"encoding": "utf-8"})
    for _line, message, _comments, context in found:
        yield message, context


def _real(catalog: Catalog) -> list[Message]:
    """The messages without the header."""
    return sorted((message for message in catalog if message.id), key=_key)


def _singular(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def _key(message: Message) -> str:
    return f"{message.context}{CONTEXT}{_singular(message)}" if message.context else _singular(message)


def _shown(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)


def _fits(message: Message, string: object, forms: int) -> bool:
    if message.pluralizable:
        return isinstance(string, (tuple, list)) and len(string) == forms
    return isinstance(string, str)


def _translated(message: Message) -> bool:
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return all(forms) and bool(forms) and not message.fuzzy


def _placeholders(text: str) -> tuple[frozenset[str], int]:
    """The names a text asks for, and how many unnamed values."""
    return frozenset(one or other for one, other in NAMED.findall(text)), len(POSITIONAL.findall(text))


def _wrong_placeholders(ids: object, strings: object) -> str:
    sources = [ids] if isinstance(ids, str) else list(ids)  # type: ignore[call-overload]
    forms = [strings] if isinstance(strings, str) else list(strings)  # type: ignore[call-overload]
    allowed = {_placeholders(source) for source in sources}  # "one booking" may leave its number out
    wrong = [form for form in forms if form and _placeholders(form) not in allowed]
    return f"other placeholders in {_shown(wrong[0])}" if wrong else ""


def _write(catalog: Catalog, language: str, sources: Path) -> None:
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False)
    _replace(po_path(sources, language), header.encode() + body.getvalue().strip() + b"\n")


def _replace(path: Path, content: bytes) -> None:
    """Whole or not at all: whoever reads meanwhile sees the old file or the new one."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(path)


@contextmanager
def _alone(sources: Path) -> Iterator[None]:
    """One writer at a time; the lock is the directory itself and goes with the process."""
    directory = sources / "locale"
    directory.mkdir(parents=True, exist_ok=True)
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def main(arguments: Sequence[str] | None = None, sources: Path = SOURCES) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("extract", "compile", "check", "missing", "fill"):
        command = commands.add_parser(name)
        if name in {"missing", "fill"}:
            command.add_argument("language", choices=LANGUAGES)
        if name == "fill":
            command.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    try:
        with _alone(sources):
            return _run(options, sources)
    except CatalogError as error:
        print(error, file=sys.stderr)
        return 1


def _run(options: argparse.Namespace, sources: Path) -> int:
    complaints: list[str] = []
    if options.command == "extract":
        extract(sources)
    elif options.command == "missing":
        print(json.dumps(missing(options.language, sources), ensure_ascii=False, indent=1))
    elif options.command == "fill":
        complaints = fill(options.language, json.loads(options.file.read_text("utf-8")), sources)
    elif options.command == "compile":
        compile_catalogs(sources)
    else:
        complaints = check(sources)
    print("".join(f"{line}\n" for line in complaints), end="", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
