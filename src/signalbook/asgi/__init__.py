"""An asynchronous framework as the synchronous one that the examples are written for.

The package runs in the implementation's interpreter, from CPython 3.11 on.
It imports nothing but the standard library, and nothing else of the kit: where the kit can't be
installed, a copy of this folder does.
"""

from .loops import run
from .requests import WSGI, Block, Body, wsgi
from .stand_in import stand_in

__all__ = ["WSGI", "Block", "Body", "run", "stand_in", "wsgi"]
