"""Every question can be said in plain words."""

from typing import Any

import pytest

from icp_sync.profile.describe.match_sentences import match_sentence
from icp_sync.profile.model.match import Match


def sentence_of(**match: Any) -> str:
    return match_sentence(Match.model_validate(match), ("size", "range"))


@pytest.mark.parametrize(
    ("match", "words"),
    [
        ({"at_least": 1500}, "`size` or `range` is at least 1,500"),
        ({"at_most": 0.5, "property": "share"}, "`share` is at most 0.5"),
        ({"between": [500, 10000]}, "`size` or `range` is from 500 to 10,000"),
        ({"between": [None, 10]}, "`size` or `range` is at most 10"),
        ({"between": [10, None]}, "`size` or `range` is at least 10"),
        ({"is": "Banking", "property": "a"}, "`a` is Banking"),
        ({"in": ["x", "y", "z"], "property": "a"}, "`a` is x, y or z"),
        ({"not_in": ["x", "y"], "property": "a"}, "`a` is not x or y"),
        ({"contains_any": ["zero touch"], "property": "a"}, "`a` mentions zero touch"),
        ({"starts_with": ["Stadtwerke", "Univ"], "property": "a"}, "`a` starts with Stadtwerke or Univ"),
        ({"matches": "gm`bh$", "property": "a"}, "`a` matches `gm'bh$`"),
        ({"has_any": ["x", "y"], "property": "a"}, "`a` has x or y"),
        ({"has_any": ["x", "y", "z"], "at_least": 2, "property": "a"}, "`a` has at least 2 of x, y or z"),
        ({"has_all": ["x", "y"], "property": "a"}, "`a` has x and y"),
        ({"has_none": ["x", "y"], "property": "a"}, "`a` has none of x or y"),
        ({"within_days": 90, "property": "a"}, "`a` was at most 90 days ago"),
        ({"older_than_days": 90, "property": "a"}, "`a` was more than 90 days ago"),
        ({"age_years": [3, 10], "property": "a"}, "`a` was from 3 to 10 years ago"),
        ({"known": True, "property": "a"}, "`a` is known"),
        ({"known": False, "property": "a"}, "`a` is not known"),
        ({"is_true": True, "property": "a"}, "`a` says yes"),
        ({"is_false": True, "property": "a"}, "`a` says no"),
        ({"not": {"is_true": True, "property": "a"}}, "not (`a` says yes)"),
        (
            {"any": [{"at_most": 5, "property": "a"}, {"all": [{"is": "x", "property": "b"}]}]},
            "(`a` is at most 5 or `b` is x)",
        ),
    ],
)
def test_a_match_is_said_as_people_would(match: dict[str, Any], words: str) -> None:
    assert sentence_of(**match) == words


@pytest.mark.parametrize(
    ("match", "words"),
    [
        ({"region": ["DE", "US-NJ", "DACH"]}, "the company lies in Germany, New Jersey or DACH"),
        ({"city": ["Berlin", "Austin, US"]}, "the company lies in Berlin or Austin (US)"),
        ({"within_km": {"of": "Detroit, US", "km": 120}}, "the company lies within 120 km of Detroit (US)"),
        ({"region": "CH", "property": "hq"}, "`hq` lies in Switzerland"),
    ],
)
def test_geography_is_said_of_the_company(match: dict[str, Any], words: str) -> None:
    assert match_sentence(Match.model_validate(match)) == words
