"""What a backtest says in sentences: the answer without what leaks, what to do next, and what its figures mean."""

from __future__ import annotations

from typing import Any

import pytest

from icp_sync.evidence.backtest_document import BacktestDocument
from icp_sync.evidence.document_types import GROUPS, Strata
from icp_sync.views import backtest_next_step, strata_words
from icp_sync.views import backtest_words as words
from icp_sync.views.disqualifier_backtest_words import bought_anyway_sentences
from tests.views import backtests

WITHOUT_LEAKS: dict[str, Any] = {"leaks": [], "with_leaks": None}


def next_step(code: str, *, more: int = 0, won: int = 40, lost: int = 60, **changes: Any) -> str:
    verdict = {"code": code, "sentence": "", "more_deals": more, "early": False}
    rows = [row.model_dump() for row in backtests.plain().tiers]
    rows[-1] |= {"won": won, "decided": won + lost, "revenue_share": 1.0}
    assert len(rows) == len(GROUPS) + 1
    return backtest_next_step.next_step(backtests.plain(verdict=verdict, tiers=rows, **changes))


def without_difference(low: float, high: float, *, auc: tuple[float, float]) -> str:
    """The next step where tier 1 and the rest differ by `low` to `high`, and the fit score ranks within `auc`."""
    tests = backtests.plain().tests.model_dump()
    tests["tier_1_vs_rest"] |= {"low": low, "high": high}
    ranking = {"value": sum(auc) / 2, "low": auc[0], "high": auc[1], "too_few": False}
    return next_step("no_difference", tests=tests, auc=ranking, **(WITHOUT_LEAKS | {"judged": "now"}))


NEXT_STEPS: list[tuple[dict[str, Any], str]] = [
    ({"code": "wins_more"}, "work tiers 1 to 3 before companies outside the tiers. Tiers 2 and 3 together win more"),
    (
        {"code": "wins_less"},
        "do not steer sales by the tiers, and do not turn the tiers round either. Tell sales",
    ),
    ({"code": "too_few"}, "let colleagues judge companies without seeing the tiers: icp-sync sample --out sheet.csv."),
    (
        {"code": "too_few", "lost": 19},
        "check that lost deals are closed as lost in HubSpot, since only 19 of 59 are. Close",
    ),
    ({"code": "too_few", "won": 19}, "check that won deals stand in a stage that HubSpot counts as won."),
    ({"code": "too_few", "won": 13, "lost": 17}, "let colleagues judge companies"),
    ({"code": "too_few", "won": 1, "lost": 1, "judged": "written"}, "icp-sync backtest --judged opened"),
    (
        {"code": "too_few", "won": 1, "lost": 1, "left_out": {"no_company": 60, "later_deal": 3}},
        "60 deals are without a primary company, so they do not count: link them to their companies in HubSpot.",
    ),
    (
        {"code": "too_few", "won": 0, "lost": 0, "left_out": {"open": 90}},
        "90 deals are still open, so they do not count: mark as won or lost in HubSpot those that are over, and leave",
    ),
    (
        {"code": "too_few", "won": 0, "lost": 0, "left_out": {}, "deals": 0},
        "compare the tiers by their KPIs (below); if there should be deals, check that this is the HubSpot account",
    ),
    (
        {"code": "too_few", "won": 0, "lost": 0, "left_out": {}, "deals": 0, "kpis": []},
        "check that this is the HubSpot account with your deals",
    ),
]


@pytest.mark.parametrize(("case", "begins"), NEXT_STEPS)
def test_each_verdict_has_its_next_step(case: dict[str, Any], begins: str) -> None:
    assert next_step(**(WITHOUT_LEAKS | {"judged": "now"} | case)).startswith(f"What to do next: {begins}")


UNTESTED = [
    (
        (0.08, 0.25),
        (0.45, 0.65),
        "work tiers 2 and 3 before companies outside the tiers: they win more (8 to 25 points",
    ),
    ((-0.08, 0.25), (0.55, 0.65), "leave the profile as it is: over all deals its fit score ranks better than chance"),
    ((-0.08, 0.25), (0.45, 0.65), "change nothing for these deals: they cannot tell whether tier 1 wins more. Tier 1"),
]
"""Tiers 2 and 3 against the rest, how the fit score ranks, and the next step."""


