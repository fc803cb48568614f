"""What a clause may use of time and memory."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits", "LimitsError"]

_DAY = 86_400  # seconds: the most that a clause may be given
_LARGEST = 2**40  # MiB that it may be given: what a limit of the system's can express


class LimitsError(ValueError):
    """A limit that can't be kept."""


@dataclass(frozen=True)
class Limits:
    """What a clause may use.

    :param timeout: Seconds of wall time, at most a day.
    :param memory: MiB of address space; 0 means no limit.
    :raises LimitsError: If one is out of its bounds.
    """

    timeout: float = 10.0
    memory: int = 2048

    def __post_init__(self) -> None:
        if not 0 < self.timeout <= _DAY:
            raise LimitsError(
                f"a timeout of {self.timeout:g} seconds can't be kept;"
                f" give more than 0 and at most {_DAY}"
            )
        if not 0 <= self.memory <= _LARGEST:
            raise LimitsError(
                f"a memory of {self.memory} MiB can't be kept;"
                f" give 0 for no limit, or at most {_LARGEST}"
            )
