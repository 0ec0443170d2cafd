"""Keys of the full profile language that this version does not read: refused by name, never ignored."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel

from icp_sync.profile.match import Match
from icp_sync.profile.model import Profile, Tier, Where, Write

UNSUPPORTED: Final[Mapping[type[BaseModel], frozenset[str]]] = MappingProxyType(
    {
        Profile: frozenset({"location", "derive", "lock", "vocabulary"}),
        Match: frozenset({"city", "within_km", "within_days", "older_than_days", "age_years"}),
        Tier: frozenset({"leave", "capacity"}),
        Write: frozenset({"understood", "best_profile"}),
        Where: frozenset({"changed_within_days", "property"}),
    }
)

MESSAGE: Final = "not supported by this version of icp_sync; remove it"
