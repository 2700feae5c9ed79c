"""What a page before payment weighs on the way to a phone."""

import gzip
import re
from pathlib import PurePosixPath

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests import factories
from tests.wizard.conftest import Customer

MOST = 90_000  # bytes of styles and scripts, compressed
LINKED = re.compile(r"""(?:href|src)="/static/([^"?]+\.(?:css|js))""")
IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*"(\.{1,2}/[^"]+\.js)\"""")
HASHED = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")


def weight(html: str) -> dict[str, int]:
    """Compressed bytes of each style and script that the page links, and of every module these import."""
    waiting, found = [HASHED.sub("", each) for each in LINKED.findall(html)], {}
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        path = finders.find(name)
        assert path, name
        with open(path, "rb") as file:  # noqa: PTH123 - the finder's path is text
            content = file.read()
        found[name] = len(gzip.compress(content, mtime=0))
        folder = PurePosixPath(name).parent
        for each in IMPORTED.findall(content.decode()) if name.endswith(".js") else ():
            parts: list[str] = []
            for part in (folder / each).parts:
                parts = parts[:-1] if part == ".." else [*parts, part]
            waiting.append("/".join(parts))
    return found


@pytest.mark.parametrize("step", ["", "booking", "booking?service=massage", "booking/details"])
def test_a_page_before_payment_is_light(client: Client, customer: Customer, step: str) -> None:
    if step.endswith("details"):
        customer.take(factories.local(customer.organization, 3, 10))
    page = client.get(f"/salon/{step}")
    assert page.status_code == 200
    weights = weight(page.content.decode())
    assert len(weights) > 5
    assert sum(weights.values()) <= MOST, sorted(weights.items(), key=lambda each: -each[1])
