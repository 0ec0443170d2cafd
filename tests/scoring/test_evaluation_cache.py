"""What predicates made of companies is taken again where it is still true, and nowhere else."""

from __future__ import annotations

import ast
import datetime as dt
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from icp_sync.companies.enumeration_options import EnumerationOptions
from icp_sync.companies.parse.portal_conventions import Conventions
from icp_sync.companies.property_definitions import Option, PropertyDefinition
from icp_sync.profile.load import parse_profile
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import evaluation_cache, score
from icp_sync.scoring.evaluation_cache import (
    CachedEvaluations,
    evaluation_key,
    properties_read,
    scoring_code_files,
    take_or_evaluate,
)
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import evaluate_changed, evaluate_predicates

DAY = dt.date(2026, 11, 21)
COMPANIES = pl.DataFrame(
    {
        "id": [1, 2, 3, 4],
        "country": ["DE", "US", None, "Germany"],
        "numberofemployees": ["800", None, "12", "800"],
        "founded": ["2026-11-20", "2020-01-01", None, "2026-11-01"],
    }
)


def profile(**changed: Any) -> Profile:
    written = {
        "schema": 1,
        "profile": {"name": "cached", "kind": "icp"},
        "criteria": [
            {"id": "country", "weight": 50, "match": {"region": "DE"}},
            {"id": "size", "property": "numberofemployees", "weight": 30, "match": {"at_least": 500}},
            {"id": "young", "property": "founded", "weight": 20, "match": {"within_days": 1}},
        ],
        "location": {"country": "country"},
        "tiers": [{"tier": "tier_1", "enter": 80}],
        "write": {"score": "icp_fit_score"},
    }
    return parse_profile(json.dumps({**written, **changed}), "cached.yaml").profile


def program(day: dt.date = DAY) -> Program:
    return compile_profile(profile(), day)


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score, "_FEW", -1)


def cached(companies: pl.DataFrame = COMPANIES) -> CachedEvaluations:
    _, made = evaluate_changed(companies, program(), None)
    assert made is not None
    return made


def evaluated_again(companies: pl.DataFrame, before: CachedEvaluations) -> list[int]:
    """The ids that are evaluated anew, of whom each gets the columns it had."""
    asked: list[int] = []

    def evaluate(some: pl.DataFrame) -> pl.DataFrame:
        asked.extend(some["id"])
        return some.select("id").join(before.columns, on="id", how="left", maintain_order="left")

    assert take_or_evaluate(companies, program(), before, evaluate)["id"].to_list() == companies["id"].to_list()
    return asked


def test_only_companies_with_another_text_and_new_ones_are_evaluated() -> None:
    edited = COMPANIES.with_columns(numberofemployees=pl.Series(["800", "800", "12", None]))
    later = pl.concat([edited, COMPANIES.head(1).with_columns(id=pl.lit(9, pl.Int64))])
    assert evaluated_again(COMPANIES, cached()) == []
    assert evaluated_again(later.filter(pl.col("id") != 3), cached()) == [2, 4, 9]


def test_a_property_that_nobody_asks_for_changes_nothing() -> None:
    assert evaluated_again(COMPANIES.with_columns(name=pl.lit("Acme")), cached()) == []


def test_what_is_not_known_of_some_is_evaluated_for_them() -> None:
    partly = replace(cached(), columns=cached().columns.filter(pl.col("id") != 2))
    assert evaluated_again(COMPANIES, partly) == [2]


def test_a_column_that_is_not_there_any_more_is_an_empty_one() -> None:
    assert evaluated_again(COMPANIES.drop("founded"), cached()) == [1, 2, 4]


def test_where_ids_do_not_ascend_everybody_is_evaluated() -> None:
    assert evaluated_again(COMPANIES.reverse(), cached()) == [4, 3, 2, 1]


def test_columns_of_another_shape_are_not_taken() -> None:
    other = replace(cached(), columns=cached().columns.with_columns(more=pl.lit(1)))
    taken, _ = evaluate_changed(COMPANIES, program(), other)
    assert taken.equals(evaluate_predicates(COMPANIES, program()).select(taken.columns))


@pytest.mark.parametrize("days", [0, 1, 2, 21, 400])
def test_what_is_asked_of_days_is_asked_again_every_day(days: int) -> None:
    later = program(DAY + dt.timedelta(days=days))
    taken, _ = evaluate_changed(COMPANIES, later, cached())
    assert taken.equals(evaluate_predicates(COMPANIES, later).select(taken.columns))


def test_the_days_that_pass_are_no_other_key() -> None:
    assert evaluation_key(program()) == evaluation_key(program(DAY + dt.timedelta(days=1)))


STATUS = PropertyDefinition("country", "Country", "enumeration", "select", "g", (Option("de", "Germany"),))


@pytest.mark.parametrize(
    "conventions",
    [
        Conventions(zone="Asia/Tokyo"),
        Conventions(numbers=frozenset({"numberofemployees"})),
        Conventions(EnumerationOptions.from_definitions([STATUS])),
    ],
)
def test_another_portal_is_another_key(conventions: Conventions) -> None:
    assert evaluation_key(compile_profile(profile(), DAY, conventions)) != evaluation_key(program())


@pytest.mark.parametrize(
    "changed",
    [
        {"vocabulary": {"regions": {"home": ["DE"]}}},
        {"scope": {"property": "country", "known": True}},
        {"write": {"score": "icp_fit_score", "understood": {"country": "icp_country"}}},
        {"profile": {"name": "cached", "kind": "icp", "currency": "EUR", "currencies": {"USD": 0.9}}},
    ],
)
def test_another_profile_is_another_key(changed: dict[str, Any]) -> None:
    assert evaluation_key(compile_profile(profile(**changed), DAY)) != evaluation_key(program())


@pytest.mark.parametrize("what", ["_digest_of_code", "_library_versions"])
def test_other_code_and_another_library_are_another_key(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    before = evaluation_key(program())
    monkeypatch.setattr(evaluation_cache, what, lambda: "another")
    assert evaluation_key(program()) != before


def test_the_key_is_of_every_library_that_reads_texts() -> None:
    """Whoever brings another package into these rooms says here whether a verdict follows from its version."""
    imported = {
        name.partition(".")[0]
        for file in scoring_code_files().values()
        if file.name.endswith(".py")
        for name in imports_of(file.read_text(encoding="utf-8"))
    }
    read_no_texts = {"icp_sync", "orjson", "pydantic", "pydantic_core", "ruamel", "typing_extensions"}
    assert imported - sys.stdlib_module_names - read_no_texts == set(evaluation_cache._LIBRARIES)


def imports_of(source: str) -> Iterator[str]:
    """The modules a file imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_the_key_is_of_every_file_that_a_verdict_follows_from() -> None:
    named = set(scoring_code_files())
    assert {"scoring/score.py", "companies/parse/dates.py", "vocabulary/__init__.py"} <= named
    assert any(name.startswith("vocabulary/data/") for name in named)
    assert not any("__pycache__" in name for name in named)


def test_what_is_read_is_named() -> None:
    assert set(properties_read(program())) >= {"country", "numberofemployees", "founded"}
