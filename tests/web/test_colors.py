"""Whatever color a business calls its own, what is written in it or upon it can be read."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import holdfast.web
from holdfast.web import colors
from holdfast.web.colors import accent_properties, accents, contrast, readable_ink

TOKENS = (Path(holdfast.web.__file__).parent / "static/web/tokens.css").read_text()
any_color = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


def token(name: str) -> tuple[str, str]:
    """A token's color in light and in dark, as tokens.css says."""
    match = re.search(rf"--{name}: light-dark\((#\w{{6}}), (#\w{{6}})\)", TOKENS)
    assert match, name
    return match[1], match[2]


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


@pytest.mark.parametrize(
    ("fill", "ink"), [("#ffd400", "#1c1a17"), ("#0b1f3a", "#ffffff"), ("#b3261e", "#ffffff"), ("#f2f2f2", "#1c1a17")]
)
def test_ink_upon_a_fill_is_the_better_readable_one(fill: str, ink: str) -> None:
    assert readable_ink(fill) == ink


@given(any_color)
def test_every_accent_is_readable_in_light_and_dark(brand: str) -> None:
    grounds = ((colors.LIGHT_PAPER, colors.LIGHT_GROUND), (colors.DARK_PAPER, colors.DARK_GROUND))
    for accent, (paper, ground) in zip(accents(brand), grounds, strict=True):
        assert contrast(accent.ink, accent.fill) >= 4.5
        assert contrast(accent.ink, accent.hover) >= 4.5
        assert all(contrast(accent.text, on) >= 4.5 for on in (paper, ground, accent.tint))
        assert all(contrast(accent.edge, on) >= 3 for on in (paper, ground))


def test_a_brand_color_that_is_safe_stays_as_it_is() -> None:
    light, _dark = accents("#1f4fbf")
    assert (light.fill, light.text, light.edge) == ("#1f4fbf", "#1f4fbf", "#1f4fbf")


def test_a_yellow_button_stays_yellow_and_its_words_turn_dark() -> None:
    light, dark = accents("#ffd400")
    assert (light.fill, light.ink, light.text, light.edge) == ("#ffd400", "#1c1a17", "#856e00", "#a88c00")
    assert (dark.fill, dark.text) == ("#ffd400", "#ffd400")


def test_a_short_hex_color_means_its_long_form() -> None:
    assert accents("#0AF") == accents("#00aaff")


@pytest.mark.parametrize("value", ["", "red", "#12", "#1234567", "#ffffff;}body{display:none", "url(#aaa)"])
def test_what_is_no_color_gives_the_default_and_never_reaches_the_page(value: str) -> None:
    assert accent_properties(value) == accent_properties(colors.DEFAULT_ACCENT)


def test_the_style_sheet_and_the_arithmetic_agree() -> None:
    assert token("paper") == (colors.LIGHT_PAPER, colors.DARK_PAPER)
    assert token("ground") == (colors.LIGHT_GROUND, colors.DARK_GROUND)
    flat = TOKENS.replace(": ", ":").replace(", ", ",")
    for declaration in accent_properties(colors.DEFAULT_ACCENT).rstrip(";").split(";"):
        assert declaration in flat


@pytest.mark.parametrize("ink", ["text", "muted", "info", "success", "warning", "danger"])
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_ink_is_readable_on_every_ground(ink: str, scheme: int) -> None:
    grounds = ["paper", "ground", "raised", "hover", "neutral-tint"]
    if ink not in {"text", "muted"}:
        grounds.append(f"{ink}-tint")
    for ground in grounds:
        assert contrast(token(ink)[scheme], token(ground)[scheme]) >= 4.5, ground
