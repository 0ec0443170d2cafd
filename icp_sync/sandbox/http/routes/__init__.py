"""The HubSpot operations the portal serves."""

from icp_sync.sandbox.http.messages import Operation
from icp_sync.sandbox.http.routes.account import ACCOUNT
from icp_sync.sandbox.http.routes.batches import BATCHES
from icp_sync.sandbox.http.routes.companies import COMPANIES
from icp_sync.sandbox.http.routes.lists import LISTS
from icp_sync.sandbox.http.routes.memberships import MEMBERSHIPS
from icp_sync.sandbox.http.routes.properties import PROPERTIES

OPERATIONS: tuple[Operation, ...] = (*BATCHES, *COMPANIES, *MEMBERSHIPS, *LISTS, *PROPERTIES, *ACCOUNT)

__all__ = ["OPERATIONS"]
