"""The portal as one profile sees it, read before its companies."""

from __future__ import annotations

from dataclasses import dataclass

from icp_sync.runs.extract.list_resolution import ResolvedLists
from icp_sync.runs.extract.preflight import Preflight


@dataclass(frozen=True, slots=True)
class PortalState:
    """The properties and the lists of the portal."""

    preflight: Preflight
    lists: ResolvedLists
