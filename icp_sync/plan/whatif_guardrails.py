"""Which guardrails an edited profile would trip at the next run, by the tiers of a what-if; a plan measures again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from icp_sync.plan.guardrail_measures import FEWEST_IN_TIER_1, Share
from icp_sync.plan.guardrails import GuardrailCheck, check_share
from icp_sync.profile.model.outputs import Guardrails
from icp_sync.scoring.verdict_comparison import Moved, VerdictComparison

_RANKS: Final[dict[str | None, int]] = {"tier_1": 0, "tier_2": 1, "tier_3": 2, None: 3}


def foresee_guardrails(compared: VerdictComparison, limits: Guardrails) -> tuple[GuardrailCheck, ...]:
    """The guardrails that the moves would pass, as far as tiers tell.

    As if every company of the snapshot were ours and had the tier the file gives it, as after a run. What else a plan
    changes (outcomes alone, lists) is not counted, so a run may be held where nothing is foreseen.
    """
    checks = (check_share(name, share, limits) for name, share in _guardrail_shares(compared.moved))
    return tuple(check for check in checks if check.is_beyond_limit)


def _guardrail_shares(moved: tuple[Moved, ...]) -> Iterator[tuple[str, Share]]:
    everybody = sum(count for *_, count in moved)
    in_tier_1 = sum(count for before, _, count in moved if before == "tier_1")
    entering = sum(count for before, after, count in moved if after == "tier_1" != before)
    lowered = sum(count for before, after, count in moved if _RANKS[after] > _RANKS[before])
    yield "changed", Share(sum(count for before, after, count in moved if before != after), everybody)
    yield "leaving_tier_1", Share(sum(n for before, after, n in moved if before == "tier_1" != after), in_tier_1)
    yield "entering_tier_1", Share(entering, max(FEWEST_IN_TIER_1, in_tier_1), everybody)
    yield "leaving_tiers", Share(lowered, sum(count for before, _, count in moved if before is not None))