@pytest.mark.parametrize(("lower", "ranks", "begins"), UNTESTED)
def test_where_only_deals_of_tier_1_are_lacking_the_next_step_is_what_the_others_show(
    lower: tuple[float, float], ranks: tuple[float, float], begins: str
) -> None:
    plain = backtests.plain()
    rows = [row.model_dump() | {"decided": 100, "won": 40} for row in plain.tiers]
    rows[0] |= {"decided": 0, "won": 0}
    tests = plain.tests.model_dump() | {"lower_vs_outside": backtests.gap(0.1, *lower)}
    auc = {"value": 0.5, "low": ranks[0], "high": ranks[1], "too_few": False}
    verdict = {"code": "too_few", "sentence": "", "more_deals": 0, "early": False}
    document = backtests.plain(verdict=verdict, tiers=rows, tests=tests, auc=auc, **(WITHOUT_LEAKS | {"judged": "now"}))
    step = backtest_next_step.next_step(document)
    assert step.startswith(f"What to do next: {begins}")
    assert step.endswith("icp-sync tune shows who enters it if it begins lower (enter:).")


def test_where_nothing_is_known_of_tier_1_the_coin_toss_is_not_said_twice() -> None:
    rows = [row.model_dump() for row in backtests.plain().tiers]
    rows[0] |= {"decided": 0, "won": 0}
    tests = backtests.plain().tests.model_dump()
    tests["tier_1_vs_rest"] |= {"low": None, "high": None}
    verdict = {"code": "no_difference", "sentence": "", "more_deals": 0, "early": False}
    auc = {"value": 0.5, "low": 0.47, "high": 0.53, "too_few": False}
    step = backtest_next_step.next_step(
        backtests.plain(verdict=verdict, tiers=rows, tests=tests, auc=auc, **(WITHOUT_LEAKS | {"judged": "now"}))
    )
    assert "coin toss" not in step
    assert step.endswith("Ask sales why no deal of tier 1 was won or lost yet.")


@pytest.mark.parametrize(
    ("low", "high", "auc", "step"),
    [
        (-0.11, 0.08, (0.47, 0.53), "by the tiers, since the fit score ranks all deals like a coin toss (below). Tell"),
        (-0.11, 0.08, (0.41, 0.49), ": do not steer sales by the tiers. Tell sales to leave the tier"),
        (
            -0.11,
            0.18,
            (0.53, 0.59),
            "leave the profile as it is: over all deals its fit score ranks better than chance",
        ),
        (
            -0.11,
            0.18,
            (0.42, 0.58),
            "leave the profile, and how sales uses the tiers, as they are, since these deals cannot tell; let",
        ),
        (-0.04, 0.04, (0.53, 0.59), ": do not steer sales by the tiers. Tell sales to leave the tier"),
        (-0.18, -0.02, (0.53, 0.59), ": do not steer sales by the tiers. Tell sales to leave the tier"),
        (0.01, 0.20, (0.47, 0.53), "work tier 1 first, if any, and tiers 2 and 3 like all others for now; who keeps"),
    ],
)
def test_where_tier_1_does_not_differ_the_fit_score_over_all_deals_decides(
    low: float, high: float, auc: tuple[float, float], step: str
) -> None:
    assert step in without_difference(low, high, auc=auc)


def test_with_tier_1_the_next_tiers_are_worked_where_they_win_more_too() -> None:
    clear = next_step("wins_more", **WITHOUT_LEAKS)
    assert (
        "(8 to 25 points more); whether tier 1 beats tiers 2 and 3 these deals cannot say (5 points less to 24 more)."
        in clear
    )
    assert "Go on selling to those outside the tiers: 76 % of the won revenue came from them. Run" in clear
    tests = backtests.plain().tests.model_dump()
    tests["lower_vs_outside"]["low"] = -0.02
    first = next_step("wins_more", tests=tests, **WITHOUT_LEAKS)
    assert "next: work tier 1 first, but go on selling to all others: 92 % of the won revenue came from them." in first


def test_without_amounts_the_others_are_sold_to_all_the_same() -> None:
    rows = [row.model_dump() | {"revenue_share": None} for row in backtests.plain().tiers]
    step = backtest_next_step.next_step(backtests.plain(tiers=rows, **WITHOUT_LEAKS))
    assert "Go on selling to those outside the tiers. Run icp-sync backtest again in 3 months." in step


@pytest.mark.parametrize("code", ["wins_more", "wins_less", "no_difference", "too_few"])
def test_what_knows_how_deals_ended_goes_out_and_then_the_verdict_without_it_holds(code: str) -> None:
    """`Then backtest again` only printed the same again: it had been left out already."""
    begins = (
        "What to do next: take stage and tools out of the profile file, but leave the data in HubSpot. The next run "
        "changes tiers: tell sales not to go back to the old ones. Then: "
    )
    step = next_step(code)
    assert step.startswith(begins)
    assert step.removeprefix(begins) == next_step(code, **WITHOUT_LEAKS).removeprefix("What to do next: ")


