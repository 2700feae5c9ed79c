"""A receipt drawn as a PDF, with letters of Latin, Greek and Cyrillic alphabets; the same receipt gives the same bytes.

The text stands in the order in which it is read, and is tagged (ISO 32000-1, 14.7 and 14.8): headings, and a paragraph
for each line with what it says, so that it is read aloud as such; rules and the foot of the page are ornament. Tags are
flat, as the library keeps them: PDF/UA, which wants tables, is not claimed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue, XPos, YPos
from fpdf.prefs import ViewerPreferences

from holdfast.payments.receipts.contents import Receipt
from holdfast.web import formats

FONTS = Path(__file__).parent / "fonts"
FAMILY = "sans"
MARGIN, AMOUNT, LABEL, STEP = 20, 38, 42, 5.4  # millimetres
INK, MUTED, RULE = (28, 26, 23), (100, 95, 87), (214, 210, 202)
BODY, SMALL, TITLE = 10, 8.5, 20  # points


def drawn(receipt: Receipt) -> bytes:
    """In the active language, which is the receipt's."""
    return bytes(_Sheet(receipt).drawn())


class _Sheet(FPDF):
    def __init__(self, receipt: Receipt) -> None:
        super().__init__(format="letter" if receipt.letter_paper else "A4")
        self.receipt = receipt
        self.add_font(FAMILY, "", FONTS / "DejaVuSans.ttf")
        self.add_font(FAMILY, "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN)
        self.set_lang(receipt.language)
        self.set_title(f"{_('Receipt')} {receipt.reference}")
        self.set_author(receipt.issuer[0])
        self.set_creation_date(receipt.issued)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    @cached_property
    def whole(self) -> float:
        """The width between the margins."""
        return float(self.epw)

    def drawn(self) -> bytearray:
        self.add_page()
        self._head()
        self._about()
        self._bill()
        self._taxes()
        self._paid()
        return self.output()

    def footer(self) -> None:
        self.set_y(-MARGIN + 4)
        with self._ornament():
            self._write(self.whole, " · ".join(self.receipt.issuer), size=SMALL, color=MUTED)

    def _head(self) -> None:
        receipt = self.receipt
        with self._read_as("P"):
            self._write(self.whole, receipt.issuer[0], size=13, bold=True)
            for line in receipt.issuer[1:]:
                self._write(self.whole, line, size=SMALL, color=MUTED)
        self.ln(10)
        with self._read_as("H1"):
            self._write(self.whole, _("Receipt"), size=TITLE, bold=True, height=10)
        self.ln(2)

    def _about(self) -> None:
        receipt = self.receipt
        self._fact(_("Reference"), receipt.reference)
        self._fact(_("Date"), receipt.day)
        if receipt.customer:
            self._fact(_("Customer"), "\n".join(receipt.customer))
        for fact in receipt.facts:
            self._fact(fact.label, "\n".join(filter(None, [fact.value, fact.aside])))
        self.ln(6)

    def _fact(self, label: str, value: str) -> None:
        self._make_room(self._height(self.whole - LABEL, value))
        with self._read_as("P"):
            top = self.get_y()
            self._write(LABEL, label, color=MUTED)
            below = self.get_y()
            self.set_xy(MARGIN + LABEL, top)
            self._write(self.whole - LABEL, value)
            self.set_xy(MARGIN, max(below, self.get_y()))

    def _bill(self) -> None:
        self._heading(_("Price and payment"))
        for line in self.receipt.lines:
            self._line(line.words, line.amount, bold=line.is_sum)
            if line.because:
                self._say(self.whole - AMOUNT, line.because, size=SMALL)
            if line.is_sum:
                self._rule()
        if self.receipt.said:
            self._say(self.whole, self.receipt.said)

    def _taxes(self) -> None:
        if not self.receipt.taxes:
            return
        self._heading(_("Tax in the price"))
        for tax in self.receipt.taxes:
            net = formats.labelled(_("Net"), formats.money(tax.net, self.receipt.currency))
            self._line(f"{tax.words} ({net})", tax.tax)

    def _paid(self) -> None:
        self._heading(_("Payments"))
        for paid in self.receipt.paid:
            self._line(formats.labelled(paid.day, paid.words), paid.amount)

    def _heading(self, words: str) -> None:
        self.ln(6)
        self._make_room(4 * STEP)  # with what it stands above
        with self._read_as("H2"):
            self._write(self.whole, words, bold=True)
        self._rule()

    def _rule(self) -> None:
        self.set_draw_color(*RULE)
        with self._ornament():
            self.line(MARGIN, self.get_y() + 0.8, MARGIN + self.whole, self.get_y() + 0.8)
        self.ln(2)

    def _line(self, words: str, amount: int, *, bold: bool = False) -> None:
        """Words left, an amount right; both stay on one page."""
        self._make_room(self._height(self.whole - AMOUNT, words) + STEP)
        with self._read_as("P"):
            top = self.get_y()
            self._write(self.whole - AMOUNT, words, bold=bold)
            below = self.get_y()
            self.set_xy(MARGIN + self.whole - AMOUNT, top)
            self._write(AMOUNT, formats.money(amount, self.receipt.currency), bold=bold, align=Align.R)
            self.set_xy(MARGIN, max(below, self.get_y()))

    def _say(self, width: float, text: str, *, size: float = BODY) -> None:
        """A paragraph of its own, less loud."""
        self._make_room(self._height(width, text, size=size))
        with self._read_as("P"):
            self._write(width, text, size=size, color=MUTED)

    def _height(self, width: float, text: str, *, size: float = BODY) -> float:
        """Millimetres that the text takes."""
        self.set_font(FAMILY, "", size)
        return float(self.multi_cell(width, STEP, text, dry_run=True, output=MethodReturnValue.HEIGHT))  # type: ignore[arg-type]

    def _make_room(self, height: float) -> None:
        """A new page where so much has no place any more: nothing that is tagged is on two of them."""
        if self.will_page_break(height):
            self.add_page()

    @contextmanager
    def _read_as(self, kind: str) -> Iterator[None]:
        """What is drawn inside is one element of the structure: H1, H2 or P."""
        number = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{kind}", mcid=number)
        self._out(f"/{kind} <</MCID {number}>> BDC")
        yield
        self._out("EMC")

    @contextmanager
    def _ornament(self) -> Iterator[None]:
        """What is drawn inside is not read."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

    def _write(
        self,
        width: float,
        text: str,
        *,
        size: float = BODY,
        bold: bool = False,
        color: tuple[int, int, int] = INK,
        align: Align = Align.L,
        height: float = STEP,
    ) -> None:
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*color)
        self.multi_cell(width, height, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
