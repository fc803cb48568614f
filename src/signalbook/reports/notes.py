"""What is worth knowing about an implementation before its verdicts are trusted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePath

from signalbook.clauses import FEATURES
from signalbook.implementations import is_newer, newest_release
from signalbook.words import listed

__all__ = ["missing_features", "notes", "stale_features"]


def missing_features(names: Sequence[str]) -> Iterator[str]:
    """Yield a sentence on features that an implementation lacks, and isn't said to lack."""
    if names:
        words = listed([FEATURES[name].words for name in names])
        options = " ".join(f"--lacks {name}" for name in names)
        yield f"it seems to lack {words}; if that is meant, say so: {options}"


def stale_features(names: Sequence[str]) -> Iterator[str]:
    """Yield a sentence on features that an implementation is said to lack, and has."""
    if names:
        words = listed([FEATURES[name].words for name in names])
        options = " ".join(f"--lacks {name}" for name in names)
        yield f"it is said to lack {words}, which are there; take back {options}"


def notes(
    files: Mapping[str, str],
    folders: Collection[str],
    releases: Mapping[str, str],
    unclaimed: Sequence[str],
) -> Iterator[str]:
    """Yield a sentence for each thing that may not be as its implementer believes.

    :param files: The file that each module under test was loaded from.
    :param folders: The folders that its implementer named to load them from, if any.
    :param releases: The releases that it is taken for, by subject.
    :param unclaimed: The subjects of which nothing says which release it is.
    """
    for name, file in files.items():
        if folders and not any(PurePath(file).is_relative_to(folder) for folder in folders):
            yield f"{name} was loaded from {file}, and not from {' or '.join(folders)}"
    if unclaimed:
        taken = " and ".join(f"{subject} {releases[subject]}" for subject in unclaimed)
        yield (
            f"it claims no release of {' or '.join(unclaimed)}, so it is taken for {taken};"
            f" claim another with --claims {unclaimed[0]}==VERSION"
        )
    for subject, version in releases.items():
        if is_newer(subject, version):
            newest = newest_release(subject).version
            yield (
                f"{subject} {version} is newer than {newest}, the newest that the clauses were"
                " measured on"
            )
