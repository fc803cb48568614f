"""What can be wrong with pages."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["PageError", "SpecificationError"]


class PageError(ValueError):
    """One thing that is wrong with a page.

    :param file: The page.
    :param line: The line, from 1.
    :param problem: What is wrong.
    :param remedy: What to do about it.
    """

    def __init__(self, file: str, line: int, problem: str, remedy: str) -> None:
        super().__init__(f"{file}:{line}: {problem}; {remedy}")
        self.file = file
        self.line = line
        self.problem = problem
        self.remedy = remedy


class SpecificationError(ValueError):
    """The pages that can't be read, each with its first error.

    :param errors: One error for each faulty page, in reading order.
    """

    def __init__(self, errors: Sequence[PageError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = tuple(errors)
