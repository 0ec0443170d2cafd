"""Recently overwritten values of records, for the lagging search index."""

from collections import deque
from collections.abc import Mapping

Values = Mapping[str, str | None]
Past = Mapping[int, tuple[int, Values]]
"""By row: the last-modified moment and the values that were overwritten since."""


class OverwrittenValues:
    """Keeps overwritten values for `span` milliseconds; a span of 0 keeps nothing."""

    def __init__(self) -> None:
        self.span = 0
        self._kept: deque[tuple[int, int, int, Values]] = deque()
        self._past: Past | None = None

    def record(self, now: int, row: int, updated: int, olds: Values) -> None:
        """Record what a row holds (`updated`, `olds`) before a write at `now`."""
        self._drop_before(now - self.span)
        self._kept.append((now, row, updated, olds))
        self._past = None

    def values_before(self, moment: int) -> Past:
        """The values at `moment` (ms) that were overwritten since; `moment` never goes back by more than the span."""
        self._drop_before(moment)
        if self._past is None:
            past: dict[int, tuple[int, Values]] = {}
            for _, row, updated, values in reversed(self._kept):
                past[row] = (updated, {**past[row][1], **values} if row in past else values)
            self._past = past
        return self._past

    def clear(self) -> None:
        self._kept.clear()
        self._past = None

    def _drop_before(self, moment: int) -> None:
        while self._kept and self._kept[0][0] <= moment:
            self._kept.popleft()
            self._past = None
