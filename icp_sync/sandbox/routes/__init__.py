"""The HubSpot operations the portal serves."""

from icp_sync.sandbox.exchange import Operation

from .account import ACCOUNT
from .batches import BATCHES
from .companies import COMPANIES
from .lists import LISTS
from .memberships import MEMBERSHIPS
from .properties import PROPERTIES

OPERATIONS: tuple[Operation, ...] = (*BATCHES, *COMPANIES, *MEMBERSHIPS, *LISTS, *PROPERTIES, *ACCOUNT)

__all__ = ["OPERATIONS"]
