"""An organization's mark as a picture for home screens: its initials on its accent color."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from holdfast.web.colors import accents

SIZES = (192, 512)
# "any" has round corners of its own; of "maskable" a device may cut off all but a circle of 80 % (W3C, Web
# Application Manifest, "maskable"); "touch" is Apple's, which rounds a full square and knows no transparency.
PURPOSES = ("any", "maskable", "touch")
TOUCH_SIZE = 180
# Of the whole: how high the letters are, and how round the corners.
_LETTERS = {"any": 0.46, "maskable": 0.34, "touch": 0.42}
_ROUNDED = 0.22
_NOT_DRAWN = "\uffff"


@lru_cache(maxsize=256)
def png(initials: str, color: str, purpose: str, size: int) -> bytes:
    """A square PNG of `size` pixels. Letters that the font does not have are left out."""
    light, _dark = accents(color)
    mode, ground = ("RGBA", (0, 0, 0, 0)) if purpose == "any" else ("RGB", light.fill)
    picture = Image.new(mode, (size, size), ground)
    drawing = ImageDraw.Draw(picture)
    if purpose == "any":
        drawing.rounded_rectangle((0, 0, size - 1, size - 1), size * _ROUNDED, fill=light.fill)
    font = ImageFont.load_default(size * _LETTERS[purpose])
    drawing.text((size / 2, size / 2), _drawable(initials, font), fill=light.ink, font=font, anchor="mm")
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _drawable(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    missing = bytes(font.getmask(_NOT_DRAWN))
    return "".join(letter for letter in text if bytes(font.getmask(letter)) != missing)
