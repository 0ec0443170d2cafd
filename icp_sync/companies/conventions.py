"""What a text cannot say of itself: whether it is an option of an enumeration, and what its currency is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icp_sync.companies.currencies import Currencies
from icp_sync.companies.options import NO_OPTIONS, Options


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the values of one portal are read; the same for all companies.

    `currencies`: to convert amounts by; None compares them as they stand.
    """

    options: Options = NO_OPTIONS
    currencies: Currencies | None = None


NO_CONVENTIONS: Final = Conventions()
"""Where neither portal nor profile says anything: texts are read as they stand."""
