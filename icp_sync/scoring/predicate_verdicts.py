"""Companies with the verdicts of all predicates side by side, so that an edited profile is judged without parsing.

Of a predicate with a bound that can be moved the parsed values are kept too: another bound is asked of them alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Self

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.scoring import live_tier as live
from icp_sync.scoring import tier_capacity
from icp_sync.scoring.predicates import (
    Predicate,
    distinct_predicates,
    encode_kleene,
    predicate_exprs,
    profile_matches,
)
from icp_sync.scoring.program import PredicateBatch, Program
from icp_sync.scoring.score import evaluate_predicates
from icp_sync.scoring.verdict_signatures import map_slices

MOVABLE: Final = frozenset(
    {"at_least", "at_most", "between", "within_days", "older_than_days", "age_years", "within_km", "has_any"}
)
"""Operators with a number in their argument (`has_any` has `at_least` beside it), which can be asked with another."""
MAX_ASKED: Final = 64
"""Verdicts of moved bounds kept; the oldest are asked again. Those of a million companies take 64 MB."""


@dataclass(frozen=True, slots=True)
class EvaluatedCompanies:
    """Companies evaluated by a program, and the verdicts of bounds moved since.

    `rows`: `id`, `live:*`, the columns capacity groups by, the verdict of every predicate of the program (UInt8, see
    `predicates.encode_kleene`), and the parsed values that movable predicates read.
    """

    rows: pl.DataFrame
    program: Program
    _asked: dict[str, pl.Series] = field(default_factory=dict)

    @classmethod
    def from_companies(cls, companies: pl.DataFrame, program: Program) -> Self:
        """Evaluate a company frame that `score` would take."""
        predicates = distinct_predicates(profile_matches(program.profile), program.profile.location)
        movable = {one.column: one for one in predicates if one.match.operator in MOVABLE}
        inputs = {name: _input_columns(predicate, program) for name, predicate in movable.items()}
        unpacked = replace(
            program,
            batches=tuple(_unpack_batch(batch, inputs) for batch in program.batches),
            whole=_unpack_batch(program.whole, inputs),
            # Not packed: a bound that is moved replaces one verdict, and the others have to be at hand by themselves.
            signature={},
        )
        evaluated = evaluate_predicates(companies, unpacked)
        kept = (live.RANK, *live.LIVE, *tier_capacity.capacity_columns(program.profile), *program.verdicts)
        return cls(
            evaluated.select(ID, *dict.fromkeys([*kept, *(one for names in inputs.values() for one in names)])), program
        )

    def verdict(self, predicate: Predicate) -> pl.Series:
        """The verdicts of a predicate (UInt8): as evaluated, or asked now of the values it reads.

        Raises KeyError for one that is neither the program's nor one of them with its bound moved.
        """
        name = predicate.column
        if name in self.program.verdicts:
            return self.rows[name]
        if name not in self._asked:
            if lacking := set(_input_columns(predicate, self.program)).difference(self.rows.columns):
                raise KeyError(f"{name} reads {', '.join(sorted(lacking))}, which was not evaluated")
            # A slider that is dragged asks once a step and comes back to the last few alone.
            while len(self._asked) >= MAX_ASKED:
                del self._asked[next(iter(self._asked))]
            verdict = encode_kleene(predicate_exprs([predicate], self.program.context))
            inputs = self.rows.select(list(dict.fromkeys(_input_columns(predicate, self.program))))
            self._asked[name] = map_slices(inputs, lambda rows: rows.select(verdict)).to_series()
        return self._asked[name]


def _input_columns(predicate: Predicate, program: Program) -> list[str]:
    """The columns of parsed values that a predicate reads."""
    return [name for verdict in predicate_exprs([predicate], program.context) for name in verdict.meta.root_names()]


def _unpack_batch(batch: PredicateBatch, inputs: dict[str, list[str]]) -> PredicateBatch:
    """The batch with its verdicts left as columns, and beside them the values that its movable predicates read."""
    values = dict.fromkeys(value for name in batch.verdict_names for value in inputs.get(name, ()))
    return replace(batch, verdict_names=(), signature=(), kept=(*batch.kept, *map(pl.col, values)))