def test_no_p_is_printed() -> None:
    """It stood under `Too few` and `wins less` too, where "under 0.05 counts" read as the opposite of the answer."""
    shown = " ".join([*words.finding_sentences(backtests.plain()), strata_words.strata_sentence(owners(0.13))])
    assert " p " not in shown
    assert "0.05" not in shown


@pytest.mark.parametrize(
    ("high", "warning"),
    [(0.42, "points the wrong way. It "), (0.5, "not clearly better than a coin toss. It "), (0.61, "")],
)
def test_pairs_that_tie_count_half_and_a_score_that_is_no_better_than_a_coin_toss_says_so_first(
    high: float, warning: str
) -> None:
    """`56 of 100` read as better than nothing, beside a range from 47 to 65."""
    auc = {"value": high - 0.05, "low": high - 0.10, "high": high, "too_few": False}
    ranking = next(words.finding_sentences(backtests.plain(auc=auc)))
    assert ranking.startswith(f"Fit score: {warning}ranks won deals above lost ones ")
    assert "of 100 times, equal scores counted half (likely range " in ranking


def owners(low: float) -> Strata:
    shown = backtests.plain().strata
    assert shown is not None
    assert shown.difference is not None
    return shown.model_copy(update={"difference": shown.difference.model_copy(update={"low": low})})


def test_within_owners_win_rates_are_compared_and_no_odds() -> None:
    assert strata_words.strata_sentence(owners(0.13)) == (
        "Comparing only deals of the same owner (2 of 2 have deals of both tier 1 and others), tier 1 wins clearly "
        "more "
        "(13 to 37 points more, allowing for chance). This is no ranking by owner, and no reason to move leads: the "
        "rows have different companies, and none has 20 deals of tier 1."
    )
    assert "shows no clear difference (5 points less to 37 more)." in strata_words.strata_sentence(owners(-0.05))
    assert strata_words.strata_sentence(owners(0.13).model_copy(update={"difference": None})).startswith(
        "Too few deals to compare within owner"
    )


def within_owners(low: float, code: str = "wins_more") -> BacktestDocument:
    """Tier 1 leads by 13 to 37 points over all deals, and by `low` to 37 among those of one owner."""
    verdict = backtests.plain().verdict.model_copy(update={"code": code})
    rows = [row.model_dump() for row in backtests.plain().tiers]
    rows[0] |= {"won": 36, "decided": 62, "rate": 36 / 62}
    rows[-1] |= {"won": 823, "decided": 2_454}
    return backtests.plain(strata=owners(low), verdict=verdict, tiers=rows, **WITHOUT_LEAKS)


def test_a_lead_that_deals_of_one_owner_do_not_show_is_not_acted_on() -> None:
    """Readers stopped at `Tier 1 wins more`, and took `only where both agree` for owners where both columns agree."""
    parted = within_owners(-0.05)
    assert words.backtest_headline(parted) == (
        "Tier 1 wins more (58 % against 33 %), but that may be the owner, not the fit: among deals of the same owner "
        "it shows no clear difference (5 points less to 37 more)."
    )
    assert backtest_next_step.next_step(parted).startswith(
        "What to do next: do not change whom sales works first; let colleagues judge"
    )


def test_where_only_deals_of_one_owner_tell_neither_answer_is_acted_on() -> None:
    tests = backtests.plain().tests.model_dump()
    tests["tier_1_vs_rest"] |= {"low": -0.05}
    parted = within_owners(0.13, "no_difference").model_copy(update={"tests": backtests.plain(tests=tests).tests})
    assert words.backtest_headline(parted) == (
        f"{parted.verdict.sentence} But among deals of the same owner tier 1 wins clearly more (13 to 37 points more, "
        "allowing for chance): the two disagree, so act on neither yet."
    )


def test_where_both_agree_and_where_nothing_is_claimed_the_verdict_stands_alone() -> None:
    agreeing = within_owners(0.13)
    assert words.backtest_headline(agreeing) == agreeing.verdict.sentence
    assert backtest_next_step.next_step(agreeing).startswith("What to do next: work tiers 1 to 3 before companies")
    unclaimed = within_owners(-0.05, "too_few")
    assert words.backtest_headline(unclaimed) == unclaimed.verdict.sentence
    assert "tier 1 wins clearly more" in words.backtest_headline(within_owners(0.13, "too_few"))


