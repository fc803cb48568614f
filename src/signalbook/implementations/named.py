"""Implementations by what people type: a known name, or module names and where they are."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace

from signalbook.implementations.claimed_releases import read_claims
from signalbook.implementations.extras import require_reference
from signalbook.implementations.implementation import (
    FLASK,
    REFERENCE,
    Implementation,
    UnknownImplementation,
)
from signalbook.implementations.interpreters import MissingInterpreter, find_interpreter
from signalbook.implementations.provisioning import provision

__all__ = ["custom", "known", "without_blinker"]


_WITHOUT = "/without-blinker"


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
    release: str | None = None,
    inject_engine: bool = False,
    without_blinker: bool = False,
    python: str | None = None,
    path: Sequence[str] = (),
    lacks: Sequence[str] = (),
    setup: str | None = None,
    claims: Sequence[str] = (),
) -> Implementation:
    """Return the implementation that command-line options describe.

    :param flask: The module that stands in for `flask`. Only a *blinker* makes an engine alone.
    :param blinker: The module that stands in for `blinker`.
    :param release: The real half, such as `flask==3.1.3` below an engine of one's own, which that
        gets in place of blinker.
    :param inject_engine: Whether the framework itself gets *blinker* in place of its engine.
    :param without_blinker: Whether importing an engine must fail.
    :param python: An interpreter's path, its name on PATH, or its version such as `3.9`.
    :param path: Folders to import from; by default the current one.
    :param lacks: The features that it does without, such as `sender`.
    :param setup: The function to call with each application, such as `package.module:function`.
    :param claims: The releases to be taken for, such as `flask==2.2.5`.
    :raises UnknownImplementation: If the options contradict each other or can't be read.
    :raises MissingInterpreter: If *python* is a version or a name that the machine lacks.
    :raises NotProvisioned: If the release can't be installed.
    """
    _refuse_empty(
        flask=flask,
        blinker=blinker,
        release=release,
        python=python,
        path=path,
        setup=setup,
        claims=claims,
    )
    if release:
        if python or without_blinker or (flask and blinker) or not (flask or blinker or setup):
            raise UnknownImplementation(
                "--release names the half that is real, and where it is; give the rest with"
                " --flask MODULE, --blinker MODULE or --setup FUNCTION, and neither --python nor"
                " --without-blinker"
            )
        real = known(release)
        half = custom(
            flask=flask, blinker=blinker, path=path, setup=setup, lacks=lacks, claims=claims
        )
        return replace(
            real,
            name=half.name,
            flask=half.flask or real.flask,
            blinker=half.blinker if blinker else real.blinker,
            inject_engine=bool(blinker),
            path=(*half.path, *real.path),
            setup=setup,
            lacks=half.lacks,
            claims=half.claims,
        )
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
    if setup:
        _refuse_no_function(setup, framework)
    engine = None if without_blinker else blinker or "blinker"
    own = Implementation(
        name=f"{framework} with {setup}" if setup else framework or engine or "",
        flask=framework,
        blinker=engine,
        engine=REFERENCE.engine if framework == REFERENCE.flask else "blinker",
        inject_engine=inject_engine,
        without_engine=without_blinker,
        python=_interpreter(python) if python else sys.executable,
        path=tuple(map(_folder, path or [os.curdir])),
        lacks=frozenset(lacks),
        setup=setup,
    )
    return replace(own, claims={**_own_claims(own), **read_claims(claims, own.subjects)})


def _own_claims(own: Implementation) -> dict[str, str]:
    """Return what the reference claims, of those of its modules that *own* has."""
    return {
        subject: release
        for subject, release in REFERENCE.claims.items()
        if getattr(own, subject) == getattr(REFERENCE, subject)
    }


def _refuse_empty(**options: str | Sequence[str] | None) -> None:
    """Refuse what an unset variable in a shell makes of an option."""
    for name, value in options.items():
        values = (value,) if isinstance(value, str) else value or ()
        if not all(one.strip() for one in values):
            raise UnknownImplementation(f"--{name} is empty; give it a value, or leave it out")


def _refuse_no_function(setup: str, framework: str | None) -> None:
    if framework is None:
        raise UnknownImplementation(
            "--setup is about applications, and an engine alone makes none; give --flask MODULE"
        )
    if not re.fullmatch(r"[^\W\d][\w.]*:[^\W\d][\w.]*", setup):
        raise UnknownImplementation(
            f"--setup {setup!r} names no function; write for example 'package.module:function'"
        )


def _interpreter(text: str) -> str:
    if re.fullmatch(r"\d+\.\d+", text):
        return find_interpreter(text)
    found = text if os.sep in text else shutil.which(text)
    if found is None:
        raise MissingInterpreter(
            f"there is no program {text!r} on PATH; give a path such as './{text}',"
            " or a version such as '3.9'"
        )
    # Workers start in folders of their own. An environment's interpreter is a link: it stays one.
    return os.path.join(os.getcwd(), found)


def _folder(text: str) -> str:
    folder = os.path.abspath(text)
    if not os.path.isdir(folder):
        raise UnknownImplementation(
            f"--path names {text!r}, and {folder!r} is no folder; name one that is there"
        )
    return folder
