"""A profile's own names stand beside the shipped ones, and slips of the pen are noticed."""

from typing import Any

import pytest

from tests.profile.example import criterion, errors, loaded, profile, refusals


@pytest.mark.parametrize(
    ("vocabulary", "error"),
    [
        ({"regions": {"DACH": ["DE"]}}, "regions.DACH: 'DACH' is a shipped name with another meaning; choose another"),
        ({"technologies": {"cloud": ["aws"]}}, "technologies.cloud: 'cloud' is a shipped name with another meaning"),
        ({"industries": {"software": ["BANKING"]}}, "industries.software: 'software' is a shipped name with another"),
        ({"regions": {"ours": ["Germny"]}}, "regions.ours[0]: no country or region is called 'Germny'; did you mean G"),
        ({"regions": {"ours": ["zzzzz"]}}, "regions.ours[0]: no country or region is called 'zzzzz'; write a country"),
        ({"regions": {"a b": ["DE"], "A-B": ["FR"]}}, "regions.A-B: 'A-B' is the same as 'a b'; keep one of them"),
        (
            {"technologies": {"!!": ["x"]}},
            "technologies.!!: has no letter or digit, so nothing can be it",
        ),
        ({"regions": {"x1": ["x1"]}}, "regions.x1: is made of itself (x1 → x1); take it out of its members"),
        (
            {"technologies": {"x1": ["x2"], "x2": ["x3", "y"], "x3": ["x1"]}},
            "technologies.x1: is made of itself (x1 → x2 → x3 → x1); take it out of its members",
        ),
        ({"regions": {"ours": []}}, "regions.ours: is an empty list; name at least one"),
        ({"region": {}}, "region: unknown key 'region'; did you mean regions?"),
    ],
)
def test_own_names_that_mislead_are_refused(vocabulary: dict[str, Any], error: str) -> None:
    (finding,) = errors(vocabulary=vocabulary)
    assert finding.startswith(f"vocabulary.{error}")


def test_own_names_may_be_made_of_shipped_and_own_ones() -> None:
    words = {
        "regions": {"nordics-plus": ["Nordics", "EE"], "our north": ["nordics-plus", "US-AK"]},
        "technologies": {"hyperscaler": ["aws", "google_cloud", "azure"], "our stack": ["hyperscaler", "acme"]},
        "industries": {"our market": ["manufacturing", "RETAIL"]},
    }
    asked = [criterion(property="country", match={"region": ["our north", "nordics-plus"]})]
    assert errors(vocabulary=words, criteria=asked) == []


@pytest.mark.parametrize("kind", ["regions", "technologies", "industries"])
def test_names_of_names_of_names_come_to_an_end(kind: str) -> None:
    chain = {f"n{n}": [f"n{n + 1}"] for n in range(3_000)} | {"n3000": ["DE"]}
    asked = [{"id": "a", "weight": 1, "match": {"region": "DE"}}]
    (error,) = errors(vocabulary={kind: chain}, criteria=asked)
    assert error == f"vocabulary.{kind}: names are made of names over 3,001 steps, at most 20; write their members out"


@pytest.mark.parametrize(
    ("property_name", "match", "sentences"),
    [
        (
            "web_technologies",
            {"has_any": ["kubernetis"]},
            ["'kubernetis' is no technology we know and is taken literally; did"],
        ),
        ("web_technologies", {"has_none": ["Kubernetes", "acme_suite_9000"]}, []),
        ("industry", {"in": ["manufakturing"]}, ["'manufakturing' is no industry we know and is taken literally; did"]),
        ("industry", {"is": "Machinery"}, []),
        ("departments", {"has_any": ["kubernetis"]}, []),
    ],
)
def test_a_name_nearly_known_is_a_warning(property_name: str, match: dict[str, Any], sentences: list[str]) -> None:
    warnings = loaded(criteria=[criterion(property=property_name, match=match)]).warnings
    assert [
        warning.message[: len(sentences[0]) if sentences else 0] for warning in warnings if warning.rule == "near-name"
    ] == sentences


def test_a_name_of_ones_own_is_known() -> None:
    own = {"technologies": {"kubernetis": ["acme"]}}
    asked = [criterion(property="web_technologies", match={"has_any": ["kubernetis"]})]
    assert [one for one in loaded(vocabulary=own, criteria=asked).warnings if one.rule == "near-name"] == []


def test_a_vocabulary_of_a_wrong_shape_is_said_once() -> None:
    import json

    assert len(refusals(json.dumps(profile(vocabulary={"regions": [1]})))) == 1


def test_names_that_multiply_beyond_bounds_are_refused_unread() -> None:
    bomb = {f"n{n}": [f"n{n + 1}"] * 900 for n in range(15)} | {"n15": ["DE"]}
    asked = [{"id": "a", "weight": 1, "match": {"region": "n0"}}]
    (error,) = errors(vocabulary={"regions": bomb}, criteria=asked)
    assert error.endswith("written out, the names have more than 20,000 members in all; make them smaller")
