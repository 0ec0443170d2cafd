"""The HubSpot operations the portal serves."""

from icp_sync.sandbox.http.api_types import Operation
from icp_sync.sandbox.http.routes.account import ACCOUNT
from icp_sync.sandbox.http.routes.associations import ASSOCIATIONS
from icp_sync.sandbox.http.routes.batches import BATCHES
from icp_sync.sandbox.http.routes.companies import COMPANIES
from icp_sync.sandbox.http.routes.lists import LISTS
from icp_sync.sandbox.http.routes.memberships import MEMBERSHIPS
from icp_sync.sandbox.http.routes.object_reads import read_operations
from icp_sync.sandbox.http.routes.properties import PROPERTIES
from icp_sync.sandbox.store.object_types import CONTACTS, DEALS

OPERATIONS: tuple[Operation, ...] = (
    *BATCHES,
    *COMPANIES,
    *read_operations(DEALS),
    *read_operations(CONTACTS),
    *ASSOCIATIONS,
    *MEMBERSHIPS,
    *LISTS,
    *PROPERTIES,
    *ACCOUNT,
)

__all__ = ["OPERATIONS"]
