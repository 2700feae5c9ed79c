"""Make the virtual environment that every command runs in: `python3 tools/bootstrap.py .venv`.

Standard library only, because it runs before anything is installed, and old syntax, so that an old Python can say what
it lacks. Packages come from the hashed lock file: two machines get the same bytes or an error. Run again after a change
of the lock file or of pyproject.toml, it installs what is missing and asks no registry for what is there.
"""

import os
import shutil
import subprocess
import sys
import time
import venv
from collections import deque
from pathlib import Path

OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
# The lines by which pip says that it has turned to another package.
TURNS = ("Collecting ", "Requirement already satisfied: ")


def main(target: Path) -> None:
    ensure_python()
    began = time.monotonic()
    say(f"Setting up {target} (about a minute, once)")
    make_environment(target)
    python = str(target / "bin" / "python")
    install(python, LOCK.read_text().count("=="), "--require-hashes", "-r", str(LOCK))
    install(python, 1, "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    say(f"Ready in {time.monotonic() - began:.0f} s")


def ensure_python() -> None:
    """Go on with a newer Python of this machine if this one is too old; without one, say so."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, *sys.argv])  # noqa: S606 - no shell is wanted
    wanted = ".".join(map(str, OLDEST))
    sys.exit(
        f"Holdfast needs Python {wanted} or newer; this is {sys.version.split()[0]}. "
        "With one elsewhere: make demo PYTHON=/path/to/python3"
    )


def make_environment(target: Path) -> None:
    """A fresh one unless there is one that works; that is kept, with its own Python (`make clean` begins anew)."""
    if works(target / "bin" / "python"):
        return
    try:
        venv.create(target, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, ImportError):
        sys.exit("Python's venv module is not complete. On Debian or Ubuntu: apt-get install python3-venv")


def works(python: Path) -> bool:
    """Not after its base was moved or removed, as upgrades of the system do."""
    try:
        return subprocess.run([str(python), "-c", "import pip"], check=False, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def install(python: str, count: int, *arguments: str) -> None:
    """Run pip, showing how far it is; its last words only if it fails."""
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments]
    last_words: deque[str] = deque(maxlen=30)
    turned_to = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout or ():
            last_words.append(line)
            turn = next((line[len(each) :] for each in TURNS if line.startswith(each)), "")
            if turn:
                turned_to += 1
                progress(turned_to, count, turn.split()[0])
            elif count > 1 and line.startswith("Installing collected packages"):
                say("  unpacking …", over=True)
    if pip.returncode:
        sys.exit("".join(last_words) + "The packages could not be installed; pip's own words are above.")


def progress(done: int, count: int, name: str) -> None:
    """One line that moves on a terminal; a line for every twenty packages in a log."""
    text = f"  packages {done}/{max(done, count)}  {name.split('==')[0].split(' ')[0]}"
    if sys.stdout.isatty():
        say(text, over=True)
    elif done % 20 == 0 or done == count > 1:
        say(text)


def say(text: str, *, over: bool = False) -> None:
    """`over`: on a terminal, the next line takes this one's place."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="" if over else "\n", flush=True)
    else:
        print(text, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
