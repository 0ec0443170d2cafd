"""Which deals and contacts belong to which companies."""

from collections import defaultdict
from collections.abc import Sequence

from icp_sync.sandbox.store.object_types import COMPANIES, ObjectType

PRIMARY, UNLABELED = "primary", "unlabeled"

TYPE_IDS = {
    ("deals", "companies"): {PRIMARY: 5, UNLABELED: 341},
    ("companies", "deals"): {PRIMARY: 6, UNLABELED: 342},
    ("contacts", "companies"): {PRIMARY: 1, UNLABELED: 279},
    ("companies", "contacts"): {PRIMARY: 2, UNLABELED: 280},
}
"""HubSpot's numbers for the kinds of links, by the types at both ends."""

Link = tuple[int, bool]
"""The id at the other end, and whether the company is the record's primary one."""


class Associations:
    """Links between records and companies; the first company of a record is its primary one."""

    def __init__(self) -> None:
        self._companies: dict[str, dict[int, list[int]]] = defaultdict(dict)
        self._records: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))

    def set_companies(self, record_type: ObjectType, record_id: int, company_ids: Sequence[int]) -> None:
        """Make these the companies of a record, its primary one first."""
        self.unlink_all(record_type, record_id)
        self._companies[record_type.name][record_id] = list(dict.fromkeys(company_ids))
        for company_id in self._companies[record_type.name][record_id]:
            self._records[record_type.name][company_id].append(record_id)

    def unlink_all(self, record_type: ObjectType, record_id: int) -> list[int]:
        """Part a record from its companies, as HubSpot does with one that is archived; returns them."""
        companies = self._companies[record_type.name].pop(record_id, [])
        for company_id in companies:
            self._records[record_type.name][company_id].remove(record_id)
        return companies

    def reassign_company(self, company_id: int, survivor: int) -> None:
        """Give a company's links to the one it was merged into."""
        for name, records in self._records.items():
            for record_id in records.pop(company_id, []):
                others = [survivor if one == company_id else one for one in self._companies[name][record_id]]
                self._companies[name][record_id] = list(dict.fromkeys(others))
                if record_id not in records[survivor]:
                    records[survivor].append(record_id)

    def links(self, from_type: str, record_id: int, to_type: str) -> list[Link]:
        """The records of `to_type` linked with one; none where HubSpot knows no such link."""
        if to_type == COMPANIES.name:
            ids = self._companies[from_type].get(record_id, [])
            return [(company_id, place == 0) for place, company_id in enumerate(ids)]
        ids = self._records[to_type].get(record_id, []) if from_type == COMPANIES.name else []
        return [(linked_id, self._companies[to_type][linked_id][0] == record_id) for linked_id in ids]
