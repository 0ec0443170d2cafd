"""The portal itself: everything a HubSpot account remembers, without a word about HTTP."""

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Unpack

import polars as pl

from icp_sync.sandbox.api.record_writes import CompanyWrites
from icp_sync.sandbox.auth import EVERY_SCOPE, FULL_TOKEN
from icp_sync.sandbox.call_log import CallLog
from icp_sync.sandbox.company_edits import CompanyEdits
from icp_sync.sandbox.deal_contact_edits import DealContactEdits, update_contact_counts
from icp_sync.sandbox.faults.fault_injection import Faults
from icp_sync.sandbox.faults.hooks import CallHooks, Hook
from icp_sync.sandbox.lists.folders import FolderTree
from icp_sync.sandbox.lists.lists import CrmLists
from icp_sync.sandbox.portal_settings import PortalSettings, SettingsRegistry
from icp_sync.sandbox.rate_limits import RateLimits
from icp_sync.sandbox.record_store import RecordStore
from icp_sync.sandbox.state_digest import digest_state
from icp_sync.sandbox.store.associations import Associations
from icp_sync.sandbox.store.bulk_load import LoadReport, bulk_load
from icp_sync.sandbox.store.history_sources import FIRST_APP
from icp_sync.sandbox.store.object_types import COMPANIES, CONTACTS, OBJECT_TYPES
from icp_sync.sandbox.store.owners import OWNERS, Owner, owner_from_export
from icp_sync.sandbox.store.property_definition import FIELD_TYPES, Definition, DefinitionFields, PropertyOption
from icp_sync.sandbox.store.standard_properties import TARGET_ACCOUNTS


