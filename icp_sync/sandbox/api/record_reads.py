"""Records as the objects API shows them: pages, single records, batches."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from icp_sync.sandbox.api.page_order import ASCENDING, SHUFFLED, AscendingOrder, PageOrder, ShuffledOrder
from icp_sync.sandbox.error_responses import batch_error_entry, not_found
from icp_sync.sandbox.store.property_schema import PropertySchema
from icp_sync.sandbox.store.record_states import ARCHIVED, LIVE
from icp_sync.sandbox.store.records import Records
from icp_sync.sandbox.timestamps import format_iso

NOT_FOUND = "Could not get some {label} objects, they may be deleted or not exist. Check that ids are valid."

Shown = dict[str, Any]


class RecordReads:
    """Reads of the records of one kind; `names` are the properties asked for, empty means the default ones.

    `history` are the properties asked for with their history.
    """

    def __init__(self, records: Records, schema: PropertySchema) -> None:
        self._records = records
        self._schema = schema
        self._type = schema.object_type
        self._listings: dict[str, PageOrder] = {ASCENDING: AscendingOrder(records), SHUFFLED: ShuffledOrder(records)}
        self.listing = ASCENDING

    def records_json(self, rows: Sequence[int], names: Iterable[str] = (), history: Sequence[str] = ()) -> list[Shown]:
        """The records of `rows` with the named properties, always with id, creation and last change."""
        known_names = self._schema.existing_names([*(tuple(names) or self._type.default), *self._type.always])
        columns = self._records.row_values(rows, known_names)
        records = [
            self._record_json(row, dict(zip(known_names, values, strict=True)))
            for row, values in zip(rows, zip(*columns.values(), strict=True), strict=True)
        ]
        for row, record in zip(rows, records, strict=True) if history else ():
            record["propertiesWithHistory"] = self._history_json(row, history)
        return records

    def _history_json(self, row: int, names: Sequence[str]) -> Shown:
        """The versions of properties, newest first; a property that never had a value has none."""
        return {
            name: [version.as_json() for version in self._records.property_versions(row, name)]
            for name in self._schema.existing_names(names)
        }

    def read_page(
        self, names: Iterable[str], after: str | None, limit: int, *, archived: bool, history: Sequence[str] = ()
    ) -> Shown:
        """A page of the list behind a cursor."""
        rows, following = self._listings[self.listing].page(after, limit, ARCHIVED if archived else LIVE)
        body: Shown = {"results": self.records_json(rows, names, history)}
        if following is not None:
            body["paging"] = {"next": {"after": following}}
        return body

    def read_one(self, record_id: int, names: Iterable[str], *, archived: bool, history: Sequence[str] = ()) -> Shown:
        """A merged-away id answers with its survivor, as HubSpot's single read is reported to do."""
        row = self._records.row(self._records.survivor_id(record_id), ARCHIVED if archived else LIVE)
        if row is None:
            raise not_found("resource not found")
        return self.records_json([row], names, history)[0]

    def read_batch(
        self, ids: Mapping[int, str], names: Iterable[str], *, archived: bool, history: Sequence[str] = ()
    ) -> tuple[list[Shown], list[Shown]]:
        """The records found, and at most one error that names all the others as they were asked for."""
        state = ARCHIVED if archived else LIVE
        rows = {record_id: self._records.row(record_id, state) for record_id in ids}
        unknown_ids = [ids[record_id] for record_id, row in rows.items() if row is None]
        message = NOT_FOUND.format(label=self._type.label)
        errors = [batch_error_entry("OBJECT_NOT_FOUND", message, {"ids": unknown_ids})] if unknown_ids else []
        return self.records_json([row for row in rows.values() if row is not None], names, history), errors

    def _record_json(self, row: int, properties: dict[str, str | None]) -> Shown:
        created, updated = properties["createdate"], properties[self._type.modified]
        record = {
            "id": properties["hs_object_id"],
            "properties": properties,
            "createdAt": created,
            "updatedAt": updated,
            "archived": False,
        }
        archived_at = self._records.archived_at.get(self._records.ids[row])
        return record if archived_at is None else {**record, "archived": True, "archivedAt": format_iso(archived_at)}
