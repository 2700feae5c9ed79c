"""The API's OpenAPI document in docs/api: `python tools/openapi.py` writes it, `--check` fails if it is not current.

Needs no database. Sorted, so that a change of the API shows as that change and nothing else.
"""

import argparse
import difflib
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "api" / "openapi.json"
JSON_TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}


def document() -> dict[str, Any]:
    """What /api/v1/openapi.json answers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    os.environ.setdefault("HOLDFAST_SECRET_KEY", "nothing is signed while a document is written")
    import django

    django.setup()
    from holdfast.config.api import api

    generated: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return generated


def as_text(generated: dict[str, Any]) -> str:
    return json.dumps(generated, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def complaints(generated: dict[str, Any]) -> list[str]:
    """What is wrong with a document, a line each: as OpenAPI 3.1, and by the promises of docs/api/README.md."""
    found = [] if generated.get("openapi", "").startswith("3.1.") else ["it is not OpenAPI 3.1"]
    found += [f"info lacks {name}" for name in ("title", "version") if not generated.get("info", {}).get(name)]
    seen: set[str] = set()
    for path, method, operation in operations(generated):
        name = f"{method.upper()} {path}"
        found += [f"{name}: {each}" for each in _wrong_with(path, operation, generated)]
        if operation.get("operationId") in seen:
            found.append(f"{name}: its operationId {operation['operationId']} is used twice")
        seen.add(operation.get("operationId", ""))
    found += [f"{ref} leads nowhere" for ref in references(generated) if resolve(generated, ref) is None]
    found += [f"“{kind}” is no type of JSON" for kind in _types(generated) if kind not in JSON_TYPES]
    return found


def operations(generated: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of all."""
    for path, methods in generated["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def references(node: Any) -> Iterator[str]:
    """Every $ref below a node."""
    for each in _nodes(node):
        if isinstance(each.get("$ref"), str):
            yield each["$ref"]


def resolve(generated: dict[str, Any], reference: str) -> Any:
    """What a `#/…` reference means; None when there is nothing."""
    found: Any = generated
    for step in reference.removeprefix("#/").split("/"):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _wrong_with(path: str, operation: dict[str, Any], generated: dict[str, Any]) -> Iterator[str]:
    yield from (f"lacks {name}" for name in ("operationId", "summary", "responses") if not operation.get(name))
    declared = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
    if declared != set(re.findall(r"{(\w+)}", path)):
        yield f"declares the path parameters {sorted(declared)}"
    responses = operation.get("responses", {})
    if not any(status.startswith("2") or status == "101" for status in responses):
        yield "never succeeds"
    if "{org}" in path and "404" not in responses:
        yield "does not say what an unknown organization gets (404)"
    if "requestBody" in operation and "422" not in responses:
        yield "does not say what a body that cannot be read gets (422)"
    for status, response in responses.items():
        if not response.get("description"):
            yield f"{status} has no description"
        if int(status) >= 400 and response.get("content") != PROBLEM:
            yield f"{status} is not a problem document"
    schemes = generated["components"].get("securitySchemes", {})
    yield from (f"names an unknown security scheme: {name}" for each in operation.get("security", []) for name in each
                if name not in schemes)  # fmt: skip


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for each in node.values():
            yield from _nodes(each)
    elif isinstance(node, list):
        for each in node:
            yield from _nodes(each)


def _types(generated: dict[str, Any]) -> Iterator[str]:
    """Every type that a schema of the components or of a parameter names."""
    schemas = [*generated["components"]["schemas"].values()]
    schemas += [each["schema"] for _, _, operation in operations(generated) for each in operation.get("parameters", [])]
    for node in _nodes(schemas):
        kind = node.get("type")
        yield from [kind] if isinstance(kind, str) else []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is not current")
    check = parser.parse_args().check
    generated = document()
    found = complaints(generated)
    print("".join(f"{line}\n" for line in found), end="", file=sys.stderr)
    text, kept = as_text(generated), DOCUMENT.read_text("utf-8") if DOCUMENT.exists() else ""
    name = DOCUMENT.relative_to(ROOT).as_posix()
    if check and text != kept:
        difference = difflib.unified_diff(kept.splitlines(True), text.splitlines(True), f"{name} now", "the API")
        sys.stderr.writelines(list(difference)[:80])
        print(f"{name} is not current. Look at the difference, then: python tools/openapi.py", file=sys.stderr)
        return 1
    if not check and text != kept:
        DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
        DOCUMENT.write_text(text, "utf-8")
    print(f"{name} is current: {len(list(operations(generated)))} operations.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
