"""What users do with deals and contacts, and what HubSpot then counts of them by itself on the companies."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from icp_sync.sandbox.record_store import RecordStore
from icp_sync.sandbox.store.associations import Associations
from icp_sync.sandbox.store.bulk_load import LoadReport, bulk_load
from icp_sync.sandbox.store.history_sources import PERSON, ChangeSource
from icp_sync.sandbox.store.object_types import COMPANIES, CONTACTS, DEALS
from icp_sync.sandbox.store.property_schema import check_values
from icp_sync.sandbox.store.standard_properties import standard_definitions
from icp_sync.sandbox.store.value_checks import Scalar

PRIMARY_COMPANY = "hs_primary_associated_company"
FILLED, EMPTY, ABSENT = "filled", "empty", "absent"
"""What a portal holds in that property of new deals; HubSpot does not say that every portal has it."""
_CONTACTS_OF_COMPANY = "num_associated_contacts"
_DECISION_MAKERS = "hs_num_decision_makers"
_ROLE = "hs_buying_role"

Companies = Sequence[Sequence[int]]
"""The companies of each record, its primary one first."""


class DealContactEdits(ABC):
    """Edits of deals and contacts as HubSpot's users make them; `type_name` is `deals` or `contacts`."""

    lock: threading.RLock
    objects: Mapping[str, RecordStore]
    associations: Associations
    _primary_company = FILLED

    @abstractmethod
    def now(self) -> int:
        """The portal's clock in epoch milliseconds."""

    @property
    def primary_company(self) -> str:
        """Whether deals name their primary company in a property: `filled`, `empty`, or `absent` with the property."""
        return self._primary_company

    @primary_company.setter
    def primary_company(self, presence: str) -> None:
        self._primary_company = presence
        standard = {one.name: one for one in standard_definitions(DEALS)}
        definitions = self.objects[DEALS.name].schema.definitions
        definitions.pop(PRIMARY_COMPANY, None)
        definitions.update({} if presence == ABSENT else {PRIMARY_COMPANY: standard[PRIMARY_COMPANY]})

    def add_records(self, type_name: str, frame: pl.DataFrame, companies: Companies = ()) -> LoadReport:
        """Create a record a row, as `add_companies` does, and link each with its companies."""
        store = self.objects[type_name]
        if type_name == DEALS.name and self._primary_company == FILLED and companies:
            primaries = [str(ids[0]) if ids else None for ids in companies]
            frame = frame.with_columns(pl.Series(PRIMARY_COMPANY, primaries, dtype=pl.String))
        with self.lock:
            before = len(store.records)
            report = bulk_load(store.records, store.schema, frame, (), self.now())
            for record_id, ids in zip(store.records.ids[before:], companies, strict=False):
                self.associations.set_companies(store.type, record_id, ids)
            self._update_contact_counts(store, (one for ids in companies for one in ids))
            return report

    def create_record(self, type_name: str, properties: Mapping[str, Scalar], companies: Sequence[int] = ()) -> int:
        """A new deal or contact of these companies, the primary one first; returns its id."""
        with self.lock:
            store, values = self.objects[type_name], dict(properties)
            if companies and store.type == DEALS and self._primary_company == FILLED:
                values[PRIMARY_COMPANY] = companies[0]
            row = store.records.append_records([check_values(store.schema, values)], self.now(), PERSON)[0]
            self.associations.set_companies(store.type, store.records.ids[row], companies)
            self._update_contact_counts(store, companies)
            return store.records.ids[row]

    def edit_record(
        self, type_name: str, record_id: int, properties: Mapping[str, Scalar], source: ChangeSource = PERSON
    ) -> None:
        """Change a live deal or contact; LookupError where there is none."""
        with self.lock:
            store = self.objects[type_name]
            row = _require_live_row(store, record_id)
            store.records.write(row, check_values(store.schema, properties), self.now(), source)
            linked = self.associations.links(store.type.name, record_id, COMPANIES.name)
            self._update_contact_counts(store, (company_id for company_id, _ in linked))

    def archive_record(self, type_name: str, record_id: int) -> None:
        """Archive a deal or contact; LookupError where there is none."""
        with self.lock:
            store = self.objects[type_name]
            store.records.archive(_require_live_row(store, record_id), self.now())
            self._update_contact_counts(store, self.associations.unlink_all(store.type, record_id))

    def _update_contact_counts(self, store: RecordStore, company_ids: Iterable[int]) -> None:
        if store.type == CONTACTS:
            update_contact_counts(self.objects, self.associations, dict.fromkeys(company_ids), self.now())


def _require_live_row(store: RecordStore, record_id: int) -> int:
    row = store.records.row(record_id)
    if row is None:
        message = f"no live {store.type.singular} {record_id}"
        raise LookupError(message)
    return row


def update_contact_counts(
    objects: Mapping[str, RecordStore], associations: Associations, company_ids: Iterable[int], now: int
) -> None:
    """Bring the counts of these companies up to date; one without contacts has none, not a zero."""
    companies, contacts = objects[COMPANIES.name].records, objects[CONTACTS.name].records
    for company_id in company_ids:
        linked = [contacts.row(one) for one, _ in associations.links(COMPANIES.name, company_id, CONTACTS.name)]
        rows = [row for row in linked if row is not None]
        makers = sum("DECISION_MAKER" in (contacts.value_at(row, _ROLE) or "").split(";") for row in rows)
        counts = {_CONTACTS_OF_COMPANY: len(rows), _DECISION_MAKERS: makers}
        row = companies.row(company_id)
        if row is not None:
            companies.set_calculated(row, {name: str(count) if count else None for name, count in counts.items()}, now)
