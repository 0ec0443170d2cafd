"""Several calls at a time, answers in order, and never many of them held for somebody who is slow to take them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

# A page weighs half a megabyte, so not without end; but one call that is tried again must not keep the others waiting.
AHEAD: Final = 8


def map_ordered(call: Callable[[Given], Made], inputs: Iterable[Given], at_once: int) -> Iterator[Made]:
    """The answers of `call` to each of `inputs`, `at_once` threads at it, `8 x at_once` inputs ahead at most."""
    ahead: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(at_once) as threads:
        try:
            for one in inputs:
                if len(ahead) == AHEAD * at_once:
                    yield ahead.popleft().result()
                ahead.append(threads.submit(call, one))
            while ahead:
                yield ahead.popleft().result()
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
