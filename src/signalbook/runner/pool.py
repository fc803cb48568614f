"""Does tasks in several threads, and leaves nothing running whatever happens."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Helper", "in_parallel"]

Task = TypeVar("Task")
Done = TypeVar("Done")


@dataclass(frozen=True)
class Helper(Generic[Task, Done]):
    """What one thread does tasks with.

    :param do: Does a task.
    :param stop: Makes *do* return or raise soon, from whatever thread.
    :param opened: Entered in the thread before its first task.
    """

    do: Callable[[Task], Done]
    stop: Callable[[], None]
    opened: AbstractContextManager[object]


def in_parallel(
    tasks: Sequence[Task], helpers: Sequence[Helper[Task, Done]]
) -> Generator[Done, None, None]:
    """Do *tasks* and yield what comes of them, as it comes.

    Closing the iterator stops the helpers, and so does whatever one of them raises, which is
    raised here. All threads have ended then.
    """
    waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
    for task in tasks:
        waiting.put(task)
    done: queue.SimpleQueue[Done | BaseException] = queue.SimpleQueue()
    threads = [
        threading.Thread(target=_work, args=(helper, waiting, done), daemon=True)
        for helper in helpers
    ]
    try:
        for thread in threads:
            thread.start()
        for _ in tasks:
            result = done.get()
            if isinstance(result, BaseException):
                raise result
            yield result
    except BaseException:
        with ExitStack() as steps:  # Whatever is raised meanwhile, all are stopped.
            for helper in helpers:
                steps.callback(helper.stop)
            steps.callback(_drain, waiting)
        raise
    finally:
        for thread in threads:
            if thread.ident:
                thread.join()


def _work(
    helper: Helper[Task, Done],
    waiting: queue.SimpleQueue[Task],
    done: queue.SimpleQueue[Done | BaseException],
) -> None:
    try:
        with helper.opened:
            while True:
                done.put(helper.do(waiting.get_nowait()))
    except queue.Empty:
        pass
    except BaseException as error:
        done.put(error)


def _drain(waiting: queue.SimpleQueue[Task]) -> None:
    try:
        while True:
            waiting.get_nowait()
    except queue.Empty:
        pass
