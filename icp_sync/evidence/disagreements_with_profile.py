"""Companies of which somebody says the contrary of the profile, with both sides' reasons."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from icp_sync.evidence.reviewed_sample_document import Disagreement, GivenOpinion
from icp_sync.evidence.tier_tables import GROUP


def disagreements(judged: pl.DataFrame, names: Mapping[int, str]) -> tuple[Disagreement, ...]:
    """Those the most people are against first. `judged`: of `join_profile_verdicts`; `names`: of companies, by id."""
    contested = judged.filter((~pl.col("agreed")).any().over("company"))
    rows = (
        _disagreement(frame, names.get(int(str(company)), ""))
        for (company,), frame in contested.partition_by("company", as_dict=True, maintain_order=True).items()
    )
    return tuple(sorted(rows, key=lambda row: (-row.against, row.with_profile, -row.score, row.id)))


def _disagreement(opinions: pl.DataFrame, name: str) -> Disagreement:
    first = opinions.row(0, named=True)
    agreed = opinions["agreed"]
    given = opinions.select("reviewer", "department", "opinion", "why").iter_rows(named=True)
    return Disagreement(
        id=str(first["company"]),
        name=name,
        tier=first[GROUP],
        score=first["score"] or 0.0,
        reasons=first["reasons"] or "",
        against=int((~agreed).sum()),
        with_profile=int(agreed.sum()),
        opinions=tuple(GivenOpinion(**opinion) for opinion in given),
    )
