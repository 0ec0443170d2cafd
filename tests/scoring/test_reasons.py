"""The sentence on the record: best news first, unknowns named, never too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from icp_sync.scoring.reasons import LONGEST
from tests.scoring.profiles import profile_of, scored

PARTIAL = [{"match": {"region": "DACH"}, "credit": 0.7}]
CRITERIA: list[dict[str, object]] = [
    {"id": "industry", "label": "industry", "property": "industry", "weight": 15, "match": {"is": "software"}},
    {"id": "size", "label": "500–10,000 employees", "property": "size", "weight": 40, "match": {"at_least": 500}},
    {"id": "country", "label": "Germany", "weight": 25, "match": {"region": "DE"}, "partial": PARTIAL},
    {"id": "stack", "label": "tech stack", "property": "stack", "weight": 20, "match": {"has_any": ["jira"]}},
]
NOBODY: dict[str, str | None] = dict.fromkeys(["industry", "size", "hs_country_code", "country", "stack", "rival"])


def reasons(texts: Mapping[str, str], criteria: Sequence[Mapping[str, object]] = CRITERIA, **rest: object) -> str:
    columns = {name: [text] for name, text in {**NOBODY, **texts}.items()}
    sentence: str = scored(profile_of(*criteria, **rest), **columns).frame["reasons"].item()
    return sentence


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            {"industry": "retail", "size": "800", "country": "Austria"},
            (
                "+40 500–10,000 employees; +17.5 of 25 Germany, partly; not known: tech stack (up to 20); "
                "missed: industry (0 of 15)"
            ),
        ),
        (
            {"industry": "software", "size": "800", "country": "DE", "stack": "jira"},
            "+40 500–10,000 employees; +25 Germany; +20 tech stack; +15 industry",
        ),
        (
            {},
            (
                "not known: 500–10,000 employees (up to 40), Germany (up to 25), tech stack (up to 20), "
                "industry (up to 15)"
            ),
        ),
        (
            {"industry": "x", "size": "5", "country": "US"},
            (
                "Out of reach: at most 20 of the 40 points a tier needs; not known: tech stack (up to 20); "
                "missed: 500–10,000 employees (0 of 40), Germany (0 of 25), industry (0 of 15)"
            ),
        ),
    ],
)
def test_what_is_said(texts: dict[str, str], expected: str) -> None:
    assert reasons(texts) == expected


def test_what_rules_a_company_out_is_said_first() -> None:
    rival = {"id": "rival", "reason": "runs a competitor", "property": "rival", "match": {"is_true": True}}

    said = reasons({"rival": "yes", "size": "800"}, disqualifiers=[rival])

    assert said.startswith("Ruled out: runs a competitor; +40 500–10,000 employees; ")


@pytest.mark.parametrize(
    ("country", "opening"),
    [({"country": "US"}, "Required but missed: Germany; "), ({}, "Required but not known: Germany; ")],
)
def test_what_is_required_and_lacking_is_said_first_and_once(country: dict[str, str], opening: str) -> None:
    said = reasons({"size": "800", **country}, required=["country"])

    assert said.startswith(opening)
    assert said.count("Germany") == 1


def test_missing_miss_is_called_not_filled_in() -> None:
    strict = {**CRITERIA[3], "missing": "miss"}

    assert (
        reasons({"size": "800"}, [CRITERIA[1], strict])
        == "+66.7 500–10,000 employees; not filled in: tech stack (0 of 33.3)"
    )


def test_too_little_known_for_the_tier_it_reaches() -> None:
    said = reasons({"size": "800"}, coverage={"minimum": 0.5})

    assert said.startswith("Too little known for a tier: 40% of the weight, 50% needed; +40 ")


def test_a_changed_value_that_answers_alike_says_the_same() -> None:
    assert reasons({"size": "800"}) == reasons({"size": "805"})


def test_a_long_sentence_is_cut_between_items() -> None:
    wordy = [{"id": f"c{n}", "label": f"{n}" * 300, "property": "size", "match": {"known": True}} for n in range(6)]

    said = reasons({"size": "1"}, wordy)

    assert said == "; ".join(f"+16.7 {f'{n}' * 300}" for n in range(3)) + "; …"
    assert len(said) <= LONGEST


@pytest.mark.parametrize("length", range(335, 352))
@pytest.mark.parametrize("items", [3, 4])
def test_a_sentence_near_the_limit_is_whole_or_cut_but_never_too_long(length: int, items: int) -> None:
    lengths = [length, 330, 330, 330][:items]
    wordy = [
        {"id": f"c{n}", "label": "x" * length, "property": "size", "match": {"known": True}}
        for n, length in enumerate(lengths)
    ]

    said = reasons({"size": "1"}, wordy)

    assert len(said) <= LONGEST
    assert said.count("x") == sum(lengths) or said.endswith("x; …")
