"""Scoring a company frame as a whole: scope, order, empty frames, many patterns."""

from __future__ import annotations

import itertools
from collections import Counter
from functools import cache

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from icp_sync.companies.frame import company_frame
from icp_sync.companies.parse.unrecognised import UnrecognisedTexts
from icp_sync.profile import templates
from icp_sync.profile.load import parse_profile
from icp_sync.profile.property_reads import property_reads
from icp_sync.sandbox import SandboxPortal, generate_companies
from icp_sync.scoring.explain import explain
from icp_sync.scoring.lost_inputs import lost_inputs
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import SCORED, ScoreResult, score
from tests.scoring.profiles import TODAY, profile_of, scored

SIZE = {"id": "size", "property": "p", "match": {"at_least": 500}}


def test_the_frame_has_the_columns_it_promises_in_the_order_of_the_companies() -> None:
    frame = score(company_frame([9, 3, 7], {"p": ["800", None, "5"]}), compile_profile(profile_of(SIZE), TODAY)).frame

    assert dict(frame.schema) == {"id": pl.Int64, "credit.size": pl.Float64, **SCORED}
    assert frame["id"].to_list() == [9, 3, 7]
    assert frame["outcome"].to_list() == ["tiered", "insufficient_data", "not_icp"]


@pytest.mark.parametrize(
    ("scope", "inside"),
    [
        ({"property": "type", "not_in": ["PARTNER"]}, [1, 3]),
        ({"not": {"property": "type", "in": ["PARTNER"]}}, [1, 3]),
        ({"property": "type", "is": "PARTNER"}, [2, 3]),
    ],
)
def test_only_a_proven_miss_is_outside_the_scope(scope: dict[str, object], inside: list[int]) -> None:
    result = scored(profile_of(SIZE, scope=scope), p=["800"] * 3, type=["PROSPECT", "PARTNER", None])

    assert result.frame["id"].to_list() == inside
    assert sorted([*inside, *result.outside]) == [1, 2, 3]


def test_an_empty_frame_is_scored_to_an_empty_frame() -> None:
    result = score(company_frame([], {"p": []}), compile_profile(profile_of(SIZE), TODAY))

    assert result.frame.is_empty()
    assert result.outside.is_empty()


def unrecognised_counts(scored: ScoreResult) -> dict[str, int]:
    return {name: values.count for name, values in scored.unrecognised.items()}


def test_a_company_comes_out_the_same_among_many_as_among_few() -> None:
    profile = parse_profile(templates.template_text("s1-tech-startup"), "s1-tech-startup.yaml").profile
    portal = SandboxPortal()
    generate_companies(portal, 700)
    companies = portal.companies_frame(
        *dict.fromkeys(name for read in property_reads(profile) for name in read.alternatives)
    )
    program = compile_profile(profile, TODAY)

    many, few = score(companies, program), [score(part, program) for part in companies.iter_slices(100)]

    assert_frame_equal(many.frame, pl.concat(part.frame for part in few))
    assert many.outside.to_list() == [number for part in few for number in part.outside]
    assert_frame_equal(many.understood, pl.concat(part.understood for part in few))
    counts = sum((Counter(unrecognised_counts(part)) for part in few), Counter[str]())
    assert unrecognised_counts(many) == counts


def test_values_nobody_can_read_are_counted() -> None:
    assert scored(profile_of(SIZE), p=["#####", "12", "N/A"]).unrecognised == {"p": UnrecognisedTexts(1, ("#####",))}


def test_more_questions_than_one_pattern_holds_are_all_answered() -> None:
    names = [f"p{n}" for n in range(45)]
    criteria = [{"id": name, "property": name, "match": {"is_true": True}} for name in names]
    texts = {name: [["yes", "no", None][(n + row) % 3] for row in range(3)] for n, name in enumerate(names)}

    frame = scored(profile_of(*criteria), **texts).frame

    credits_given = frame.select(f"credit.{name}" for name in names).rows()
    assert credits_given == [tuple([1.0, 0.0, None][(n + row) % 3] for n in range(45)) for row in range(3)]


def test_every_pattern_of_answers_is_kept_apart() -> None:
    words = list(itertools.product(["yes", "no", None], repeat=4))
    criteria = [{"id": name, "property": name, "match": {"is_true": True}} for name in "abcd"]

    frame = scored(
        profile_of(*criteria),
        **{name: list(texts) for name, texts in zip("abcd", zip(*words, strict=True), strict=True)},
    ).frame

    credit = {"yes": 1.0, "no": 0.0, None: None}
    assert frame.select("^credit.*$").rows() == [tuple(credit[text] for text in word) for word in words]


def test_a_place_no_vocabulary_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="Atlantis"):
        scored(profile_of({"id": "c", "match": {"region": "Atlantis"}}), hs_country_code=["DE"], country=["DE"])


MATCHES = [
    {"at_least": 5}, {"age_years": [1, 5]}, {"within_days": 5}, {"is_true": True}, {"has_any": ["jira"]},
    {"is": "banking"}, {"contains_any": ["x"]}, {"matches": "x"}, {"region": "DE"}, {"city": "Berlin"}, {"known": True},
]  # fmt: skip


@cache
def judged_by(name: str) -> tuple[pl.DataFrame, UnrecognisedTexts, int]:
    """Companies whose one property has this name, asked everything: as scored, what nobody could read, the lost."""
    profile = profile_of(
        *({"id": f"c{n}", "property": name, "match": match} for n, match in enumerate(MATCHES)),
        profile={"name": "test", "kind": "icp", "currency": "EUR", "currencies": {"USD": 0.9}},
        tiers=[{"tier": "tier_1", "enter": 40, "capacity": {"limit": 1, "per": name}}, {"tier": "tier_2", "enter": 1}],
        location={"state": [name], "city": [name], "zip": [name]},
    )
    program = compile_profile(profile, TODAY)
    companies = company_frame(range(5), {name: ["5 march 2020 and more", "Jira, Slack", "Germny", "USD 5", None]})
    result = score(companies, program)
    vanished = pl.DataFrame({"id": [4], "property": [name], "was": ["yes"]})
    assert len(explain(companies, program, {})) == companies.height
    return result.frame, result.unrecognised[name], lost_inputs(companies, vanished, program).height


@pytest.mark.parametrize(
    "name",
    [
        "anchor", "beside", "city", "code", "companies", "count", "country", "credit", "day", "different", "failed",
        "filled", "group", "index", "key", "known", "len", "lies", "lifted", "literal", "low", "meant", "members",
        "name", "note", "order", "outcome", "parsed", "part", "place", "possible", "proven", "rate", "reached",
        "reasons", "row", "said", "score", "signature", "text", "tier", "value", "words",
    ],
)  # fmt: skip
def test_a_property_may_have_any_name_we_use_ourselves(name: str) -> None:
    frame, unrecognised, lost = judged_by(name)
    assert_frame_equal(frame, judged_by("zorg")[0])
    assert (unrecognised, lost) == judged_by("zorg")[1:]
