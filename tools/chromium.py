"""The browser of the journeys and the pictures: the system's Chromium, else Playwright's own, fetched once.

`python tools/chromium.py` makes sure that there is one. Where none can be had (no network, or libraries missing that
only root may install), it says so, and the tests that need a browser are skipped.
"""

import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def executable() -> str | None:
    """The system's browser; None means the one that Playwright brings."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


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
    why = problem()
    if why:
        print(f"No browser starts here, so tests that need one are skipped: {why}", flush=True)
        print("On Debian or Ubuntu: apt-get install chromium", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
