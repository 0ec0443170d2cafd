"""Companies counted over the diff: read, scored and foreign, by outcome and by tier, and with texts not understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from icp_sync.companies.parse.unrecognised import UnrecognisedTexts
from icp_sync.plan.diff_columns import IN_SCOPE, has_counted_tier
from icp_sync.plan.plan import Population
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import OUTCOMES, TIERS
from icp_sync.text_truncation import truncate

LONGEST_EXAMPLE: Final = 60


def count_population(
    diff: pl.DataFrame, read: int, unrecognised: Mapping[str, UnrecognisedTexts], profile: Profile
) -> Population:
    """The population of a diff frame. `read`: how many companies there are, with those no plan is about.

    `unrecognised`: property → texts that could not be parsed.
    """
    # Of the wide frame only what is counted is ever copied.
    in_scope = diff.select(IN_SCOPE, "effective_tier", "outcome").filter(IN_SCOPE)
    tiers = dict(in_scope.group_by("effective_tier").len().iter_rows())
    live_tiers: dict[str, int] = {}
    if profile.write.tier:
        counted = diff.lazy().filter(has_counted_tier()).group_by("live.tier").len().collect()
        live_tiers = {name: dict(counted.iter_rows()).get(name, 0) for name in TIERS}
    outcomes = dict(in_scope.group_by("outcome").len().iter_rows())
    return Population(
        read=read,
        scored=in_scope.height,
        foreign=int(diff["foreign"].sum()),
        outcomes={outcome: outcomes.get(outcome, 0) for outcome in OUTCOMES},
        tiers={tier: tiers.get(tier, 0) for tier in TIERS},
        unrecognised={name: value.count for name, value in sorted(unrecognised.items())},
        examples={name: _unreadable_examples(value) for name, value in sorted(unrecognised.items())},
        live_tiers=live_tiers,
        tier_property=profile.write.tier,
    )


def _unreadable_examples(unread: UnrecognisedTexts) -> tuple[str, ...]:
    """Texts that could not be parsed, each with the nearest known value where there is one."""
    near = dict(unread.nearest)
    return tuple(
        repr(truncate(text, LONGEST_EXAMPLE)) + (f" ({near[text]}?)" if text in near else "")
        for text in unread.examples
    )
