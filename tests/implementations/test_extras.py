"""The reference needs what the kit doesn't, and says so."""

from importlib import metadata

import pytest

from signalbook.implementations import REFERENCE, NotProvisioned, known


def missing(name):
    raise metadata.PackageNotFoundError(name)


def test_reference_says_what_it_lacks(monkeypatch):
    """The reference isn't run without what it stands on; one message names it, and the remedy."""
    versions = {"asgiref": "3.9.0", "itsdangerous": "2.2.0", "jinja2": "3.0.3", "markupsafe": "3.0"}

    def version(name):
        return versions.get(name) or missing(name)

    monkeypatch.setattr(metadata, "version", version)
    with pytest.raises(NotProvisioned) as caught:
        known("reference")
    assert str(caught.value) == (
        "the reference needs jinja2>=3.1, werkzeug>=3.1; get what it needs with"
        " \"pip install 'signalbook[reference]'\", best in an environment of its own"
    )


def test_reference_runs_from_the_tree(monkeypatch):
    """Where the kit itself isn't installed, it can't be told what lacks, and it is tried."""
    monkeypatch.setattr(metadata, "requires", missing)
    assert REFERENCE == known("reference")
