"""A profile's own tests must be able to prove something."""

from typing import Any

import pytest

from tests.profile.example import errors, loaded


def case(name: str = "fits", company: dict[str, Any] | None = None, **expect: Any) -> dict[str, Any]:
    return {"name": name, "company": company or {}, "expect": expect}


NO_NAME = "is no property name; write the internal name, such as numberofemployees"
RECORD_ID = "id is the company's number in HubSpot and no property; write hs_object_id"


@pytest.mark.parametrize(
    ("tests", "error"),
    [
        ([case(tier="tier_1"), case(tier=None)], "tests[1].name: another test is called 'fits'; choose another name"),
        ([case()], "tests[0].expect: expects nothing; name tier, outcome, score, potential, coverage or credits"),
        ([case(tier="tier_3")], "tests[0].expect.tier: tier_3 is not among tiers and can never come out; correct it"),
        ([case(credits={"sizes": 1})], "tests[0].expect.credits.sizes: 'sizes' is no criterion; did you mean size?"),
        ([case(company={"A b": "5"}, score=0)], f"tests[0].company.A b: 'A b' {NO_NAME}"),
        ([case(company={"id": "5"}, score=0)], f"tests[0].company.id: {RECORD_ID}"),
        ([case(scores=1)], "tests[0].expect.scores: unknown key 'scores'; did you mean score?"),
        ([case(company={"a": ["x"]}, score=0)], "tests[0].company.a: is a list, text is wanted; write one text"),
    ],
)
def test_a_test_that_proves_nothing_is_refused(tests: list[dict[str, Any]], error: str) -> None:
    assert errors(tests=tests) == [error]


def test_a_companys_values_are_text_as_hubspot_hands_them_over() -> None:
    company = {"a": 800, "b": 1.5, "c": True, "d": None, "e": "x"}
    (read,) = loaded(tests=[case(company=company, tier=None)]).profile.tests
    assert read.company == {"a": "800", "b": "1.5", "c": "true", "d": "", "e": "x"}


def test_only_what_is_named_is_expected() -> None:
    (read,) = loaded(tests=[case(tier=None, credits={"size": None})]).profile.tests
    assert read.expect.model_dump(exclude_unset=True) == {"tier": None, "credits": {"size": None}}
