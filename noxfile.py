# /// script
# dependencies = ["nox[uv]"]
# ///
"""Every chore of the project; `nox --list` shows them."""

import os
import re
import shutil
import sys
from itertools import zip_longest
from pathlib import Path

import nox

# pyenv's shims fail for a version that isn't switched on, so its interpreters are named directly.
PYENV = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
os.environ["PATH"] = os.pathsep.join(
    [os.environ.get("PATH", ""), *map(str, sorted(PYENV.glob("versions/*/bin")))]
)

# As pip does, trust the certificates that the machine trusts.
os.environ.setdefault("UV_SYSTEM_CERTS", "true")

PYPROJECT = nox.project.load_toml("pyproject.toml")

# Those that the kit supports.
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"
nox.options.sessions = ["verify", "tests", "lint", "types", "docs"]


def groups(*names: str) -> list[str]:
    """Return what the project's dependency groups ask for."""
    return nox.project.dependency_groups(PYPROJECT, *names)


def install(session: nox.Session, locked: str = "everything") -> None:
    """Install the project, as it is in the tree, and the locked releases of what it stands on."""
    session.install("--require-hashes", "-r", f"requirements/{locked}.txt")
    # What builds it is among these.
    session.install("--no-build-isolation", "--no-deps", "-e", ".")


# What makes environments of its own, or is a site, is the same whatever the session has installed.
ELSEWHERE_TESTED = ("--ignore=tests/site", "--ignore=tests/test_contributing.py")


def run_tests(session: nox.Session, *options: str) -> None:
    # By group, since what a group's tests share is dear.
    session.run("pytest", "--numprocesses=auto", "--dist=loadgroup", *options, *session.posargs)


@nox.session
def verify(session: nox.Session) -> None:
    """Run every clause on the reference and on real Flask, and compare them."""
    install(session, "verify")
    session.run("signalbook", "verify", *(session.posargs or ["reference", "flask"]))


@nox.session
def tests(session: nox.Session) -> None:
    """Test the kit, the reference and the site."""
    install(session)
    # The session that builds a release tests what it has built.
    run_tests(session, "--durations=25", "--ignore=tests/test_wheel.py")


@nox.session(requires=["docs"])
def browser(session: nox.Session) -> None:
    """Test the built site in Debian's Chromium, if the machine has it."""
    install(session, "browser")
    files = session.posargs or ["tests/browser"]
    parallel = ("--numprocesses=auto", "--dist=load")
    session.run("pytest", *parallel, *files, env={"SIGNALBOOK_SITE": "build/html"})


@nox.session(python=PYTHONS)
def versions(session: nox.Session) -> None:
    """Test the kit and the reference on every Python that the kit supports."""
    install(session)
    run_tests(session, *ELSEWHERE_TESTED)


@nox.session(venv_backend="uv")
def minimum(session: nox.Session) -> None:
    """Test with the oldest releases of whatever the project names."""
    session.install("--resolution=lowest-direct", "-e", ".[reference,sphinx]", *groups("tests"))
    run_tests(session, *ELSEWHERE_TESTED)


@nox.session
def newest(session: nox.Session) -> None:
    """Test, check and build the site with the newest releases, which CI learns of by `lock`."""
    everything = groups("tests", "docs", "lint", "types")
    session.install("--upgrade", "-e", ".[reference,sphinx]", *everything)
    run_tests(session)
    session.run("ruff", "check")
    session.run("mypy")
    build_site(session, "build/newest")


LOCK = (
    *("uv", "pip", "compile", "--quiet", "--no-python-downloads"),
    *("--generate-hashes", "--no-emit-index-url", "--no-annotate"),
)
HASHES = """\
# The sha256 of every file of every distribution that releases.toml pins; pip installs no other.
# Written by `nox -s lock`.

"""


