"""What each guardrail counts of the companies: who is a part, and who is of the whole (design: "Guardrails")."""

from __future__ import annotations

from typing import Final

import pytest

from tests.plan.drawings import (
    BLANK,
    LEAVES,
    NO_TIER,
    OURS_1,
    OURS_2,
    OUTSIDE,
    STAYS,
    TIER_1,
    TIER_2,
    TIERLESS,
    Company,
    judged,
    profile_of,
    settled,
    verdict,
)

CHANGED: dict[str, tuple[Company, int, int]] = {
    "a tier that changes": (LEAVES, 1, 21),
    "an outcome that changes": ((settled(NO_TIER), verdict(None, "insufficient_data", 10.0)), 1, 21),
    "leaving the scope": ((OURS_1, OUTSIDE), 1, 21),
    "a score that changes": ((OURS_1, verdict(score=91.0)), 0, 21),
    "nothing that changes": (STAYS, 0, 21),
    "a first score": ((BLANK, TIER_1), 0, 20),
    "a foreign tier": (({"tier": "tier_2"}, TIER_1), 0, 20),
}


@pytest.mark.parametrize(("company", "part", "whole"), CHANGED.values(), ids=CHANGED)
def test_what_counts_as_changed(company: Company, part: int, whole: int) -> None:
    check = judged("changed", company, *[STAYS] * 20)
    assert (check.part, check.whole) == (part, whole)


LEAVING: dict[str, tuple[Company, int, int]] = {
    "a lower tier": (LEAVES, 1, 21),
    "no tier": ((OURS_1, NO_TIER), 1, 21),
    "out of scope": ((OURS_1, OUTSIDE), 1, 21),
    "staying": (STAYS, 0, 21),
    "another tier's company": ((OURS_2, NO_TIER), 0, 20),
    "a foreign tier_1": (({"tier": "tier_1"}, TIER_2), 0, 20),
}


@pytest.mark.parametrize(("company", "part", "whole"), LEAVING.values(), ids=LEAVING)
def test_who_leaves_tier_1(company: Company, part: int, whole: int) -> None:
    check = judged("leaving_tier_1", company, *[STAYS] * 20)
    assert (check.part, check.whole) == (part, whole)


OUT: Final = verdict(None, "disqualified", 0.0)
DISQUALIFIED: dict[str, tuple[Company, int, int]] = {
    "a tier before": ((OURS_1, OUT), 1, 21),
    "no fit before": ((settled(NO_TIER), OUT), 1, 21),
    "disqualified before": ((settled(OUT), OUT), 0, 21),
    "disqualified before and no longer": ((settled(OUT), TIER_1), 0, 21),
    "no outcome on the record": ((OURS_1 | {"outcome": ""}, OUT), 0, 21),
    "leaving the scope": ((OURS_1, OUTSIDE), 0, 21),
    "a first score": ((BLANK, OUT), 0, 20),
    "a foreign tier": (({"tier": "tier_2"}, OUT), 0, 20),
}


@pytest.mark.parametrize(("company", "part", "whole"), DISQUALIFIED.values(), ids=DISQUALIFIED)
def test_who_becomes_disqualified(company: Company, part: int, whole: int) -> None:
    check = judged("disqualified", company, *[STAYS] * 20)
    assert (check.part, check.whole) == (part, whole)


@pytest.mark.parametrize(("outputs", "part", "whole"), [(("tier", "profile"), 2, 20), (("score", "profile"), 0, None)])
def test_without_an_outcome_a_lost_tier_tells_who_becomes_disqualified(
    outputs: tuple[str, ...], part: int, whole: int | None
) -> None:
    profile = profile_of(*outputs)
    live = settled(TIER_1, profile)
    check = judged("disqualified", *[(live, OUT)] * 2, *[(live, TIER_1)] * 18, profile=profile)
    assert (check.part, check.whole) == (part, whole)


@pytest.mark.parametrize(("out", "blocks"), [(5, False), (6, True)])
def test_at_most_a_twentieth_becomes_disqualified(out: int, blocks: bool) -> None:
    assert judged("disqualified", *[(settled(NO_TIER), OUT)] * out, *[STAYS] * (100 - out)).blocks is blocks


ENTERING: dict[str, tuple[Company, int, int]] = {
    "a higher tier": ((OURS_2, TIER_1), 1, 20),
    "a tier where there was none": ((settled(NO_TIER), TIER_1), 1, 20),
    "staying in tier 1": (STAYS, 0, 20),
    "leaving it": (LEAVES, 0, 20),
    "a first score": ((BLANK, TIER_1), 0, 20),
    "a foreign tier": (({"tier": "tier_2"}, TIER_1), 0, 20),
}


@pytest.mark.parametrize(("company", "part", "whole"), ENTERING.values(), ids=ENTERING)
def test_who_enters_tier_1(company: Company, part: int, whole: int) -> None:
    check = judged("entering_tier_1", company, *[TIERLESS] * 100)
    assert (check.part, check.whole) == (part, whole)


@pytest.mark.parametrize(
    ("in_tier_1", "entering", "stamped", "whole", "blocks"),
    [(8, 5, 100, 20, False), (8, 6, 100, 20, True), (40, 10, 100, 40, False), (40, 11, 100, 40, True),
     (8, 50, 99, None, False)],
)  # fmt: skip
def test_a_quarter_of_tier_1_may_enter_it_once_a_hundred_are_ours(
    in_tier_1: int, entering: int, stamped: int, whole: int | None, blocks: bool
) -> None:
    rest = stamped - in_tier_1 - entering
    portal = [*[STAYS] * in_tier_1, *[(OURS_2, TIER_1)] * entering, *[TIERLESS] * rest]
    check = judged("entering_tier_1", *portal)
    assert (check.part, check.whole, check.blocks) == (entering, whole, blocks)


LOWERED: dict[str, tuple[Company, int, int]] = {
    "a lower tier": (LEAVES, 1, 21),
    "no tier": ((OURS_2, NO_TIER), 1, 21),
    "out of scope": ((OURS_2, OUTSIDE), 1, 21),
    "a higher tier": ((OURS_2, TIER_1), 0, 21),
    "staying": (STAYS, 0, 21),
    "no tier before": (TIERLESS, 0, 20),
    "a foreign tier": (({"tier": "tier_1"}, TIER_2), 0, 20),
}


@pytest.mark.parametrize(("company", "part", "whole"), LOWERED.values(), ids=LOWERED)
def test_whose_tier_falls_or_goes(company: Company, part: int, whole: int) -> None:
    check = judged("leaving_tiers", company, *[STAYS] * 20)
    assert (check.part, check.whole) == (part, whole)


@pytest.mark.parametrize("name", ["entering_tier_1", "leaving_tiers"])
def test_a_profile_without_a_tier_moves_none(name: str) -> None:
    profile = profile_of("outcome", "profile")
    assert judged(name, *[(settled(TIER_1, profile), NO_TIER)] * 100, profile=profile).whole is None
