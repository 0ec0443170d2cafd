"""A HubSpot portal in a box: the companies, properties and lists API in memory, over loopback HTTP."""

from .admission import LoadReport
from .calls import CallLog
from .faults import Faults
from .generating import generate
from .kinds import KINDS, RETRYABLE
from .loading import load_file
from .portal import SandboxPortal
from .serving import Address, serve_forever, serving
from .tokens import EVERY_SCOPE

__all__ = [
    "EVERY_SCOPE",
    "KINDS",
    "RETRYABLE",
    "Address",
    "CallLog",
    "Faults",
    "LoadReport",
    "SandboxPortal",
    "generate",
    "load_file",
    "serve_forever",
    "serving",
]