@nox.session
def lock(session: nox.Session) -> None:
    """Write what is installed, with hashes: for the sessions, and for releases.toml.

    `-- --upgrade` takes the newest releases for the sessions.
    """
    session.install("uv")
    options = [f"--group={name}" for name in ("tests", "docs", "lint", "types")]
    lock_into(session, "everything", "--all-extras", *options)
    options = ["--extra=reference", "--group=build", "--constraints=requirements/everything.txt"]
    lock_into(session, "verify", "--group=real", *options)
    lock_into(session, "browser", "--group=browser", *options)
    lock_into(session, "suites", "--extra=reference", "--group=suites", "--group=build")
    pins: dict[str, list[str]] = {}
    for releases in nox.project.load_toml("spec/releases.toml").values():
        for pin in sorted({pin for release in releases.values() for pin in release["pins"]}):
            pins.setdefault(pin.partition("==")[0], []).append(pin)
    file = Path(session.create_tmp()) / "pins.txt"
    found = set()
    # A call knows one release of each.
    for row in zip_longest(*pins.values()):
        file.write_text("\n".join(filter(None, row)))
        text = session.run(*LOCK, "--no-deps", "--no-header", str(file), silent=True, log=False)
        found.update(re.findall(r"^\S.*(?:\n +--hash=.*)+\n", str(text), re.MULTILINE))
    Path("spec/hashes.txt").write_text(HASHES + "".join(sorted(found)))


def lock_into(session: nox.Session, name: str, *options: str) -> None:
    session.run(
        *(*LOCK, "--universal", "--python-version", "3.11", "--custom-compile-command"),
        *("nox -s lock", "--output-file", f"requirements/{name}.txt", *options),
        *(*session.posargs, "pyproject.toml"),
        silent=True,
    )


