"""What scored companies come to, added up batch by batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from icp_sync.companies.parse.unrecognised import UnrecognisedTexts
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import OUTCOMES

_MAX_EXAMPLES: Final = 5


@dataclass(slots=True)
class BatchTotals:
    """Companies so far. `outside`: those outside the scope, which have no outcome; `unrecognised`: by property.

    `blank_rows`: rows with nothing in them, which are no companies.
    """

    companies: int = 0
    outside: int = 0
    blank_rows: int = 0
    unrecognised: dict[str, UnrecognisedTexts] = field(default_factory=dict)
    _outcomes: Counter[str] = field(default_factory=Counter)
    _tiers: Counter[str] = field(default_factory=Counter)

    def add(self, scored: pl.DataFrame, outside: int, unrecognised: Mapping[str, UnrecognisedTexts]) -> None:
        """Count a batch: its scored frame, how many companies lay outside the scope, the values nobody could read."""
        outcomes = Counter(dict(scored["outcome"].value_counts().iter_rows()))
        tiers = Counter(dict(scored["tier"].drop_nulls().value_counts().iter_rows()))
        self.merge(BatchTotals(scored.height + outside, outside, 0, dict(unrecognised), outcomes, tiers))

    def merge(self, more: BatchTotals) -> None:
        """Count what was counted of later companies."""
        self.companies += more.companies
        self.outside += more.outside
        self.blank_rows += more.blank_rows
        self._outcomes.update(more._outcomes)
        self._tiers.update(more._tiers)
        for name, texts in more.unrecognised.items():
            known = self.unrecognised.get(name)
            self.unrecognised[name] = _merge_unrecognised(known, texts) if known else texts

    @property
    def rows(self) -> int:
        """The rows so far, with those that are no companies."""
        return self.companies + self.blank_rows

    @property
    def outcomes(self) -> dict[str, int]:
        """The companies of each outcome, also where there are none."""
        return {outcome: self._outcomes[outcome] for outcome in OUTCOMES}

    def tiers(self, profile: Profile) -> dict[str, int]:
        """The companies of each tier of the profile, the highest first, also where there are none."""
        return {tier.tier: self._tiers[tier.tier] for tier in profile.tiers}


def _merge_unrecognised(known: UnrecognisedTexts, more: UnrecognisedTexts) -> UnrecognisedTexts:
    """Both batches' values; the examples are those of the earlier batch, filled up from the later one."""
    examples = tuple(dict.fromkeys([*known.examples, *more.examples]))[:_MAX_EXAMPLES]
    nearest = dict([*known.nearest, *more.nearest])
    pairs = tuple((text, nearest[text]) for text in examples if text in nearest)
    return replace(known, count=known.count + more.count, examples=examples, nearest=pairs)
