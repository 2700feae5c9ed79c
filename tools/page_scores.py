"""Lighthouse on the booking page of a demo, as on a phone: performance, accessibility, best practices.

python tools/page_scores.py                 a demo of its own
python tools/page_scores.py ADDRESS         a page that is already served

Fails where a score is below what we promise (PROMISED). Not part of `make check`: performance is only true on a quiet
machine. Lighthouse comes by npm from tools/lighthouse, the browser from tools/chromium.py.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import nullcontext
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import sync_playwright

from tools import chromium, screenshots, scripts

FOLDER = scripts.ROOT / "tools" / "lighthouse"
PAGE = "/paris-elite/booking?service=city-tour"
PROMISED = {"performance": 95, "accessibility": 100, "best-practices": 100}
FIGURES = (
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
    "total-byte-weight",
)


def browser() -> str:
    """The system's browser, else the one that Playwright brings."""
    with sync_playwright() as playwright:
        return chromium.executable() or playwright.chromium.executable_path


def measure(address: str) -> dict[str, Any]:
    """Lighthouse's whole report of a page. Raises RuntimeError with its own words."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command: list[str | Path] = [
            scripts.PROGRAM, FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js", address,
            "--quiet", "--output=json", f"--output-path={report}", f"--only-categories={','.join(PROMISED)}",
            f"--chrome-flags={' '.join(['--headless=new', *chromium.FLAGS])}",
        ]  # fmt: skip
        environment = {**os.environ, "CHROME_PATH": browser()}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if not report.exists():
            raise RuntimeError(done.stderr or done.stdout)
        answer: dict[str, Any] = json.loads(report.read_text())
        if answer.get("runtimeError"):
            raise RuntimeError(answer["runtimeError"]["message"])
        return answer


def tell(report: dict[str, Any]) -> bool:
    """Print the scores, the figures behind them and what cost points; whether all that is promised holds."""
    scores = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in PROMISED}
    for name, score in scores.items():
        print(f"{name:16} {score:3}  (promised: {PROMISED[name]})")
    for name in FIGURES:
        print(f"{report['audits'][name]['title']:28} {report['audits'][name].get('displayValue', '')}")
    for name in PROMISED:
        for each in report["categories"][name]["auditRefs"]:
            audit = report["audits"][each["id"]]
            if each["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(f"  costs points: {audit['title']} {audit.get('displayValue', '')}")
    return all(score >= PROMISED[name] for name, score in scores.items())


def main(words: list[str]) -> int:
    why = scripts.install(FOLDER)
    if why:
        print(why.strip(), "\nLighthouse could not be fetched by npm; its words are above.", file=sys.stderr)
        return 1
    with nullcontext() if words else screenshots.running_demo() as demo:
        address = words[0] if words else f"{demo.base if demo else ''}{PAGE}"
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - the caller's own page, once before
            answer.read()
        print(f"Lighthouse on {address}, as on a phone …", flush=True)
        return 0 if tell(measure(address)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