@pytest.mark.parametrize(
    ("of_tier_1", "judged"),
    [
        ((19, 19), "different companies, and none has 20 deals of tier 1."),
        ((20, 19), "different companies, and some have under 20 deals of tier 1."),
        ((20, 20), "the rows have different companies."),
    ],
)
def test_a_row_is_judged_from_20_deals_of_tier_1_on(of_tier_1: tuple[int, int], judged: str) -> None:
    shown = owners(0.13)
    rows = [row.model_copy(update={"tier_1_decided": n}) for row, n in zip(shown.rows, of_tier_1, strict=True)]
    sentence = strata_words.strata_sentence(shown.model_copy(update={"rows": tuple(rows)}))
    assert "This is no ranking by owner, and no reason to move leads: " in sentence
    assert sentence.endswith(judged)


def ruled_out(*holds: bool | None) -> str:
    grounds = [ground | {"holds": held} for ground, held in zip(backtests.GROUNDS, holds, strict=True)]
    row = {"reason": "partner", "decided": 174, "won": 64, "grounds": grounds}
    (line,) = bought_anyway_sentences(backtests.plain(bought_anyway=[row]))
    begins = "Your rule 'partner': 64 of 174 deals with companies it leaves out of the tiers were won (37 %). "
    assert line.startswith(begins)
    return line.removeprefix(begins)


PAY_AND_LEAVE = (
    "They pay less (a median of 900 against 14,960) and leave more often (40 % against 10 %) than companies that no "
    "rule leaves out: leave the rule as it is, but do not turn such companies away when they ask."
)
NO_WORSE = (
    "By win rate and amount they are not clearly worse than companies that no rule leaves out: ask why the rule exists "
    "before you drop it."
)


@pytest.mark.parametrize(
    ("holds", "sentence"),
    [
        ((False, True, None, True), PAY_AND_LEAVE),
        ((False, False, None, None), NO_WORSE),
        ((None, None, None, None), "Too few to say whether they are worth less: leave the rule as it is."),
    ],
)
def test_a_disqualifier_is_held_against_the_grounds_for_one(holds: tuple[bool | None, ...], sentence: str) -> None:
    assert ruled_out(*holds) == sentence


def test_criteria_left_out_for_the_same_reason_stand_in_one_sentence() -> None:
    leak = {"kind": "filled_by_selling", "properties": ["web_technologies"], "known_won": 0.79, "known_lost": 0.08}
    leaks = [leak | {"criterion": name} for name in ("stack", "hyperscaler")]
    document = backtests.plain(leaks=leaks)
    (sentence,) = words.leak_sentences(document)
    assert sentence == (
        "Left out: stack and hyperscaler are known of 79 % of the won companies and 8 % of the lost ones: most likely "
        "the sale fills in web_technologies, which they read."
    )
    assert words.backtest_headline(document).startswith(
        "Not counted: stack and hyperscaler, whose data most likely comes from the sale. Tier 1 wins more: "
    )


def test_early_says_how_many_were_won() -> None:
    early = "Early: only 40 deals were won so far, so"
    assert next(words.verdict_caveats(backtests.plain())) == f"{early} the size of the gap may still change."
    verdict = backtests.plain().verdict.model_copy(update={"code": "no_difference"})
    assert next(words.verdict_caveats(backtests.plain(verdict=verdict))) == f"{early} this may change, either way."


def test_what_is_worked_stands_beside_how_many_companies_there_are_to_work() -> None:
    """`4 % are in tiers 1 and 2` reads as neglect, until one knows that they hold 3 % of the companies."""
    market = [row.model_dump() | {"untouched": 194} for row in backtests.plain().market]
    market[0] |= {"customers": 0, "open": 0, "lost": 0, "untouched": 8}
    market[1] |= {"customers": 0, "open": 0, "lost": 0, "untouched": 17}
    shown = " ".join(words.finding_sentences(backtests.plain(market=market)))
    assert "amount 6 % lies in tiers 1 and 2, which hold 3 % of the companies." in shown
    assert "Of the 234 deals created in the last 90 days 4 % are in tiers 1 and 2, which hold 3 % of" in shown


def test_amounts_in_several_currencies_say_what_makes_them_count() -> None:
    shown = " ".join(words.finding_sentences(backtests.plain()))
    assert "Add exchange rates there, or name another property (outcomes.deals.amount)." in shown
