"""Values as CRMs hold them, with the right answers of `../shared/cases/values.json`, judged through `score`."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from icp_sync.companies.frame import company_frame
from icp_sync.profile.property_reads import property_reads
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from tests.scoring.profiles import TODAY, profile_of

CASES: Final = Path(__file__).parents[3] / "shared" / "cases" / "values.json"
NEEDLESS: Final = 0.05
"""The share of the cases that may be unknown though an answer is certain."""

pytestmark = pytest.mark.skipif(
    not CASES.exists(), reason="the cases (../shared/cases) are absent, as in a fresh clone"
)


@cache
def judged() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Each case with "right", "wrong", "guessed" (an answer where only unknown is honest) or "needlessly unknown"."""
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    ids = {criterion: f"c{n}" for n, criterion in enumerate(dict.fromkeys(case["criterion"] for case in cases))}
    parse = YAML(typ="safe").load
    profile = profile_of(*({"id": criterion, **parse(f"{{{text}}}")} for text, criterion in ids.items()))
    names = {name for read in property_reads(profile) for name in read.alternatives} | {
        n for case in cases for n in case["company"]
    }
    columns = {name: [case["company"].get(name) for case in cases] for name in sorted(names)}
    rows = score(company_frame(range(len(cases)), columns), compile_profile(profile, TODAY)).frame.rows(named=True)
    credited = ((case, row[f"credit.{ids[case['criterion']]}"]) for case, row in zip(cases, rows, strict=True))
    return tuple((_verdict(case["credit"], credit), case) for case, credit in credited)


def _verdict(expected: float | None, credit: float | None) -> str:
    if credit == expected:
        return "right"
    if expected is None:
        return "guessed"
    return "needlessly unknown" if credit is None else "wrong"


def test_every_value_is_judged_right_or_left_unknown() -> None:
    shared = judged()
    counts = Counter(verdict for verdict, _ in shared)

    assert [case for verdict, case in shared if verdict in {"wrong", "guessed"}] == []
    assert counts["needlessly unknown"] <= NEEDLESS * len(shared)


def test_no_value_that_was_once_right_is_lost() -> None:
    assert [case for verdict, case in judged() if verdict != "right" and case["now"] == "ok"] == []
