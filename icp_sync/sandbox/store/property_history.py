"""The history of properties: who wrote which value when, of everything written since the portal was loaded."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import polars as pl

from icp_sync.sandbox.store.history_sources import ChangeSource
from icp_sync.sandbox.timestamps import format_iso

Entry = TypeVar("Entry")
Names = tuple[str, ...]
EVERY: Names = ("*",)
"""A write of all properties a record has, with the values they had, as a restore or a merge is."""
_NONE = -1


@dataclass(frozen=True, slots=True)
class PropertyVersion:
    """One value of a property ("" = emptied), when it was written (epoch ms) and by whom."""

    value: str
    moment: int
    source: ChangeSource

    def as_json(self) -> dict[str, object]:
        return {"value": self.value, "timestamp": format_iso(self.moment), **self.source.as_json()}


class InternTable(Generic[Entry]):
    """Values that many writes share, each kept once under a number."""

    def __init__(self) -> None:
        self._numbers: dict[Entry, int] = {}
        self._entries: list[Entry] = []

    def __getitem__(self, number: int) -> Entry:
        return self._entries[number]

    def intern(self, entry: Entry) -> int:
        """The number of an entry, a new one for a new entry."""
        number = self._numbers.setdefault(entry, len(self._entries))
        if number == len(self._entries):
            self._entries.append(entry)
        return number


class PropertyHistory:
    """Writes as a linked list per row, in arrays: 24 bytes a write and 8 a row, so a million records may be written.

    A write keeps the values it replaced, those it wrote are in the record or in the write after it. What was loaded
    costs nothing: it is what the first write replaced.
    """

    def __init__(self) -> None:
        self._latest = array("q")  # by row
        self._previous = array("q")  # by write, as are the next three
        self._moments = array("q")
        self._sources = array("i")
        self._names = array("i")
        self._replaced: dict[int, Mapping[str, str]] = {}
        self._known_sources: InternTable[ChangeSource] = InternTable()
        self._known_names: InternTable[Names] = InternTable()

    def make_room_for_rows(self, count: int) -> None:
        """Room for new rows, not written yet."""
        self._latest.extend([_NONE] * count)

    def record_write(
        self, row: int, names: Sequence[str], replaced: Mapping[str, str], moment: int, source: ChangeSource
    ) -> None:
        """Note that a row's properties were written; `replaced` holds the values of those that had one."""
        write = len(self._moments)
        self._previous.append(self._latest[row])
        self._moments.append(moment)
        self._sources.append(self._known_sources.intern(source))
        self._names.append(self._known_names.intern(tuple(names)))
        self._latest[row] = write
        if replaced:
            self._replaced[write] = dict(replaced)

    def copy_history(self, row: int, origin: int) -> None:
        """Give a row the history of another, which it goes on."""
        self._latest[row] = self._latest[origin]

    def versions(
        self, row: int, name: str, value: str | None, loaded: PropertyVersion | None
    ) -> Iterator[PropertyVersion]:
        """Every version of a property that holds `value` now, newest first.

        `loaded` is when and by whom a value was written that stood there before all writes; its value is ignored.
        """
        write = self._latest[row]
        while write != _NONE:
            names = self._known_names[self._names[write]]
            if name in names or (value and names == EVERY):
                yield PropertyVersion(value or "", self._moments[write], self._known_sources[self._sources[write]])
                value = value if names == EVERY else self._replaced.get(write, {}).get(name)
            write = self._previous[write]
        if value and loaded:
            yield PropertyVersion(value, loaded.moment, loaded.source)

    def reorder_rows(self, order: pl.Series) -> None:
        """Rows in another order: `order` holds the old row of each new one."""
        self._latest = array("q", (self._latest[row] for row in order))
