"""Implementations by what people type: a known name, or module names and where they are."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace

from packaging.version import InvalidVersion, Version

from signalbook.implementations.extras import require_reference
from signalbook.implementations.interpreters import find_interpreter
from signalbook.implementations.model import FLASK, REFERENCE, Implementation
from signalbook.implementations.provisioning import provision

__all__ = ["UnknownImplementation", "custom", "known", "without_blinker"]


_WITHOUT = "/without-blinker"


class UnknownImplementation(LookupError):
    """A name, or a combination of options, that means no implementation."""


def known(name: str) -> Implementation:
    """Return what *name* stands for.

    :param name: `reference`, `flask`, `flask==VERSION` or `blinker==VERSION`; the first and the
        third also with `/without-blinker` after it.

    :raises UnknownImplementation: If it is none of them.
    :raises UnknownRelease: If the specification doesn't know the version.
    :raises MissingInterpreter: If the machine lacks the release's interpreter.
    :raises NotProvisioned: If the release can't be installed, or what the reference needs isn't.
    """
    if name.endswith(_WITHOUT):
        whole = known(name.removesuffix(_WITHOUT))
        if whole.flask:
            return without_blinker(whole)
    if name == REFERENCE.name:
        require_reference()
        return REFERENCE
    if name == FLASK.name:
        return FLASK
    subject, _, version = name.partition("==")
    if version and subject in {"flask", "blinker"}:
        return provision(version, subject=subject)
    raise UnknownImplementation(
        f"{name!r} is no implementation that the kit knows; it knows 'reference', 'flask',"
        " 'flask==VERSION' and 'blinker==VERSION', and with '/without-blinker' after them those"
        " that have a framework; name your own with --flask MODULE or --blinker MODULE"
    )


def without_blinker(implementation: Implementation) -> Implementation:
    """Return *implementation* as it is where its engine can't be imported."""
    claims = {name: of for name, of in implementation.claims.items() if name != "blinker"}
    return replace(
        implementation,
        name=f"{implementation.name}{_WITHOUT}",
        blinker=None,
        without_engine=True,
        claims=claims,
    )


def custom(
    *,
    flask: str | None = None,
    blinker: str | None = None,
    inject_engine: bool = False,
    without_blinker: bool = False,
    python: str | None = None,
    path: Sequence[str] = (),
    claims: Sequence[str] = (),
) -> Implementation:
    """Return the implementation that command-line options describe.

    :param flask: The module that stands in for `flask`. Only a *blinker* makes an engine alone.
    :param blinker: The module that stands in for `blinker`.
    :param inject_engine: Whether the framework itself gets *blinker* in place of its engine.
    :param without_blinker: Whether importing an engine must fail.
    :param python: An interpreter's path, or its version such as `3.9`.
    :param path: Folders to import from; by default the current one.
    :param claims: The releases to be taken for, such as `flask==2.2.5`.
    :raises UnknownImplementation: If the options contradict each other or can't be read.
    :raises MissingInterpreter: If *python* is a version that the machine lacks.
    """
    if without_blinker and blinker:
        raise UnknownImplementation(
            "--blinker and --without-blinker contradict each other; give one of them"
        )
    if inject_engine and not (flask and blinker):
        raise UnknownImplementation(
            "--inject-engine needs to know what to inject, and into what;"
            " give --flask MODULE and --blinker MODULE"
        )
    framework = None if blinker and not flask else flask or "flask"
    engine = None if without_blinker else blinker or "blinker"
    return Implementation(
        name=framework or engine or "",
        flask=framework,
        blinker=engine,
        engine=REFERENCE.engine if framework == REFERENCE.flask else "blinker",
        inject_engine=inject_engine,
        without_engine=without_blinker,
        python=_interpreter(python) if python else sys.executable,
        path=tuple(map(os.path.abspath, path or [os.curdir])),
        claims=dict(_claim(text) for text in claims),
    )


def _interpreter(text: str) -> str:
    return find_interpreter(text) if re.fullmatch(r"\d+\.\d+", text) else text


def _claim(text: str) -> tuple[str, str]:
    subject, _, version = text.partition("==")
    try:
        Version(version)
    except InvalidVersion:
        subject = ""
    if subject not in {"flask", "blinker"}:
        raise UnknownImplementation(
            f"the claim {text!r} can't be read; write for example 'flask==2.2.5'"
        )
    return subject, version
