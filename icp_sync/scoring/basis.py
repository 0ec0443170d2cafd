"""What every question of one run is put on: the day, and where on a company its place is looked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Self

from icp_sync.profile.model import Location, Profile


@dataclass(frozen=True, slots=True)
class Basis:
    """The same for all companies and all questions. `as_of` is the calendar day dates are judged by."""

    as_of: dt.date
    location: Location

    @classmethod
    def of(cls, profile: Profile, as_of: dt.date) -> Self:
        """The basis a profile gives its questions on a day."""
        return cls(as_of, profile.location)
