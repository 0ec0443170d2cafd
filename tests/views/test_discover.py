"""What `discover` says to do next: one step, that fits what was found."""

from __future__ import annotations

from typing import Any

import pytest

from icp_sync.evidence.discover_document import DiscoverDocument
from icp_sync.views.discover import discover_view
from tests.views.backtests import gap
from tests.views.rendering import text_of

TRAIT = {
    "trait": "industry is technology", "property": "industry", "n": 900, "known": 800, "won_with": 60,
    "decided_with": 100, "won_without": 200, "decided_without": 700, "lift": 2.1, "difference": 0.31, "low": 0.21,
    "high": 0.41, "p_adjusted": 0.0005, "distinct": True,
}  # fmt: skip
DRAFT = {"name": "small-draft", "kind": "icp", "criteria": [], "tiers": [], "text": ""}
BETTER = {"auc": 0.64, "profile_auc": 0.61, "gain": gap(0.03, 0.01, 0.05), "folds": 5}
UNCLEAR = BETTER | {"gain": gap(0.03, -0.02, 0.08)}


def shown(traits: list[dict[str, Any]] | None = None, **changes: Any) -> str:
    values: dict[str, Any] = {
        "profile": "small", "digest": "abc", "portal_id": 7, "contrast": "won_lost", "judged": "now",
        "properties_read": None, "past": None, "since": "2023-11-30", "as_of": "2026-11-30", "won": 260, "lost": 540,
        "others_sampled": False, "left_out": {}, "leaks": [], "seed": 1, "permutations": 1_999, "candidates": 152,
        "found": [TRAIT] if traits is None else traits, "detectable_lift": 1.4, "model": BETTER, "draft": DRAFT,
        "sentence": "One trait tells.",
    }  # fmt: skip
    return text_of(discover_view(DiscoverDocument.model_validate(values | changes)))


NOTHING: dict[str, Any] = {"found": [], "model": None, "draft": None}


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({}, "write the draft (--out draft.yaml), and try it on new deals beside your present profile"),
        ({"draft": DRAFT | {"file": "mine.yaml"}}, "read mine.yaml, and try it on new deals beside your"),
        ({"model": UNCLEAR}, "keep your present profile, and run icp-sync discover again in 3 months"),
        ({"draft": None}, "go through these traits with sales: do they rule a company out (disqualifiers)?"),
        ({"contrast": "customers"}, "hold it against deals, which it was not drawn from: icp-sync compare draft.yaml."),
        (NOTHING, "let colleagues judge companies without seeing the tiers: icp-sync sample --out sheet.csv."),
        (NOTHING | {"candidates": 0}, "icp-sync discover --all-properties, which looks at all that HubSpot has"),
        (NOTHING | {"candidates": 0, "properties_read": 90}, "let colleagues judge companies"),
        (NOTHING | {"contrast": "customers"}, "ask these customers why they bought: icp-sync customers --interviews"),
    ],
)
def test_one_step_is_next(changes: dict[str, Any], step: str) -> None:
    text = shown(**changes)
    assert text.count("What to do next: ") == 1
    assert step in text.partition("What to do next: ")[2]


def test_the_ranking_has_its_range_and_pairs_that_tie_count_half() -> None:
    assert "64 of 100 times, your present profile 61, equal scores counted half" in shown()
    assert "Allowing for chance, that is 1 to 5 more." in shown()
    assert "that is 2 less to 8 more, so it is not clear which ranks better." in shown(model=UNCLEAR)
    assert "put the won one first" not in shown()


def test_sales_are_not_steered_by_a_draft_of_these_deals_before_it_was_tried() -> None:
    """`Do not call by it yet` read as the telephone, and `it looks better here` denied the test on other companies."""
    assert (
        "Do not steer sales by it before: these deals picked the traits, so each looks stronger in the table" in shown()
    )
    assert "Drawn from one part of these companies and tested on another, traits rank won companies" in shown()


def test_points_are_the_draft_s_alone_and_differences_are_companies_of_a_hundred() -> None:
    """`+12 to +25` stood under "points", above a draft that weighs criteria in points."""
    table = shown([TRAIT | {"criterion": "industry_technology"}])
    assert "per 100 companies" in table
    assert "21 to 41 more" in table
    assert "points" not in table.partition("per 100 companies")[2].partition("Draft")[0]


WEAKER = TRAIT | {"trait": "industry is software", "distinct": False}
OPPOSITE = WEAKER | {"trait": "industry is retail", "difference": -0.2, "low": -0.3, "high": -0.1}


@pytest.mark.parametrize(
    ("weaker", "sentence"),
    [
        ([WEAKER], "1 more of the same fields adds little to these: industry is software. --json"),
        ([WEAKER, WEAKER], "2 more of the same fields add little to these: industry is software; industry"),
        (
            [WEAKER, OPPOSITE],
            "2 more of the same fields add little to these, and some mark the other side: industry is software",
        ),
    ],
)
def test_weaker_traits_are_not_called_the_same_where_some_mark_the_other_side(
    weaker: list[dict[str, Any]], sentence: str
) -> None:
    """`25 to 479 employees` was to say the same in other words as `at least 480`."""
    assert sentence in shown([TRAIT, *weaker])


def test_the_draft_names_the_traits_that_it_does_not_ask_for_and_why() -> None:
    asked = TRAIT | {"criterion": "industry_technology"}
    devops = TRAIT | {"trait": "web technologies has devops"}
    small = TRAIT | {"trait": "annual revenue is under 9", "difference": -0.1, "low": -0.2, "high": -0.05}
    sentence = (
        "Not in it: web technologies has devops (adds nothing to the others); annual revenue is under 9 (fewer "
        "with it were won). "
        "Ask sales why before you rule such companies out."
    )
    assert sentence in shown([asked, devops, small, WEAKER])
    assert "Not in it" not in shown([asked, WEAKER])


def test_a_company_is_in_one_tier_of_the_draft() -> None:
    """Counts under `from 60` and `from 40` read as if the second held the first."""
    tiers = [{"tier": f"tier_{n}", "enter": 80 - 20 * n, "companies": 10 * n, "share": n / 10} for n in (1, 2)]
    sizes = "tier_1 from 60 points: 10 companies (10 %); tier_2 from 40 to under 60 points: 20 companies (20 %)"
    assert sizes in shown(draft=DRAFT | {"tiers": tiers})


def test_what_is_known_of_the_listed_alone_is_not_called_won_or_lost() -> None:
    leak = {"criterion": "industry", "kind": "filled_by_selling", "properties": ["industry"], "known_won": 1.0,
            "known_lost": 0.86}  # fmt: skip
    listed = shown(contrast="customers", leaks=[leak], **NOTHING)
    assert "Left out: whether industry is known (of 100 % of the listed and 86 % of the others); what it says" in listed
    assert "won" not in listed.partition("Left out: ")[2].partition("What to do next")[0]
    assert "most likely since selling fills it in." in shown(leaks=[leak])
