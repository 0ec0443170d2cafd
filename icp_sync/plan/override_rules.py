"""The table of three-way writes (issue "Trust", section 5): which row fits a value, and what the row means.

Every function returns an expression over the columns of `overrides.QUESTIONS` and `row`, the number of the row.
What comes of history reads the newest entry too: `entry` (its text), `at`, `source_type`, `source_id`, `user_id`;
`answered`: HubSpot gave the history of the company.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.plan.history_sources import PERSON, SYSTEM, Source, is_own_source, source_class
from icp_sync.plan.value_equality import texts_equal
from icp_sync.profile.model.outputs import Overrides, Write

NOT_OURS, STANDS, AGREED, CLEARED, ASK_OVERRIDDEN, OURS, ASK = range(1, 8)
LAST_OURS, SYSTEMS, PERSONS, AUTOMATIONS, UNTOLD = range(8, 13)
"""The rows by number:

1  locked, or a value that was there before us: as it is
2  live is the value of an open override, and nobody set it anew: kept
3  live is what the profile wants, and nobody touched it
4  an overridden value was emptied by a person: given back
5  an overridden value was changed again, or may have been set anew, or is kept no longer: history tells the row
6  live is what we wrote last, or we never wrote the company, or nobody ever wrote the property: written
7  somebody else's, or base is unknown: history tells the row
8  the newest entry is ours, or belongs to an override that ended: written
9  the newest entry is HubSpot's own doing: written
10 the newest entry is a person's: an override opens
11 the newest entry is a workflow's, an import's, another app's: an override opens
12 there is no entry for a value, or it is not live: the company is left alone this night
"""
_DAY_MS: Final = 86_400_000
_OPEN: Final = pl.col("override").is_not_null()
_ROW: Final = pl.col("row")
WANTED: Final = pl.coalesce("wanted", "live")
"""Where the profile leaves a property untouched, it wants what is there."""


@dataclass(frozen=True, slots=True)
class OverrideRules:
    """What decides beside the record: what is written, what is kept, who we are, the portal's time (epoch ms)."""

    write: Write
    overrides: Overrides
    ours: Collection[Source]
    moment: int

    @property
    def tier_property(self) -> str | None:
        """The property of the tier."""
        return self.write.tier

    @property
    def flag_property(self) -> str | None:
        """The property of the target flag."""
        return self.write.target_account.property_name if self.write.target_account else None

    @property
    def keeps_any(self) -> bool:
        """Whether it matters who set a value."""
        return "keep" in (self.overrides.people, self.overrides.automation)


def rule_row_before_history(rules: OverrideRules) -> pl.Expr:
    """Rows 1 to 7: the first that fits. Rows 5 and 7 want history, the others are final."""
    live, base = pl.col("live"), pl.col("base")
    untouched = _same_value(live, base, rules)
    return _first_matching_row(
        {
            NOT_OURS: (pl.col("foreign") & ~pl.col("adopted")) | pl.col("locked"),
            # Changed and changed back looks the same; who did so last, and when, only history tells.
            STANDS: _is_override_live(rules) & ~(_may_be_set_anew(rules) & rules.keeps_any),
            # An open override whose value is gone is looked into even where live is wanted: somebody may have agreed.
            AGREED: ~_OPEN & _same_value(live, WANTED, rules) & (base.is_null() | untouched),
            ASK_OVERRIDDEN: _OPEN,
            OURS: untouched | ~pl.col("stamped"),
            ASK: pl.lit(value=True),
        }
    )


def rule_row_after_history(rules: OverrideRules) -> pl.Expr:
    """Rows 1 to 12, from `row` before history and the newest entry."""
    if not rules.keeps_any:
        return pl.when(_ROW.is_in([ASK_OVERRIDDEN, ASK])).then(SYSTEMS).otherwise(_ROW)
    source = source_class()
    from_history = _first_matching_row(
        {
            # A value that is to go is asked about first: where history is silent, it stays another night.
            STANDS: _is_override_live(rules)
            & ~_is_set_anew(rules)
            & (pl.col("entry").is_not_null() | ~_is_past_expiry(rules, "since")),
            # A property that never had a value has no history, that of the stamp shows that the company's was given.
            OURS: (pl.col("live") == "") & pl.col("entry").is_null() & pl.col("answered"),
            UNTOLD: ~_same_value(pl.col("live"), pl.col("entry"), rules),
            CLEARED: (_ROW == ASK_OVERRIDDEN) & ~_is_override_live(rules) & (pl.col("live") == "") & (source == PERSON),
            LAST_OURS: is_own_source(rules.ours) | _is_older_than_release(),
            SYSTEMS: source == SYSTEM,
            PERSONS: source == PERSON,
            AUTOMATIONS: pl.lit(value=True),
        }
    )
    return pl.when(_ROW.is_in([ASK_OVERRIDDEN, ASK])).then(from_history).otherwise(_ROW)


def keeps_foreign_value(rules: OverrideRules) -> pl.Expr:
    """Whether a value of somebody else's stands: an override that is open, or opens now."""
    kind = pl.when(_ROW == STANDS).then("kind").otherwise(opened_override_kind())
    return _ROW.is_in([STANDS, PERSONS, AUTOMATIONS]) & _is_kept(kind, rules) & ~_is_expired(rules)


