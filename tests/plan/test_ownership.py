"""Whose each record is, and what is wanted on it (design: "Foreign values", "What is written", "Scope")."""

from __future__ import annotations

import pytest

from icp_sync.plan.output_spec import OutputContext
from tests.plan.drawings import (
    BLANK,
    MOMENT,
    NO_TIER,
    NOW,
    OLD_STAMP,
    OUTSIDE,
    STAMP,
    TIER_1,
    TIER_2,
    Texts,
    Verdict,
    drawn,
    profile_of,
    settled,
    verdict,
    writes,
)

VERDICT = {"score": "90.0", "potential": "95.0", "coverage": "0.5", "outcome": "tiered", "reasons": "fits"}
FIRST = {"tier": "tier_1", "target_account": "true", **VERDICT, "profile": STAMP, "changed_at": MOMENT}
FOREIGN_TIER = {"tier": "tier_3"}
FOREIGN_FLAG = {"target_account": "true"}
OURS_1, OURS_2 = settled(TIER_1), settled(TIER_2)
UNFLAGGED = {name: text for name, text in FIRST.items() if name != "target_account"}

WRITES: dict[str, tuple[Texts, Verdict | None, Texts]] = {
    "a company never scored gets everything": (BLANK, TIER_1, FIRST),
    "no tier and no flag are not written where none stand": (
        BLANK,
        NO_TIER,
        {**VERDICT, "score": "10.0", "outcome": "not_icp", "profile": STAMP, "changed_at": MOMENT},
    ),
    "a flag that is false is no claim and is not repeated": (
        {"target_account": "false"},
        TIER_2,
        UNFLAGGED | {"tier": "tier_2", "score": "70.0"},
    ),
    "what stands as wanted is not written": (OURS_1, TIER_1, {}),
    "a flag of ours is taken back with its tier": (
        OURS_1,
        verdict("tier_2"),
        {"tier": "tier_2", "target_account": "false", "changed_at": MOMENT},
    ),
    "a tier of ours is cleared": (
        OURS_2,
        verdict(None, "not_icp", 70.0),
        {"tier": "", "outcome": "not_icp", "changed_at": MOMENT},
    ),
    "a new score alone moves no moment": (OURS_1, verdict(score=91.0), {"score": "91.0"}),
    "an old stamp is never renewed alone": (OURS_1 | {"profile": OLD_STAMP}, TIER_1, {}),
    "an old stamp is renewed beside another change": (
        OURS_1 | {"profile": OLD_STAMP},
        verdict(score=91.0),
        {"score": "91.0", "profile": STAMP},
    ),
    "a moment somebody removed is not put back": (
        {name: text for name, text in OURS_1.items() if name != "changed_at"},
        TIER_1,
        {},
    ),
    "a foreign tier keeps tier, flag and stamp from us": (FOREIGN_TIER, TIER_1, VERDICT | {"changed_at": MOMENT}),
    "so does a foreign flag": (
        FOREIGN_FLAG,
        NO_TIER,
        VERDICT | {"score": "10.0", "outcome": "not_icp", "changed_at": MOMENT},
    ),
    "a foreign company scored before needs nothing more": (FOREIGN_TIER | VERDICT, TIER_1, {}),
    "outside the scope nobody else's record is touched": (FOREIGN_TIER | FOREIGN_FLAG, OUTSIDE, {}),
    "nor is one nobody wrote": (BLANK, OUTSIDE, {}),
    "ours that leaves the scope is cleared in one write": (
        OURS_1,
        OUTSIDE,
        dict.fromkeys(FIRST, "") | {"target_account": "false"},
    ),
    "a flag that is not true needs no clearing": (OURS_2, OUTSIDE, dict.fromkeys(UNFLAGGED, "")),
}


@pytest.mark.parametrize(("live", "judged", "expected"), WRITES.values(), ids=WRITES)
def test_what_is_written(live: Texts, judged: Verdict | None, expected: Texts) -> None:
    assert writes(drawn((live, judged))) == expected


ADOPTED: dict[str, tuple[Texts, Verdict | None, Texts]] = {
    "the tier and the flag become the profile's": (FOREIGN_TIER, TIER_1, FIRST),
    "a foreign tier that is not deserved goes": (
        FOREIGN_TIER | FOREIGN_FLAG | VERDICT,
        verdict(None),
        {"tier": "", "target_account": "false", "profile": STAMP, "changed_at": MOMENT},
    ),
    "the stamp is written even alone": (
        {"tier": "tier_1", "target_account": "true", **VERDICT},
        TIER_1,
        {"profile": STAMP},
    ),
    "nothing outside the scope is taken over": (FOREIGN_TIER, OUTSIDE, {}),
    "what is ours already is not stamped again": (OURS_1 | {"profile": OLD_STAMP}, TIER_1, {}),
}


@pytest.mark.parametrize(("live", "judged", "expected"), ADOPTED.values(), ids=ADOPTED)
def test_what_adopting_writes(live: Texts, judged: Verdict | None, expected: Texts) -> None:
    assert writes(drawn((live, judged), allow={"adopt"})) == expected


@pytest.mark.parametrize(
    ("live", "ours", "foreign"),
    [
        (BLANK, False, False),
        (OURS_1, True, False),
        (FOREIGN_TIER, False, True),
        (FOREIGN_FLAG, False, True),
        ({"target_account": "TRUE"}, False, True),
        ({"target_account": "false"}, False, False),
        ({"tier": "tier_3", "profile": "another@profile"}, True, False),
    ],
)
def test_whose_a_record_is(live: Texts, ours: bool, foreign: bool) -> None:
    assert drawn((live, TIER_1)).diff.select("ours", "foreign").row(0) == (ours, foreign)


def test_a_claim_outside_the_scope_is_nobodys_business() -> None:
    assert drawn((FOREIGN_TIER, OUTSIDE)).diff["foreign"].to_list() == [False]


@pytest.mark.parametrize(
    ("live", "judged", "stands"),
    [
        (BLANK, TIER_2, "tier_2"),
        (OURS_1, TIER_2, "tier_2"),
        (OURS_1, NO_TIER, None),
        (FOREIGN_TIER, TIER_1, "tier_3"),
        (FOREIGN_FLAG, TIER_1, None),
    ],
)
def test_the_tier_that_stands_afterwards_is_the_live_one_where_it_is_foreign(
    live: Texts, judged: Verdict, stands: str | None
) -> None:
    assert drawn((live, judged)).diff["effective_tier"].item() == stands


def test_without_a_stamp_whatever_stands_in_our_properties_is_ours_and_is_cleared() -> None:
    profile = profile_of("score", "reasons")
    live = settled(TIER_1, profile)
    assert live == {"score": "90.0", "reasons": "fits"}
    assert writes(drawn((live, OUTSIDE), profile=profile)) == {"score": "", "reasons": ""}


def test_without_a_moment_or_a_stamp_the_rest_is_written_all_the_same() -> None:
    profile = profile_of("outcome", "score")
    assert writes(drawn((BLANK, TIER_1), profile=profile)) == {"outcome": "tiered", "score": "90.0"}


def test_a_property_nobody_wrote_leaves_nothing_to_clear() -> None:
    assert not drawn((BLANK, OUTSIDE), profile=profile_of("score")).plan.has_pending_writes


def test_the_moment_has_milliseconds_and_is_utc() -> None:
    assert OutputContext(profile_of(), "p@d", NOW.astimezone()).changed_at == MOMENT
