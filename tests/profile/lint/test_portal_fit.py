"""A profile in its portal."""

from typing import Any

import pytest

from icp_sync.profile.lint import lint_portal
from icp_sync.profile.portal_measurements import PortalFacts, PropertyFacts
from tests.profile.example import criterion, loaded

FULL = PropertyFacts(filled=0.9)


def findings_on(facts: PortalFacts, **sections: Any) -> list[tuple[str, str]]:
    return [(flaw.rule, flaw.message) for flaw in lint_portal(loaded(**sections).profile, facts)]


def test_a_portal_that_suits_the_profile_needs_no_advice() -> None:
    shares = {"tier_1": 0.2, "tier_2": 0.2}
    assert findings_on(PortalFacts({"numberofemployees": FULL}, "EUR", shares, 0.5)) == []


def test_a_property_few_companies_have_is_named_with_its_share() -> None:
    ((rule, message),) = findings_on(PortalFacts({"numberofemployees": PropertyFacts(filled=0.31)}))
    assert rule == "fill-rate"
    assert message.startswith("numberofemployees is filled in 31 % of companies")


def test_the_remedy_for_an_empty_property_is_one_there_is() -> None:
    """A disqualifier has no weight to lower, and a city helps only where the country does not say."""
    rare = PropertyFacts(filled=0.31)
    asked = {"id": "staff", "property": "no_staff", "match": {"in": ["x"]}}
    facts = PortalFacts({"no_staff": rare, "numberofemployees": rare, "city": rare})
    here = criterion(id="here", match={"region": "DE"})
    del here["property"]
    advice = [message.partition("unknown; ")[2] for _, message in findings_on(
        facts, criteria=[criterion(), here], disqualifiers=[asked]
    )]  # fmt: skip
    assert advice == [
        "fill it in or lower the weight",
        "fill it in where the country alone does not say",
        "none of those is ruled out by it; fill it in",
    ]
    here["match"] = {"city": ["Berlin"]}
    assert [message for _, message in findings_on(facts, criteria=[criterion(), here])][-1].endswith("; fill it in")


def test_of_alternatives_the_best_filled_counts() -> None:
    asked = criterion(properties=["a", "b"])
    del asked["property"]
    assert findings_on(PortalFacts({"a": PropertyFacts(filled=0.1), "b": FULL}), criteria=[asked]) == []


def test_sizes_of_zero_are_named() -> None:
    ((rule, message),) = findings_on(PortalFacts({"numberofemployees": PropertyFacts(0.9, zeros=0.12)}))
    assert (rule, message.partition(",")[0]) == ("zeros", "12 % of the values of numberofemployees are 0")


@pytest.mark.parametrize(("ours", "theirs", "count"), [("EUR", "USD", 1), ("EUR", "EUR", 0), ("EUR", None, 0)])
def test_another_currency_is_named(ours: str, theirs: str | None, count: int) -> None:
    header = {"name": "x", "kind": "icp", "currency": ours}
    assert len(findings_on(PortalFacts({}, theirs), profile=header)) == count


@pytest.mark.parametrize(
    ("tiers", "count"),
    [({"tier_1": 0.21}, 1), ({"tier_1": 0.2, "tier_2": 0.21}, 1), ({"tier_1": 0.3, "tier_2": 0.2}, 2)],
)
def test_a_profile_that_fits_too_many_is_too_broad(tiers: dict[str, float], count: int) -> None:
    assert [rule for rule, _ in findings_on(PortalFacts({}, tiers=tiers))] == ["too-broad"] * count


def test_a_portal_of_which_most_is_unknown_is_named() -> None:
    ((rule, message),) = findings_on(PortalFacts({}, undecided=0.62))
    assert (rule, message.partition(" of")[0]) == ("undecided", "62 %")


def test_values_nobody_can_read_are_shown_with_what_was_meant() -> None:
    odd = PropertyFacts(0.9, unread=1_200, unread_share=0.02, unrecognised={"Jan-50": None, "Germny": "Germany"})
    ((rule, message),) = findings_on(PortalFacts({"numberofemployees": odd}))
    assert rule == "not-recognised"
    assert message == (
        "1,200 companies have values of numberofemployees that cannot be read, such as 'Jan-50', 'Germny' (Germany?); "
        "correct them in HubSpot"
    )


def test_a_few_values_nobody_can_read_are_a_note_and_no_warning() -> None:
    odd = PropertyFacts(0.9, unread=12, unread_share=0.01, unrecognised={"Jan-50": None})
    (flaw,) = lint_portal(loaded().profile, PortalFacts({"numberofemployees": odd}))
    assert (flaw.rule, flaw.severity) == ("few-not-recognised", "note")


def test_a_city_nobody_can_tell_may_only_lack_its_country() -> None:
    asked = criterion(match={"city": "London"})
    del asked["property"]
    facts = PortalFacts({"city": PropertyFacts(0.9, unread=1, unrecognised={"London": None})})
    ((_, message),) = findings_on(facts, criteria=[asked])
    assert message.endswith("such as 'London'; correct them in HubSpot, or fill in their country")


def test_what_was_taken_for_granted_is_a_note_with_what_was_understood() -> None:
    guessed = PropertyFacts(0.9, assumed={"50 MUSD": "50,000,000 USD", "€10M": "10,000,000 EUR"})
    (flaw,) = lint_portal(loaded().profile, PortalFacts({"numberofemployees": guessed}))
    assert (flaw.rule, flaw.severity) == ("assumed", "note")
    assert flaw.message == (
        "numberofemployees: '50 MUSD' read as 50,000,000 USD, '€10M' read as 10,000,000 EUR; if that is not what they "
        "mean, correct them in HubSpot"
    )
