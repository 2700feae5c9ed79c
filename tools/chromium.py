"""A Chromium for the browser tests: the one that is there, else one is installed.

python tools/chromium.py        find or install it and print its path
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium: $HOLDFAST_CHROMIUM, the system's, or Playwright's own; None when there is none."""
    return next((path for path in _candidates() if path and os.access(path, os.X_OK)), None)


def _candidates() -> Iterator[str | None]:
    yield os.environ.get("HOLDFAST_CHROMIUM")
    for name in NAMES:
        yield shutil.which(name)
    yield _playwrights_own()


def _playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    try:
        with sync_playwright() as playwright:
            return str(playwright.chromium.executable_path)
    except Exception:  # asked inside a running loop, or its driver is missing: then it has none for us
        return None


def _installers() -> Iterator[list[str]]:
    yield [sys.executable, "-m", "playwright", "install", "chromium"]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        yield ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]


def install() -> str:
    """Try each way until one gives a Chromium. Raises SystemExit with what a person can do."""
    for command in _installers():
        print(f"No Chromium yet: {' '.join(command)}", file=sys.stderr, flush=True)
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0 and (found := find()):
            return found
    raise SystemExit(
        "The browser tests need a Chromium, and none could be installed here.\n"
        "Install Chromium or Chrome, or set HOLDFAST_CHROMIUM to the path of one."
    )


if __name__ == "__main__":
    print(Path(find() or install()))
