"""What a profile reads."""

from typing import Any

import pytest

from icp_sync.profile.match import Match
from icp_sync.profile.reads import COUNTRY, Read, properties_of, reads
from tests.profile.example import criterion, loaded


def read(**sections: Any) -> list[tuple[tuple[str, ...], bool, bool, str]]:
    found = reads(loaded(**sections).profile)
    return [(one.alternatives, one.optional, one.numeric, one.path) for one in found]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, [(("numberofemployees",), False, True, "criteria[0].property")]),
        ({"optional": True}, [(("numberofemployees",), True, True, "criteria[0].property")]),
        ({"match": {"known": True}}, [(("numberofemployees",), False, False, "criteria[0].property")]),
        (
            {"match": {"any": [{"at_most": 5}, {"properties": ["a", "b"], "is": "x"}]}},
            [
                (("numberofemployees",), False, True, "criteria[0].property"),
                (("a", "b"), False, False, "criteria[0].match.any[1].properties"),
            ],
        ),
        (
            {
                "match": {"not": {"property": "c", "is_true": True}},
                "partial": [{"match": {"at_least": 1}, "credit": 0.5}],
            },
            [
                (("c",), False, False, "criteria[0].match.not.property"),
                (("numberofemployees",), False, True, "criteria[0].property"),
            ],
        ),
    ],
)
def test_a_criterion_reads_what_its_leaves_name_or_leave_to_it(keys: dict[str, Any], expected: list[Any]) -> None:
    assert read(criteria=[criterion(**keys)]) == expected


def test_geography_reads_the_country_names_and_may_lack_them_all() -> None:
    assert read(criteria=[{"id": "a", "weight": 1, "match": {"region": "DE"}}]) == [
        (COUNTRY, True, False, "criteria[0].match")
    ]


def test_a_property_on_geography_replaces_the_country_names() -> None:
    own = [{"id": "a", "weight": 1, "property": "hq_country", "match": {"region": "DE"}}]
    assert read(criteria=own) == [(("hq_country",), False, False, "criteria[0].property")]


def test_scope_and_disqualifiers_are_read_too() -> None:
    partner = {"id": "partner", "property": "type", "match": {"is": "PARTNER"}, "optional": True}
    found = read(scope={"not": {"property": "lifecyclestage", "is": "other"}}, disqualifiers=[partner])
    assert [names for names, *_ in found] == [("lifecyclestage",), ("numberofemployees",), ("type",)]
    assert [optional for _, optional, *_ in found] == [False, False, True]


def test_a_group_asked_for_twice_is_read_once_as_the_stricter_asks() -> None:
    criteria = [criterion(optional=True, match={"known": True}), criterion(id="b"), criterion(id="c", optional=True)]
    assert read(criteria=criteria) == [(("numberofemployees",), False, True, "criteria[1].property")]


def test_a_leaf_reads_its_own_property_first() -> None:
    (one,) = loaded().profile.criteria
    assert properties_of(one, Match(property_name="x", is_=("a",))) == ("x",)
    assert properties_of(one, Match(is_=("a",))) == ("numberofemployees",)
    assert properties_of(None, Match(region=("DE",))) == COUNTRY


def test_a_read_is_a_value() -> None:
    assert Read(("a",), True, False, "scope") == Read(("a",), True, False, "scope")
