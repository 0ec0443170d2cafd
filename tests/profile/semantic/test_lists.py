"""Lists must be keepable."""

from typing import Any

import pytest

from tests.profile.example import errors, loaded


def one(name: str = "A", kind: str = "static", where: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "where": {"tier": ["tier_1"]} if where is None else where, **keys}


TOO_LIKE = "is too like the list 'ICP Tier 1'; choose another name"
NOTHING = "asks for nothing and would hold every company; add tier, outcome, hits or match"
ADD = "add it there or remove it here"
DATED = "needs the day of each change; add changed_at: icp_fit_changed_at to write"
NO_OPERATOR = "a match names exactly one operator, found none; combine several with all: or any:"
MIDWEST = "did you mean Midwest or Midelt or US Midwest?"
STATIC = "make the list static or remove it"


@pytest.mark.parametrize(
    ("lists", "error"),
    [
        ([one("ICP Tier 1"), one("icp-tier 1")], f"lists[1].name: 'icp-tier 1' {TOO_LIKE}"),
        ([one(" A")], "lists[0].name: is text 'A'; write one line without spaces around it"),
        ([one(where={})], f"lists[0].where: {NOTHING}"),
        ([one(where={"tier": ["tier_3"]})], f"lists[0].where.tier[0]: tier_3 is not among tiers; {ADD}"),
        ([one(where={"hits": ["sice"]})], "lists[0].where.hits[0]: 'sice' is no criterion; did you mean size?"),
        (
            [one("A", "active", {"hits": ["size"]})],
            f"lists[0].where.hits: an active list cannot use hits; {STATIC}",
        ),
        (
            [one("A", "active", order_by="score")],
            f"lists[0].order_by: an active list cannot use order_by; {STATIC}",
        ),
        (
            [one("A", "active", {"property": {"industry": {"is": "BANKING"}}})],
            f"lists[0].where.property: an active list cannot use property; {STATIC}",
        ),
        ([one(where={"property": {}})], "lists[0].where.property: names no property; add one or remove the key"),
        (
            [one(where={"property": {"industry": {"property": "type", "is": "x"}}})],
            "lists[0].where.property.industry: the match of industry reads type; write type: {…} beside it instead",
        ),
        (
            [one(where={"property": {"icp_tier": {"is": "tier_1"}}})],
            "lists[0].where.property.icp_tier: reads icp_tier, which this profile writes as tier; read another",
        ),
        (
            [one(where={"property": {"industry": {"betwen": [1, 2]}}})],
            "lists[0].where.property.industry.betwen: unknown key 'betwen'; did you mean between?",
        ),
        (
            [one("A", "active", {"match": {"region": "DE"}})],
            f"lists[0].where.match: an active list cannot use match, which HubSpot's filters cannot ask; {STATIC}",
        ),
        (
            [one(where={"match": {"at_least": 5}})],
            "lists[0].where.match: at_least has no property to read; write property: inside the leaf",
        ),
        (
            [one(where={"match": {"any": [{"region": "Midwset"}]}})],
            f"lists[0].where.match.any[0].region[0]: no country or region is called 'Midwset'; {MIDWEST}",
        ),
        (
            [one(where={"match": {"all": [{"property": "icp_tier", "is": "tier_1"}]}})],
            "lists[0].where.match.all[0]: reads icp_tier, which this profile writes as tier; read another",
        ),
        (
            [one(where={"match": {"not": {"property": "industry", "matches": "("}}})],
            "lists[0].where.match.not.matches: no regular expression: unclosed group; correct it",
        ),
        (
            [one(where={"match": {"regoin": "DE"}})],
            "lists[0].where.match.regoin: unknown key 'regoin'; did you mean region?",
        ),
        ([one(where={"match": {}})], f"lists[0].where.match: {NO_OPERATOR}"),
        (
            [one(where={"hits": {"all": ["size", "sice"]}})],
            "lists[0].where.hits.all[1]: 'sice' is no criterion; did you mean size?",
        ),
        ([one(where={"hits": ["size", "size"]})], "lists[0].where.hits[1]: size is named twice; keep one of them"),
        (
            [one(where={"hits": {"any": ["size", "size"]}})],
            "lists[0].where.hits.any[1]: size is named twice; keep one of them",
        ),
        ([one(where={"hits": {"full": True}})], "lists[0].where.hits: names no criterion; write all: […] or any: […]"),
        (
            [one(where={"hits": {"all": ["size"], "any": ["size"]}})],
            "lists[0].where.hits: all and any exclude each other; keep one",
        ),
        (
            [one(where={"hits": {"al": ["size"]}})],
            "lists[0].where.hits.al: unknown key 'al'; did you mean all?",
        ),
        ([one(where={"hits": "size"})], "lists[0].where.hits: is text 'size', a list is wanted; write [size]"),
        ([one(where={"hits": []})], "lists[0].where.hits: is an empty list; name at least one"),
        (
            [one(where={"hits": {"any": ["size"], "full": 1}})],
            "lists[0].where.hits.full: is 1; write true or false",
        ),
        ([one(where={"changed_within_days": 7})], f"lists[0].where.changed_within_days: {DATED}"),
        ([one("A", "active", {"changed_within_days": 7})], f"lists[0].where.changed_within_days: {DATED}"),
        (
            [one(where={"changed_within_days": 0})],
            "lists[0].where.changed_within_days: is 0; write a number at least 1",
        ),
        ([one("A", "active", limit=5)], f"lists[0].limit: an active list cannot use limit; {STATIC}"),
    ],
)
def test_a_list_that_cannot_be_kept_is_refused(lists: list[dict[str, Any]], error: str) -> None:
    assert errors(lists=lists) == [error]


@pytest.mark.parametrize(("where", "output"), [({"tier": ["tier_1"]}, "tier"), ({"outcome": ["not_icp"]}, "outcome")])
def test_an_active_list_needs_what_it_filters_on_written(where: dict[str, Any], output: str) -> None:
    (error,) = errors(write={"score": "icp_fit_score"}, lists=[one(kind="active", where=where)])
    assert error == f"lists[0].where.{output}: an active list filters on what is written; add {output}: to write"


def test_lists_of_both_kinds_are_read() -> None:
    lists = [one("A", where={"hits": ["size"]}, order_by="score", limit=5), one("B", "active"), one("!!!"), one("???")]
    assert [each.name for each in loaded(lists=lists).profile.lists] == ["A", "B", "!!!", "???"]


def test_lists_by_day_by_property_and_by_match_are_read() -> None:
    lists = [
        one("A", "active", {"changed_within_days": 7}),
        one(
            "B",
            where={
                "property": {"industry": {"in": ["software"]}, "size": {"any": [{"at_least": 5}, {"known": False}]}}
            },
        ),
    ]
    whole = {"all": [{"region": "Midwest"}, {"property": "web_technologies", "has_any": ["sap", "salesforce"]}]}
    lists += [one("C", where={"match": whole}), one("D", where={"hits": {"all": ["size"], "full": True}})]
    written = {"tier": "icp_tier", "changed_at": "icp_fit_changed_at"}
    assert len(loaded(lists=lists, write=written).profile.lists) == 4
