"""The browser of the journeys and the pictures: $HOLDFAST_CHROMIUM, the system's, else Playwright's own, fetched once.

`python tools/chromium.py` makes sure that there is one. Where none can be had (no network, or libraries missing that
only root may install), it says so and fails, and `make test` with it: nothing is left out in silence.
"""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def executable() -> str | None:
    """The browser named by $HOLDFAST_CHROMIUM, else the system's; None means the one that Playwright brings."""
    named = os.environ.get("HOLDFAST_CHROMIUM", "")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


def lacking() -> str:
    """Why no browser can be started here, in a line; empty if one can. The system's is trusted to start."""
    return "" if executable() else problem()


def problem() -> str:
    """What happens when it is started: nothing bad if empty."""
    try:
        with sync_playwright() as playwright:
            playwright.chromium.launch(executable_path=executable(), args=FLAGS).close()
    except Exception as error:
        return str(error).strip().splitlines()[0]
    return ""


def main() -> int:
    if lacking():
        print("No Chromium here; fetching Playwright's (about 100 MB, once) …", flush=True)
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"],
            check=False,
            stderr=subprocess.DEVNULL,
        )
    if problem() and os.geteuid() == 0 and shutil.which("apt-get"):
        print("It does not start; installing the system's …", flush=True)
        subprocess.run(["apt-get", "update", "-q"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"], check=False)
    why = problem()
    if why:
        print(f"No browser starts here, and the journeys need one: {why}", flush=True)
        print(
            "On Debian or Ubuntu, as root: apt-get install chromium. Or name one: HOLDFAST_CHROMIUM=/path/to/it",
            flush=True,
        )
        print("Every test but those of pages: .venv/bin/python -m pytest", flush=True)
    return 1 if why else 0


if __name__ == "__main__":
    sys.exit(main())
