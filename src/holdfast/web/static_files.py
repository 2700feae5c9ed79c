"""Static files with their content's hash in the name, modules' imports included, so caches may keep them forever."""

import re
from collections.abc import Callable
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

Converter = Callable[[re.Match[str]], str]


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    support_js_module_import_aggregation = True
    # A module is settled once those that it imports are: so many may stand in a row.
    max_post_process_passes = 12

    def url_converter(self, name: str, hashed_files: dict[str, str], template: str | None = None) -> Converter:
        """As Django's, but for comments: a type that is named there is not imported, and may name its reader."""
        convert: Converter = super().url_converter(name, hashed_files, template)

        def converter(found: re.Match[str]) -> str:
            return str(found[0]) if _is_in_comment(found) else convert(found)

        return converter


def _is_in_comment(found: re.Match[Any]) -> bool:
    text, start = str(found.string), found.start()
    return text.rfind("/*", 0, start) > text.rfind("*/", 0, start)
