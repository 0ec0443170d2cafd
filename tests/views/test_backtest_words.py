"""What a backtest says in sentences: the answer without what leaks, what to do next, and what its figures mean."""

from __future__ import annotations

from typing import Any

import pytest

from icp_sync.evidence.document_types import GROUPS
from icp_sync.views import backtest_next_step
from icp_sync.views import backtest_words as words
from tests.views import backtests

WITHOUT_LEAKS: dict[str, Any] = {"leaks": [], "with_leaks": None}


def next_step(code: str, *, more: int = 0, won: int = 40, lost: int = 60, **changes: Any) -> str:
    verdict = {"code": code, "sentence": "", "more_deals": more, "early": False}
    rows = [row.model_dump() for row in backtests.plain().tiers]
    rows[-1] |= {"won": won, "decided": won + lost}
    assert len(rows) == len(GROUPS) + 1
    return backtest_next_step.next_step(backtests.plain(verdict=verdict, tiers=rows, **changes))


NEXT_STEPS: list[tuple[dict[str, Any], str]] = [
    ({"code": "wins_more"}, "use the tiers: send sales to tier 1 first"),
    ({"code": "wins_less"}, "let sales not go by the tiers yet; see whether it holds within each owner"),
    ({"code": "no_difference", "more": 1_234}, "keep the profile, this is no proof against it: ask your people"),
    ({"code": "no_difference"}, "look for what winners share (icp-sync discover), then change the profile"),
    ({"code": "too_few"}, "ask your people meanwhile: icp-sync sample --out sheet.csv."),
    ({"code": "too_few", "lost": 19}, "check that lost deals are closed as lost in HubSpot; ask your people"),
    ({"code": "too_few", "won": 19}, "check that won deals stand in a stage HubSpot counts as won; ask your people"),
    ({"code": "too_few", "won": 1, "lost": 1, "judged": "written"}, "ask your people meanwhile"),
    (
        {"code": "too_few", "won": 1, "lost": 1, "left_out": {"no_company": 60, "later_deal": 3}},
        "60 deals are without a primary company, so they do not count: link them to their companies in HubSpot; ask",
    ),
    (
        {"code": "too_few", "won": 0, "lost": 0, "left_out": {}, "deals": 0},
        "see that this portal is the one with your deals: none was read; ask your people meanwhile",
    ),
]


@pytest.mark.parametrize(("case", "begins"), NEXT_STEPS)
def test_each_verdict_has_its_next_step(case: dict[str, Any], begins: str) -> None:
    assert next_step(**(WITHOUT_LEAKS | {"judged": "now"} | case)).startswith(f"What to do next: {begins}")


def test_how_many_deals_to_look_again_after_is_named() -> None:
    assert "look again after 1,234 more deals." in next_step("no_difference", more=1_234, **WITHOUT_LEAKS)


@pytest.mark.parametrize("code", ["wins_more", "wins_less", "no_difference", "too_few"])
def test_what_knows_how_deals_ended_goes_first_whatever_the_verdict(code: str) -> None:
    begins = "What to do next: take stage and tools out of the profile first, and plan again; then "
    assert next_step(code).startswith(begins)
    assert next_step(code) == begins + next_step(code, **WITHOUT_LEAKS).removeprefix("What to do next: ")


def test_p_is_explained_where_it_stands() -> None:
    (trend,) = (line for line in words.findings(backtests.plain()) if line.startswith("Trend"))
    assert trend.endswith("(p: how often chance alone would look so; under 0.05 counts).")


@pytest.mark.parametrize(
    ("low", "begins"),
    [(1.2, "Within owner the odds"), (0.8, "No clear difference within owner: the odds"), (1.0, "No clear difference")],
)
def test_odds_whose_interval_holds_one_are_no_clear_difference(low: float, begins: str) -> None:
    odds = {"by": "owner", "rows": [], "odds_ratio": 1.5, "low": low, "high": 2.0, "left_out": 0}
    strata = backtests.plain(strata=odds).strata
    assert strata is not None
    assert words.strata_sentence(strata).startswith(begins)
    assert words.strata_sentence(strata).endswith("Odds are won against lost deals, 1 is no difference.")


def ruled_out(*holds: bool | None) -> str:
    grounds = [ground | {"holds": held} for ground, held in zip(backtests.GROUNDS, holds, strict=True)]
    row = {"reason": "partner", "decided": 174, "won": 64, "grounds": grounds}
    (line,) = words.bought_anyway(backtests.plain(bought_anyway=[row]))
    return line.removeprefix("Disqualified by partner: 174 decided deals, 64 bought anyway. ")


PAY_AND_LEAVE = (
    "They pay less (900 against 14,960) and leave more often (40 % against 10 %) than companies that are not ruled "
    "out: keep the rule."
)
NO_WORSE = (
    "By win rate and amount they are not clearly worse than companies that are not ruled out: ask sales what the rule "
    "is for."
)


@pytest.mark.parametrize(
    ("holds", "sentence"),
    [
        ((False, True, None, True), PAY_AND_LEAVE),
        ((False, False, None, None), NO_WORSE),
        ((None, None, None, None), "Too few to say whether they are worth less."),
    ],
)
def test_a_disqualifier_is_held_against_the_grounds_for_one(holds: tuple[bool | None, ...], sentence: str) -> None:
    assert ruled_out(*holds) == sentence
