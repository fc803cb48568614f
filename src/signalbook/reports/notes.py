"""What is worth knowing about an implementation before its verdicts are trusted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePath

from signalbook.implementations import is_newer, newest

__all__ = ["notes"]


def notes(
    files: Mapping[str, str], folders: Collection[str], releases: Mapping[str, str]
) -> Iterator[str]:
    """Yield a sentence for each thing that may not be as its implementer believes.

    :param files: The file that each module under test was loaded from.
    :param folders: The folders that its implementer named to load them from, if any.
    :param releases: The releases that it is taken for, by subject.
    """
    for name, file in files.items():
        if folders and not any(PurePath(file).is_relative_to(folder) for folder in folders):
            yield f"{name} was loaded from {file}, and not from {' or '.join(folders)}"
    for subject, version in releases.items():
        if is_newer(subject, version):
            yield (
                f"{subject} {version} is newer than {newest(subject)}, the newest that the"
                " clauses were measured on"
            )
