"""Implementations by what people type."""

import os
import sys

import pytest

from signalbook.implementations import (
    FLASK,
    REFERENCE,
    Implementation,
    MissingInterpreter,
    UnknownImplementation,
    custom,
    known,
)

HERE = (os.getcwd(),)
FRAMEWORK, ENGINE = "signalbook.reference", "signalbook.reference.engine"


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
                claims={"flask": "3.1.3"},
            ),
        ),
        (
            {"flask": "web", "blinker": "engine", "inject_engine": True},
            Implementation(
                name="web", flask="web", blinker="engine", inject_engine=True, path=HERE
            ),
        ),
        (
            {"flask": "web", "python": "/somewhere/python", "path": ["/"]},
            Implementation(name="web", flask="web", python="/somewhere/python", path=("/",)),
        ),
        (
            {"python": "{}.{}".format(*sys.version_info), "claims": ["flask==2.2.5"]},
            Implementation(name="flask", path=HERE, claims={"flask": "2.2.5"}),
        ),
        (
            {"setup": "shop.api:Api.install"},
            Implementation(
                name="flask with shop.api:Api.install", path=HERE, setup="shop.api:Api.install"
            ),
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
            for claim in ("flask", "flask>=2", "flask==", "flask==two", "django==1.0", "==1.0")
        ),
        *(
            ({option: value}, f"--{option} is empty; give it a value, or leave it out")
            for option, value in {
                "flask": "",
                "blinker": "",
                "python": " ",
                "setup": "",
                "path": [os.curdir, ""],
                "claims": [""],
            }.items()
        ),
        *(
            (
                {"setup": setup},
                f"--setup {setup!r} names no function; write for example 'package.module:function'",
            )
            for setup in ("shop", "shop:", ":install", "shop:install()", "a b:c", "./shop:install")
        ),
        (
            {"blinker": "engine", "setup": "shop:install"},
            "--setup is about applications, and an engine alone makes none; give --flask MODULE",
        ),
        (
            {"path": ["/", "/no/such"]},
            "--path names '/no/such', and '/no/such' is no folder; name one that is there",
        ),
        (
            {"claims": ["flask==2.2.5", "blinker==1.5", "flask==3.1.3"]},
            "the claim 'flask==3.1.3' is the second about flask; give one for each subject",
        ),
        (
            {"blinker": "engine", "claims": ["flask==3.1.3"]},
            "the claim 'flask==3.1.3' is about flask, and the implementation has nothing in place"
            " of it; leave the claim out, or name the module with --flask",
        ),
        (
            {"without_blinker": True, "claims": ["blinker==1.5"]},
            "the claim 'blinker==1.5' is about blinker, and the implementation has nothing in"
            " place of it; leave the claim out, or name the module with --blinker",
        ),
        *(
            (
                {"claims": [claim]},
                f"the claim {claim!r} names no release of {claim.partition('==')[0]} with signals;"
                f" next to it are {near}",
            )
            for claim, near in {
                "flask==2.2.9": "2.2.5 and 2.3.0",
                "flask==0.5": "0.6",
                "flask==3.1.0rc1": "3.0.3 and 3.1.0",
                "blinker==1.6.99": "1.6.3 and 1.7.0",
            }.items()
        ),
    ],
)
def test_options_that_mean_nothing_are_an_error(options, problem):
    """Options that contradict each other or can't be read are an error that says what to write."""
    with pytest.raises(UnknownImplementation) as caught:
        custom(**options)
    assert problem == str(caught.value)


@pytest.mark.parametrize(
    ("claim", "claimed"),
    [
        ("flask==2.0", {"flask": "2.0"}),
        ("flask==v3.1.3 ", {"flask": "3.1.3"}),
        ("flask==3.1.3+vendor1", {"flask": "3.1.3+vendor1"}),
        ("flask==3.2.0.dev0", {"flask": "3.2.0.dev0"}),
        ("blinker==1.99.0", {"blinker": "1.99.0"}),
    ],
)
def test_claim_may_be_of_a_known_release_or_of_a_newer_one(claim, claimed):
    """What is newer than all that is known may be claimed: who works on it can't wait."""
    assert claimed == custom(claims=[claim]).claims


def test_interpreter_may_be_relative_or_a_name(tmp_path, monkeypatch):
    """A worker starts elsewhere, so the path is made absolute; an environment's link stays."""
    python = tmp_path / "environment" / "bin" / "python-of-mine"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setenv("PATH", f"../environment/bin{os.pathsep}/bin")
    expected = f"{tmp_path}/project/../environment/bin/python-of-mine"

    assert [expected, expected, str(python)] == [
        custom(python=text).python
        for text in ("../environment/bin/python-of-mine", "python-of-mine", str(python))
    ]


def test_interpreter_that_is_not_on_path_is_an_error():
    """A name without a folder is looked up on PATH; the error says what else can be given."""
    with pytest.raises(MissingInterpreter) as caught:
        custom(python="no-such-python")
    assert (
        "there is no program 'no-such-python' on PATH; give a path such as './no-such-python',"
        " or a version such as '3.9'"
    ) == str(caught.value)


@pytest.mark.parametrize(
    ("options", "claims"),
    [
        ({"flask": FRAMEWORK, "blinker": ENGINE}, {"flask": "3.1.3", "blinker": "1.9.0"}),
        ({"flask": FRAMEWORK}, {"flask": "3.1.3"}),
        ({"flask": "web", "blinker": ENGINE, "inject_engine": True}, {"blinker": "1.9.0"}),
        ({"blinker": ENGINE, "claims": ["blinker==1.5"]}, {"blinker": "1.5"}),
        ({"flask": "web", "blinker": "engine"}, {}),
    ],
)
def test_modules_of_the_reference_claim_what_it_says_it_is(options, claims):
    """However the reference is named, it is what it says itself, unless something else is said."""
    assert claims == custom(**options).claims


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
