"""What users change in the portal beside the API: create, edit, merge, archive and restore companies."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence

from icp_sync.sandbox.lists.lists import CrmLists
from icp_sync.sandbox.lists.static_members import change_members, require_static
from icp_sync.sandbox.store.associations import Associations
from icp_sync.sandbox.store.company_merge import assign_new_id, merge_companies
from icp_sync.sandbox.store.history_sources import PERSON, ChangeSource
from icp_sync.sandbox.store.property_schema import PropertySchema, check_values
from icp_sync.sandbox.store.record_states import ARCHIVED, LIVE
from icp_sync.sandbox.store.records import Records
from icp_sync.sandbox.store.value_checks import Scalar


class CompanyEdits(ABC):
    """Edits as HubSpot's users make them: applied at once, without a token, a rate limit or a fault.

    `source` is who makes them by the properties' history, a person unless told.
    """

    lock: threading.RLock
    records: Records
    schema: PropertySchema
    lists: CrmLists
    associations: Associations

    @abstractmethod
    def now(self) -> int:
        """The portal's clock in epoch milliseconds."""

    def create_company(self, properties: Mapping[str, Scalar], source: ChangeSource = PERSON) -> int:
        """A new company; returns its id."""
        return self.create_companies([properties], source)[0]

    def create_companies(self, companies: Sequence[Mapping[str, Scalar]], source: ChangeSource = PERSON) -> list[int]:
        """New companies, all created at the same time; returns their ids."""
        with self.lock:
            checked = [check_values(self.schema, properties) for properties in companies]
            rows = self.records.append_records(checked, self.now(), source)
            return [self.records.ids[row] for row in rows]

    def edit_company(
        self, record_id: int | str, properties: Mapping[str, Scalar], source: ChangeSource = PERSON
    ) -> None:
        """Change a live company as another user would; read-only properties too, as HubSpot itself does."""
        self.edit_companies({record_id: properties}, source)

    def edit_companies(self, changes: Mapping[int | str, Mapping[str, Scalar]], source: ChangeSource = PERSON) -> None:
        """Edit many companies, all at the same time; ValueError or LookupError before any is changed."""
        with self.lock:
            checked = [
                (self._require_row(record_id), check_values(self.schema, values))
                for record_id, values in changes.items()
            ]
            now = self.now()
            for row, values in checked:
                self.records.write(row, values, now, source)

    def merge(self, primary: int | str, merged: int | str, *, new_id: bool = False) -> int:
        """Fold one company into another; returns the survivor's id, a fresh one with `new_id`."""
        with self.lock:
            survivor = merge_companies(self.records, int(primary), int(merged), self.now())
            self.associations.reassign_company(int(merged), survivor)
            self.lists.remove_from_all_lists(int(merged), self.now())
            if new_id:
                self.lists.remove_from_all_lists(survivor, self.now())
                fresh = assign_new_id(self.records, survivor, self.now())
                self.associations.reassign_company(survivor, fresh)
                return fresh
            return survivor

    def archive(self, *record_ids: int | str) -> None:
        """Archive companies; LookupError, and none is archived, when one is not live."""
        with self.lock:
            for row in [self._require_row(record_id) for record_id in record_ids]:
                self.records.archive(row, self.now())
                self.lists.remove_from_all_lists(self.records.ids[row], self.now())

    def restore(self, *record_ids: int | str) -> None:
        """Restore archived companies; hs_lastmodifieddate does not change."""
        with self.lock:
            for row in [self._require_row(record_id, ARCHIVED) for record_id in record_ids]:
                self.records.restore(row, self.now())

    def change_list_members(
        self, list_id_or_name: int | str, add: Iterable[int] = (), remove: Iterable[int] = ()
    ) -> None:
        """Put companies on a static list and take others off, as another user would; LookupError for no such list."""
        with self.lock:
            now = self.now()
            static = require_static(self.lists.require_by_id_or_name(list_id_or_name, now))
            change_members(static, self.records, map(str, add), map(str, remove), now)

    def _require_row(self, record_id: int | str, state: int = LIVE) -> int:
        row = self.records.row(int(record_id), state)
        if row is None:
            message = f"no {'live' if state == LIVE else 'archived'} company {record_id}"
            raise LookupError(message)
        return row
