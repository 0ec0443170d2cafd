"""Three-way writes: whether a tier or target flag is written, or stands because somebody else set it.

Three texts are compared: live (in HubSpot now), wanted (what the profile says) and base (what we last wrote). Where live
is neither, HubSpot's history of the property tells who wrote it; a plan asks for it only there (`needs_history`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.companies.history import latest
from icp_sync.plan import sources
from icp_sync.plan.sources import Source
from icp_sync.profile.model.outputs import Write
from icp_sync.profile.model.overrides import Overrides

KEPT_OUTPUTS: Final = ("tier", "target_account")
"""The outputs that people may set; all others are computed, and written over whoever edited them."""

QUESTIONS: Final = pl.Schema(
    {
        "id": pl.Int64,
        "property": pl.String,
        "live": pl.String,
        "wanted": pl.String,
        "base": pl.String,
        "stamped": pl.Boolean,
        "foreign": pl.Boolean,
        "adopted": pl.Boolean,
        "locked": pl.Boolean,
        "override": pl.String,
        "kind": pl.String,
        "since": pl.Int64,
        "ended_at": pl.Int64,
    }
)
"""One row a company and kept property. `live`: "" = empty. `wanted`: "" = clear, null = leave untouched. `base`: null =
unknown. `stamped`: we wrote the record before. `override`, `kind`, `since`: the open override's value ("" = emptied, null
= none is open), its kind and the history entry (epoch ms) it stands on. `ended_at`: the newest entry that an ended
override on it stood on; null without one."""

DECISIONS: Final = pl.Schema(
    {
        "id": pl.Int64,
        "property": pl.String,
        "row": pl.Int8,
        "write": pl.Boolean,
        "wanted": pl.String,
        "cause": pl.String,
        "action": pl.String,
        "ended_by": pl.String,
        "ended_at": pl.Int64,
        "value": pl.String,
        "kind": pl.String,
        "since": pl.Int64,
        "source_type": pl.String,
        "source_id": pl.String,
        "user_id": pl.Int64,
        "agrees": pl.Boolean,
    }
)
"""`row`: that of the table in `ROWS`. `write`: `wanted` is to be sent. `cause`: `released`, `put_back`, or null = whatever
changed the company. `action`: `open` an override, `keep` it, `replace` it by a new one, `end` it, or null = none.
`ended_by` (`cleared`, `expired`, `put_back`, `replaced`) and `ended_at` are about the one that ends, `value` to `user_id`
about the one that is open afterwards; `agrees`: the profile says the same as it."""

ROWS: Final = {
    1: "locked, or a value that was there before us",
    2: "an open override stands",
    3: "live is what the profile wants, and nobody touched it",
    4: "an overridden value was emptied by a person",
    6: "live is what we wrote last, or we never wrote the company",
    8: "the last entry is ours, or belongs to an override that ended",
    9: "HubSpot's own doing, or the profile puts everything back",
    10: "a person set it",
    11: "a workflow, an import or another app set it",
    12: "history does not say who set it",
}
"""The table of the issue "Trust" (section 5), the first row that fits. Rows 5 and 7 only ask history."""
_KEPT, _ASK_OVERRIDDEN, _ASK = 2, 5, 7
_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides beside the record: the properties, what the profile keeps, who we are, the portal's time (epoch ms)."""

    write: Write
    overrides: Overrides
    ours: Collection[Source]
    now: int

    @property
    def tier(self) -> str | None:
        return self.write.tier

    @property
    def flag(self) -> str | None:
        return self.write.target_account.property_name if self.write.target_account else None

    @property
    def keeps_any(self) -> bool:
        """Whether it matters who set a value."""
        return "keep" in (self.overrides.people, self.overrides.automation)


def needs_history(questions: pl.DataFrame, rules: Rules) -> list[int]:
    """The ids of the companies whose history is to be read before `decide`, ascending; usually none.

    Read the history of all kept properties and of the stamp for them.
    """
    rows = _without_history(questions, rules)
    asked = rows.filter(pl.col("row").is_in([_ASK_OVERRIDDEN, _ASK]) & pl.lit(value=rules.keeps_any))
    return asked["id"].unique().sort().to_list()


def decide(questions: pl.DataFrame, history: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """What is written and which overrides open and end, one row for each of `questions` (see `DECISIONS`).

    `history`: the history frame of the companies that `needs_history` names. One that cannot be told (row 12) is left
    alone whole, and asked about again the next night. While a tier stands, the flag follows it and not the profile's.
    """
    entries = latest(history).rename({"value": "entry"})
    asked = questions.join(entries, on=["id", "property"], how="left", maintain_order="left")
    tiers = _decisions(asked.filter(pl.col("property") == (rules.tier or "")), rules)
    standing = tiers.filter(pl.col("action").is_in(["keep", "open", "replace"])).select("id", standing="live")
    flags = _decisions(_following(asked.filter(pl.col("property") == (rules.flag or "")), standing, rules), rules)
    decisions = _leave_alone(pl.concat([tiers, flags])).select(DECISIONS.names())
    return decisions.cast(dict(DECISIONS)).sort("id", "property")


def _without_history(questions: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    tiers = questions.filter(pl.col("property") == (rules.tier or "")).with_columns(_effective(), row=_row(rules))
    standing = tiers.filter(pl.col("row") == _KEPT, _stands(rules)).select("id", standing="live")
    flags = _following(questions.filter(pl.col("property") == (rules.flag or "")), standing, rules)
    flags = flags.with_columns(_effective()).with_columns(row=_row(rules))
    return pl.concat([tiers.select("id", "row"), flags.select("id", "row")])
