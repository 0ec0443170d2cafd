"""Questions about tiers and flags, the history that answers them, and rules, with what does not matter filled in."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from icp_sync.companies.history_frame import PropertyVersion, history_frame
from icp_sync.plan.override_rules import OverrideRules
from icp_sync.plan.overrides import QUESTIONS, decide_writes
from icp_sync.profile.model.outputs import Overrides, Write

TIER: Final = "icp_tier"
FLAG: Final = "icp_target"
DAY: Final = 86_400_000
NOW: Final = 100 * DAY
APP: Final = ("INTEGRATION", "1")
"""Who we are."""
OTHER_APP: Final = ("INTEGRATION", "2")
WRITE: Final = Write.model_validate(
    {"tier": TIER, "target_account": {"property": FLAG, "tiers": ["tier_1"]}, "profile": "icp_fit_profile"}
)


def question(**keys: Any) -> dict[str, Any]:
    """A tier that we wrote as tier_1, that still is tier_1, and that the profile wants to be tier_2."""
    return {
        "id": 1,
        "property": TIER,
        "live": "tier_1",
        "wanted": "tier_2",
        "base": "tier_1",
        "stamped": True,
        "foreign": False,
        "adopted": False,
        "locked": False,
        "override": None,
        "kind": None,
        "since": None,
        "ended_at": None,
        "touched": False,
        **keys,
    }


def overridden(**keys: Any) -> dict[str, Any]:
    """The same, with tier_3 set by a person on day 50."""
    return question(**{"live": "tier_3", "override": "tier_3", "kind": "person", "since": 50 * DAY, **keys})


def frame(*questions: dict[str, Any]) -> pl.DataFrame:
    """Questions as a frame."""
    return pl.DataFrame(questions, schema=QUESTIONS)


def entry(value: str, source: tuple[str, str | None], **keys: Any) -> PropertyVersion:
    """A version of the tier of company 1, of day 60."""
    row = {"id": 1, "property": TIER, "at": 60 * DAY, "user": None, **keys}
    return PropertyVersion(row["id"], row["property"], value, row["at"], *source, row["user"])


def rules(moment: int = NOW, **overrides: Any) -> OverrideRules:
    """The rules of a profile with these `overrides`."""
    return OverrideRules(WRITE, Overrides.model_validate(overrides), frozenset({APP}), moment)


def decision(asked: dict[str, Any], *entries: PropertyVersion, **overrides: Any) -> dict[str, Any]:
    """What is decided about one question."""
    (row,) = decide_writes(frame(asked), history_frame(entries), rules(**overrides)).rows(named=True)
    return row
