"""Lists must be keepable."""

from typing import Any

import pytest

from tests.profile.example import errors, loaded


def list_block(
    name: str = "A", kind: str = "static", where: dict[str, Any] | None = None, **keys: Any
) -> dict[str, Any]:
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
        ([list_block("ICP Tier 1"), list_block("icp-tier 1")], f"lists[1].name: 'icp-tier 1' {TOO_LIKE}"),
        ([list_block(" A")], "lists[0].name: is text 'A'; write one line without spaces around it"),
        ([list_block(where={})], f"lists[0].where: {NOTHING}"),
        ([list_block(where={"tier": ["tier_3"]})], f"lists[0].where.tier[0]: tier_3 is not among tiers; {ADD}"),
        ([list_block(where={"hits": ["sice"]})], "lists[0].where.hits[0]: 'sice' is no criterion; did you mean size?"),
        (
            [list_block("A", "active", {"hits": ["size"]})],
            f"lists[0].where.hits: an active list cannot use hits; {STATIC}",
        ),
        (
            [list_block("A", "active", order_by="score")],
            f"lists[0].order_by: an active list cannot use order_by; {STATIC}",
        ),
        (
            [list_block("A", "active", {"property": {"industry": {"is": "BANKING"}}})],
            f"lists[0].where.property: an active list cannot use property; {STATIC}",
        ),
        ([list_block(where={"property": {}})], "lists[0].where.property: names no property; add one or remove the key"),
        (
            [list_block(where={"property": {"industry": {"property": "type", "is": "x"}}})],
            "lists[0].where.property.industry: the match of industry reads type; write type: {…} beside it instead",
        ),
        (
            [list_block(where={"property": {"icp_tier": {"is": "tier_1"}}})],
            "lists[0].where.property.icp_tier: reads icp_tier, which this profile writes as tier; read another",
        ),
        (
            [list_block(where={"property": {"industry": {"betwen": [1, 2]}}})],
            "lists[0].where.property.industry.betwen: unknown key 'betwen'; did you mean between?",
        ),
        (
            [list_block("A", "active", {"match": {"region": "DE"}})],
            f"lists[0].where.match: an active list cannot use match, which HubSpot's filters cannot ask; {STATIC}",
        ),
        (
            [list_block(where={"match": {"at_least": 5}})],
            "lists[0].where.match: at_least has no property to read; write property: inside the leaf",
        ),
        (
            [list_block(where={"match": {"any": [{"region": "Midwset"}]}})],
            f"lists[0].where.match.any[0].region[0]: no country or region is called 'Midwset'; {MIDWEST}",
        ),
        (
            [list_block(where={"match": {"all": [{"property": "icp_tier", "is": "tier_1"}]}})],
            "lists[0].where.match.all[0]: reads icp_tier, which this profile writes as tier; read another",
        ),
        (
            [list_block(where={"match": {"not": {"property": "industry", "matches": "("}}})],
            "lists[0].where.match.not.matches: no regular expression: unclosed group; correct it",
        ),
        (
            [list_block(where={"match": {"regoin": "DE"}})],
            "lists[0].where.match.regoin: unknown key 'regoin'; did you mean region?",
        ),
        ([list_block(where={"match": {}})], f"lists[0].where.match: {NO_OPERATOR}"),
        (
            [list_block(where={"hits": {"all": ["size", "sice"]}})],
            "lists[0].where.hits.all[1]: 'sice' is no criterion; did you mean size?",
        ),
        (
            [list_block(where={"hits": ["size", "size"]})],
            "lists[0].where.hits[1]: size is named twice; keep one of them",
        ),
        (
            [list_block(where={"hits": {"any": ["size", "size"]}})],
            "lists[0].where.hits.any[1]: size is named twice; keep one of them",
        ),
        (
            [list_block(where={"hits": {"full": True}})],
            "lists[0].where.hits: names no criterion; write all: […] or any: […]",
        ),
        (
            [list_block(where={"hits": {"all": ["size"], "any": ["size"]}})],
            "lists[0].where.hits: all and any exclude each other; keep one",
        ),
        (
            [list_block(where={"hits": {"al": ["size"]}})],
            "lists[0].where.hits.al: unknown key 'al'; did you mean all?",
        ),
        ([list_block(where={"hits": "size"})], "lists[0].where.hits: is text 'size', a list is wanted; write [size]"),
        ([list_block(where={"hits": []})], "lists[0].where.hits: is an empty list; name at least one"),
        (
            [list_block(where={"hits": {"any": ["size"], "full": 1}})],
            "lists[0].where.hits.full: is 1; write true or false",
        ),
        ([list_block(where={"changed_within_days": 7})], f"lists[0].where.changed_within_days: {DATED}"),
        ([list_block("A", "active", {"changed_within_days": 7})], f"lists[0].where.changed_within_days: {DATED}"),
        (
            [list_block(where={"changed_within_days": 0})],
            "lists[0].where.changed_within_days: is 0; write a number at least 1",
        ),
        ([list_block("A", "active", limit=5)], f"lists[0].limit: an active list cannot use limit; {STATIC}"),
    ],
)
def test_a_list_that_cannot_be_kept_is_refused(lists: list[dict[str, Any]], error: str) -> None:
    assert errors(lists=lists) == [error]


@pytest.mark.parametrize(("where", "output"), [({"tier": ["tier_1"]}, "tier"), ({"outcome": ["not_icp"]}, "outcome")])
def test_an_active_list_needs_what_it_filters_on_written(where: dict[str, Any], output: str) -> None:
    (error,) = errors(write={"score": "icp_fit_score"}, lists=[list_block(kind="active", where=where)])
    assert error == f"lists[0].where.{output}: an active list filters on what is written; add {output}: to write"


def test_lists_of_both_kinds_are_read() -> None:
    lists = [
        list_block("A", where={"hits": ["size"]}, order_by="score", limit=5),
        list_block("B", "active"),
        list_block("!!!"),
        list_block("???"),
    ]
    assert [each.name for each in loaded(lists=lists).profile.lists] == ["A", "B", "!!!", "???"]


def test_lists_by_day_by_property_and_by_match_are_read() -> None:
    lists = [
        list_block("A", "active", {"changed_within_days": 7}),
        list_block(
            "B",
            where={
                "property": {"industry": {"in": ["software"]}, "size": {"any": [{"at_least": 5}, {"known": False}]}}
            },
        ),
    ]
    whole = {"all": [{"region": "Midwest"}, {"property": "web_technologies", "has_any": ["sap", "salesforce"]}]}
    lists += [list_block("C", where={"match": whole}), list_block("D", where={"hits": {"all": ["size"], "full": True}})]
    written = {"tier": "icp_tier", "changed_at": "icp_fit_changed_at"}
    assert len(loaded(lists=lists, write=written).profile.lists) == 4
