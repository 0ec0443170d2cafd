"""A HubSpot portal in a box: the companies, properties and lists API in memory, over loopback HTTP."""

from icp_sync.sandbox.auth import EVERY_SCOPE
from icp_sync.sandbox.call_log import CallLog
from icp_sync.sandbox.data.company_file import load_company_file
from icp_sync.sandbox.data.generate_companies import generate_companies
from icp_sync.sandbox.data.generate_contacts import generate_contacts
from icp_sync.sandbox.data.generate_deals import SIGNALS, generate_deals
from icp_sync.sandbox.faults.fault_injection import Faults
from icp_sync.sandbox.faults.fault_kinds import KINDS, RETRYABLE
from icp_sync.sandbox.http.server import PortalAddress, serve_forever, serve_in_thread
from icp_sync.sandbox.portal import SandboxPortal
from icp_sync.sandbox.store.bulk_load import LoadReport

__all__ = [
    "EVERY_SCOPE",
    "KINDS",
    "RETRYABLE",
    "SIGNALS",
    "CallLog",
    "Faults",
    "LoadReport",
    "PortalAddress",
    "SandboxPortal",
    "generate_companies",
    "generate_contacts",
    "generate_deals",
    "load_company_file",
    "serve_forever",
    "serve_in_thread",
]
