"""Concurrent map with ordered results and a bounded buffer, so a slow consumer cannot exhaust memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

Input = TypeVar("Input")
Output = TypeVar("Output")

# A page of companies takes half a megabyte, so the buffer is bounded; a buffer of one item per worker would let
# a single call in backoff (up to 180 s) stop all the others.
BUFFER_PER_WORKER: Final = 8


def map_ordered(call: Callable[[Input], Output], inputs: Iterable[Input], workers: int) -> Iterator[Output]:
    """Yield `call(item)` for each of `inputs`, in their order, computed by `workers` threads.

    At most `BUFFER_PER_WORKER * workers` inputs are taken ahead of the consumer. What `call` raises is raised here;
    calls not started by then are cancelled.
    """
    pending: deque[Future[Output]] = deque()
    with ThreadPoolExecutor(workers) as threads:
        try:
            for item in inputs:
                if len(pending) == BUFFER_PER_WORKER * workers:
                    yield pending.popleft().result()
                pending.append(threads.submit(call, item))
            while pending:
                yield pending.popleft().result()
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
