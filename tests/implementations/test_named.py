"""Implementations by what people type."""

import os
import sys

import pytest

from signalbook.implementations import (
    FLASK,
    REFERENCE,
    Implementation,
    UnknownImplementation,
    custom,
    known,
)

HERE = (os.getcwd(),)


@pytest.mark.parametrize(
    ("options", "implementation"),
    [
        ({"flask": "web"}, Implementation(name="web", flask="web", path=HERE)),
        (
            {"blinker": "engine"},
            Implementation(name="engine", flask=None, blinker="engine", path=HERE),
        ),
        (
            {"flask": "web.core", "blinker": "engine"},
            Implementation(name="web.core", flask="web.core", blinker="engine", path=HERE),
        ),
        (
            {"without_blinker": True},
            Implementation(name="flask", blinker=None, without_engine=True, path=HERE),
        ),
        (
            {"flask": "signalbook.reference", "without_blinker": True},
            Implementation(
                name="signalbook.reference",
                flask="signalbook.reference",
                blinker=None,
                engine="signalbook.reference.engine",
                without_engine=True,
                path=HERE,
            ),
        ),
        (
            {"flask": "web", "blinker": "engine", "inject_engine": True},
            Implementation(
                name="web", flask="web", blinker="engine", inject_engine=True, path=HERE
            ),
        ),
        (
            {"flask": "web", "python": "/somewhere/python", "path": ["/lib"]},
            Implementation(name="web", flask="web", python="/somewhere/python", path=("/lib",)),
        ),
        (
            {"python": "{}.{}".format(*sys.version_info), "claims": ["flask==2.2.5"]},
            Implementation(name="flask", path=HERE, claims={"flask": "2.2.5"}),
        ),
        ({}, Implementation(name="flask", path=HERE)),
    ],
)
def test_options_describe_an_implementation(options, implementation):
    """Options name the two modules, where they are, and the releases to be taken for."""
    assert implementation == custom(**options)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            {"blinker": "engine", "without_blinker": True},
            "--blinker and --without-blinker contradict each other; give one of them",
        ),
        *(
            (
                {**modules, "inject_engine": True},
                "--inject-engine needs to know what to inject, and into what;"
                " give --flask MODULE and --blinker MODULE",
            )
            for modules in ({}, {"flask": "web"}, {"blinker": "engine"})
        ),
        *(
            (
                {"claims": [claim]},
                f"the claim {claim!r} can't be read; write for example 'flask==2.2.5'",
            )
            for claim in ("flask", "flask>=2", "flask==", "flask==two", "django==1.0", "==1.0", "")
        ),
    ],
)
def test_options_that_mean_nothing_are_an_error(options, problem):
    """Options that contradict each other or can't be read are an error that says what to write."""
    with pytest.raises(UnknownImplementation) as caught:
        custom(**options)
    assert problem == str(caught.value)


def test_known_names_are_the_reference_and_flask():
    """The kit knows two implementations by name."""
    assert [REFERENCE, FLASK] == [known("reference"), known("flask")]


@pytest.mark.parametrize("name", ["django", "Flask", "flask=3.1.3", "flask==", "django==1.0", ""])
def test_unknown_name_is_an_error_that_lists_the_known(name):
    """A name that means nothing is an error with what would mean something."""
    with pytest.raises(UnknownImplementation) as caught:
        known(name)
    assert str(caught.value) == (
        f"{name!r} is no implementation that the kit knows; it knows 'reference', 'flask',"
        " 'flask==VERSION' and 'blinker==VERSION', and with '/without-blinker' after them those"
        " that have a framework; name your own with --flask MODULE or --blinker MODULE"
    )


def test_known_name_without_blinker_has_no_engine():
    """The reference can be run as it is where no engine can be imported."""
    without = known("reference/without-blinker")
    assert ("reference/without-blinker", {"flask"}) == (without.name, without.subjects)
    assert {"blinker": None, "signalbook.reference.engine": None} == without.replaced


def test_provisioned_release_without_blinker_claims_no_engine(monkeypatch):
    """What can't be imported has no release."""
    claims = {"flask": "2.2.5", "blinker": "1.5"}
    installed = Implementation(name="flask==2.2.5", claims=claims)
    monkeypatch.setattr(
        "signalbook.implementations.named.provision", lambda version, subject: installed
    )
    without = known("flask==2.2.5/without-blinker")
    assert ({"flask": "2.2.5"}, {"blinker": None}) == (without.claims, without.replaced)


@pytest.mark.parametrize(
    ("flask", "blinker", "subjects"),
    [
        ("web", "engine", {"flask", "blinker"}),
        ("web", None, {"flask"}),
        (None, "engine", {"blinker"}),
    ],
)
def test_subjects_are_what_it_has(flask, blinker, subjects):
    """An implementation has the subjects for which it names a module."""
    assert subjects == Implementation(name="x", flask=flask, blinker=blinker).subjects
