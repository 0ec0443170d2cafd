"""One company explained, whatever its values hold."""

from __future__ import annotations

from icp_sync.scoring.explain import CriterionAnswer, DisqualifierAnswer, Explanation, Lift
from icp_sync.views.explanation import explanation_document, explanation_view
from tests.views.rendering import lines

ONE = Explanation(
    7, "[/Acme]\x1b[2J", None, 60.0, 80.0, 0.5, "tiered", "tier_2", "tier_3",
    criteria=(
        CriterionAnswer("country", "[bold]Österreich\nWien", "AT", 1.0, 60, 60.0),
        CriterionAnswer("size", None, None, None, 40, 0.0),
    ),
    disqualifiers=(DisqualifierAnswer("lost", None, None, None), DisqualifierAnswer("rival", "[x]", "x", met=True)),
    lifts=(Lift("size", "tiered", "tier_1"),),
)  # fmt: skip
OUTSIDE = Explanation(8, "  ", "beta.at", None, None, None, None, None, None, (), (), ())


def test_values_are_shown_as_they_stand() -> None:
    assert lines(explanation_view((ONE,))) == [
        "[/Acme][2J · (no domain) · id 7",
        "tiered, tier_2 (on the record now: tier_3)",
        "fit score 60.0, potential 80.0, coverage 0.5",
        "criterion value understood as credit points",
        "country [bold]Österreich Wien AT 1 60",
        "size empty unknown 0",
        "disqualifier lost: not known, so not met (value: empty)",
        "disqualifier rival: MET (value: [x])",
        "a full hit on size would make it tier 1",
    ]


def test_a_company_outside_the_scope_is_only_named() -> None:
    assert lines(explanation_view((OUTSIDE,))) == [
        "(no name) · beta.at · id 8",
        "outside the profile's scope: neither scored nor written",
    ]


def test_the_document_has_the_designs_keys() -> None:
    document = explanation_document(ONE)
    assert {*document} == {
        "id", "name", "domain", "score", "potential", "coverage", "outcome", "tier", "live_tier", "criteria",
        "disqualifiers", "lifts",
    }  # fmt: skip
    assert document["id"] == "7"
    assert {*document["criteria"][0]} == {"id", "value", "understood", "credit", "weight", "points"}
