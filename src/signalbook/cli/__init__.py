"""The command `signalbook`: a thin face over the kit's rooms."""

from signalbook.cli.main import main

__all__ = ["main"]
