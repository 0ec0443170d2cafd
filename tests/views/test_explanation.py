"""One company explained, whatever its values hold."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from icp_sync.scoring.explain import CriterionAnswer, CriterionLift, DisqualifierAnswer, Explanation
from icp_sync.views.explanation import ExplanationContext, explanation_document, explanation_view, matches_view
from tests.scoring.profiles import profile_of
from tests.views.rendering import lines

ONE = Explanation(
    7, "[/Acme]\x1b[2J", None, 60.0, 80.0, 0.5, "tiered", "tier_2", "tier_3",
    criteria=(
        CriterionAnswer("country", "[bold]Österreich\nWien", "AT", 1.0, 60, 60.0),
        CriterionAnswer("size", None, None, None, 40, 0.0),
    ),
    disqualifiers=(DisqualifierAnswer("lost", None, None, None), DisqualifierAnswer("rival", "[x]", "x", met=True)),
    lifts=(CriterionLift("size", "tiered", "tier_1"),),
    reasons="Tier 2 (60): in [DACH]. Not known: size, +40 would make it tier 1.",
)  # fmt: skip
PROFILE = profile_of(
    {"id": "country", "label": "in [DACH]", "weight": 60, "match": {"region": "DACH"}},
    {"id": "size", "property": "size", "weight": 40, "match": {"at_least": 500}},
    disqualifiers=[
        {"id": "lost", "reason": "a lost customer", "property": "lost", "match": {"is_true": True}},
        {"id": "rival", "reason": "runs a rival", "property": "rival", "match": {"known": True}},
    ],
    required=["country"],
)
SHOWN = ExplanationContext(PROFILE, "app-eu1.hubspot.com", 4242)
OUTSIDE = Explanation(8, "  ", "beta.at", None, None, None, None, None, None, (), (), ())


def test_values_are_shown_as_they_stand() -> None:
    assert [line for line in lines(explanation_view((ONE,), SHOWN)) if line] == [
        "[/Acme][2J · (no domain) · id 7",
        "https://app-eu1.hubspot.com/contacts/4242/record/0-2/7",
        "Tier 2 (60): in [DACH]. Not known: size, +40 would make it tier 1.",
        "fit score 60.0 of 100, potential 80.0, 50% known; on the record now: tier 3",
        "criterion value understood as points",
        "in [DACH] (required) [bold]Österreich Wien AT 60 of 60 points",
        "size empty unknown of 40 points",
        "not known, so not ruled out: a lost customer (value: empty)",
        "RULED OUT: runs a rival (value: [x])",
        "a full hit on size would make it tier 1",
    ]


def test_a_company_outside_the_scope_is_only_named() -> None:
    assert lines(explanation_view((OUTSIDE,), SHOWN)) == [
        "(no name) · beta.at · id 8",
        "https://app-eu1.hubspot.com/contacts/4242/record/0-2/8",
        "outside the profile's scope: neither scored nor written; on the record now: no tier",
    ]


def test_companies_to_choose_from_are_listed_with_their_ids() -> None:
    some = [{"id": "7", "name": "[b]Acme", "domain": None}, {"id": "8", "name": None, "domain": "acme.at"}]
    assert lines(matches_view(some)) == ["id name domain", "7 [b]Acme", "8 (no name) acme.at"]


def test_the_document_has_the_designs_keys() -> None:
    document = explanation_document(ONE)
    assert {*document} == {
        "id", "name", "domain", "score", "potential", "coverage", "outcome", "tier", "live_tier", "criteria",
        "disqualifiers", "lifts", "override", "held", "enriched", "committee",
    }  # fmt: skip
    assert document["id"] == "7"
    assert {*document["criteria"][0]} == {"id", "value", "understood", "credit", "weight", "points"}


@pytest.mark.parametrize("width", [80, 100, 140])
def test_long_values_are_broken_and_never_cropped(width: int) -> None:
    value = "ẍ" * 300
    long = replace(ONE, criteria=(replace(ONE.criteria[0], value=value), ONE.criteria[1]))
    console = Console(file=StringIO(), width=width, force_terminal=True, color_system=None, highlight=False)
    console.print(explanation_view((long,), SHOWN))
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    assert "…" not in shown
    assert shown.count("ẍ") == 300
    assert max(map(len, shown.splitlines())) <= width