@nox.session
def history(session: nox.Session) -> None:
    """Run every clause on every release, in range or not; writes spec/history.json."""
    install(session, "verify")
    session.run("signalbook", "history", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and spelling."""
    install(session)
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("codespell")
    session.run("towncrier", "build", "--draft", "--version", "next", silent=True)


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of everything in src."""
    install(session)
    session.run("mypy")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site into build/html, with warnings as errors.

    SIGNALBOOK_SITE_ADDRESS is where it will be, and SIGNALBOOK_EDIT_ADDRESS where a page is
    edited, with "{filename}" for its path.
    """
    install(session)
    build_site(session, "build/html")


def build_site(session: nox.Session, folder: str) -> None:
    # In a fresh folder, since a failed build hides its warnings from the next one.
    shutil.rmtree(folder, ignore_errors=True)
    # What Sphinx keeps for itself is no part of the site.
    kept = ("-d", f"{folder}.doctrees")
    session.run("sphinx-build", "-n", "-W", "--keep-going", "-E", "-j", "auto", *kept, ".", folder)


# The rest of the site isn't there; what leads nowhere on the whole of it is an error of the kit's.
ELSEWHERE = "myst.xref_missing,ref.clause,ref.doc,signalbook.unseen,toc.not_readable"


@nox.session(reuse_venv=True)
def page(session: nox.Session) -> None:
    """Render, verify and measure one page: `-- request-started`, or the path of its file."""
    if len(session.posargs) != 1:
        session.error("name one page: nox -s page -- request-started")
    given = Path(session.posargs[0])
    pages = sorted(Path("spec").rglob("*.md"))
    name = f"/{given.as_posix().removesuffix('.md')}.md"
    files = [given] if given in pages else [file for file in pages if f"/{file}".endswith(name)]
    if len(files) != 1:
        found = ", ".join(map(str, files)) or "none; 'ls spec/*' shows them"
        session.error(f"{str(given)!r} must name one page below spec/; it names {found}")
    install(session)
    document = str(files[0].with_suffix(""))
    session.run(
        *("sphinx-build", "-q", "-n", "-W", "--keep-going", "-E", "-D", f"root_doc={document}"),
        *("-D", f"include_patterns={document}.md", "-D", f"suppress_warnings={ELSEWHERE}"),
        # Without the reference, which takes the longest to read.
        *("-D", "extensions=myst_parser,sphinx_copybutton,sphinx_design,signalbook.sphinx_ext"),
        *("-d", "build/page.doctrees", ".", "build/page"),
    )
    session.log(f"wrote build/page/{document}.html")
    if ":::{clause}" in files[0].read_text(encoding="utf-8"):
        clauses = f"{files[0].stem}.*"
        session.run("signalbook", "verify", "reference", "flask", "--clause", clauses)
        # Whoever lacks an interpreter is told so, and did what they could.
        session.run("signalbook", "history", "--stale", "--clause", clauses, success_codes=[0, 2])
        session.run("python", "tests/proofs/features.py", "--stale", clauses)


@nox.session(requires=["docs"])
def release(session: nox.Session) -> None:
    """Build and check what a release is made of, in build/release.

    With its version (`-- 0.1.0`) for good: nothing may be amiss.
    """
    version, given = PYPROJECT["project"]["version"], session.posargs
    if given:
        refuse_unready(session, version)
    install(session)
    # What isn't measured is always told.
    session.run("signalbook", "history", "--check", success_codes=[0] if given else [0, 1])
    if not given:
        session.run("towncrier", "build", "--version", version, "--draft")
    shutil.rmtree("build/release", ignore_errors=True)
    session.run("python", "-m", "build", "--no-isolation", "--outdir", "build/release")
    session.run("pytest", "tests/test_wheel.py", env={"SIGNALBOOK_BUILT": "build/release"})
    shutil.make_archive(f"build/release/signalbook-{version}-site", "zip", "build/html")


def refuse_unready(session: nox.Session, version: str) -> None:
    if session.posargs != [version]:
        session.error(f"pyproject.toml says {version}; write the version there first")
    section = f"\n## {version} (" in Path("CHANGELOG.md").read_text(encoding="utf-8")
    if not section or any(Path("changelog.d").glob("*.md")):
        write = f"towncrier build --yes --version {version}"
        session.error(f"CHANGELOG.md doesn't say what is in {version}; write it with '{write}'")
    if session.run("git", "status", "--porcelain", external=True, silent=True):
        session.error("there are changes that are in no commit; commit them first")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what the kit, the engine and requests cost; `-- --quick` for a first look."""
    install(session, "verify")
    session.install(*groups("bench"))
    session.run("python", "tests/benchmarks/kit.py")
    session.run("python", "tests/benchmarks/engine.py", *session.posargs)
    session.run("python", "tests/benchmarks/framework.py", *session.posargs)


@nox.session
def suites(session: nox.Session) -> None:
    """Run blinker's and Flask's own tests with the reference in their place."""
    install(session, "suites")
    session.run("python", "tests/proofs/suites.py", *session.posargs)


@nox.session
def differential(session: nox.Session) -> None:
    """Run 20,000 random programs on blinker and on the reference engine, and compare them."""
    install(session)
    programs = os.environ.get("SIGNALBOOK_PROGRAMS", "20000")
    session.run(
        *("pytest", "-s", "tests/proofs/test_differential.py", *session.posargs),
        env={"SIGNALBOOK_PROGRAMS": programs},
    )


@nox.session
def stress(session: nox.Session) -> None:
    """Use signals of the engine and of blinker from many threads at once, a million times."""
    install(session, "verify")
    session.run("python", "tests/proofs/stress.py", *session.posargs)


@nox.session
def sabotage(session: nox.Session) -> None:
    """Check that the clauses notice one in eight of many wrong engines and frameworks.

    `-- ''` takes all, as the nightly run does, and `-- 'part of a label'` some.
    """
    install(session, "verify")
    session.run("python", "tests/proofs/sabotage.py", *(session.posargs or ["--sample"]))


@nox.session
def features(session: nox.Session) -> None:
    """Measure which features of the engine each check needs; writes spec/features.json.

    `-- --stale` measures what changed, and `-- 'connecting.*'` some checks.
    """
    install(session, "verify")
    session.run("python", "tests/proofs/features.py", *session.posargs)


@nox.session
def nightly(session: nox.Session) -> None:
    """Prove what takes too long for CI: on every release and Python, with old and new libraries."""
    install(session)
    releases = ("pytest", "--numprocesses=auto", "tests/history/test_real_history.py")
    session.run(*releases, env={"SIGNALBOOK_RELEASES": "all"})
    session.run("python", "tests/proofs/sabotage.py")
    session.run("python", "tests/proofs/silence.py")
    # CI has tested on this one.
    others = [f"versions-{python}" for python in PYTHONS if not sys.version.startswith(python)]
    for name in (*others, "minimum", "newest", "differential", "stress"):
        session.notify(name)
    session.notify("sabotage", ["--coverage"])
    session.notify("browser", ["tests/browser", "--every-page"])


if __name__ == "__main__":
    sys.exit(nox.main())