class SandboxPortal(CompanyEdits, DealContactEdits):
    """A HubSpot portal in memory.

    `tokens`: access token → its scopes, beside the one that may everything. `target_accounts`: HubSpot's target account
    properties are there; `list_folders`: so are folders of lists. The other `traits` may change while it is served.
    """

    def __init__(
        self,
        *,
        portal_id: int = 26112026,
        tokens: Mapping[str, frozenset[str]] | None = None,
        clock: Callable[[], float] = time.time,
        time_zone: str = "Europe/Berlin",
        target_accounts: bool = True,
        list_folders: bool = True,
        **traits: Unpack[PortalSettings],
    ) -> None:
        self.portal_id, self.time_zone = portal_id, time_zone
        self._clock, self.latency, self.ahead = clock, 0.0, 0.0
        self.lock = threading.RLock()
        self.token = FULL_TOKEN
        self.tokens = {FULL_TOKEN: EVERY_SCOPE, **(tokens or {})}
        self.calls = CallLog()
        self.faults = Faults()
        self.hooks = CallHooks()
        self.limits = RateLimits(self.clock, time_zone)
        absent = frozenset() if target_accounts else TARGET_ACCOUNTS
        self.objects = {one.name: RecordStore(one, without=absent) for one in OBJECT_TYPES}
        self.associations = Associations()
        companies = self.objects[COMPANIES.name]
        self.schema, self.records, self.reading = companies.schema, companies.records, companies.reading
        self.searching = companies.searching
        self.writing = CompanyWrites(self.records, self.schema, self.reading, self.faults, self.now)
        self.lists = CrmLists(self.records, self.schema, time_zone)
        self.folders = FolderTree(self.now()) if list_folders else None
        self.merge_new_ids = False
        self.settings = self._settings()
        self.change_settings(**traits)
        self.owners: tuple[Owner, ...] = ()
        self._add_owners(OWNERS)

    def _settings(self) -> SettingsRegistry:
        """The traits that may change while the portal is served, and where each is kept."""
        return SettingsRegistry(
            {
                **{name: (self.limits, name) for name in ("burst", "daily", "used_today", "searches")},
                **{name: (self, name) for name in ("latency", "ahead", "merge_new_ids", "primary_company")},
                "index_lag": (self.searching, "lag_seconds"),
                "fill_delay": (self.lists, "delay_seconds"),
                "listing": (self.reading, "listing"),
                "search_disorder": (self.searching, "disorder"),
                "search_total_capped": (self.searching, "capped"),
                "most_lists": (self.lists, "most"),
                "unchanged_bumps": (self.writing, "unchanged_bumps"),
            }
        )

    def clock(self) -> float:
        """The portal's clock in epoch seconds; `ahead` of the one it was made with."""
        return self._clock() + self.ahead

    def now(self) -> int:
        """The portal's clock in epoch milliseconds."""
        return int(self.clock() * 1000)

    def app_id(self, token: str) -> int:
        """The app of an access token: each has its own."""
        return FIRST_APP + list(self.tokens).index(token)

    def add_call_hook(self, hook: Hook) -> Callable[[], None]:
        """Tell `hook(number, route, phase)` of every call, `before` it is handled and `after` it took effect.

        Numbers count from 1 since the last reset. A hook that returns True breaks the connection: before,
        nothing is done; after, all is done and nothing answered. The portal is locked meanwhile, its own methods
        may be called. Call what is returned to end it.
        """
        with self.lock:
            return self.hooks.add(hook)

    def change_settings(self, **settings: Unpack[PortalSettings]) -> None:
        """Change traits while serving (`latency`, `burst`, `daily`, ...); ValueError names the known ones."""
        with self.lock:
            self.settings.change(settings)

    def state_digest(self, names: Sequence[str] = ()) -> dict[str, Any]:
        """Digests of companies, lists and properties, to compare portals by; see `digest_state`."""
        with self.lock:
            return digest_state(self.records, self.schema, self.lists.undeleted(self.now()), names)

    def filled_values(self, names: Sequence[str] = (), ids: Collection[int] | None = None) -> dict[str, dict[str, str]]:
        """The filled properties of live companies by id as text; of all of them, or of those in `ids`."""
        chosen = list(names) or sorted(self.schema.definitions)
        frame = self.companies_frame(*chosen)
        rows = (frame if ids is None else frame.filter(pl.col("id").is_in(list(ids)))).iter_rows(named=True)
        return {str(row["id"]): {name: row[name] for name in chosen if row[name] is not None} for row in rows}

    def add_companies(self, frame: pl.DataFrame, *, open_options: tuple[str, ...] = ()) -> LoadReport:
        """Create a company a row: a column into the property of its name, unknown ones made as text.

        Columns `id` (or `hs_object_id`), `createdate`, `hs_lastmodifieddate` set what is otherwise assigned.
        Values a type refuses are left out and counted; `open_options` properties gain the options they lack.
        """
        with self.lock:
            return bulk_load(self.records, self.schema, frame, open_options, self.now())

    def add_property(
        self,
        name: str,
        type: str = "string",  # noqa: A002 (HubSpot's word)
        field_type: str | None = None,
        *,
        group: str = "companyinformation",
        options: Sequence[str] = (),
        **fields: Unpack[DefinitionFields],
    ) -> Definition:
        """Define a custom property, its group too; a bool gets its two options by itself."""
        values = ("true", "false") if type == "bool" else options
        with self.lock:
            if group not in self.schema.groups:
                self.schema.create_group({"name": group, "label": group.replace("_", " ").capitalize()})
            definition = Definition(
                name,
                name.replace("_", " ").capitalize(),
                type,
                field_type or FIELD_TYPES[type],
                group,
                options=tuple(PropertyOption(value, value, order) for order, value in enumerate(values)),
                created_at=self.now(),
                updated_at=self.now(),
            )
            return self.schema.add_definition(replace(definition, **fields))

    def company(self, record_id: int | str) -> dict[str, str]:
        """The filled properties of a live company."""
        with self.lock:
            shown = self.reading.records_json([self._require_row(record_id)], self.schema.definitions)[0]
            return {name: value for name, value in shown["properties"].items() if value is not None}

    def companies_frame(self, *names: str) -> pl.DataFrame:
        """All live companies by ascending id: `id` (Int64) and the named properties as text."""
        with self.lock:
            ids, rows = self.records.live_ids_and_rows()
            index = pl.Series(rows, dtype=pl.UInt32)
            columns = [self.records.full_column(name).gather(index).alias(name) for name in names]
            return pl.DataFrame([pl.Series("id", ids, dtype=pl.Int64), *columns])

    def list_members(self, list_id_or_name: int | str) -> list[int]:
        """Record ids of a list, ascending."""
        with self.lock:
            return sorted(self.lists.require_by_id_or_name(list_id_or_name, self.now()).members)

    def merge(self, primary: int | str, merged: int | str, *, new_id: bool = False) -> int:
        """Fold one company into another, its contacts too; returns the survivor's id, a fresh one with `new_id`."""
        with self.lock:
            survivor = super().merge(primary, merged, new_id=new_id)
            if self.associations.links(COMPANIES.name, survivor, CONTACTS.name):
                update_contact_counts(self.objects, self.associations, [survivor], self.now())
            return survivor

    def get_or_add_owner_ids(self, names: pl.Series) -> pl.Series:
        """Owners by id for owners by name, address or id; those the portal has not are new to it."""
        with self.lock:
            for name in names.drop_nulls().str.strip_chars().unique(maintain_order=True):
                if name and not any(owner.matches_name(name) for owner in self.owners):
                    self._add_owners((owner_from_export(name, max(owner.id for owner in self.owners) + 1),))
            distinct = [name for name in names.drop_nulls().unique() if name.strip()]
            ids = [
                next(str(owner.id) for owner in self.owners if owner.matches_name(name.strip())) for name in distinct
            ]
            return names.replace_strict(distinct, ids, default=None, return_dtype=pl.String)

    def _add_owners(self, more: tuple[Owner, ...]) -> None:
        self.owners = tuple(sorted((*self.owners, *more), key=lambda owner: owner.id))
        options = tuple(PropertyOption(str(owner.id), owner.email) for owner in self.owners)
        for store in self.objects.values():
            store.schema.add_definition(replace(store.schema.definitions["hubspot_owner_id"], options=options))
