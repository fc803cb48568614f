"""The standard library as the worker has it, whatever an implementation does to it."""

from __future__ import print_function

import sys

if __name__ == "__main__" and not getattr(sys.flags, "safe_path", False):
    del sys.path[0]  # This file's own folder: its neighbours are not the standard library.

import __future__

import gc
import json
import linecache
import logging
import os
import select
import shutil
import signal
import threading
import traceback
import warnings
from functools import wraps
from operator import is_
from types import ModuleType

try:
    import builtins
except ImportError:
    import __builtin__ as builtins

try:
    from time import perf_counter as clock
except ImportError:
    from time import time as clock

try:
    import asyncio
    from ast import PyCF_ALLOW_TOP_LEVEL_AWAIT as ALLOW_AWAIT
except ImportError:
    asyncio = None
    ALLOW_AWAIT = 0

if sys.version_info > (3,):
    __builtins__ = dict(vars(builtins))
else:  # With the line above, CPython 2.7 would run this file in its restricted mode.
    for builtin in vars(builtins):
        globals().setdefault(builtin, getattr(builtins, builtin))


def own(module):
    """Return a copy of a module, which stays as it is whatever is done to the original."""
    copy = ModuleType(module.__name__)
    copy.__dict__.update(vars(module))
    return copy


# An implementation may replace what is in them, as gevent does: the worker keeps its own.
gc, linecache, logging, os = own(gc), own(linecache), own(logging), own(os)
select, signal, threading, traceback = own(select), own(signal), own(threading), own(traceback)
asyncio = own(asyncio) if asyncio else None
