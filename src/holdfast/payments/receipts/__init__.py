"""Receipts: what one says (contents.py), and how it is drawn as a PDF (drawing.py)."""
