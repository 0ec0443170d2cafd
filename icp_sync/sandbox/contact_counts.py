"""What HubSpot counts of a company's contacts by itself, in properties of the company nobody else can write."""

from collections.abc import Iterable, Mapping

from icp_sync.sandbox.record_store import RecordStore
from icp_sync.sandbox.store.associations import Associations
from icp_sync.sandbox.store.object_types import COMPANIES, CONTACTS

CONTACTS_OF_COMPANY = "num_associated_contacts"
DECISION_MAKERS = "hs_num_decision_makers"
_ROLE = "hs_buying_role"


def update_contact_counts(
    objects: Mapping[str, RecordStore], associations: Associations, company_ids: Iterable[int], now: int
) -> None:
    """Bring the counts of these companies up to date; one without contacts has none, not a zero."""
    companies, contacts = objects[COMPANIES.name].records, objects[CONTACTS.name].records
    for company_id in company_ids:
        linked = [contacts.row(one) for one, _ in associations.links(COMPANIES.name, company_id, CONTACTS.name)]
        rows = [row for row in linked if row is not None]
        makers = sum("DECISION_MAKER" in (contacts.value_at(row, _ROLE) or "").split(";") for row in rows)
        counts = {CONTACTS_OF_COMPANY: len(rows), DECISION_MAKERS: makers}
        row = companies.row(company_id)
        if row is not None:
            companies.set_calculated(row, {name: str(count) if count else None for name, count in counts.items()}, now)
