"""What a text cannot say of itself: whether it is an option of an enumeration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icp_sync.companies.options import NO_OPTIONS, Options


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the values of one portal are written; the same for all companies."""

    options: Options = NO_OPTIONS


NO_CONVENTIONS: Final = Conventions()
"""Where neither portal nor profile says anything: texts are read as they stand."""
