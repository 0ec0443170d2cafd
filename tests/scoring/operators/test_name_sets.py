"""Names a profile adds to the vocabulary, in questions about sets and industries."""

from __future__ import annotations

import pytest

from tests.scoring.profiles import credit_of, profile_of, scored

OWN = {
    "technologies": {"our clouds": ["aws", "hetzner"], "all clouds": ["our clouds", "azure"]},
    "industries": {"our trades": ["MACHINERY", "our own trade"]},
}


@pytest.mark.parametrize(
    ("match", "text", "credit"),
    [
        ({"has_any": ["our clouds"]}, "Amazon Web Services", 1.0),
        ({"has_any": ["our clouds"]}, "Hetzner", 1.0),
        ({"has_any": ["our clouds"]}, "azure", 0.0),
        ({"has_any": ["all clouds"]}, "Microsoft Azure", 1.0),
        ({"has_any": ["all clouds", "jira"], "at_least": 2}, "aws;azure", 0.0),
        ({"has_none": ["our clouds"]}, "azure", 1.0),
        ({"is": "our trades"}, "Machinery", 1.0),
        ({"is": "our trades"}, "Our Own Trade", 1.0),
        ({"not_in": ["our trades"]}, "RETAIL", 1.0),
    ],
)
def test_own_names(match: dict[str, object], text: str, credit: float) -> None:
    profile = profile_of({"id": "c", "property": "p", "match": match}, vocabulary=OWN)

    assert scored(profile, p=[text]).frame["credit.c"].item() == credit


def test_a_name_nobody_knows_is_taken_literally() -> None:
    assert credit_of({"has_any": ["Acme Suite"]}, "acme_suite;jira") == 1.0
    assert credit_of({"is": "Gold Partner"}, "GOLD_PARTNER") == 1.0
