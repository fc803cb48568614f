# /// script
# dependencies = ["nox[uv]"]
# ///
"""Every chore of the project; `nox --list` shows them."""

import os
import shutil
import sys
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

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"
nox.options.sessions = ["verify", "tests", "lint", "types", "docs"]


def install(session: nox.Session, *groups: str) -> None:
    """Install the project, as it is in the tree, with some of its dependency groups."""
    session.install("-e", ".", *nox.project.dependency_groups(PYPROJECT, *groups))


@nox.session
def verify(session: nox.Session) -> None:
    """Run every clause on the reference and on real Flask, and compare them."""
    install(session, "real")
    session.run("signalbook", "verify", *(session.posargs or ["reference", "flask"]))


@nox.session
def tests(session: nox.Session) -> None:
    """Test the kit, the reference and the site."""
    install(session, "tests", "docs")
    session.run("pytest", *session.posargs)


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
def versions(session: nox.Session) -> None:
    """Test the kit and the reference on every Python that the kit supports."""
    install(session, "tests")
    session.run("pytest", "--ignore=tests/site", *session.posargs)


@nox.session(venv_backend="uv")
def minimum(session: nox.Session) -> None:
    """Test with the oldest releases of whatever the project names."""
    groups = nox.project.dependency_groups(PYPROJECT, "tests")
    session.install("--resolution=lowest-direct", "-e", ".", *groups)
    session.run("pytest", "--ignore=tests/site", *session.posargs)


@nox.session
def history(session: nox.Session) -> None:
    """Run every clause on every release, in range or not; writes spec/history.json."""
    install(session)
    session.run("signalbook", "history", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and spelling."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("codespell")
    session.run("towncrier", "build", "--draft", "--version", "next", silent=True)


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of everything in src."""
    install(session, "types", "tests", "docs")
    session.run("mypy")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site into build/html, with warnings as errors."""
    install(session, "docs")
    # In a fresh folder, since a failed build hides its warnings from the next one.
    shutil.rmtree("build/html", ignore_errors=True)
    session.run("sphinx-build", "-n", "-W", "--keep-going", "-E", ".", "build/html")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what the kit, the engine and requests cost; `-- --quick` for a first look."""
    install(session, "real", "bench")
    session.run("python", "tests/benchmarks/kit.py")
    session.run("python", "tests/benchmarks/engine.py", *session.posargs)
    session.run("python", "tests/benchmarks/framework.py", *session.posargs)


@nox.session
def suites(session: nox.Session) -> None:
    """Run blinker's and Flask's own tests with the reference in their place."""
    session.install("-e", ".", "pip")
    # With what Flask 3.1.3 locks; later releases of these change what its tests see.
    session.install("blinker==1.9.0", "flask==3.1.3", "werkzeug==3.1.5", "pytest==9.0.2")
    session.install("asgiref==3.11.0", "greenlet==3.3.1", "python-dotenv==1.2.1")
    session.run("python", "tests/proofs/suites.py", *session.posargs)


@nox.session
def differential(session: nox.Session) -> None:
    """Run 20,000 random programs on blinker and on the reference engine, and compare them."""
    install(session, "tests")
    programs = os.environ.get("SIGNALBOOK_PROGRAMS", "20000")
    session.run(
        *("pytest", "-s", "tests/proofs/test_differential.py", *session.posargs),
        env={"SIGNALBOOK_PROGRAMS": programs},
    )


@nox.session
def stress(session: nox.Session) -> None:
    """Use signals of the engine and of blinker from many threads at once, a million times."""
    install(session, "tests")
    session.run("python", "tests/proofs/stress.py", *session.posargs)


@nox.session
def sabotage(session: nox.Session) -> None:
    """Check that the clauses notice each of many wrong engines and frameworks."""
    install(session, "real")
    session.run("python", "tests/proofs/sabotage.py", *session.posargs)


if __name__ == "__main__":
    sys.exit(nox.main())