def profile_wins(rules: OverrideRules) -> pl.Expr:
    """Whether the row lets the profile's value win."""
    always = [CLEARED, OURS, LAST_OURS, SYSTEMS]
    return _ROW.is_in(always) | (_ROW.is_in([STANDS, PERSONS, AUTOMATIONS]) & ~keeps_foreign_value(rules))


def is_written(rules: OverrideRules) -> pl.Expr:
    """Whether the wanted text is to be sent."""
    return profile_wins(rules) & ~_same_value(pl.col("live"), WANTED, rules)


def override_change_cause(rules: OverrideRules) -> pl.Expr:
    """`released` or `put_back`; null = the change has its usual cause."""
    others = _ROW.is_in([STANDS, PERSONS, AUTOMATIONS])
    # The portal told the time of an undo in whole seconds, and the entry of its write is of some moment in that second.
    given_back = ((pl.col("at") // 1000 * 1000) <= pl.col("ended_at")).fill_null(value=False)
    released = (_ROW == CLEARED) | ((_ROW == LAST_OURS) & given_back) | (others & _is_expired(rules))
    # With everything put back nobody is asked; then a value whose base is unknown may be ours as well.
    put_back = (_ROW == SYSTEMS) & (pl.col("base").is_not_null() | pl.col("at").is_not_null())
    named = pl.when(released).then(pl.lit("released")).when(put_back | others).then(pl.lit("put_back"))
    return pl.when(is_written(rules)).then(named)


def override_action(rules: OverrideRules) -> pl.Expr:
    """`keep`, `open`, `replace` or `end`; null where no override is open and none opens."""
    opens = pl.when(_OPEN).then(pl.lit("replace")).otherwise(pl.lit("open"))
    kept = pl.when(_ROW == STANDS).then(pl.lit("keep")).otherwise(opens)
    left = (_ROW == UNTOLD) & _OPEN
    return (
        pl.when(keeps_foreign_value(rules))
        .then(kept)
        .when(left)
        .then(pl.lit("keep"))
        .when(profile_wins(rules) & _OPEN)
        .then(pl.lit("end"))
    )


def override_end_reason(rules: OverrideRules) -> pl.Expr:
    """What ends the override that was open."""
    by_rule = pl.when(_is_expired(rules)).then(pl.lit("expired")).otherwise(pl.lit("put_back"))
    reason = pl.when(_ROW == CLEARED).then(pl.lit("cleared")).when(_ROW == STANDS).then(by_rule)
    return pl.when(pl.col("action").is_in(["end", "replace"])).then(reason.otherwise(pl.lit("replaced")))


def opened_override_kind() -> pl.Expr:
    """The kind of override that opens."""
    return pl.when(_ROW == PERSONS).then(pl.lit("person")).when(_ROW == AUTOMATIONS).then(pl.lit("automation"))


def _is_kept(kind: pl.Expr, rules: OverrideRules) -> pl.Expr:
    """Whether the profile keeps overrides of this kind; those that undo opened are kept whatever it says."""
    put_back = [
        name
        for name, stance in (("person", rules.overrides.people), ("automation", rules.overrides.automation))
        if stance == "put_back"
    ]
    return ~kind.is_in(put_back).fill_null(value=False)


def _is_expired(rules: OverrideRules) -> pl.Expr:
    """Whether the value was set more days ago than the profile keeps one."""
    return pl.when(_ROW == STANDS).then(_is_past_expiry(rules, "since")).otherwise(_is_past_expiry(rules, "at"))


def _is_past_expiry(rules: OverrideRules, set_at: str) -> pl.Expr:
    if rules.overrides.expire_days is None:
        return pl.lit(value=False)
    return (rules.moment - pl.col(set_at) > rules.overrides.expire_days * _DAY_MS).fill_null(value=False)


def _is_override_live(rules: OverrideRules) -> pl.Expr:
    """Whether what is live is the value of an open override."""
    return _OPEN & _same_value(pl.col("live"), pl.col("override"), rules)


def _may_be_set_anew(rules: OverrideRules) -> pl.Expr:
    return pl.col("touched").fill_null(value=False) | _is_past_expiry(rules, "since")


def _is_set_anew(rules: OverrideRules) -> pl.Expr:
    """Whether the newest entry is one of somebody else's, later than the one the open override stands on."""
    by_others = ~is_own_source(rules.ours) & (source_class() != SYSTEM)
    later = pl.col("at") > pl.col("since")
    return (by_others & later & _same_value(pl.col("live"), pl.col("entry"), rules)).fill_null(value=False)


def _is_older_than_release() -> pl.Expr:
    return (pl.col("at") <= pl.col("ended_at")).fill_null(value=False)


def _same_value(left: pl.Expr, right: pl.Expr, rules: OverrideRules) -> pl.Expr:
    """Whether two texts are one value; false where one is unknown."""
    is_flag = pl.col("property") == pl.lit(rules.flag_property)
    equal = pl.when(is_flag).then(texts_equal(left, right, "bool")).otherwise(texts_equal(left, right, "enumeration"))
    return equal.fill_null(value=False)


def _first_matching_row(rows: dict[int, pl.Expr]) -> pl.Expr:
    """The number of the first row whose condition is true."""
    return pl.coalesce(pl.when(condition).then(pl.lit(number, pl.Int8)) for number, condition in rows.items())
