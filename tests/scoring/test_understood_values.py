"""What is written as understood: one canonical text for each name of `write.understood`."""

from __future__ import annotations

import pytest

from tests.scoring.profiles import profile_of, scored

LOCATION = dict.fromkeys(["hs_country_code", "country", "hs_state_code", "state", "city", "zip"])


def understood(name: str, match: dict[str, object], texts: dict[str, str | None], **rest: object) -> str | None:
    profile = profile_of(
        {"id": "c", "property": "p", "match": match, **rest}, write={"understood": {name: f"icp_{name}"}}
    )
    columns = {column: [text] for column, text in {**LOCATION, "p": None, **texts}.items()}
    text_written: str | None = scored(profile, **columns).understood[f"understood.{name}"].item()
    return text_written


PLACE: dict[str, str | None] = {"country": "Deutschland", "state": "Bayern", "city": "Munich"}


@pytest.mark.parametrize(
    ("name", "texts", "expected"),
    [
        ("country", PLACE, "DE"),
        ("region", PLACE, "DACH"),
        ("state", PLACE, "DE-BY"),
        ("city", PLACE, "Munich"),
        ("country", {"country": "xyzzy"}, None),
        ("region", {}, None),
        ("state", {"country": "US"}, None),
        ("city", {"country": "US", "city": "xyzzy"}, None),
        ("region", {"country": "USA"}, "North America"),
    ],
)
def test_a_place(name: str, texts: dict[str, str | None], expected: str | None) -> None:
    assert understood(name, {"known": True}, texts) == expected


@pytest.mark.parametrize(
    ("match", "text", "expected"),
    [
        ({"at_least": 5}, "1,200", "1200"),
        ({"at_least": 5}, "$2.5", "2.5"),
        ({"at_least": 5}, "11-50", None),  # an interval is no number
        ({"at_least": 5}, "#####", None),
        ({"has_any": ["jira"]}, "Gira;Node.js", "jira;node.js"),
        ({"has_any": ["jira"]}, "Jira (trial);Node.js", "node.js"),
        ({"has_any": ["jira"]}, "Jira?", None),
        ({"is": "software"}, "COMPUTER_SOFTWARE", "computer software"),
        ({"contains_any": ["x"]}, "As found.", "As found."),
        ({"starts_with": ["x"]}, "As found.", "As found."),
        ({"is_true": True}, "Ja", "true"),
        ({"within_days": 5}, "2026-11-20T10:00:00Z", "2026-11-20"),
        ({"age_years": [1, 5]}, "founded 2019, again 2021", "2021"),
        ({"region": "US"}, "U.S.A.", "US"),
        ({"has_any": ["jira"]}, None, None),
    ],
)
def test_what_a_criterion_read(match: dict[str, object], text: str | None, expected: str | None) -> None:
    assert understood("c", match, {"p": text}) == expected


def test_the_first_property_that_could_be_read() -> None:
    result = scored(
        profile_of(
            {"id": "c", "properties": ["a", "b"], "match": {"at_least": 5}}, write={"understood": {"c": "icp_c"}}
        ),
        a=["x", "1"],
        b=["2", "3"],
    ).understood

    assert result.rows() == [(1, "2"), (2, "1")]


def test_nothing_is_understood_where_nothing_is_asked() -> None:
    assert scored(profile_of({"id": "c", "property": "p", "match": {"known": True}}), p=["x"]).understood.columns == [
        "id"
    ]


def test_what_is_understood_fits_where_it_is_written() -> None:
    """A plan with a longer value could be made, and neither be read again nor admitted."""
    text = "".join(f"tool{n};" for n in range(400))
    assert understood("c", {"has_any": ["x"]}, {"p": text}) == text[:1_024]


def test_the_city_that_a_distance_was_measured_from_though_cities_are_not_written_by_themselves() -> None:
    near: dict[str, object] = {"within_km": {"of": "Munich", "km": 50}}
    assert understood("c", near, PLACE, property=None) == "Munich"
