"""Equal digests score every company alike."""

from typing import Any

import pytest

from icp_sync.profile.load import parse_profile
from tests.profile.example import FILE, criterion, loaded

TEXT = """
schema: 1
profile: {name: x, kind: icp}
criteria:
  - {id: size, property: numberofemployees, weight: 20, match: {between: [500, 10000]}}
tiers: [{tier: tier_1, enter: 80}]
write: {tier: icp_tier}
"""
REORDERED = """
# the same rules in another order, with a comment
write: {tier: icp_tier}
tiers: [{enter: 80.0, tier: tier_1}]
criteria:
  - match: {between: [500.0, 10000]}
    weight: 20
    property: numberofemployees
    id: size
    missing: unknown
    partial: []
profile: {kind: icp, name: x}
schema: 1
"""
WORDS = [
    {"criteria": [criterion(label="Size", evidence="we asked", trait="size")]},
    {"profile": {"name": "y", "kind": "ecp", "title": "T", "owner": "me"}},
    {"write": {"score": "icp_fit_score"}},
    {"lists": [{"name": "A", "kind": "static", "where": {"tier": ["tier_1"]}}]},
    {"guardrails": {"changed": "20%"}},
    {"hold": {"days": 7}},
    {
        "write": {"tier": "icp_tier", "profile": "icp_fit_profile"},
        "overrides": {"people": "put_back", "expire_days": 30},
    },
    {"tests": [{"name": "t", "company": {}, "expect": {"tier": None}}]},
    {"lock": {"property": "icp_fit_lock"}},
    {"write": {"tier": "icp_tier", "outcome": "icp_fit_outcome", "understood": {"country": "icp_country"}}},
]
RULES = [
    {"criteria": [criterion(weight=21)]},
    {"criteria": [criterion(id="other")]},
    {"criteria": [criterion(match={"at_least": 501})]},
    {"criteria": [criterion(property="other")]},
    {"criteria": [criterion(missing="miss")]},
    {"criteria": [criterion(optional=True)]},
    {"criteria": [criterion(partial=[{"match": {"at_least": 1}, "credit": 0.5}])]},
    {"criteria": [criterion(), criterion(id="again")]},
    {"required": ["size"]},
    {"disqualifiers": [{"id": "partner", "property": "type", "match": {"is": "PARTNER"}}]},
    {"scope": {"property": "type", "is": "PROSPECT"}},
    {"coverage": {"minimum": 0.3}},
    {"derive": {"budget": "annualrevenue * 0.1"}},
    {"location": {"country": ["hq_country"]}},
    {"vocabulary": {"regions": {"ours": ["DE", "FR"]}}},
    {"tiers": [{"tier": "tier_1", "enter": 80, "leave": 75}, {"tier": "tier_2", "enter": 50}]},
    {"tiers": [{"tier": "tier_1", "enter": 80, "capacity": 9}, {"tier": "tier_2", "enter": 50}]},
    {"tiers": [{"tier": "tier_1", "enter": 80}, {"tier": "tier_2", "enter": 51}]},
]


def test_layout_comments_and_written_out_defaults_change_neither_digest() -> None:
    original, other = parse_profile(TEXT, FILE), parse_profile(REORDERED, FILE)
    assert (original.digest, original.file_digest) == (other.digest, other.file_digest)


@pytest.mark.parametrize("sections", WORDS)
def test_what_scores_nobody_differently_changes_only_the_whole_digest(sections: dict[str, Any]) -> None:
    assert loaded(**sections).digest == loaded().digest
    assert loaded(**sections).file_digest != loaded().file_digest


def test_the_words_for_a_near_miss_score_nobody_differently() -> None:
    near: dict[str, Any] = {"match": {"between": [200, 499]}, "credit": 0.5}
    bare, worded = (loaded(criteria=[criterion(partial=[near | words])]) for words in ({}, {"label": "200–499 people"}))
    assert bare.digest == worded.digest
    assert bare.file_digest != worded.file_digest


@pytest.mark.parametrize("sections", RULES)
def test_every_rule_changes_both_digests(sections: dict[str, Any]) -> None:
    assert loaded(**sections).digest != loaded().digest
    assert loaded(**sections).file_digest != loaded().file_digest


def test_a_changed_vocabulary_changes_the_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = loaded()
    monkeypatch.setattr("icp_sync.profile.digest.VERSION", "another")
    assert loaded().digest != before.digest
    assert loaded().file_digest == before.file_digest


def test_a_digest_is_twelve_hex_digits() -> None:
    assert int(loaded().digest, 16) >= 0
    assert len(loaded().digest) == 12
