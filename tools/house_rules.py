"""Rules of this house that no general linter knows. Each names the one place where a thing may be done, and why."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "holdfast"


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` may stand only in files of the `kind` whose path below src/holdfast matches `allowed`."""

    pattern: str
    allowed: str
    why: str
    kind: str = "py"


RULES = [
    Rule(r"datetime\.now\(|time\.time\(|utcnow\(|timezone\.now\(", r"core/clock\.py", "core/clock.py reads the clock"),
    Rule(
        r"select_for_update|pg_(try_)?advisory",
        r"core/locking\.py|.*/migrations/.*",
        "core/locking.py is the only file that locks",
    ),
    Rule(r"^\s*(import|from) stripe\b", r"payments/stripe_(gateway|refusals)\.py", "one place speaks to Stripe"),
    Rule(r"^\s*(import|from) django\.db\b", r"(?!live/).*", "live/ has no ORM: a stream would keep its connection"),
    Rule(
        r"bookings_allocation|Allocation\.objects\.(create|bulk_create|update)",
        r"bookings/(places/allocations|availability/busy(_feed)?|limits/counting|limits/overbooked|models|queries|migrations/.*)\.py"
        r"|core/.*|demo/.*",
        "bookings/places/allocations.py writes allocations (Law 1)",
    ),
    Rule(r"\.state = ", r"notifications/.*|core/.*|demo/.*", "a booking's state changes by bookings/steps.py only"),
    Rule(
        r"(?<![\w(-])((margin|padding|border|inset|scroll-margin|scroll-padding)-(left|right|top|bottom)|left|right|top|bottom"
        r"|(min-|max-)?(width|height)|border-(top|bottom)-(left|right)-radius)\s*:"
        r"|(text-align|float|clear)\s*:\s*(left|right)",
        r"demo/.*",
        "styles name logical sides (inline-start, block-end): pages may be read from right to left",
        "css",
    ),
    Rule(r"pg_notify|\bNOTIFY\b.*;", r"core/.*", "NOTIFY locks the whole database at commit (Law 5)"),
]


def broken_rules() -> list[str]:
    """A line for each break: file, line, reason."""
    found = []
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.css")]):
        name = path.relative_to(SOURCE).as_posix()
        rules = [rule for rule in RULES if path.suffix == f".{rule.kind}" and not re.fullmatch(rule.allowed, name)]
        for number, line in enumerate(path.read_text().splitlines(), 1):
            code = line.split("#", 1)[0] if path.suffix == ".py" else line
            found += [
                f"{path.relative_to(ROOT)}:{number}: {rule.why}" for rule in rules if re.search(rule.pattern, code)
            ]
    return found


if __name__ == "__main__":
    breaks = broken_rules()
    print("\n".join(breaks) or f"{len(RULES)} rules of the house are kept.")
    sys.exit(1 if breaks else 0)
