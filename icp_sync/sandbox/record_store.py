"""All that answers for one kind of records: definitions, rows, reads and search."""

from collections.abc import Collection

from icp_sync.sandbox.api.record_reads import RecordReads
from icp_sync.sandbox.search.engine import SearchEngine
from icp_sync.sandbox.store.object_types import ObjectType
from icp_sync.sandbox.store.property_schema import PropertySchema
from icp_sync.sandbox.store.records import Records


class RecordStore:
    """The records of one kind in a portal. `without`: standard properties it lacks."""

    def __init__(self, object_type: ObjectType, without: Collection[str] = ()) -> None:
        self.type = object_type
        self.schema = PropertySchema(object_type, without=without)
        self.records = Records()
        self.reading = RecordReads(self.records, self.schema)
        self.searching = SearchEngine(self.records, self.schema, self.reading)
