"""All that answers for one kind of records: definitions, rows, reads and search."""

from collections.abc import Collection

from icp_sync.sandbox.api.read import ObjectReads
from icp_sync.sandbox.search.engine import SearchEngine
from icp_sync.sandbox.store.object_types import ObjectType
from icp_sync.sandbox.store.property_schema import Schema
from icp_sync.sandbox.store.records import Records


class ObjectStore:
    """The records of one kind in a portal. `without`: standard properties it lacks."""

    def __init__(self, object_type: ObjectType, without: Collection[str] = ()) -> None:
        self.type = object_type
        self.schema = Schema(object_type, without=without)
        self.records = Records()
        self.reading = ObjectReads(self.records, self.schema)
        self.searching = SearchEngine(self.records, self.schema, self.reading)
