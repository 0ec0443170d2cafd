"""Lost inputs: texts that vanished, or that nobody can read any more, and that decided an answer.

Scoring treats them as unknown; these functions tell which of a portal's unknowns were known before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import KEY, NOW, PROPERTY, WAS, restore_old_texts, with_current_texts
from icp_sync.companies.parse.parsed_columns import Input, ValueKind, low_column, parse_properties, parsed_column
from icp_sync.profile.model.criteria import Condition
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import answers
from icp_sync.scoring.inputs_to_parse import Requirements, currency_rates
from icp_sync.scoring.predicates import (
    QuestionMatch,
    decode_kleene,
    distinct_predicates,
    profile_matches,
    question_matches,
)
from icp_sync.scoring.program import Program, restrict_program
from icp_sync.scoring.score import evaluate_predicates
from icp_sync.scoring.verdict_signatures import signature_names, unpack_signature
from icp_sync.vocabulary.text_keys import has_content

OUTSIDE: Final = "outside"
"""Boolean column: the company misses the scope for certain with the old text."""
_SCOPE: Final = "scope"
_LISTS: Final = frozenset({ValueKind.MEMBERS, ValueKind.TECHNOLOGIES, ValueKind.INDUSTRIES})


@dataclass(frozen=True, slots=True)
class _Question:
    """A criterion, a disqualifier or (None) the scope, with all matches it puts and the properties these read."""

    condition: Condition | None
    matches: tuple[QuestionMatch, ...]
    properties: frozenset[str]

    @property
    def answer_column(self) -> str:
        """The column of its answers."""
        return answers.answer_column(self.condition) if self.condition else _SCOPE


def lost_inputs(companies: pl.DataFrame, differences: pl.DataFrame, program: Program) -> pl.DataFrame:
    """The differences that are lost inputs, with the column `outside`.

    Lost: the text became empty or unreadable, and an answer (a criterion's, a disqualifier's or the scope's) that is
    known with the old texts of all such properties of the company is unknown without them. Of a company outside the
    scope only what put it there can be lost. `companies`: the company frame that scoring takes.
    """
    questions = _profile_questions(program.profile)
    read = frozenset[str]().union(*(question.properties for question in questions))
    concerned = differences.filter(pl.col(PROPERTY).is_in(sorted(read)), pl.col(WAS).is_not_null())
    vanished = _newly_unreadable_rows(with_current_texts(concerned, companies), program).drop(NOW)
    if vanished.is_empty():
        return vanished.with_columns(pl.lit(value=False).alias(OUTSIDE))
    names = sorted(vanished[PROPERTY].unique())
    asked = [q for q in questions if q.condition is None or not q.properties.isdisjoint(names)]
    # A batch is parsed whole: what lists and outputs read beside the questions must be there too.
    sources = program.requirements.source_properties(program.profile)
    needed = companies.select(ID, *(name for name in companies.columns if name in sources))
    affected = needed.filter(pl.col(ID).is_in(vanished[ID].unique().implode()))
    unanswered = _lost_answers(restore_old_texts(affected, vanished), affected, asked, program)
    parts = [
        unanswered.filter(pl.any_horizontal(q.answer_column for q in asked if name in q.properties)).select(
            ID, OUTSIDE, pl.lit(name).alias(PROPERTY)
        )
        for name in names
    ]
    return vanished.join(pl.concat(parts), on=KEY, how="inner", maintain_order="left")


def is_readable(texts: pl.Series, program: Program) -> pl.Series:
    """Whether the profile's questions can read these texts of the property that the series is named after (Boolean)."""
    readings = _reading_flags(texts, program)
    if readings.width:
        return readings.select(pl.any_horizontal(pl.all())).to_series()
    # A state, a city, and what is only asked whether it is known, are read as no kind of value of their own.
    return texts.to_frame().select(has_content(pl.col(texts.name)).fill_null(value=False)).to_series()


def _profile_questions(profile: Profile) -> list[_Question]:
    put: list[tuple[Condition | None, tuple[QuestionMatch, ...]]] = [
        (question, tuple((question, match) for match in question_matches(question)))
        for question in answers.questions_of_profile(profile)
    ]
    if profile.scope:
        put.append((None, ((None, profile.scope),)))
    return [
        _Question(condition, matches, Requirements.for_questions(matches, profile).source_properties(profile))
        for condition, matches in put
    ]


def _newly_unreadable_rows(rows: pl.DataFrame, program: Program) -> pl.DataFrame:
    """The rows (`was`, `now`) whose old text could be read in a way in which the new one cannot."""
    parts = [
        part.filter(_has_lost_reading(part, name, program))
        for (name,), part in rows.partition_by(PROPERTY, as_dict=True, maintain_order=True).items()
    ]
    return pl.concat([rows.clear(), *parts])


def _has_lost_reading(rows: pl.DataFrame, name: str, program: Program) -> pl.Series:
    if name not in {read[0] for read in _profile_inputs(program.profile)}:
        # A state, city or currency is understood beside a country or amount only: whether it is, the answers tell.
        return rows[WAS].is_not_null()
    texts = pl.concat([rows[WAS], rows[NOW]]).unique().alias(name)
    # Each flag is called after a kind of value, and one of these is "text".
    readings = pl.DataFrame([texts.alias(NOW), *_reading_flags(texts, program)])
    was, now = (
        rows.select(pl.col(which).alias(NOW)).join(
            readings, on=NOW, how="left", nulls_equal=True, maintain_order="left"
        )
        for which in (WAS, NOW)
    )
    lost = [pl.repeat(False, rows.height, eager=True), *(was[way] & ~now[way] for way in readings.columns[1:])]
    return pl.select(pl.any_horizontal(lost)).to_series()


def _reading_flags(texts: pl.Series, program: Program) -> pl.DataFrame:
    """One Boolean column for each kind of value the property is read as: whether the text is one.

    Whether a text is there at all is always known, so that is no kind here.
    """
    profile, name = program.profile, texts.name
    reads = [read for read in sorted(_profile_inputs(profile)) if read[0] == name and read[1] is not ValueKind.PRESENT]
    conventions = replace(program.context.conventions, currencies=currency_rates(profile))
    return parse_properties(texts.to_frame(), reads, conventions).select(
        _has_value(read).alias(read[1]) for read in reads
    )


def _profile_inputs(profile: Profile) -> frozenset[Input]:
    return Requirements.for_questions(profile_matches(profile), profile).source_inputs(profile)


def _has_value(read: Input) -> pl.Expr:
    name, kind = read
    value = pl.col(low_column(name) if kind is ValueKind.NUMBER else parsed_column(name, kind))
    return (value.list.len() > 0).fill_null(value=False) if kind in _LISTS else value.is_not_null()


def _lost_answers(
    with_texts: pl.DataFrame, without: pl.DataFrame, asked: Sequence[_Question], program: Program
) -> pl.DataFrame:
    """`id`, `outside`, and for each question whether its answer is known with the texts and unknown without them."""
    program = restrict_program(program, _predicate_columns(asked, program))
    # One frame, so that each distinct text is evaluated once.
    evaluated = evaluate_predicates(pl.concat([with_texts, without]), program)
    answered = (
        evaluated.lazy()
        .select(ID, *signature_names(program.signature))
        .with_columns(unpack_signature(program.signature))
        .with_columns(decode_kleene(program.verdicts))
        .select(ID, (~program.scope).alias(OUTSIDE), *(_is_known(question, program) for question in asked))
        .collect()
    )
    known, without_them = answered.head(with_texts.height), answered.tail(without.height)
    outside = known[OUTSIDE]
    lost = {
        q.answer_column: known[q.answer_column] & ~without_them[q.answer_column] & (~outside | (q.condition is None))
        for q in asked
    }
    return known.select(ID, OUTSIDE).with_columns(**lost)


def _predicate_columns(asked: Sequence[_Question], program: Program) -> frozenset[str]:
    """The columns of the verdicts these questions put."""
    matches = [match for question in asked for match in question.matches]
    return frozenset(predicate.column for predicate in distinct_predicates(matches, program.profile.location))


def _is_known(question: _Question, program: Program) -> pl.Expr:
    if question.condition is None:
        known = [answers.match_expr(match, None, program.context).is_not_null() for _, match in question.matches]
        return pl.all_horizontal(known).alias(question.answer_column)
    return (answers.answer_expr(question.condition, program.context) != answers.UNKNOWN).alias(question.answer_column)
