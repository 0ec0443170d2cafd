"""The portal itself: everything a HubSpot account remembers, without a word about HTTP."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl

from .admission import LoadReport, admit
from .calls import CallLog
from .definitions import Definition, Option
from .faults import Faults
from .folders import Folders
from .limits import Limits
from .lists import Lists
from .merging import merge, reborn
from .owners import OWNERS
from .reading import Companies
from .records import Records
from .schema import Schema
from .searching import Searching
from .tokens import EVERY_SCOPE, FULL_TOKEN
from .values import Problem, Scalar, check
from .writing import Writing


class SandboxPortal:
    """A HubSpot portal in memory.

    `burst` is calls in ten seconds (None: 100,000), `latency` seconds an answer takes, `index_lag` and
    `fill_delay` the seconds search and active lists stay behind; the last two and the limits follow `clock`.
    """

    def __init__(  # noqa: PLR0913 (one argument for each trait a portal can have)
        self,
        *,
        portal_id: int = 26112026,
        tokens: Mapping[str, frozenset[str]] | None = None,
        clock: Callable[[], float] = time.time,
        burst: int | None = None,
        daily: int = 1_000_000,
        latency: float = 0.0,
        index_lag: float = 0.0,
        fill_delay: float = 0.0,
        target_accounts: bool = True,
        list_folders: bool = True,
        time_zone: str = "Europe/Berlin",
    ) -> None:
        self.portal_id, self.latency, self.time_zone = portal_id, latency, time_zone
        self.clock = clock
        self.lock = threading.RLock()
        self.token = FULL_TOKEN
        self.tokens = {FULL_TOKEN: EVERY_SCOPE, **(tokens or {})}
        self.calls = CallLog()
        self.faults = Faults()
        self.limits = Limits(clock, burst=burst, daily=daily, time_zone=time_zone)
        self.schema = Schema(target_accounts=target_accounts)
        self.records = Records()
        self.reading = Companies(self.records, self.schema)
        self.writing = Writing(self.records, self.schema, self.reading, self.faults, self.now)
        self.searching = Searching(self.records, self.schema, self.reading, round(index_lag * 1000))
        self.lists = Lists(self.records, self.schema, delay=round(fill_delay * 1000), time_zone=time_zone)
        self.folders = Folders(self.now()) if list_folders else None
        self._admit_owners()

    def now(self) -> int:
        """The portal's clock in epoch milliseconds."""
        return int(self.clock() * 1000)

    def add_companies(self, frame: pl.DataFrame, *, open_options: tuple[str, ...] = ()) -> LoadReport:
        """Create a company a row: a column into the property of its name, unknown ones made as text.

        Columns `id` (or `hs_object_id`), `createdate`, `hs_lastmodifieddate` set what is otherwise assigned.
        Values a type refuses are left out and counted; `open_options` properties gain the options they lack.
        """
        with self.lock:
            return admit(self.records, self.schema, frame, open_options, self.now())

    def add_property(  # noqa: PLR0913 (the fields of a definition)
        self,
        name: str,
        type: str = "string",  # noqa: A002 (HubSpot's word)
        field_type: str | None = None,
        *,
        group: str = "companyinformation",
        label: str | None = None,
        options: tuple[str, ...] | list[str] = (),
        read_only: bool = False,
        calculated: bool = False,
        has_unique_value: bool = False,
    ) -> Definition:
        """Define a custom property, its group too; a bool gets its two options by itself."""
        if type == "bool":
            options = ("true", "false")
        with self.lock:
            if group not in self.schema.groups:
                self.schema.create_group({"name": group, "label": group.replace("_", " ").capitalize()})
            definition = Definition(
                name=name,
                label=label or name.replace("_", " ").capitalize(),
                type=type,
                field_type=field_type or _FIELD_TYPES[type],
                group=group,
                options=tuple(Option(value, value, order) for order, value in enumerate(options)),
                read_only=read_only,
                calculated=calculated,
                has_unique_value=has_unique_value,
                created_at=self.now(),
                updated_at=self.now(),
            )
            return self.schema.put(definition)

    def create_company(self, properties: Mapping[str, Scalar]) -> int:
        """A new company; returns its id."""
        with self.lock:
            row = self.records.append([self._checked(properties)], self.now())[0]
            return self.records.ids[row]

    def edit_company(self, record_id: int | str, properties: Mapping[str, Scalar]) -> None:
        """Change a live company as another user would; read-only properties too, as HubSpot itself does."""
        with self.lock:
            self.records.write(self._row(record_id), self._checked(properties), self.now())

    def merge(self, primary: int | str, merged: int | str, *, new_id: bool = False) -> int:
        """Fold one company into another; returns the survivor's id, a fresh one with `new_id`."""
        with self.lock:
            survivor = merge(self.records, int(primary), int(merged), self.now())
            self.lists.forget(int(merged))
            if new_id:
                self.lists.forget(survivor)
                return reborn(self.records, survivor, self.now())
            return survivor

    def archive(self, record_id: int | str) -> None:
        """Put a company in the recycle bin."""
        with self.lock:
            self.records.archive(self._row(record_id), self.now())
            self.lists.forget(int(record_id))

    def company(self, record_id: int | str) -> dict[str, str]:
        """The filled properties of a live company."""
        with self.lock:
            shown = self.reading.shown([self._row(record_id)], self.schema.definitions)[0]
            return {name: value for name, value in shown["properties"].items() if value is not None}

    def companies(self, *names: str) -> pl.DataFrame:
        """All live companies by ascending id: `id` (Int64) and the named properties as text."""
        with self.lock:
            ids, rows = self.records.live()
            index = pl.Series(rows, dtype=pl.UInt32)
            columns = [self.records.whole(name).gather(index).alias(name) for name in names]
            return pl.DataFrame([pl.Series("id", ids, dtype=pl.Int64), *columns])

    def list_members(self, list_id_or_name: int | str) -> list[int]:
        """Record ids of a list, ascending."""
        with self.lock:
            now = self.now()
            for one in self.lists.living(now):
                if str(one.id) == str(list_id_or_name) or one.name == list_id_or_name:
                    return sorted(one.members)
            message = f"no list {list_id_or_name!r}"
            raise LookupError(message)

    def _checked(self, properties: Mapping[str, Scalar]) -> dict[str, str]:
        values = {}
        for name, value in properties.items():
            answer = check(self.schema.get(name), value)
            if isinstance(answer, Problem):
                raise ValueError(answer.message)
            values[name] = answer
        return values

    def _row(self, record_id: int | str) -> int:
        row = self.records.row(int(record_id))
        if row is None:
            message = f"no live company {record_id}"
            raise LookupError(message)
        return row

    def _admit_owners(self) -> None:
        owners = tuple(Option(str(owner.id), owner.email) for owner in OWNERS)
        self.schema.put(replace(self.schema.definitions["hubspot_owner_id"], options=owners))


_FIELD_TYPES = {
    "string": "text",
    "number": "number",
    "bool": "booleancheckbox",
    "enumeration": "select",
    "date": "date",
    "datetime": "date",
}
