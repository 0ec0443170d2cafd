"""A champion and a challenger on the same companies: who moves, whose tier 1 won, and what may be said of it."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from icp_sync.evidence.backtest import ScoredDeals
from icp_sync.evidence.deal_history import DECIDED, KNOWN, DealHistory
from icp_sync.evidence.json_schema import evidence_schema
from icp_sync.evidence.profile_comparison import (
    compare_tier_1_deals,
    count_moved,
    count_tier_1_only,
    matrix_cells,
    pair_groups,
    paired_auc,
    pick_examples,
    tier_shares,
)
from icp_sync.evidence.profile_comparison_document import Decisive, PlacementRow
from icp_sync.evidence.profile_comparison_verdict import (
    ComparisonExtent,
    ProfileNames,
    comparison_verdict,
    verdict_without_deals,
)
from tests.evidence.judges import tallies

NAMES = ProfileNames("old", "new")
EXTENT = ComparisonExtent(companies=1_000, moved=7)


def _scores(tiers: dict[int, str]) -> pl.DataFrame:
    """Companies by what a profile makes of them; a tier scores 90, another outcome 10."""
    rows = [
        {
            "id": company,
            "tier": group if group.startswith("tier") else None,
            "outcome": "tiered" if group.startswith("tier") else group,
            "score": 90.0 if group.startswith("tier") else 10.0,
            "reasons": f"{group}: because",
        }
        for company, group in tiers.items()
    ]
    schema = {"id": pl.Int64, "tier": pl.String, "outcome": pl.String, "score": pl.Float64, "reasons": pl.String}
    return pl.DataFrame(rows, schema=schema)


OLD = _scores({1: "tier_1", 2: "tier_1", 3: "tier_2", 4: "not_icp"})
NEW = _scores({2: "tier_1", 3: "tier_1", 4: "not_icp", 5: "tier_3"})


def test_a_company_in_one_scope_alone_is_outside_of_the_other() -> None:
    groups = pair_groups(OLD, NEW)
    assert groups.rows() == [
        (1, "tier_1", "outside"),
        (2, "tier_1", "tier_1"),
        (3, "tier_2", "tier_1"),
        (4, "not_icp", "not_icp"),
        (5, "outside", "tier_3"),
    ]
    assert count_moved(groups) == 3
    assert count_tier_1_only(groups) == (1, 1)


def test_the_matrix_counts_everybody_once() -> None:
    cells = matrix_cells(pair_groups(OLD, NEW))
    assert sum(cell.companies for cell in cells) == 5
    assert [(cell.champion, cell.challenger) for cell in cells][:2] == [("tier_1", "tier_1"), ("tier_1", "outside")]


def test_shares_are_of_those_in_scope() -> None:
    first = tier_shares(pair_groups(OLD, NEW))[0]
    assert (first.tier, first.champion, first.champion_share, first.challenger_share) == ("tier_1", 2, 0.5, 0.5)
    empty = tier_shares(pair_groups(OLD, NEW.clear()))[0]
    assert (empty.challenger, empty.challenger_share) == (0, None)


def test_examples_have_both_reasons_and_the_best_come_first() -> None:
    companies = pl.DataFrame({"id": [1, 2, 3, 4, 5], "name": list("ABCDE"), "domain": [None] * 5})
    examples = pick_examples(pair_groups(OLD, NEW), companies, OLD, NEW)
    (dropped,), (added,) = examples.only_champion, examples.only_challenger
    assert (dropped.name, dropped.champion.reasons, dropped.challenger.tier) == ("A", "tier_1: because", "outside")
    assert dropped.challenger.reasons is None
    assert (added.name, added.champion.tier, added.challenger.reasons) == ("C", "tier_2", "tier_1: because")


def test_at_most_ten_examples_a_side() -> None:
    crowd = _scores(dict.fromkeys(range(30), "tier_1"))
    named = crowd.select("id", name=pl.lit("X"), domain=pl.lit(None, pl.String))
    assert len(pick_examples(pair_groups(crowd, OLD), named, crowd, OLD).only_champion) == 10


def _decisive(
    champion: tuple[int, int],
    challenger: tuple[int, int],
    both: tuple[int, int] = (3, 5),
    design_effect: float = 1.0,
) -> Decisive:
    """Of (won, decided) deals of companies that only the one, only the other, or both call tier 1."""
    outcomes: list[tuple[int, bool]] = []
    sides: dict[str, dict[int, str]] = {"old": {}, "new": {}}
    for (won, decided), callers in ((champion, ["old"]), (challenger, ["new"]), (both, ["old", "new"])):
        for deal in range(decided):
            company = len(outcomes)
            outcomes.append((company, deal < won))
            for name, companies in sides.items():
                companies[company] = "tier_1" if name in callers else "tier_2"
    deals = pl.DataFrame(outcomes, schema={"company": pl.Int64, "won": pl.Boolean}, orient="row")
    return compare_tier_1_deals(pair_groups(_scores(sides["old"]), _scores(sides["new"])), deals, design_effect)


def test_the_decisive_row_counts_where_they_part() -> None:
    decisive = _decisive((12, 40), (30, 50))
    rows = (decisive.both, decisive.only_champion, decisive.only_challenger)
    assert [(row.companies, row.decided, row.won) for row in rows] == [(5, 5, 3), (40, 40, 12), (50, 50, 30)]
    assert decisive.difference == pytest.approx(0.3)


def test_difference_and_test_are_newcombes_and_fishers() -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    fisher_exact = pytest.importorskip("scipy.stats").fisher_exact
    pairs = [(a, b) for a, b in zip(tallies(1, 40), tallies(2, 40), strict=True) if min(a.decided, b.decided) >= 20]
    for first, second in pairs:
        decisive = _decisive((int(first.won), int(first.decided)), (int(second.won), int(second.decided)))
        low, high = proportion.confint_proportions_2indep(
            second.won, second.decided, first.won, first.decided, method="newcomb", compare="diff"
        )
        assert decisive.low == pytest.approx(low, abs=1e-9)
        assert decisive.high == pytest.approx(high, abs=1e-9)
        if decisive.p is not None:
            table = [[second.won, second.lost], [first.won, first.lost]]
            assert decisive.p == pytest.approx(fisher_exact(table).pvalue, abs=1e-9)


ANSWERS = {
    "The other profile (new) picks better in these deals: of companies that it alone calls tier 1, 60 % of 200 deals "
    "were won. Of those that your present profile (old) alone calls tier 1, 30 % of 200 deals were. The gap is 30 "
    "percentage points, 20 to 39 allowing for chance.": (
        (60, 200), (120, 200), "challenger_better",
    ),
    "Your present profile (old) picks better in these deals: of companies that it alone calls tier 1, 60 % of 200 "
    "deals were won. Of those that the other profile (new) alone calls tier 1, 30 % of 200 deals were. The gap is 30 "
    "percentage points, 20 to 39 allowing for chance.": (
        (120, 200), (60, 200), "champion_better",
    ),
    "Neither profile is clearly better: of companies that the other profile (new) alone calls tier 1, 31 % of 200 "
    "deals were won. Of those that your present profile (old) alone calls tier 1, 30 % of 200 deals were; the gap may "
    "be chance (allowing for it, 8 points less to 10 more).": ((60, 200), (62, 200), "no_difference"),
    "Too few deals to say which is better: where only the other profile (new) says tier 1 100 are decided, where only "
    "your present profile (old) does 19; it takes 20 each.": ((5, 19), (60, 100), "too_few"),
    "Too few deals to say which is better: where only the other profile (new) says tier 1 30 are decided, where only "
    "your present profile (old) does 30; it takes 20 won and 20 lost.": ((2, 30), (3, 30), "too_few"),
    "The other profile (new) calls 40 more companies tier 1 and drops none. Of the decided deals of those added 20 of "
    "40 (50 %) were won, of those that both call tier 1 3 of 5: too few deals": ((0, 0), (20, 40), "one_sided"),
    "The other profile (new) drops 8 companies from tier 1 and adds none. Of the": ((4, 8), (0, 0), "one_sided"),
    "Both profiles call the same companies tier 1; 7 companies differ below it": ((0, 0), (0, 0), "same_tier_1"),
}  # fmt: skip


@pytest.mark.parametrize("begins", ANSWERS)
def test_the_answer_is_one_of_these(begins: str) -> None:
    champion, challenger, code = ANSWERS[begins]
    verdict = comparison_verdict(_decisive(champion, challenger), NAMES, EXTENT, 1.0)
    assert verdict.code == code
    assert verdict.sentence.startswith(begins)
    assert (verdict.more_deals is None) == (code in {"one_sided", "same_tier_1"})


def test_profiles_that_put_every_company_alike_do_not_differ_below_tier_1_either() -> None:
    alike = ComparisonExtent(companies=300, moved=0)
    for verdict in (
        comparison_verdict(_decisive((0, 0), (0, 0)), NAMES, alike, 1.0),
        verdict_without_deals((0, 0), NAMES, alike),
    ):
        assert verdict.code == "same_tier_1"
        assert verdict.sentence == "Both profiles put every company in the same tier: there is nothing to choose."


@pytest.mark.parametrize(
    ("added", "both", "says"),
    [
        ((60, 200), (70, 100), "70 of 100 (70 %): those added clearly win less (28 to 50 points less)."),
        ((60, 200), (10, 100), "10 of 100 (10 %): those added clearly win more (10 to 28 points more)."),
        ((60, 200), (32, 100), "32 of 100 (32 %): no clear difference (13 points less to 9 more)."),
    ],
)
def test_companies_added_to_tier_1_may_clearly_win_less(
    added: tuple[int, int], both: tuple[int, int], says: str
) -> None:
    """`Not a better or worse choice` was said of companies that won 30 % where the others won 70 %."""
    decisive = _decisive((0, 0), added, both)
    assert comparison_verdict(decisive, NAMES, EXTENT, 1.0).sentence.endswith(says)
    whole = ComparisonExtent(companies=added[1] + both[1], moved=added[1])
    everybody = f"It calls all {whole.companies:,} companies tier 1, so tier 1 no longer tells anything."
    assert comparison_verdict(decisive, NAMES, whole, 1.0).sentence.endswith(f"{says} {everybody}")


def test_where_only_the_interval_is_clear_the_sentence_says_so() -> None:
    decisive = _decisive((20, 60), (32, 62)).model_copy(update={"low": 0.01, "high": 0.35, "p": 0.06})
    verdict = comparison_verdict(decisive, NAMES, EXTENT, 1.0)
    assert verdict.code == "no_difference"
    assert "1 to 35 points more, but a second test says that chance may explain it." in verdict.sentence


@pytest.mark.parametrize(
    ("challenger", "both", "says"),
    [
        ((0, 0), (3, 5), "adds none. None of them has a won or lost deal yet, so nothing says how good they are."),
        ((2, 8), (0, 0), "adds none. Of the decided deals of those dropped 2 of 8 were won: too few deals to say"),
    ],
)
def test_what_one_alone_calls_tier_1_is_set_beside_what_both_do(
    challenger: tuple[int, int], both: tuple[int, int], says: str
) -> None:
    alone = PlacementRow(companies=9, decided=challenger[1], won=challenger[0], rate=None, low=None, high=None,
                         too_few=True)  # fmt: skip
    rows = _decisive((0, 0), (0, 0), both)
    verdict = comparison_verdict(rows.model_copy(update={"only_champion": alone}), NAMES, EXTENT, 1.0)
    assert says in verdict.sentence


def test_several_deals_of_a_company_are_worth_less() -> None:
    decisive = _decisive((60, 200), (90, 200))
    assert decisive.difference == pytest.approx(0.15)
    assert _decisive((60, 200), (90, 200), design_effect=15.0).difference is None
    few, many = (comparison_verdict(decisive, NAMES, EXTENT, effect).more_deals for effect in (1.0, 15.0))
    assert few is not None
    assert many is not None
    assert many > few


@pytest.mark.parametrize(
    ("only", "code", "begins"),
    [
        (
            (3, 12),
            "no_deals",
            "The other profile (new) adds 12 companies to tier 1 and drops 3. No deals are known yet",
        ),
        ((0, 1), "no_deals", "The other profile (new) calls 1 more company tier 1 and drops none."),
        ((0, 0), "same_tier_1", "Both profiles call the same"),
    ],
)
def test_without_deals_the_movement_alone_is_told(only: tuple[int, int], code: str, begins: str) -> None:
    verdict = verdict_without_deals(only, NAMES, EXTENT)
    assert verdict.code == code
    assert verdict.sentence.startswith(begins)


def test_the_schema_describes_every_document() -> None:
    schema = evidence_schema()
    names = {option["$ref"].rpartition("/")[2] for option in schema["anyOf"]}
    documents = ("Backtest", "Comparison", "Customers", "Discover", "Sample")
    assert names == {f"{name}Document" for name in documents}
    assert "NaN" not in json.dumps(schema)


def _judged(repeats: int, noise: float) -> ScoredDeals:
    """A company's deals all end alike; the fit score follows how, blurred by noise."""
    chance = np.random.default_rng(7)
    won = chance.random(80) < 0.5
    scores = 50.0 + 10 * won + chance.normal(0, noise, 80)
    companies = pl.DataFrame({"id": range(80), "score": scores}).with_columns(
        tier=pl.lit(None, pl.String), outcome=pl.lit("not_icp"), disqualified_by=pl.lit(None, pl.String)
    )
    rows = [(80 * again + row, row, bool(won[row]), *[None] * 4) for again in range(repeats) for row in range(80)]
    decided = pl.DataFrame(rows, schema=DECIDED, orient="row")
    nothing_open = pl.DataFrame(schema={"company": pl.Int64, "amount": pl.Float64})
    return ScoredDeals.from_scores(companies, DealHistory(decided, nothing_open, KNOWN.to_frame(), {}))


def test_several_deals_of_a_company_rank_by_drawing_companies() -> None:
    first = paired_auc(_judged(1, 14), _judged(1, 10), "first")
    every = paired_auc(_judged(6, 14), _judged(6, 10), "deal")
    assert first.low is not None
    assert first.high is not None
    assert every.low is not None
    assert every.high is not None
    assert (first.deals, every.deals, every.too_few) == (80, 480, False)
    assert every.difference == pytest.approx(first.difference)
    assert every.high - every.low == pytest.approx(first.high - first.low, rel=0.15)
    assert every.p == pytest.approx(first.p, abs=0.05)
