"""The sentences on the record: the verdict first, what decides it, unknowns named, never too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from icp_sync.scoring.reasons import LONGEST
from tests.scoring.profiles import profile_of, scored, scored_live

PARTIAL = [{"match": {"region": "DACH"}, "credit": 0.7}]
CRITERIA: list[dict[str, object]] = [
    {"id": "industry", "label": "software", "property": "industry", "weight": 15, "match": {"is": "software"}},
    {"id": "size", "label": "500–10,000 employees", "property": "size", "weight": 40, "match": {"at_least": 500}},
    {"id": "country", "label": "Germany", "weight": 25, "match": {"region": "DE"}, "partial": PARTIAL},
    {"id": "stack", "label": "Jira in use", "property": "stack", "weight": 20, "match": {"has_any": ["jira"]}},
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
            {"industry": "software", "size": "800", "country": "DE", "stack": "jira"},
            "Tier 1 (100): 500–10,000 employees, Germany, Jira in use, software.",
        ),
        (
            {"industry": "retail", "size": "800", "country": "Austria", "stack": "jira"},
            "Tier 2 (77.5): 500–10,000 employees, Jira in use. Partly: Germany (17.5 of 25 points). Missed: software.",
        ),
        (
            {"industry": "software", "size": "800", "country": "US"},
            (
                "Tier 3 (55): 500–10,000 employees, software. Not known: Jira in use, +20 would make it tier 2. "
                "Missed: Germany."
            ),
        ),
        (
            {"size": "800"},
            (
                "Tier 3 (40): 500–10,000 employees. Not known: Germany (+25), Jira in use (+20), software (+15); "
                "the first alone would make it tier 2."
            ),
        ),
        (
            {"country": "Austria", "stack": "x"},
            (
                "Not decided (17.5): a tier takes 40 points, up to 72.5 are possible. "
                "Partly: Germany (17.5 of 25 points). "
                "Not known: 500–10,000 employees (+40), software (+15); the first alone would make it tier 3. "
                "Missed: Jira in use."
            ),
        ),
        (
            {"industry": "x", "size": "5", "country": "Austria"},
            (
                "Not ICP (17.5): a tier takes 40 points, at most 37.5 are possible. "
                "Partly: Germany (17.5 of 25 points). "
                "Not known: Jira in use (+20). Missed: 500–10,000 employees, software."
            ),
        ),
        (
            {"size": "5", "country": "DE"},
            (
                "Not decided (25): a tier takes 40 points, up to 60 are possible. Fits: Germany. "
                "Not known: Jira in use (+20), software (+15); the first alone would make it tier 3. "
                "Missed: 500–10,000 employees."
            ),
        ),
    ],
)
def test_the_verdict_comes_first_then_what_decides_it(texts: dict[str, str], expected: str) -> None:
    assert reasons(texts) == expected


def test_several_unknowns_that_only_together_lift_it_say_so() -> None:
    reason = reasons({"size": "5", "country": "DE"}, tiers=[{"tier": "tier_1", "enter": 60}])

    assert "Not known: Jira in use (+20), software (+15); together they would make it tier 1. " in reason


def test_an_unknown_that_lifts_it_nowhere_promises_nothing() -> None:
    assert reasons({"size": "800", "country": "DE", "stack": "jira"}).endswith("Not known: software (+15).")


def test_a_near_miss_in_its_own_words_names_the_ideal_beside_it() -> None:
    near = {**CRITERIA[1], "partial": [{"match": {"at_least": 200}, "credit": 0.5, "label": "200–499 employees"}]}

    reason = reasons({"size": "300", "country": "DE"}, [near, CRITERIA[2]])

    assert reason == "Tier 2 (69.2): Germany. Partly: 200–499 employees (ideal: 500–10,000 employees)."


def test_what_rules_a_company_out_is_said_first() -> None:
    rival = {"id": "rival", "reason": "runs a competitor", "property": "rival", "match": {"is_true": True}}

    reason = reasons({"rival": "yes", "size": "800", "country": "US"}, disqualifiers=[rival], required=["country"])

    assert reason == (
        "Ruled out: runs a competitor. Fits: 500–10,000 employees. Not known: Jira in use (+20), software (+15). "
        "Missed: Germany (required)."
    )


@pytest.mark.parametrize(
    ("country", "opening"),
    [
        ({"country": "US"}, "Not ICP (40): Germany is required and missed. "),
        ({}, "Not decided (40): Germany is required and not known, +25 would make it tier 2. "),
    ],
)
def test_what_is_required_and_lacking_is_said_first_and_once(country: dict[str, str], opening: str) -> None:
    reason = reasons({"size": "800", **country}, required=["country"])

    assert reason.startswith(opening)
    assert reason.count("Germany") == 1


def test_several_that_are_required_are_told_together() -> None:
    both = ["size", "country"]

    assert reasons({"size": "5", "country": "US"}, required=both).startswith(
        "Not ICP (0): 500–10,000 employees and Germany are required and missed. "
    )
    assert reasons({}, required=both).startswith(
        "Not decided (0): 500–10,000 employees and Germany are required and not known, +65 would make it tier 2. "
    )


def test_an_unknown_requirement_of_a_company_that_misses_another_is_named_as_unknown() -> None:
    reason = reasons({"size": "5"}, required=["size", "country"])

    assert reason.startswith("Not ICP (0): 500–10,000 employees is required and missed. Not known: Germany (+25), ")


def test_an_early_customer_profile_speaks_of_itself() -> None:
    header = {"name": "early", "kind": "ecp"}

    assert reasons({"country": "US"}, required=["country"], profile=header).startswith("Not ECP (0): Germany is req")


def test_missing_miss_is_called_not_filled_in() -> None:
    strict = {**CRITERIA[3], "missing": "miss"}

    assert reasons({"size": "800"}, [CRITERIA[1], strict]) == (
        "Tier 2 (66.7): 500–10,000 employees. Not filled in: Jira in use."
    )
    assert reasons({"size": "800"}, [CRITERIA[1], strict], required=["stack"]) == (
        "Not ICP (66.7): Jira in use is required and not filled in. Fits: 500–10,000 employees."
    )


def test_too_little_known_for_the_tier_it_reaches() -> None:
    reason = reasons({"size": "800"}, coverage={"minimum": 0.5})

    assert reason.startswith(
        "Not decided (40): enough for tier 3, but only 40% of the weight is known and 50% is needed. Fits: 500–10,000"
    )
    assert reason.endswith("Germany (+25), Jira in use (+20), software (+15); the first alone would make it tier 2.")


STICKY = [{"tier": "tier_1", "enter": 80, "leave": 70}, {"tier": "tier_2", "enter": 60}]


@pytest.mark.parametrize(
    ("live", "opening"),
    [("tier_1", "Tier 1 (75, kept until it falls below 70): "), ("tier_2", "Tier 2 (75): "), (None, "Tier 2 (75): ")],
)
def test_who_is_in_a_tier_only_since_it_was_there_already_is_told(live: str | None, opening: str) -> None:
    columns = {
        name: [text] for name, text in (NOBODY | {"size": "800", "industry": "software", "stack": "jira"}).items()
    }

    frame = scored_live(profile_of(*CRITERIA, tiers=STICKY), {"live:tier": [live]}, **columns).frame

    assert frame["reasons"].item().startswith(opening)


def test_labels_with_a_comma_in_them_are_parted_by_semicolons() -> None:
    clouds = {**CRITERIA[3], "label": "AWS, Azure or Jira in use."}

    reason = reasons({"size": "800", "stack": "jira"}, [CRITERIA[1], clouds])

    assert reason == "Tier 1 (100): 500–10,000 employees; AWS, Azure or Jira in use."


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@x"])
@pytest.mark.parametrize("size", ["800", "5", None])
def test_no_spreadsheet_would_run_it(label: str, size: str | None) -> None:
    harmful = {**CRITERIA[1], "label": label}
    rival = {"id": "rival", "reason": label, "property": "rival", "match": {"is_true": True}}
    for texts in ({"rival": "yes"}, {}):
        reason = reasons(texts | ({"size": size} if size else {}), [harmful], disqualifiers=[rival])
        assert reason[0] not in "+-=@"


def test_a_changed_value_that_answers_alike_says_the_same() -> None:
    assert reasons({"size": "800"}) == reasons({"size": "805"})


def test_a_long_sentence_is_cut_between_items() -> None:
    wordy = [{"id": f"c{n}", "label": f"{n}" * 300, "property": "size", "match": {"known": True}} for n in range(6)]

    reason = reasons({"size": "1"}, wordy)

    assert reason == "Tier 1 (100): " + ", ".join(f"{n}" * 300 for n in range(3)) + " …"
    assert len(reason) <= LONGEST


@pytest.mark.slow
@pytest.mark.parametrize("length", range(328, 346))
@pytest.mark.parametrize("items", [3, 4])
def test_a_sentence_near_the_limit_is_whole_or_cut_but_never_too_long(length: int, items: int) -> None:
    lengths = [length, 330, 330, 330][:items]
    wordy = [
        {"id": f"c{n}", "label": "x" * length, "property": "size", "match": {"known": True}}
        for n, length in enumerate(lengths)
    ]

    reason = reasons({"size": "1"}, wordy)

    assert len(reason) <= LONGEST
    assert reason.endswith("x." if reason.count("x") == sum(lengths) else "x …")
