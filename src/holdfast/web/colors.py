"""An organization's one accent color, made safe to read in light and in dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

import colorsys
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache

DEFAULT_ACCENT = "#1f5f4a"

# The grounds of tokens.css that accented text stands on; tests/web/test_colors.py keeps the two files equal.
LIGHT_PAPER, LIGHT_GROUND = "#ffffff", "#f7f6f3"
DARK_PAPER, DARK_GROUND = "#1c1b19", "#141312"
INK_ON_LIGHT, INK_ON_DARK = "#1c1a17", "#ffffff"

TEXT_CONTRAST = 4.5
SHAPE_CONTRAST = 3.0
LIGHT_TINT, DARK_TINT = 0.1, 0.18
HOVER_SHARE = 0.14

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


@dataclass(frozen=True)
class Accent:
    """One color scheme's accent; each field is `#rrggbb` and one CSS custom property (`text` is `--accent-text`)."""

    fill: str  # behind `ink`: the prominent button, the chosen day
    hover: str
    ink: str  # text and icons upon `fill` and `hover`, at least 4.5:1
    edge: str  # borders and marks that carry meaning, at least 3:1
    text: str  # links and accented words, at least 4.5:1 on paper, ground and tint
    tint: str  # a faint ground for what is chosen


def is_hex_color(value: str) -> bool:
    return _HEX.fullmatch(value) is not None


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio of two `#rrggbb` colors, 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_ink(fill: str) -> str:
    """The better readable of our two inks upon this fill."""
    return max((INK_ON_DARK, INK_ON_LIGHT), key=lambda ink: contrast(ink, fill))


@lru_cache(maxsize=256)
def accents(color: str) -> tuple[Accent, Accent]:
    """The accent of the light and of the dark scheme from one brand color; the default where that is no hex color."""
    brand = color.lower() if is_hex_color(color) else DEFAULT_ACCENT
    if len(brand) == 4:
        brand = "#" + "".join(digit * 2 for digit in brand[1:])
    return (
        _accent(brand, paper=LIGHT_PAPER, ground=LIGHT_GROUND, dark=False),
        _accent(brand, paper=DARK_PAPER, ground=DARK_GROUND, dark=True),
    )


def accent_properties(color: str) -> str:
    """CSS declarations for `:root`, each a `light-dark()` pair; made of checked hex digits only, so safe in a page."""
    light, dark = accents(color)
    names = [field.name for field in fields(Accent)]
    return "".join(f"{_property(name)}:light-dark({getattr(light, name)},{getattr(dark, name)});" for name in names)


def _property(name: str) -> str:
    return "--accent" if name == "fill" else f"--accent-{name}"


def _accent(brand: str, *, paper: str, ground: str, dark: bool) -> Accent:
    def fit(*grounds: str, ratio: float) -> str:
        return _moved(brand, lighter=dark, enough=lambda color: all(contrast(color, on) >= ratio for on in grounds))

    # On dark paper a navy button would vanish, so the fill itself is lifted there; on white a yellow one keeps its
    # color (it is the brand's) and is outlined by `edge` instead.
    fill = fit(paper, ratio=SHAPE_CONTRAST) if dark else brand
    fill = _moved(fill, lighter=dark, enough=lambda color: contrast(color, readable_ink(color)) >= TEXT_CONTRAST)
    ink = readable_ink(fill)
    tint = _mix(paper, fill, DARK_TINT if dark else LIGHT_TINT)
    return Accent(
        fill=fill,
        hover=_mix(fill, "#000000" if ink == INK_ON_DARK else "#ffffff", HOVER_SHARE),
        ink=ink,
        edge=fit(paper, ground, ratio=SHAPE_CONTRAST),
        text=fit(paper, ground, tint, ratio=TEXT_CONTRAST),
        tint=tint,
    )


def _moved(color: str, *, lighter: bool, enough: Callable[[str], bool]) -> str:
    """The color with its hue and saturation kept, its lightness moved in hundredths only as far as needed."""
    if enough(color):
        return color
    hue, lightness, saturation = colorsys.rgb_to_hls(*(value / 255 for value in _rgb(color)))
    end = 1.0 if lighter else 0.0
    for step in range(1, 101):
        moved = colorsys.hls_to_rgb(hue, lightness + (end - lightness) * step / 100, saturation)
        candidate = "#" + "".join(f"{round(value * 255):02x}" for value in moved)
        if enough(candidate):
            return candidate
    return "#ffffff" if lighter else "#000000"


def _mix(first: str, second: str, share: float) -> str:
    pairs = zip(_rgb(first), _rgb(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2 definition."""
    linear = [(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for c in (v / 255 for v in _rgb(color))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
