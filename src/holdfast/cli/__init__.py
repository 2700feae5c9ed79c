"""The holdfast command line."""

from holdfast.cli import keeping, running
from holdfast.cli.house import main

__all__ = ["keeping", "main", "running"]
