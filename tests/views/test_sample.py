"""What a person does with what colleagues say of a sample: one next step."""

from __future__ import annotations

from typing import Any

import pytest

from icp_sync.evidence.reviewed_sample_document import SampleDocument
from icp_sync.views.sample import next_step_after_review, sample_agreement_view
from tests.views.rendering import text_of

WRONG: dict[str, Any] = {
    "id": "7", "name": "Beta", "tier": "tier_1", "score": 90.0, "reasons": "fits", "against": 1, "with_profile": 0,
    "opinions": [],
}  # fmt: skip


def document(
    *, counted: int = 30, rate: float | None = 1.0, kappa: float | None = None, wrong: bool = False
) -> SampleDocument:
    whole = {
        "tier": "all", "companies": 40, "fit": 30, "no_fit": 10, "unsure": 0, "counted": counted, "agreed": counted,
        "rate": rate, "low": rate and rate - 0.1, "high": rate, "too_few": rate is None,
    }  # fmt: skip
    values: dict[str, Any] = {
        "profile": "s0-icp", "digest": "abc", "portal_id": 4711, "as_of": "2026-11-29",
        "read_at": "2026-11-29T01:00:00Z", "sheets": [], "companies": 40, "opinions": 40, "unsure": 0, "unfilled": 0,
        "repeated": 0, "gone": 0, "design_effect": 1.0, "tiers": [whole], "departments": [],
        "pairs": [{"first": "Anna", "second": "Ben", "in_common": 25, "agreed": 12, "kappa": kappa}],
        "auc": {"value": None, "low": None, "high": None, "too_few": True},
        "disagreements": [WRONG] if wrong else [],
    }  # fmt: skip
    return SampleDocument.model_validate(values)


@pytest.mark.parametrize(
    ("given", "begins"),
    [
        ({"kappa": 0.4, "wrong": True}, "let the reviewers settle what fit means, and judge again, before you touch"),
        ({"kappa": 0.41, "wrong": True}, "go through the companies below with those who judged them. Change the"),
        ({"wrong": True}, "go through the companies below"),
        ({"counted": 0}, "have people answer fit or no fit in more rows"),
        ({"rate": None}, "have more people judge"),
        ({}, "change nothing: people and profile agree, and deals are the next test (icp-sync backtest)."),
    ],
)
def test_one_next_step(given: dict[str, Any], begins: str) -> None:
    assert next_step_after_review(document(**given)).startswith(begins)


def test_a_rate_of_people_who_do_not_agree_with_each_other_is_doubted_before_it_is_given() -> None:
    """`People agree with the profile 72 % of the time` read as a pass mark."""
    agree = "agree with the profile in 30 of 30 opinions, 100 % (likely range 90 to 100); the other 10 of 40 do not"
    assert text_of(sample_agreement_view(document(kappa=0.21))).startswith(
        f"Anna and Ben agree too little on what fit means to trust the 100 %: people {agree} count: 10 on companies the"
    )
    assert text_of(sample_agreement_view(document(kappa=0.41))).startswith(f"People {agree}")
    assert text_of(sample_agreement_view(document(rate=None))).startswith(
        "People agree with the profile in 30 of 30 opinions: too few for a rate;"
    )
