"""Make the virtual environment that every command runs in: `python3 tools/bootstrap.py .venv`.

Standard library only, because it runs before anything is installed. Packages come from the hashed
lock file, so two machines get the same bytes or an error.
"""

import subprocess
import sys
import venv
from pathlib import Path

OLDEST = (3, 11)


def run(*command: str) -> None:
    subprocess.run(command, check=True)


def main(target: Path) -> None:
    if sys.version_info < OLDEST:
        sys.exit(f"Holdfast needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}. Try: make demo PYTHON=python3.12")
    print(f"Setting up {target} (once; about a minute) …", flush=True)
    try:
        venv.create(target, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, ImportError):
        sys.exit("Python's venv module is not complete. On Debian or Ubuntu: apt-get install python3-venv")
    python = str(target / "bin" / "python")
    pip = (python, "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "install", "--require-hashes", "-r", "requirements.lock")
    run(*pip, "install", "--no-deps", "--no-build-isolation", "-e", ".")
    run(python, "tools/translations.py", "compile")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
