"""Puts the same companies to the engine and to the reference, and tells where the two differ."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import polars as pl

from icp_sync.companies.frame import company_frame, with_missing_columns
from icp_sync.profile.model.profile import Profile as EngineProfile
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import ScoreResult, score
from tests.reference.asked import Company, Profile
from tests.reference.generator import DAYS, DERIVED, company, profile
from tests.reference.questions import ABSENT
from tests.reference.scorer import Reference, Verdict

COMPANIES = 100
Seen = Counter[tuple[str, str]]
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A company on which two scorers differ: all one needs to see who is right."""

    seed: int
    as_of: dt.date
    profile: Profile
    company: Company
    expected: Answer | None
    got: Answer | None

    def __str__(self) -> str:
        expected, got = self.expected or {}, self.got or {}
        differing = [name for name in expected | got if expected.get(name) != got.get(name)]
        ids = {name.removeprefix("credit.") for name in differing}
        criteria = [asked.written for asked in self.profile.criteria if asked.id in ids]
        rest = {name: part for name, part in self.profile.written.items() if name not in {"criteria", "vocabulary"}}
        named = set(re.findall(r"\w+", f"{criteria or rest} {[*self.profile.location.values()]} {DERIVED}"))
        filled = {name: text for name, text in self.company.texts.items() if text and name in named}
        return "\n".join((
            f"seed {self.seed}, as of {self.as_of}, company {self.company.id}, live {self.company.live}",
            f"rest of the profile: {json.dumps(rest, ensure_ascii=False)}",
            f"criteria that differ: {json.dumps(criteria, ensure_ascii=False)}",
            f"company: {json.dumps(filled, ensure_ascii=False)}",
            f"meant: { {name: self.company.meanings[name] for name in filled} }",
            *(f"  {name}: expected {expected.get(name)!r}, got {got.get(name)!r}" for name in differing),
            *(() if self.got is not None else ("  the engine puts it outside the scope",)),
            *(() if self.expected is not None else ("  the reference puts it outside the scope",)),
        ))  # fmt: skip


@dataclass(slots=True)
class Comparison:
    """How many pairs were compared, what occurred among them, and where the scorers differ."""

    pairs: int = 0
    seen: Seen = field(default_factory=Counter)
    differing: list[Disagreement] = field(default_factory=list)


def compare(seeds: Iterable[int]) -> Comparison:
    """One profile and `COMPANIES` companies a seed."""
    result = Comparison()
    for seed in seeds:
        rng = random.Random(seed)
        asked, as_of = profile(rng), rng.choice(DAYS)
        companies = [company(rng, number, as_of) for number in rng.sample(range(1, 2000), COMPANIES)]
        verdicts = Reference(asked, as_of, result.seen).score(companies)
        scored = score(frame_of(companies), compile_profile(EngineProfile.model_validate(asked.written), as_of))
        result.pairs += len(companies)
        result.differing += _differing(seed, as_of, asked, companies, verdicts, scored)
    return result


def frame_of(companies: list[Company]) -> pl.DataFrame:
    """The company frame of these companies, with their live tiers."""
    texts = {name: [company.texts[name] for company in companies] for name in companies[0].texts}
    live = {
        name: [getattr(company.live, name) for company in companies] for name in ("tier", "fixed", "stands", "locked")
    }
    types = {"tier": pl.String, "fixed": pl.Boolean, "stands": pl.String, "locked": pl.Boolean}
    frame = with_missing_columns(company_frame([company.id for company in companies], texts), [ABSENT])
    return frame.with_columns(*(pl.Series(f"live:{name}", live[name], dtype=types[name]) for name in live))


def _differing(
    seed: int,
    as_of: dt.date,
    asked: Profile,
    companies: list[Company],
    verdicts: dict[int, Verdict],
    scored: ScoreResult,
) -> Iterator[Disagreement]:
    rows = {row["id"]: row for row in scored.frame.iter_rows(named=True)}
    for each in companies:
        expected = _answer(verdicts[each.id]) if each.id in verdicts else None
        got = {name: rows[each.id][name] for name in expected or rows[each.id]} if each.id in rows else None
        if expected != got:
            yield Disagreement(seed, as_of, asked, each, expected, got)


def _answer(verdict: Verdict) -> Answer:
    return {
        **{f"credit.{name}": _number(credit) for name, credit in verdict.credits.items()},
        "disqualified_by": verdict.disqualified_by,
        "score": _number(verdict.score),
        "potential": _number(verdict.potential),
        "coverage": _number(verdict.coverage),
        "outcome": verdict.outcome,
        "reached": verdict.reached,
        "tier": verdict.tier,
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
